"""Sums over a window of months: one figure a series."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import block, comparable_block, months_of
from aimlib.analysis.months import month_numbers


def window_sum(frame: pd.DataFrame, column: str, months: Sequence[pd.Timestamp]) -> np.ndarray:
    """Return the sum of a column of a grid frame over some months, one figure a series.

    Blank if a month is not loaded, not listed, still filling or outside the calendar, and over no months.
    """
    values, run = comparable_block(frame, column), months_of(frame)
    at = month_numbers(pd.DatetimeIndex(months)) - (run[0] if len(run) else 0)
    if not len(at) or at.min() < 0 or at.max() >= len(run):
        return np.full(len(values), np.nan)
    return values[:, at].sum(axis=1)


def quantity_sum(frame: pd.DataFrame, months: Sequence[pd.Timestamp]) -> tuple[np.ndarray, np.ndarray]:
    """Return kilograms and the value they cover over some months; months without any quantity weigh nothing.

    So a unit value over the months is one of the rows that have both. Blank as `window_sum` is.
    """
    covered = window_sum(frame, "customs_value_with_quantity_usd", months)
    at = np.isin(months_of(frame), month_numbers(pd.DatetimeIndex(months)))
    weight = np.nansum(block(frame, "quantity_kg")[:, at], axis=1)
    return np.where(np.isnan(covered), np.nan, weight), covered


def unlisted(frame: pd.DataFrame, months: Sequence[pd.Timestamp]) -> np.ndarray:
    """Return for each series whether one of some months is a selection that does not list it."""
    at = np.isin(months_of(frame), month_numbers(pd.DatetimeIndex(months)))
    return (block(frame, "not_listed")[:, at] > 0).any(axis=1)
