"""Files of prices, premiums, freight and exchange rates, known by what is in them.

===================== =============================================================================================
shape                 recognized by
===================== =============================================================================================
World Bank Pink Sheet a column ``Aluminum`` over periods ``1960M01`` (sheet *Monthly Prices*, or its CSV); the other
                      commodities are left aside, ``…`` is missing, *Updated on* says when it was known
series by column      a column of dates and one or more whose headers name series: ``date,cash_settlement,three_month``
                      (LME; the stock is left aside), ``observation_date,PALUMUSDM`` (FRED), ``date,MMAKE00``
                      (symbols), ``date,midwest_premium_c_lb``, or ``date,value`` with the series told beside
rows of any series    columns ``date``, ``series``, ``value`` and ``unit``; ``frequency`` may be among them
===================== =============================================================================================

A unit stands in the header (``premium (c/lb)``), in a row under it, in a symbol, in the column ``unit``, or is
told beside; it is taken from the table only for series that have but one.
"""

from __future__ import annotations

from aimlib.errors import AimError
from aimlib.reference import price_series
from aimlib.sources.prices import by_column, by_row, pink_sheet
from aimlib.sources.prices.quotes import Asked, Quotes, together
from aimlib.sources.sheets import read_sheets

__all__ = ["Asked", "Quotes", "read"]


def read(body: bytes, name: str, asked: Asked) -> Quotes:
    """Read the bytes of a price file; `name` says in messages which.

    Raises AimError where the bytes are no table of prices, a series or unit is not known, or the unit is not said.
    """
    sheets = read_sheets(body, name)
    for shape in (pink_sheet, by_row, by_column):
        found = [quotes for sheet in sheets if (quotes := shape.read(sheet, name, asked))]
        if found:
            quotes = together(found)
            if quotes.rows.empty:
                raise AimError(f"{name} has no rows below its header.", "Nothing was loaded.")
            return quotes
    titles = ", ".join(f"'{sheet.title}'" for sheet in sheets if sheet.title)
    first = ", ".join(cell for cell in sheets[0].cells.iloc[0] if cell)
    raise AimError(
        f"{name} has no column of dates beside prices; "
        + (f"its sheets are {titles}." if titles else f"its first row is '{first[:80]}'."),
        f"Give columns such as date and {price_series.keys()[0]}, or the World Bank's sheet 'Monthly Prices'.",
    )
