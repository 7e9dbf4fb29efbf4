"""The one grammar of periods: ``2024``, ``2024Q1``, ``2024-07``, ``2015:2024``, ``2024Q1:2025Q4``, ``ytd``."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from aimlib.errors import AimError

_GRAMMAR = re.compile(r"(?P<year>\d{4})(?:(?:Q(?P<quarter>[1-4]))|(?:-(?P<month>0[1-9]|1[0-2])))?", re.IGNORECASE)
_ADVICE = "Write a year (2024), a quarter (2024Q1), a month (2024-07), a range of them (2015:2024) or ytd."


@dataclass(frozen=True)
class Period:
    """A run of calendar months; `first` and `last` are month starts, None for ``ytd`` until the data say."""

    text: str
    first: pd.Timestamp | None
    last: pd.Timestamp | None

    def within(self, latest: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp]:
        """Return first and last month; ``ytd`` runs from January to `latest`."""
        if self.first is None or self.last is None:
            return pd.Timestamp(latest.year, 1, 1), latest
        return self.first, self.last


def _single(text: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    match = _GRAMMAR.fullmatch(text.strip())
    if not match or not 1900 <= int(match["year"]) <= 2100:
        raise AimError(f"{text!r} is not a period.", _ADVICE)
    kind = "Q" if match["quarter"] else "M" if match["month"] else "Y"
    period = pd.Period(text.strip().upper(), freq=kind)
    return period.start_time.normalize(), period.end_time.normalize().replace(day=1)


def parse(text: str) -> Period:
    """Read a period; an impossible one (``2024-13``, an end before its start) is an :class:`AimError`."""
    if text.strip().lower() == "ytd":
        return Period("ytd", None, None)
    start, colon, end = text.partition(":")
    first, last = _single(start)
    if colon:
        last = _single(end)[1]
    if last < first:
        raise AimError(f"The period {text!r} ends before it starts.", _ADVICE)
    return Period(text.strip(), first, last)
