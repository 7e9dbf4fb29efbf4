"""What anyone could say of a month without an estimator: the rivals that the estimate is held against."""

from __future__ import annotations

import numpy as np

RIVALS = ("licenses", "last_month", "three_months", "last_year")
"""The raw license total; the last Census month known; the mean of the last three; the same month a year before."""


def rivals(now: np.ndarray, census: np.ndarray, months: np.ndarray, judged: np.ndarray) -> np.ndarray:
    """Return trials by rivals by parts for the months `judged`, in the order of `RIVALS`.

    `now` are the license totals of each judged month by parts; `census` the figures known on its day, one row for each
    of `months` (a run of calendar months), blank where not known. Known months need not follow one another:
    the last three are the last three known. Blank where there are none.
    """
    at = np.arange(len(judged))
    out = np.full((len(judged), len(RIVALS), census.shape[-1]), np.nan)
    out[:, 0] = now
    last = _last_known(census, months, judged, 1)[:, 0]
    out[:, 1] = np.where((last >= 0)[:, None], census[at, last], np.nan)
    out[:, 2] = three_months(census, months, judged)
    year = judged - 12 - months[0] if len(months) else np.full(len(judged), -1)
    out[:, 3] = np.where((year >= 0)[:, None], census[at, np.maximum(year, 0)], np.nan)
    return out


def three_months(census: np.ndarray, months: np.ndarray, judged: np.ndarray) -> np.ndarray:
    """Return trials by parts: the mean of the last three months before `judged` that are known, else blank."""
    last = _last_known(census, months, judged, 3)
    mean = census[np.arange(len(judged))[:, None], last].mean(axis=1)
    return np.where((last >= 0).all(axis=1)[:, None], mean, np.nan)


def _last_known(census: np.ndarray, months: np.ndarray, judged: np.ndarray, count: int) -> np.ndarray:
    """Return, oldest first, the places of the last months before `judged` whose total is known, -1 where none is."""
    known = np.isfinite(census[..., 0]) & (months < judged[:, None])
    places = np.where(known, np.arange(len(months)), -1)
    places = np.concatenate([np.full((len(judged), count), -1), places], axis=1)
    return np.sort(places, axis=1)[:, -count:]
