"""Figures of months as they stood on days: the panel of licenses, or the prints of Census, as blocks of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.analysis.early.thursdays import day_numbers, month_numbers

TOTAL, PRODUCT, ORIGIN, REST = "total", "product", "origin", "rest"
_STEP = 1_000_000  # above any day number, so that month and day make one sorted number


@dataclass(frozen=True)
class Vintages:
    """Versions of months: one row a month and day, one column a part.

    Attributes
    ----------
    parts
        part_kind and part of each column; the first is the total.
    keys
        Month and day of each row as one sorted number.
    values
        Figures (rows by parts). A version lists what is not zero, so a part without a row is zero where the
        total has one; NaN where its row has no figure.
    """

    parts: pd.MultiIndex
    keys: np.ndarray
    values: np.ndarray

    @property
    def months(self) -> np.ndarray:
        """Return the month number of each row."""
        return self.keys // _STEP

    @property
    def days(self) -> np.ndarray:
        """Return the day number of each row."""
        return self.keys % _STEP

    def exact(self, months: np.ndarray, days: np.ndarray | int) -> np.ndarray:
        """Return months by parts as of just those days, NaN where there is no such version."""
        at, key = self._place(months, days)
        return self._rows(at, (at >= 0) & (self.keys[at] == key) if len(self.keys) else at >= 0)

    def latest(self, months: np.ndarray, days: np.ndarray | int) -> np.ndarray:
        """Return months by parts as known on the days: the newest version of that day or before, or NaN."""
        at, key = self._place(months, days)
        return self._rows(at, (at >= 0) & (self.keys[at] // _STEP == key // _STEP) if len(self.keys) else at >= 0)

    def latest_days(self, months: np.ndarray, days: np.ndarray | int) -> np.ndarray:
        """Return the day number of the version that `latest` takes, -1 where there is none."""
        if not len(self.keys):
            return np.full(len(np.atleast_1d(months)), -1)
        at, key = self._place(months, days)
        return np.where((at >= 0) & (self.keys[at] // _STEP == key // _STEP), self.keys[at] % _STEP, -1)

    def first_days(self, months: np.ndarray) -> np.ndarray:
        """Return the day number of the first version of each month, -1 where there is none."""
        if not len(self.keys):
            return np.full(len(months), -1)
        at = np.minimum(np.searchsorted(self.keys, np.asarray(months) * _STEP), len(self.keys) - 1)
        return np.where(self.keys[at] // _STEP == months, self.keys[at] % _STEP, -1)

    def _place(self, months: np.ndarray, days: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
        key = np.asarray(months) * _STEP + days
        return np.searchsorted(self.keys, key, side="right") - 1, key

    def _rows(self, at: np.ndarray, held: np.ndarray) -> np.ndarray:
        out = np.full((len(at), len(self.parts)), np.nan)
        out[held] = self.values[at[held]]
        return out


def vintages(frame: pd.DataFrame, day: str, columns: Sequence[str], parts: pd.MultiIndex) -> tuple[Vintages, ...]:
    """Return the versions in `frame` (PANEL with `day`, PRINTS with `known_on`) of each of `columns`, for some parts.

    Raises ValueError for a part with two rows in one version, or with rows in one that has no total.
    """
    at = parts.get_indexer(pd.MultiIndex.from_arrays([frame["part_kind"], frame["part"]]))
    wanted = at >= 0
    at, rows = at[wanted], frame[wanted]
    key = month_numbers(rows["month"]) * _STEP + day_numbers(rows[day])
    keys = np.unique(key[at == 0])
    place = np.searchsorted(keys, key)
    if len(key) and (not len(keys) or (keys[np.minimum(place, len(keys) - 1)] != key).any()):
        raise ValueError("a version holds parts without their total")
    if len(np.unique(place * len(parts) + at)) < len(at):
        raise ValueError("a part has two rows in one version")
    found = []
    for column in columns:
        values = np.zeros((len(keys), len(parts)))
        values[place, at] = rows[column].to_numpy(float, na_value=np.nan)
        found.append(Vintages(parts, keys, values))
    return tuple(found)


def parts_of(panel: pd.DataFrame, prints: pd.DataFrame, origins: Sequence[str]) -> pd.MultiIndex:
    """Return total, the products in either frame, and the origins asked for, in that order."""
    products = [frame.loc[frame["part_kind"] == PRODUCT, "part"].unique() for frame in (panel, prints)]
    names = [(TOTAL, "all"), *((PRODUCT, name) for name in sorted({*products[0], *products[1]}))]
    return pd.MultiIndex.from_tuples([*names, *((ORIGIN, name) for name in dict.fromkeys(origins))])


def main_origins(prints: pd.DataFrame, day: pd.Timestamp, column: str, count: int = 10) -> tuple[str, ...]:
    """Return the largest origins of the last twelve months that Census had published by a day, largest first."""
    known = prints[(prints["known_on"] <= day) & (prints["part_kind"] == ORIGIN)]
    known = known[known["month"].isin(sorted(known["month"].unique())[-12:])]
    newest = known.groupby("month")["known_on"].transform("max")
    sums = known[known["known_on"] == newest].groupby("part")[column].sum()
    return tuple(sums[sums > 0].sort_index().sort_values(ascending=False, kind="stable").index[:count])
