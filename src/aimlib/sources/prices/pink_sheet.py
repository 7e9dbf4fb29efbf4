"""The World Bank's monthly commodity prices, the Pink Sheet: the workbook, or its sheet as CSV."""

from __future__ import annotations

import re
from datetime import date, datetime

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import price_series
from aimlib.reference._tables import fold
from aimlib.sources.prices.quotes import COLUMNS, Asked, Quotes, settle_unit
from aimlib.sources.sheets import Sheet

SERIES = "world_bank_aluminum"
_PERIOD = r"\d{4}M\d{1,2}"
_TITLE_ROWS = 6  # and names, and units


def read(sheet: Sheet, name: str, asked: Asked) -> Quotes | None:
    """Return the aluminum prices, None where the sheet is not the monthly one.

    Raises AimError where it is, but has no column for aluminum or another series was asked for.
    """
    periods = sheet.cells[0].str.fullmatch(_PERIOD)
    if not periods.any() or not _is_ours(sheet, asked):
        return None
    first = int(periods.idxmax())
    above = sheet.cells.loc[: first - 1]
    at = [(row, column) for row, cells in above.iterrows() for column, text in cells.items() if _is_aluminum(text)]
    if not at:
        raise AimError(f"{sheet.name} has no column 'Aluminum'.", "Give the World Bank's sheet as it is published.")
    if asked.series not in ("", SERIES):
        raise AimError(f"{sheet.name} is the World Bank's {SERIES}, not {asked.series}.", "Leave the series away.")
    row, column = at[-1]
    printed = next((text for text in above.loc[row + 1 :, column] if text), "").strip("() ")
    unit = settle_unit(SERIES, sheet.name, price_series.unit(printed) if printed else "", asked.unit)
    below = sheet.below(first - 1)
    rows = pd.DataFrame(
        {
            "file": name,
            "row": below.index,
            "column": "Aluminum",
            "series": SERIES,
            "frequency": price_series.MONTHLY,
            "when": below[0],
            "value": below[column],
            "unit": unit,
        }
    )[list(COLUMNS)]
    return Quotes(rows.reset_index(drop=True), (), _updated_on(above))


def _is_ours(sheet: Sheet, asked: Asked) -> bool:
    """Tell whether this is the sheet of prices: a workbook holds one of indices over the same periods, too."""
    if sheet.title:
        return fold(sheet.title) == "monthly prices"
    head = sheet.cells.head(_TITLE_ROWS).to_numpy().ravel()
    return asked.series == SERIES or any(_is_aluminum(text) for text in head)


def _is_aluminum(text: str) -> bool:
    return fold(text) in ("aluminum", "aluminium")


def _updated_on(above: pd.DataFrame) -> date | None:
    for text in above.to_numpy().ravel():
        told = re.match(r"Updated on ([A-Z][a-z]+ \d{1,2}, \d{4})", text)
        if told:
            return datetime.strptime(told[1], "%B %d, %Y").date()
    return None
