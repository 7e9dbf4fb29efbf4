"""How far two accounts of the same trade are apart, as told and after the time on the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

LEAST_PERIODS = 12
"""A lag is chosen by correlation only over at least as many common months."""

LEAST_CORRELATION = 0.5
"""A lag is chosen only if it correlates at least so well. Over 12 months two accounts that have nothing to do with each
other correlate above 0.5 at a given lag in about one of twenty cases, above 0.3 in one of six: the best of several weak
correlations is noise and no time on the way."""


def asymmetry(
    pairs: pd.DataFrame, *, by: Sequence[str] = ("exporter", "importer"), lags: Sequence[int] = (0, 1, 2)
) -> pd.DataFrame:
    """Return the asymmetry 2|X - M| / (X + M) by pair and product, between 0 and 2, on quantities both sides know.

    Columns: by, product, ``periods``, ``x_quantity_t``, ``m_quantity_t``, ``asymmetry`` (of the sums over all
    periods), ``asymmetry_by_period`` (the index of each period, averaged with weights X + M), ``lag`` (months that the
    importer's account is moved back), ``correlation`` at that lag (blank without one), ``asymmetry_lagged`` (by period,
    at that lag). Blank where neither side tells of trade. Annual data are never lagged.

    The lag is the one of ``lags`` with the highest correlation of X(t) and M(t + lag) over at least 12 common months,
    among 0 and those with a correlation of at least 0.5 and a smaller index by period than without a lag. Without such
    a lag it is 0, and ``asymmetry_lagged`` is ``asymmetry_by_period``.
    """
    keys = [*by, "product"]
    both = pairs[["x_quantity_t", "m_quantity_t"]].notna().all(axis=1)
    told = pairs.loc[both, [*keys, "period", "x_quantity_t", "m_quantity_t"]]
    told = told.groupby([*keys, "period"], as_index=False, observed=True).sum()
    if told.empty:
        names = ("periods", "asymmetry", "asymmetry_by_period", "lag", "correlation", "asymmetry_lagged")
        return told.drop(columns="period").assign(**dict.fromkeys(names, np.nan))
    group = told.groupby(keys, observed=True).ngroup().to_numpy()
    names = told.drop_duplicates(keys)[keys].reset_index(drop=True)
    x, m = told["x_quantity_t"].to_numpy(), told["m_quantity_t"].to_numpy()
    month = told["period"].dt.year.to_numpy() * 12 + told["period"].dt.month.to_numpy()

    size = len(names)
    sum_x, sum_m = np.bincount(group, x, size), np.bincount(group, m, size)
    at_lag = [_at_lag(group, month, x, m, lag, size) for lag in lags]
    correlations = np.array([correlation for correlation, _ in at_lag])
    indices = np.array([index for _, index in at_lag])
    _, unlagged = _at_lag(group, month, x, m, 0, size)
    serves = (correlations >= LEAST_CORRELATION) & (indices < unlagged)
    correlations[~serves & (np.asarray(lags) != 0)[:, None]] = np.nan
    chosen = np.where(np.isfinite(correlations).any(axis=0), np.argmax(np.nan_to_num(correlations, nan=-2), axis=0), -1)
    everyone = np.arange(size)
    return names.assign(
        periods=np.bincount(group, minlength=size),
        x_quantity_t=sum_x,
        m_quantity_t=sum_m,
        asymmetry=_index(np.abs(sum_x - sum_m), sum_x + sum_m),
        asymmetry_by_period=unlagged,
        lag=np.where(chosen < 0, 0, np.asarray(lags)[chosen]),
        correlation=np.where(chosen < 0, np.nan, correlations[chosen, everyone]),
        asymmetry_lagged=np.where(chosen < 0, unlagged, indices[chosen, everyone]),
    )


def _index(gap: np.ndarray, both: np.ndarray) -> np.ndarray:
    return 2 * gap / np.where(both > 0, both, np.nan)


def _at_lag(
    group: np.ndarray, month: np.ndarray, x: np.ndarray, m: np.ndarray, lag: int, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return each group's correlation of X(t) and M(t + lag), blank under 12 common months, and its index."""
    # Rows are sorted by group and month, so the importer's later month is found by bisection.
    span = int(month.max() - month.min()) + lag + 1
    key = group * np.int64(span) + (month - month.min())
    later = np.searchsorted(key, key + lag)
    # A lag past the last month of one group must not find the first of the next: span leaves room for it.
    found = np.flatnonzero((later < len(key)) & (key[np.minimum(later, len(key) - 1)] == key + lag))
    of, a, b = group[found], x[found], m[later[found]]
    count = np.bincount(of, minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        da, db = (values - (np.bincount(of, values, size) / count)[of] for values in (a, b))
        spread = np.sqrt(np.bincount(of, da**2, size) * np.bincount(of, db**2, size))
        correlation = np.bincount(of, da * db, size) / spread
    correlation = np.where((count >= LEAST_PERIODS) & (spread > 0), correlation, np.nan)
    return correlation, _index(np.bincount(of, np.abs(a - b), size), np.bincount(of, a + b, size))
