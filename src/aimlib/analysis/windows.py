"""Sums over a window of months: one figure a series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import months_of


@dataclass(frozen=True)
class Summing:
    """A grid frame to be summed over several windows: its columns are laid out once."""

    frame: pd.DataFrame
    _blocks: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    @cached_property
    def run(self) -> np.ndarray:
        """The month numbers of one series."""
        return months_of(self.frame)

    def block(self, column: str) -> np.ndarray:
        """Return a column as an array of series by months."""
        if column not in self._blocks:
            size = len(self.run)
            values = self.frame[column].to_numpy(float)
            self._blocks[column] = values.reshape(len(values) // max(size, 1), size)
        return self._blocks[column]

    def sum(self, column: str, months: Sequence[pd.Timestamp]) -> np.ndarray:
        """Return what `window_sum` does."""
        values = np.where(self.block("partial") > 0, np.nan, self.block(column))
        at = _numbers(months) - (self.run[0] if len(self.run) else 0)
        if not len(at) or at.min() < 0 or at.max() >= len(self.run):
            return np.full(len(values), np.nan)
        return values[:, at].sum(axis=1)

    def quantity(self, months: Sequence[pd.Timestamp]) -> tuple[np.ndarray, np.ndarray]:
        """Return what `quantity_sum` does."""
        covered = self.sum("customs_value_with_quantity_usd", months)
        at = np.isin(self.run, _numbers(months))
        weight = np.nansum(self.block("quantity_kg")[:, at], axis=1)
        return np.where(np.isnan(covered), np.nan, weight), covered

    def unlisted(self, months: Sequence[pd.Timestamp]) -> np.ndarray:
        """Return what `unlisted` does."""
        at = np.isin(self.run, _numbers(months))
        return (self.block("not_listed")[:, at] > 0).any(axis=1)


def window_sum(frame: pd.DataFrame, column: str, months: Sequence[pd.Timestamp]) -> np.ndarray:
    """Return the sum of a column of a grid frame over some months, one figure a series.

    Blank if a month is not loaded, not listed, still filling or outside the calendar, and over no months.
    """
    return Summing(frame).sum(column, months)


def quantity_sum(frame: pd.DataFrame, months: Sequence[pd.Timestamp]) -> tuple[np.ndarray, np.ndarray]:
    """Return kilograms and the value they cover over some months; months without any quantity weigh nothing.

    So a unit value over the months is one of the rows that have both. Blank as `window_sum` is.
    """
    return Summing(frame).quantity(months)


def unlisted(frame: pd.DataFrame, months: Sequence[pd.Timestamp]) -> np.ndarray:
    """Return for each series whether one of some months is a selection that does not list it."""
    return Summing(frame).unlisted(months)


def _numbers(months: Sequence[pd.Timestamp]) -> np.ndarray:
    """Return a few months as `month_numbers` counts them."""
    return np.array([12 * (month.year - 1970) + month.month - 1 for month in months], dtype=np.int64)
