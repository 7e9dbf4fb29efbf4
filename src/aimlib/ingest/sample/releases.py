"""The sample's Census releases: on which Thursday each month was known, revised, and revised again.

A month comes on the first Thursday from the fifth of the second month after it on, and revises the month before;
in June the year before is revised as well. Census publishes on another weekday; the monitor, and so the sample,
takes it up on the Thursday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import pandas as pd

from aimlib.ingest.sample import parameters

_THURSDAY = 4


@dataclass(frozen=True)
class Release:
    """One vintage: the Thursday on which it was known, and the spans of months that it gives."""

    known_on: str
    spans: tuple[tuple[str, str], ...]


@cache
def releases() -> tuple[Release, ...]:
    """Return the releases, oldest first: all months so far, then month by month, then a last revision."""
    started = pd.Period(parameters.FIRST_RELEASED_TO, "M")
    first = Release(thursday_of(started), ((parameters.FIRST_MONTH, str(started)),))
    months = pd.period_range(started + 1, parameters.LAST_MONTH, freq="M")
    last = Release(parameters.LAST_DAY, ((parameters.REVISED_LAST_FROM, parameters.LAST_MONTH),))
    return (first, *(Release(thursday_of(month), _spans(month)) for month in months), last)


def thursday_of(month: pd.Period) -> str:
    """Return the day (``YYYY-MM-DD``) on which `month` is known first."""
    after = month + 2
    fifth = date(after.year, after.month, 5)
    return (fifth + timedelta(days=(_THURSDAY - fifth.isoweekday()) % 7)).isoformat()


def _spans(month: pd.Period) -> tuple[tuple[str, str], ...]:
    newest = (str(month - 1), str(month))
    if month.month + 2 != parameters.ANNUAL_REVISION_MONTH:
        return (newest,)
    before = month.year - 1
    return (f"{before}-01", f"{before}-12"), newest
