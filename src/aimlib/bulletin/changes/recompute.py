"""What a report says on a day, worked out without running its notebook, as if later months were not known yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from aimlib.bulletin.changes.record import Record
from aimlib.bulletin.opening import open_report
from aimlib.bulletin.opening.trade_spans import DRAWN
from aimlib.bulletin.parameters import (
    DutyScenarios,
    GatmComparison,
    ImportTrends,
    Parameters,
    SmeltOrigin,
)
from aimlib.digests import part_digests
from aimlib.errors import AimError
from aimlib.present import duty_scenarios, gatm_comparison, import_trends, smelt_origin
from aimlib.present.blocks import Block
from aimlib.present.early.months import CENSUS, ESTIMATE, LICENSED
from aimlib.present.headlines import headlines_of, span_period
from aimlib.reference import periods

_BLOCKS: dict[type[Parameters], tuple[Callable[..., Block], ...]] = {
    ImportTrends: (import_trends.key_figures, import_trends.early_table),
    SmeltOrigin: (smelt_origin.key_figures, smelt_origin.early_table),
    GatmComparison: (gatm_comparison.key_figures,),
    DutyScenarios: (duty_scenarios.key_figures,),
}
"""The blocks of each notebook that have headlines."""
_OF_MONTHS = (LICENSED, ESTIMATE, CENSUS)


@dataclass(frozen=True)
class Through:
    """Where a report stood: the last month of its figures, and the last day (or month's start) of its prices.

    None: not held back.
    """

    month: pd.Timestamp | None = None
    price: pd.Timestamp | None = None

    @classmethod
    def of(cls, headlines: Iterable[Mapping[str, Any]]) -> Through:
        """Return where the report stood whose headlines these are; license months do not count."""
        month = price = None
        for headline in headlines:
            last = headline["period"].rpartition(":")[2]
            if headline["name"].startswith(_OF_MONTHS):
                continue
            if headline["data_basis"] == "prices":
                price = pd.Timestamp(last)
            elif re.fullmatch(r"\d{4}(-\d{2})?", last):
                month = pd.Timestamp(f"{last}-01" if "-" in last else f"{last}-12-01")
        return cls(month, price)


@dataclass(frozen=True)
class LawDay:
    """The law as of a day: in force on ``on``, as known on ``known_on``."""

    on: date
    known_on: date


def take_record(parameters: Parameters, as_of: date | None = None) -> Record:
    """Return what a report says on a day: all of its headlines, without running the notebook.

    Raises AimError where the report cannot be opened as of the day.
    """
    report = open_report(_as_of(parameters, as_of))
    resolved = report.parameters.model_dump(mode="json")
    inputs = {"resolved": resolved, "digests": part_digests()}
    return Record.of(report.notebook, _headlines(report.view, _BLOCKS[type(parameters)]), inputs)


def recompute(
    parameters: Parameters, as_of: date, through: Through | None = None, law: LawDay | None = None
) -> list[dict[str, Any]]:
    """Return the headlines of a report on a day, worked out from its figures without running the notebook.

    Parameters
    ----------
    parameters
        The report's; their own day does not count.
    as_of
        The day of the figures.
    through
        Holds months and prices back to where the report stood before, so that a new month and a revision of older
        ones can be told apart. License months are left out then.
    law
        The law of another day, for a report that applies it.

    Raises AimError where the report cannot be opened as of the day, or not through that month.
    """
    asked = _as_of(parameters, as_of)
    if through is None:
        return _headlines(open_report(asked).view, _BLOCKS[type(asked)])
    view = _HELD_BACK[type(asked)](asked, through, law)
    return _headlines(view, _BLOCKS[type(asked)][:1])


def _as_of(parameters: Parameters, day: date | None) -> Parameters:
    return parameters if day is None else parameters.model_copy(update={"as_of": day})


def _headlines(view: Any, blocks: Iterable[Callable[..., Block]]) -> list[dict[str, Any]]:
    return headlines_of(block(view).content() for block in blocks)


def _import_trends(asked: ImportTrends, through: Through, law: LawDay | None) -> Any:
    view = open_report(asked).view
    if through.month is None:
        return replace(view, early=None)
    imports = view.imports.through(through.month)
    if not imports.months["loaded"].any():
        raise AimError(f"Nothing is held through {through.month:%Y-%m}.")
    return replace(view, imports=imports, early=None)


def _smelt_origin(asked: SmeltOrigin, through: Through, law: LawDay | None) -> Any:
    return open_report(_with_period(asked, through, months=12)).view


def _gatm_comparison(asked: GatmComparison, through: Through, law: LawDay | None) -> Any:
    annual = asked.frequency == "annual"
    back = DRAWN["annual"] * 12 if annual else DRAWN["monthly"]
    return open_report(_with_period(asked, through, months=back, annual=annual)).view


def _with_period(asked: Any, through: Through, *, months: int, annual: bool = False) -> Any:
    """Return the parameters with a period that ends where the report stood: the one asked for, or its usual length."""
    if through.month is None:
        return asked
    first, last = through.month - pd.DateOffset(months=months - 1), through.month
    if asked.period:
        first, end = periods.parse(asked.period).within(through.month)
        last = min(end, last)
    return asked.model_copy(update={"period": span_period(first, last, annual=annual)})


def _duty_scenarios(asked: DutyScenarios, through: Through, law: LawDay | None) -> Any:
    # What reports of a run share rests on all months that are held, and says nothing of a view that is held back.
    view = replace(open_report(asked).view, keep=lambda _name, make: make())
    if view.imports is not None and through.month is not None:
        view = replace(view, imports=view.imports.through(through.month))
    rows = view.prices.rows
    if through.price is not None and len(rows):
        kept = rows[rows["day"] <= through.price]
        if law is None:
            # The factor goes by the day of the price: under that of the newest day, the older price is dated so.
            kept = kept.assign(day=kept["day"].mask(kept["day"] == kept["day"].max(), rows["day"].max()))
        view = replace(view, prices=replace(view.prices, rows=kept))
    if law is None:
        return view
    return replace(view, as_of=law.known_on, facts=replace(view.facts, on=law.on))


_HELD_BACK: dict[type[Parameters], Callable[[Any, Through, LawDay | None], Any]] = {
    ImportTrends: _import_trends,
    SmeltOrigin: _smelt_origin,
    GatmComparison: _gatm_comparison,
    DutyScenarios: _duty_scenarios,
}
