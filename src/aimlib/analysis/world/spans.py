"""The run of periods that a figure is summed over."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference.periods import parse

_RULES = {"monthly": "MS", "annual": "YS"}
_OF_A_YEAR = {"monthly": 12, "annual": 1}


@dataclass(frozen=True)
class Span:
    """Periods from the first to the last, both included.

    Attributes
    ----------
    first, last
        First days: of months if monthly, of years (January 1) if annual. What pandas reads as a day is taken too.
    frequency
        ``monthly`` or ``annual``.

    Raises
    ------
    AimError
        The frequency is neither, a day is not the first of a period, or the span ends before it starts.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    frequency: str

    def __post_init__(self) -> None:
        if self.frequency not in _RULES:
            raise AimError(f"{self.frequency!r} is not a frequency.", "Say monthly or annual.")
        for name in ("first", "last"):
            day = pd.Timestamp(getattr(self, name))
            if day != day.normalize() or day.day != 1 or (self.frequency == "annual" and day.month != 1):
                raise AimError(
                    f"{day} does not start a period of {self.frequency} figures.",
                    "Give the first day of a month (monthly) or of a year (annual).",
                )
            object.__setattr__(self, name, day)
        if self.last < self.first:
            raise AimError(f"The span {self.first:%Y-%m} to {self.last:%Y-%m} ends before it starts.", "Swap the ends.")

    @classmethod
    def parse(cls, text: str, frequency: str) -> Span:
        """Return the span of a period as users write it (``2019:2021``, ``2024Q1``, ``2024-07``).

        Raises
        ------
        AimError
            It is no period, is ``ytd`` (which only the data date), or cuts a year of annual figures.
        """
        period = parse(text)
        if period.first is None or period.last is None:
            raise AimError(f"{text!r} has no fixed ends.", "Write the first and the last period, as 2024-01:2024-06.")
        if frequency != "annual":
            return cls(period.first, period.last, frequency)
        if period.first.month != 1 or period.last.month != 12:
            raise AimError(f"{text!r} is not made of whole years.", "Annual figures need years, as 2019:2021.")
        return cls(period.first, period.last.replace(month=1), frequency)

    @property
    def periods(self) -> pd.DatetimeIndex:
        """The first days of all periods, in order."""
        return pd.date_range(self.first, self.last, freq=_RULES[self.frequency], unit="us", name="period")

    def before(self, periods: int | None = None) -> Span:
        """Return the span of the same length `periods` periods earlier.

        Unless said: one year earlier for months (as many whole years as keep spans longer than a year apart), and
        as many years earlier as the span has for years.
        """
        year = _OF_A_YEAR[self.frequency]
        back = -(-len(self.periods) // year) * year if periods is None else periods
        step = pd.DateOffset(months=back * 12 // year)
        return Span(self.first - step, self.last - step, self.frequency)

    @property
    def label(self) -> str:
        """The span in words of the period grammar: ``2022:2024`` or ``2024-03``."""
        shape = "%Y" if self.frequency == "annual" else "%Y-%m"
        ends = dict.fromkeys(f"{day:{shape}}" for day in (self.first, self.last))
        return ":".join(ends)
