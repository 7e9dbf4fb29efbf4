"""What anyone could say of a month without an estimator: the rivals that the estimate is held against."""

from __future__ import annotations

import numpy as np

RIVALS = ("licenses", "last_month", "three_months", "last_year")
"""The raw license total; the last Census month known; the mean of the last three; the same month a year before."""


def rivals(now: np.ndarray, census: np.ndarray, months: np.ndarray, month: int) -> np.ndarray:
    """Return rivals by parts for a month, in the order of `RIVALS`.

    `now` are the license totals of the month by parts; `census` the figures known on the day, one row for each of
    `months` (a run of calendar months), blank where not known. Known months need not follow one another:
    the last three are the last three known. Blank where there are none.
    """
    out = np.full((len(RIVALS), census.shape[1]), np.nan)
    out[0] = now
    known = np.flatnonzero(np.isfinite(census[:, 0]) & (months < month))
    if len(known):
        out[1] = census[known[-1]]
    out[2] = three_months(census, months, month)
    year = np.flatnonzero(months == month - 12)
    if len(year):
        out[3] = census[year[0]]
    return out


def three_months(census: np.ndarray, months: np.ndarray, month: int) -> np.ndarray:
    """Return by parts the mean of the last three months before `month` that are known, blank where fewer are."""
    known = np.flatnonzero(np.isfinite(census[:, 0]) & (months < month))[-3:]
    return census[known].mean(axis=0) if len(known) == 3 else np.full(census.shape[1], np.nan)
