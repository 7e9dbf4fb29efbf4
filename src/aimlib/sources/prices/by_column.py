"""A column of dates beside columns that each hold a series: the LME's daily file, FRED's, a reporter's."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import price_series
from aimlib.reference._tables import fold
from aimlib.sources.prices.quotes import COLUMNS, Asked, Quotes, settle_unit
from aimlib.sources.sheets import Sheet

WHEN = frozenset(("date", "day", "month", "period", "time", "time period", "observation date", "trade date"))
VALUE = frozenset(("value", "price", "close", "last", "settle", "settlement", "premium", "rate", "average", "mean"))
_LEFT_ASIDE = frozenset(("lme stock", "stock", "stocks", "lme aluminium stock", "volume", "open interest"))
_LEFT_ASIDE |= {"open", "high", "low", "adj close", "change", "currency"}
_LOADED = ("", price_series.DAILY, price_series.MONTHLY)


@dataclass(frozen=True)
class _Column:
    at: int
    header: str
    match: price_series.Match
    unit: str


def read(sheet: Sheet, name: str, asked: Asked) -> Quotes | None:
    """Return the quotes of every column that names a series; None where there is no column of dates.

    Raises AimError where a column names no series that is known, a unit is not told, or two hold one series.
    """
    header = sheet.find_header(lambda cells: any(fold(cell.replace("_", " ")) in WHEN for cell in cells))
    if header is None:
        return None
    heads = {at: text for at, text in sheet.cells.loc[header].items() if text}
    when = next(at for at, text in heads.items() if fold(text.replace("_", " ")) in WHEN)
    below = sheet.below(header)
    units = _unit_row(below, when)
    below = below.drop(index=units.name) if units is not None else below
    columns, notes = _columns(sheet, {at: text for at, text in heads.items() if at != when}, below, asked)
    parts = []
    for column in columns:
        under = price_series.unit(units[column.at]) if units is not None and units[column.at] else ""
        where = f"{sheet.name}, column '{column.header}'"
        unit = settle_unit(column.match.series, where, column.unit, column.match.unit, under, asked.unit)
        part = {
            "file": name,
            "row": below.index,
            "column": column.header,
            "series": column.match.series,
            "frequency": column.match.frequency or asked.frequency,
            "when": below[when],
            "value": below[column.at],
            "unit": unit,
        }
        parts.append(pd.DataFrame(part)[list(COLUMNS)])
    if not parts:
        raise AimError(f"{sheet.name} has no column of a series that can be loaded.", " ".join(notes))
    return Quotes(pd.concat(parts, ignore_index=True), tuple(notes))


def _columns(sheet: Sheet, heads: dict[int, str], below: pd.DataFrame, asked: Asked) -> tuple[list[_Column], list[str]]:
    """Return the columns to take, and notes on the others."""
    taken, strange, aside = [], [], []
    for at, text in heads.items():
        base, unit = price_series.split_unit(text)
        match = price_series.find(text) or price_series.find(base)
        if match and match.frequency not in _LOADED:
            aside.append(f"{text} (a {match.frequency} average)")
        elif match:
            taken.append(_Column(at, text, match, unit))
        elif fold(text.replace("_", " ")) in _LEFT_ASIDE:
            aside.append(text)
        else:
            strange.append(_Column(at, text, price_series.Match(asked.series), unit))
    if asked.series:
        taken, more = _asked_for(sheet, taken, strange, asked.series)
        aside += more
    elif strange:
        raise _unknown(sheet, strange[0], heads, below)
    keys = [column.match.series for column in taken]
    double = next((key for key in keys if keys.count(key) > 1), None)
    if double:
        named = " and ".join(f"'{column.header}'" for column in taken if column.match.series == double)
        raise AimError(f"{sheet.name} has {double} in two columns, {named}.", "Leave one of them in the file.")
    return taken, [f"{sheet.name}: left aside {', '.join(aside)}."] if aside else []


def _asked_for(sheet: Sheet, taken: list[_Column], strange: list[_Column], key: str) -> tuple[list[_Column], list[str]]:
    """Return the column of the series that the user named, and the headers of those then left aside."""
    mine = [column for column in taken if column.match.series == key]
    values = [column for column in strange if fold(price_series.split_unit(column.header)[0]) in VALUE]
    mine = mine or values or (strange if len(strange) == 1 and not taken else [])
    if len(mine) == 1:
        return mine, [column.header for column in (*taken, *strange) if column is not mine[0]]
    named = ", ".join(f"'{column.header}'" for column in (*taken, *strange))
    raise AimError(
        f"{sheet.name}: which column holds {key} cannot be told; there are {named or 'none'}.",
        f"Call the column {key}, or value.",
    )


def _unit_row(below: pd.DataFrame, when: int) -> pd.Series | None:
    """Return the first row where it holds units: no date, and in the other cells nothing but units."""
    if below.empty or fold(below.iloc[0][when]) not in ("", "unit", "units"):
        return None
    first = below.iloc[0].str.strip("()[] ")
    texts = [text for at, text in first.items() if at != when and text]
    try:
        known = [price_series.unit(text) for text in texts]
    except AimError:
        return None
    return first if known else None


def _unknown(sheet: Sheet, column: _Column, heads: dict[int, str], below: pd.DataFrame) -> AimError:
    shown = "; ".join(", ".join(row) for row in below.head(2).astype("str").to_numpy().tolist())
    base = fold(column.header.replace("_", " "))
    hint = price_series.unknown(column.header).advice
    return AimError(
        f"{sheet.name}: the column '{column.header}' names no series that is known "
        f"(columns {', '.join(heads.values())}; first rows {shown or 'none'}).",
        "Say which with --series. " + ("" if base in VALUE else hint),
    )
