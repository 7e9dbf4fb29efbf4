"""What a price file says, as text, before it is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from aimlib.errors import AimError, did_you_mean
from aimlib.reference import price_series

COLUMNS = ("file", "row", "column", "series", "frequency", "when", "value", "unit")


@dataclass(frozen=True)
class Asked:
    """What the user says of files that do not tell it: series (a key), unit and frequency, '' for what they tell."""

    series: str = ""
    unit: str = ""
    frequency: str = ""

    @classmethod
    def of(cls, series: str | None, unit: str | None, frequency: str | None) -> Asked:
        """Return the options in our spelling. Raises AimError for a series, unit or frequency that is not known.

        A symbol as the series tells unit and frequency too.
        """
        match = price_series.resolve(series) if series else price_series.Match("")
        told = price_series.unit(unit) if unit else match.unit
        if match.unit and told != match.unit:
            raise AimError(f"{series} is published in {match.unit}, not in {told}.", "Leave the unit away.")
        pace = (frequency or match.frequency).casefold()
        if pace not in ("", price_series.DAILY, price_series.MONTHLY):
            raise AimError(
                f"'{pace}' is no frequency.", did_you_mean(pace, ("daily", "monthly")) or "Say daily or monthly."
            )
        return cls(match.series, told, pace)


@dataclass(frozen=True)
class Quotes:
    """``rows`` have file, row (in the file), column (its header), series (key), frequency ('' for not told), when
    and value (text as in the file), unit (our spelling). ``stated_on`` is the day the file says it was updated."""

    rows: pd.DataFrame
    notes: tuple[str, ...] = ()
    stated_on: date | None = None


def together(found: Sequence[Quotes]) -> Quotes:
    """Lay quotes together."""
    days = [quotes.stated_on for quotes in found]
    return Quotes(
        pd.concat([quotes.rows for quotes in found], ignore_index=True),
        tuple(dict.fromkeys(note for quotes in found for note in quotes.notes)),
        max(days) if days and all(days) else None,
    )


def settle_unit(key: str, where: str, *told: str) -> str:
    """Return the unit of a series' figures from what header, symbol and user tell, '' for what they do not.

    Raises AimError where they differ, where none tells it and the series has no unit of its own, and where the
    unit cannot be that of the series.
    """
    series = price_series.series(key)
    said = sorted(set(filter(None, told)))
    if len(said) > 1:
        raise AimError(f"{where}: the unit is told as {' and as '.join(said)}.", "Tell one unit.")
    if not said and series.unit_must_be_said:
        raise AimError(
            f"{where}: the unit of {key} is not told, and it is published in several.",
            f"Name it in the header, as {key} ({series.usual_unit}), or say --unit {series.usual_unit!r}.",
        )
    unit = said[0] if said else series.usual_unit
    if not price_series.is_unit_of(unit, key):
        raise AimError(f"{where}: {unit} cannot be the unit of {key}.", f"It is usually in {series.usual_unit}.")
    return unit
