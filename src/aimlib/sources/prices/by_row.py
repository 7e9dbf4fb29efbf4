"""Rows that each name their series: date, series, value, unit and, where told, frequency."""

from __future__ import annotations

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import price_series
from aimlib.reference._tables import fold
from aimlib.sources.prices.by_column import VALUE, WHEN
from aimlib.sources.prices.quotes import COLUMNS, Asked, Quotes, settle_unit
from aimlib.sources.sheets import Sheet

_NAMES = {"series": frozenset(("series", "symbol", "series id", "series key")), "when": WHEN, "value": VALUE}
_MAY = {"unit": frozenset(("unit", "units", "uom")), "frequency": frozenset(("frequency", "freq"))}


def read(sheet: Sheet, name: str, asked: Asked) -> Quotes | None:
    """Return the quotes, None where the sheet has no columns of series, dates and values.

    Raises AimError, with the rows shown, where a series or unit is not known or not told.
    """
    header = sheet.find_header(lambda cells: all(_at(cells, names) is not None for names in _NAMES.values()))
    if header is None:
        return None
    heads = list(sheet.cells.loc[header])
    places = {field: _at(heads, names) for field, names in (_NAMES | _MAY).items()}
    below = sheet.below(header)
    cells = {field: below[at] if at is not None else pd.Series("", index=below.index) for field, at in places.items()}
    rows = pd.DataFrame(cells).assign(file=name, row=below.index, column=heads[places["value"]])
    settled = {}
    for series, unit, frequency in rows[["series", "unit", "frequency"]].drop_duplicates().itertuples(index=False):
        settled[series, unit, frequency] = _settle(sheet, rows, series, unit, frequency, asked)
    told = [settled[row.series, row.unit, row.frequency] for row in rows.itertuples()]
    for at, field in enumerate(("series", "unit", "frequency")):
        rows[field] = [settled_row[at] for settled_row in told]
    return Quotes(rows[list(COLUMNS)].reset_index(drop=True))


def _settle(sheet: Sheet, rows: pd.DataFrame, text: str, unit: str, frequency: str, asked: Asked) -> tuple[str, ...]:
    first = rows[(rows["series"] == text) & (rows["unit"] == unit)].iloc[0]
    where = f"{sheet.name} row {first['row']} ({first['when']}, {text}, {first['value']} {unit})"
    try:
        match = price_series.resolve(text)
        mine = Asked.of(text, unit or None, frequency or None)
    except AimError as error:
        raise AimError(f"{where}: {error.message}", error.advice) from None
    return match.series, settle_unit(match.series, where, mine.unit, asked.unit), mine.frequency or asked.frequency


def _at(heads: list[str], names: frozenset[str]) -> int | None:
    return next((at for at, text in enumerate(heads) if fold(text.replace("_", " ")) in names), None)
