"""Horizons: how many Thursdays a day is from the end of a month. Months and days are whole numbers since 1970."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.months import month_numbers

__all__ = ["as_days", "as_months", "day_numbers", "horizon", "last_days", "month_numbers", "thursday"]


def day_numbers(days: pd.Series | pd.Index | np.ndarray) -> np.ndarray:
    """Return days counted from 1970-01-01, which was a Thursday: ``number % 7`` is 0 on Thursdays."""
    return np.asarray(days, dtype="datetime64[D]").astype(np.int64)


def as_days(numbers: np.ndarray) -> np.ndarray:
    """Return day numbers as dates."""
    return np.asarray(numbers, dtype="datetime64[D]").astype("datetime64[us]")


def as_months(numbers: np.ndarray) -> np.ndarray:
    """Return month numbers as month starts."""
    return np.asarray(numbers, dtype="datetime64[M]").astype("datetime64[us]")


def last_days(months: np.ndarray) -> np.ndarray:
    """Return the day number of the last day of each month."""
    return day_numbers(np.asarray(np.asarray(months) + 1, dtype="datetime64[M]")) - 1


def thursday(months: np.ndarray, weeks: int | np.ndarray = 0) -> np.ndarray:
    """Return the day number of the Thursday at a horizon of each month; 0 is the first on or after its last day."""
    return -(-last_days(months) // 7) * 7 + 7 * np.asarray(weeks)


def horizon(months: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return the horizon of each day for each month; a day between Thursdays has that of the one before."""
    return (np.asarray(days) - thursday(months)) // 7
