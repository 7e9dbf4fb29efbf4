"""The calendar of a report: which months may be compared, and the windows that tables are made over.

`months` is the calendar table made by the reader: one row for every calendar month from the first to the last
loaded one, with `month`, `loaded`, `coverage` ('complete', 'selection' or ''), `data_basis` and `partial`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Window:
    """The months a figure is summed over, and those it is compared with.

    Attributes
    ----------
    kind
        ``month``, ``ytd`` or ``12m``.
    through
        The last month; None when there is no month to report.
    months
        All calendar months of the window. A sum over them is blank if one is not loaded.
    compared, base
        The months of the window whose counterpart may be compared with them, and the counterparts, pair by
        pair. For the year to date these are the months loaded in both years. Both empty: no comparison.
    suffix, change
        How columns are named: ``customs_value_usd`` + `suffix` is the sum, + ``_`` + `change` its change.
    """

    kind: str
    through: pd.Timestamp | None
    months: tuple[pd.Timestamp, ...] = ()
    compared: tuple[pd.Timestamp, ...] = ()
    base: tuple[pd.Timestamp, ...] = ()
    suffix: str = ""
    change: str = "yoy"


def month_numbers(months: pd.Series | pd.Index | np.ndarray) -> np.ndarray:
    """Return months as whole numbers counted from January 1970, so that ``number % 12`` is 0 in January."""
    return np.asarray(months, dtype="datetime64[M]").astype(np.int64)


def shift(month: pd.Timestamp, by: int) -> pd.Timestamp:
    """Return the month `by` calendar months after `month` (before it, if negative)."""
    return month + pd.DateOffset(months=by)


def check_calendar(months: pd.DataFrame) -> np.ndarray:
    """Return the month numbers of the calendar; ValueError unless every calendar month has just one row."""
    found = month_numbers(months["month"])
    if len(found) and not np.array_equal(found, np.arange(found[0], found[0] + len(found))):
        raise ValueError("months must hold every calendar month once, in order")
    return found


def comparable_months(months: pd.DataFrame) -> pd.DatetimeIndex:
    """Return the months that may be compared: loaded, and not still filling."""
    keep = months["loaded"].to_numpy(bool) & ~months["partial"].to_numpy(bool)
    return pd.DatetimeIndex(months["month"][keep])


def latest_month(months: pd.DataFrame) -> pd.Timestamp | None:
    """Return the newest month that may be compared, or None."""
    found = comparable_months(months)
    return found[-1] if len(found) else None


def month_window(months: pd.DataFrame, through: pd.Timestamp | None = None, *, against: str = "year") -> Window:
    """One month (the latest unless said), compared with the same month a year or with the month before.

    `against` is ``year`` (changes are named `_yoy`) or ``month`` (`_mom`).
    """
    change, distance = {"year": ("yoy", -12), "month": ("mom", -1)}[against]
    if (through := through or latest_month(months)) is None:
        return Window("month", None, change=change)
    base = shift(through, distance)
    compared = {through, base} <= set(comparable_months(months))
    return Window("month", through, (through,), (through,) * compared, (base,) * compared, change=change)


def year_to_date_window(months: pd.DataFrame, through: pd.Timestamp | None = None) -> Window:
    """January through a month (the latest unless said); compared are the months loaded in both years."""
    if (through := through or latest_month(months)) is None:
        return Window("ytd", None, suffix="_ytd")
    held = set(comparable_months(months))
    span = tuple(shift(through, -back) for back in range(through.month - 1, -1, -1))
    pairs = [(month, shift(month, -12)) for month in span if {month, shift(month, -12)} <= held]
    return Window("ytd", through, span, tuple(now for now, _ in pairs), tuple(then for _, then in pairs), "_ytd")


def twelve_month_window(months: pd.DataFrame, through: pd.Timestamp | None = None) -> Window:
    """The twelve months through a month (the latest unless said); compared only if all 24 are loaded."""
    if (through := through or latest_month(months)) is None:
        return Window("12m", None, suffix="_12m")
    span = tuple(shift(through, -back) for back in range(11, -1, -1))
    base = tuple(shift(month, -12) for month in span)
    whole = {*span, *base} <= set(comparable_months(months))
    return Window("12m", through, span, span * whole, base * whole, "_12m")
