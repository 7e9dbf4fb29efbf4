"""Quarters, years, and years to date, as tables of one row a series and period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import (
    change,
    comparable_block,
    lag,
    levels,
    matched_year_to_date,
    months_of,
    series_of,
    whole_years,
)
from aimlib.analysis.blocks import year_to_date as running_year_to_date
from aimlib.analysis.measures import Measure, measure
from aimlib.analysis.months import month_numbers


def quarterly(frame: pd.DataFrame, which: str | Measure = "value") -> pd.DataFrame:
    """Return quarters: keys, period (`2024Q1`), period_start, months_loaded, `c`, `c_qoq` and `c_yoy`.

    `c` is the measure's column. A quarter is blank unless its three months are loaded, listed and whole.
    """
    return _periods(frame, measure(which), 3)


def annual(frame: pd.DataFrame, which: str | Measure = "value") -> pd.DataFrame:
    """Return years: keys, period (`2024`), period_start, months_loaded, `c` and `c_yoy`.

    `c` is the measure's column. A year is blank unless its twelve months are loaded, listed and whole.
    """
    return _periods(frame, measure(which), 12)


def _periods(frame: pd.DataFrame, what: Measure, length: int) -> pd.DataFrame:
    run = months_of(frame)
    level = levels(frame, what)
    first = int(run[0]) if len(run) else 0
    years, lead = whole_years(level, first)
    pieces = years.reshape(len(level), -1, length)
    begins, ends = lead // length, -(-(lead + level.shape[1]) // length)
    pieces = pieces[:, begins:ends]
    held, sums = np.isfinite(pieces).sum(axis=2), pieces.sum(axis=2)
    start = (first - lead + length * np.arange(begins, ends)).astype("datetime64[M]").astype("datetime64[s]")
    each = pd.PeriodIndex(pd.DatetimeIndex(start), freq="Q" if length == 3 else "Y").astype("str")
    made = {
        "period": np.tile(each, len(level)),
        "period_start": np.tile(start, len(level)),
        "months_loaded": held.ravel(),
        what.column: sums.ravel(),
    }
    if length == 3:
        made[f"{what.column}_qoq"] = change(sums, lag(sums, 1)).ravel()
    made[f"{what.column}_yoy"] = change(sums, lag(sums, 12 // length)).ravel()
    return _with_keys(frame, made, len(each))


def year_to_date(
    frame: pd.DataFrame, which: str | Measure = "value", through: pd.Timestamp | None = None
) -> pd.DataFrame:
    """Return each year to date, January through the calendar month of `through` (the latest that compares).

    Columns: keys, year, through_month, `c_ytd` (blank unless every month of it is loaded), `c_ytd_compared`
    and `c_ytd_prior` (this and last year over the months that both hold), `c_ytd_yoy` and
    ytd_months_compared.
    """
    what, run = measure(which), months_of(frame)
    c, level = what.column, levels(frame, what)
    if through is None:
        whole = np.isfinite(comparable_block(frame, "customs_value_usd")).any(axis=0)
        if not whole.any():
            whole[:] = True
        last = int(run[whole][-1]) if len(run) else 0
    else:
        last = int(month_numbers(pd.Series([through]))[0])
    first = int(run[0]) if len(run) else 0
    now, then, count = matched_year_to_date(level, first)
    at = last % 12

    def column(values: np.ndarray) -> np.ndarray:
        years, _ = whole_years(values.astype(float), first)
        return years[:, :, at]

    to_date, now, then = (column(v) for v in (running_year_to_date(level, first), now, then))
    count = np.nan_to_num(column(count)).astype(int)
    years = 1970 + (first - first % 12) // 12 + np.arange(to_date.shape[1])
    made = {
        "year": np.tile(years, len(level)),
        "through_month": at + 1,
        f"{c}_ytd": to_date.ravel(),
        f"{c}_ytd_compared": now.ravel(),
        f"{c}_ytd_prior": then.ravel(),
        f"{c}_ytd_yoy": change(now, then).ravel(),
        "ytd_months_compared": count.ravel(),
    }
    return _with_keys(frame, made, len(years))


def _with_keys(frame: pd.DataFrame, made: dict, each: int) -> pd.DataFrame:
    keys = series_of(frame)
    repeated = {key: keys[key].array.take(np.repeat(np.arange(len(keys)), each)) for key in keys}
    return pd.DataFrame(repeated | made)
