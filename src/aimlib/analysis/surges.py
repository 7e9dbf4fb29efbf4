"""Surges: origins and products whose latest month stands far above what was usual."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import change, keys_of, levels, months_of, series_of
from aimlib.analysis.measures import Measure, measure
from aimlib.analysis.months import latest_month, month_numbers

# Which rise is worth a reader's eye is a matter of taste; these are defaults, and a report prints what it
# used.
THRESHOLD = 0.5
MINIMUM = {"value": 1_000_000.0, "quantity": 250.0}


def surges(
    cells: pd.DataFrame,
    months: pd.DataFrame,
    which: str | Measure = "quantity",
    *,
    month: pd.Timestamp | None = None,
    minimum: float | None = None,
    threshold: float = THRESHOLD,
) -> pd.DataFrame:
    """Return the series that surged in a month, the greatest excess over a base that it surged above first.

    Parameters
    ----------
    cells
        A grid by origin and product (or by one of them).
    months
        The calendar.
    month
        The month to judge, the latest that compares unless said.
    minimum
        The least size in the month, in the measure's unit (t or USD); 250 t or 1 million USD unless given.
    threshold
        The least change on a base, as a fraction.

    Two bases are used. *Recent*: the mean of the last three Census months before the month, which is not
    among them. If a month of license data lies between, the base stays with Census. *Seasonal*: the mean of
    the same calendar month in the three years before. A base is blank if one of its three months is not
    loaded, not listed, still filling or lacks its quantity, and for the recent one if the three do not
    follow one another.

    Columns: the keys, month, the measure's column ``c``, ``c_base_recent``, ``c_base_seasonal``,
    ``change_recent``, ``change_seasonal`` (fractions, blank on a base of zero), ``new_recent`` and
    ``new_seasonal`` (the base is zero), ``surge_recent`` and ``surge_seasonal`` (new, or above the
    threshold), ``recent_from`` and ``recent_to`` (the months of the recent base). A row is there if one of
    the two is.
    """
    what, month = measure(which), month or latest_month(months)
    least = MINIMUM[what.key] if minimum is None else minimum
    run, level = months_of(cells), levels(cells, what)
    at = -1 if month is None or not len(run) else int(month_numbers(pd.DatetimeIndex([month]))[0] - run[0])
    now = level[:, at] if 0 <= at < len(run) else np.full(len(level), np.nan)
    recent_at = _last_three_census(months, at)
    bases = {"recent": _mean(level, recent_at), "seasonal": _mean(level, [at - 12, at - 24, at - 36])}

    c = what.column
    out = series_of(cells).assign(month=month, **{c: now})
    for name, base in bases.items():
        out[f"{c}_base_{name}"] = base
        out[f"change_{name}"] = change(now, base)
        out[f"new_{name}"] = (base == 0) & (now > 0)
        out[f"surge_{name}"] = out[f"new_{name}"] | (out[f"change_{name}"] >= threshold)
    calendar = months["month"].reset_index(drop=True)
    out["recent_from"] = calendar[recent_at[0]] if recent_at else pd.NaT
    out["recent_to"] = calendar[recent_at[-1]] if recent_at else pd.NaT
    out = out[(now >= least) & (now > 0) & (out["surge_recent"] | out["surge_seasonal"]).to_numpy()]
    excess = [(out[c] - out[f"{c}_base_{name}"]).where(out[f"surge_{name}"]) for name in bases]
    order = pd.concat(excess, axis=1).max(axis=1).sort_values(ascending=False, kind="stable").index
    return out.loc[order, [*keys_of(cells), *(name for name in out if name not in keys_of(cells))]].reset_index(
        drop=True
    )


def _last_three_census(months: pd.DataFrame, at: int) -> list[int]:
    """Return the places of the last three Census months before the place `at`, none unless adjacent."""
    census = (
        months["loaded"].to_numpy(bool)
        & ~months["partial"].to_numpy(bool)
        & (months["data_basis"] == "census").to_numpy()
    )
    before = np.flatnonzero(census[: max(at, 0)])[-3:]
    return before.tolist() if len(before) == 3 and before[2] - before[0] == 2 else []


def _mean(level: np.ndarray, at: list[int]) -> np.ndarray:
    """Return the mean over months of each series, blank if a month is, or lies outside the calendar."""
    if not at or min(at) < 0:
        return np.full(len(level), np.nan)
    return level[:, at].mean(axis=1)
