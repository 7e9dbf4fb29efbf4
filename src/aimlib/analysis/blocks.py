"""A grid frame seen as a block of numbers: one row a series, one column a month. All arithmetic happens here.

A grid frame (see `grid`) holds the same run of calendar months for each series, one series after the other.
So a column is a matrix laid out in rows, and a lag, a rolling sum or a year to date is one array operation.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from aimlib.analysis.measures import Measure
from aimlib.analysis.months import month_numbers

KEYS = ("origin", "product")


def keys_of(frame: pd.DataFrame) -> list[str]:
    """Return the key columns of a grid frame: of origin and product, those that it has."""
    return [key for key in KEYS if key in frame.columns]


def months_of(frame: pd.DataFrame) -> np.ndarray:
    """Return the month numbers of one series; ValueError if the frame is not laid out as `grid` leaves it."""
    found = frame["month"].to_numpy()
    if not len(found):
        return month_numbers(found)
    first, last = month_numbers(found[[0, -1]])
    run = np.arange(first, last + 1)
    size = len(run)
    laid_out = size > 0 and len(found) % size == 0 and np.array_equal(month_numbers(found[:size]), run)
    if not laid_out or not (found.reshape(-1, size) == found[:size]).all():
        raise ValueError("the frame must hold each series' calendar months in order, as grid() returns them")
    return run


def series_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the keys of a grid frame, one row a series."""
    size = max(len(months_of(frame)), 1)
    return frame[keys_of(frame)].iloc[::size].reset_index(drop=True)


def block(frame: pd.DataFrame, column: str) -> np.ndarray:
    """Return a column as an array of series by months."""
    size = len(months_of(frame))
    return frame[column].to_numpy(float).reshape(len(frame) // max(size, 1), size)


def comparable_block(frame: pd.DataFrame, column: str) -> np.ndarray:
    """Return a column as series by months, blank in months still filling: those compare with nothing."""
    return np.where(block(frame, "partial") > 0, np.nan, block(frame, column))


def levels(frame: pd.DataFrame, measure: Measure) -> np.ndarray:
    """Return the measure in its unit as series by months, blank in months still filling."""
    return comparable_block(frame, measure.source) / measure.divisor


def aligned(parts: pd.DataFrame, whole: pd.DataFrame, of_whole: np.ndarray) -> np.ndarray:
    """Spread the rows of the whole's block over the series of the parts.

    A whole without keys is every part's whole; otherwise parts and whole meet by the keys of the whole.
    """
    if not np.array_equal(months_of(parts), months_of(whole)):
        raise ValueError("parts and whole must be over the same months")
    keys = keys_of(whole)
    if not keys:
        return np.broadcast_to(of_whole, (len(series_of(parts)), of_whole.shape[1]))
    place = pd.MultiIndex.from_frame(series_of(whole)).get_indexer(pd.MultiIndex.from_frame(series_of(parts)[keys]))
    return np.where((place >= 0)[:, None], of_whole[place], np.nan)


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part / whole, blank where the whole is not above zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(whole) > 0, np.true_divide(part, whole), np.nan)


def change(now: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return (now - base) / base as a fraction, blank where the base is not above zero."""
    return ratio(np.subtract(now, base), base)


def remainder(whole: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Return the whole less its parts, with zero for what is only the rounding of their sum."""
    left = np.subtract(whole, parts)
    return np.where(np.abs(left) <= 1e-12 * np.abs(whole), 0.0, left)


def lag(values: np.ndarray, by: int) -> np.ndarray:
    """Return the figures of `by` months before, blank before the first month."""
    out = np.full(values.shape, np.nan)
    if by < values.shape[1]:
        out[:, by:] = values[:, : values.shape[1] - by]
    return out


def rolling_sum(values: np.ndarray, months: int) -> np.ndarray:
    """Return the sum of the last `months` months, blank if one of them is."""
    out = np.full(values.shape, np.nan)
    if months <= values.shape[1]:
        out[:, months - 1 :] = sliding_window_view(values, months, axis=1).sum(axis=-1)
    return out


def whole_years(values: np.ndarray, first: int, fill: float = np.nan) -> tuple[np.ndarray, int]:
    """Return series by years by twelve months, and the number of months put in front of the `first` one.

    `first` is the number of the first month (see `months.month_numbers`); what is added holds `fill`.
    """
    lead = first % 12
    behind = -(lead + values.shape[1]) % 12
    padded = np.pad(values, ((0, 0), (lead, behind)), constant_values=fill)
    return padded.reshape(len(values), padded.shape[1] // 12, 12), lead


def year_to_date(values: np.ndarray, first: int, fill: float = np.nan) -> np.ndarray:
    """Return the running sum within each calendar year; blank from a blank month to the year's end.

    A year that begins before the first month is blank, for its January is not loaded, unless `fill` is zero.
    """
    by_year, lead = whole_years(values, first, fill)
    return np.cumsum(by_year, axis=2).reshape(len(values), -1)[:, lead : lead + values.shape[1]]


def matched_year_to_date(
    values: np.ndarray, first: int, pairs: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return this year's and last year's sums to date over the months present in both, and how many they are.

    Blank, with a count of zero, until there is such a month. `pairs` says which months to take (for a part:
    those of its whole); unless given, those in which both years are present.
    """
    earlier = lag(values, 12)
    if pairs is None:
        pairs = np.isfinite(values) & np.isfinite(earlier)
    count = year_to_date(pairs.astype(float), first, fill=0.0)
    now, then = (year_to_date(np.where(pairs, side, 0.0), first, fill=0.0) for side in (values, earlier))
    blank = np.where(count == 0, np.nan, 0.0)
    return now + blank, then + blank, count.astype(int)
