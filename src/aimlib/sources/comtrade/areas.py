"""Comtrade's area codes as countries, and several codes of one country as one row."""

from __future__ import annotations

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import countries
from aimlib.reference._tables import load

_SUMS = ("primary_value_usd", "cif_value_usd", "fob_value_usd", "quantity_kg")
_MARK = "quantity_estimated"
_SHOWN = 3


def as_countries(records: pd.DataFrame, column: str) -> pd.Series:
    """Return the ISO alpha-3 code of each area code. Raises AimError with the rows where one is not known."""
    codes = records[column].drop_duplicates()
    try:
        known = countries.from_comtrade(codes)
    except AimError as error:
        unknown = [code for code in codes if not is_known(code)]
        rows = records[records[column].isin(unknown)]
        shown = ", ".join(f"{row['file']} row {row['row']}" for _, row in rows.head(_SHOWN).iterrows())
        raise AimError(f"{error.message} It is the {column} of {len(rows):,} rows: {shown}.", error.advice) from None
    return records[column].map(dict(zip(codes, known, strict=True))).astype("str")


def is_known(code: str) -> bool:
    """Tell whether the tables know an area code."""
    try:
        countries.from_comtrade(pd.Series([code]))
    except AimError:
        return False
    return True


def unpublished_twins(rows: pd.DataFrame, key: list[str], column: str) -> pd.Series:
    """Tell which rows have an area code that is inside another of the same country in the same cell.

    Comtrade publishes France as 251, in which 250 (its metropolitan part) is contained: the two are never added.
    """
    table = load("comtrade_countries")
    inside = rows[column].isin(table["comtrade_code"][table["in_data"] == "no"])
    if not inside.any():
        return inside
    return inside & (~inside).groupby([rows[name] for name in key]).transform("any")


def summed(rows: pd.DataFrame, key: list[str]) -> tuple[pd.DataFrame, int]:
    """Return one row a cell of `key`, summed over the area codes that are one country of ours, and how many were.

    Areas not elsewhere specified are many codes (899, 568, 697, ...) and one XNS; Sudan had two in 2011. A figure
    that one of them lacks is missing in the sum.
    """
    doubled = rows.duplicated(key, keep=False)
    if not doubled.any():
        return rows, 0
    parts = rows[doubled]
    groups = parts.groupby(key, sort=False, as_index=False)
    merged = groups.first()
    figures = [column for column in _SUMS if column in rows]
    merged[figures] = groups[figures].sum(skipna=False)[figures]
    if _MARK in rows:
        merged[_MARK] = groups[_MARK].any()[_MARK]
    return pd.concat([rows[~doubled], merged[list(rows.columns)]], ignore_index=True), int(doubled.sum())
