"""From text cells to rows of the table `aim_monitor`; rows that break a rule are set apart with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from aimlib.sources.cells import decimals, numbers, whens
from aimlib.sources.monitor import names
from aimlib.sources.monitor.columns import KG_PER_UNIT, USD_PER_UNIT
from aimlib.sources.monitor.read import Dashboard
from aimlib.sources.monitor.shares import as_fractions

WITHHELD = ("", "(d)", "d", "(w)", "w", "(x)", "x", "withheld", "n.a.", "n/a", "na", "…", "...")
FIRST_MONTH = {"imports": "1989-01", "smelt": "2022-07", "cast": "2021-06"}
FIRST_LICENSES = "2021-06"
_UNIT_VALUE_OFF = 0.01
_COUNTS = {"quantity": "quantity_kg", "value": "customs_value_usd"}
_SHARES = {"share_quantity": "share_quantity", "share_value": "share_value"}


@dataclass(frozen=True)
class Cleaned:
    """``rows`` have file, row and the columns of the table but those of the block, with smelt or cast 'TOTAL' in
    rows over all of them; ``rejects`` file, row, reason and cells; ``set_apart`` the months of rejected rows, NaT for
    one that cannot be read; ``step`` the unit of the last place printed of each figure."""

    heading: str
    rows: pd.DataFrame
    rejects: pd.DataFrame
    set_apart: pd.Series
    groups: int
    notes: tuple[str, ...]
    step: dict[str, float]


def clean(board: Dashboard, known_on: date) -> Cleaned:
    """Judge one dashboard as known on a day.

    Rows of country groups are left out and counted. Set apart are rows without a month or with one that could
    not be known yet, with a bad number, with a unit value that is not value over quantity within 1%, and with
    shares that do not add up.

    Raises AimError, with the rows shown, for a country, product, HTS6 or status that is not known.
    """
    cells = board.cells
    rows = cells[["file", "row"]].assign(reason="")
    named = names.read_names(board)
    rows = rows.join(named.drop(columns="reason"))
    _mark(rows, named["reason"] != "", named["reason"])
    _read_months(rows, board, known_on)
    step = _read_figures(rows, board)
    notes = as_fractions(rows, board)
    is_group = rows["is_group"]
    is_bad = (rows["reason"] != "") & ~is_group
    rejects = rows.loc[is_bad, ["file", "row", "reason"]].join(cells.drop(columns=["file", "row"]))
    set_apart = rows.loc[is_bad, "month"].drop_duplicates()
    kept = rows[~is_bad & ~is_group].drop(columns=["reason", "is_group"])
    return Cleaned(
        board.heading,
        kept.reset_index(drop=True),
        rejects.reset_index(drop=True),
        set_apart,
        int(is_group.sum()),
        (*board.notes, *notes),
        step,
    )


def _mark(rows: pd.DataFrame, where: pd.Series, reason: pd.Series | str) -> None:
    """Write a reason where none stands yet."""
    rows["reason"] = rows["reason"].mask(where & (rows["reason"] == ""), reason)


def _read_months(rows: pd.DataFrame, board: Dashboard, known_on: date) -> None:
    text = board.cells["month"]
    if "year" in board.cells:
        text = _with_year(board.cells["year"], text)
    found = whens(text, board.name)
    rows["month"] = found["day"]
    is_month = found["is_month"] | (found["day"].dt.day == 1)
    _mark(rows, found["day"].isna() | ~is_month, "'" + text + "' is no month")
    month, shown = rows["month"], rows["month"].dt.strftime("%Y-%m").astype("str")
    this_month = pd.Timestamp(known_on).replace(day=1)
    _mark(rows, month > this_month, shown + f" is after {known_on}, the day of this monitor")
    is_census = rows["data_basis"] == "census"
    _mark(rows, is_census & (month >= this_month), shown + f" is marked Census, but had not ended on {known_on}")
    too_old = ~is_census & (month < pd.Timestamp(FIRST_LICENSES))
    _mark(rows, too_old, shown + " is marked License, but licenses begin in June 2021")
    first = FIRST_MONTH[board.heading]
    _mark(rows, month < pd.Timestamp(first), shown + f" is before {first}, when {board.heading} figures begin")


def _with_year(year: pd.Series, month: pd.Series) -> pd.Series:
    """Return year and month as one text; a month may be a number or a name."""
    is_number = month.str.fullmatch(r"0?[1-9]|1[0-2]")
    return (year + "-" + month.str.zfill(2)).where(is_number, month + " " + year)


def _read_figures(rows: pd.DataFrame, board: Dashboard) -> dict[str, float]:
    """Add the figures, in kilograms, dollars and as printed (shares); return how finely they are printed."""
    cells, step = board.cells, {}
    factors = {"quantity": KG_PER_UNIT, "value": USD_PER_UNIT}
    for field, column in (_COUNTS | _SHARES).items():
        if field not in cells:
            rows[column] = np.nan
            continue
        text = cells[field].str.replace(r"^\$\s*|\s*%$", "", regex=True)
        found, is_bad = numbers(text, WITHHELD)
        _mark(rows, is_bad, f"{field} '" + cells[field] + "' is no number and no mark of a withheld figure")
        _mark(rows, found < 0, f"{field} '" + cells[field] + "' is negative")
        factor = factors[field][board.units[field]] if field in factors else 1.0
        rows[column] = found * factor
        step[column] = 10.0 ** -decimals(text) * factor
    if "unit_value" in cells:
        _check_unit_values(rows, board, step)
    return step


def _check_unit_values(rows: pd.DataFrame, board: Dashboard, step: dict[str, float]) -> None:
    """Set apart where the unit value printed is not value over quantity, within 1% and the rounding of the three."""
    text = board.cells["unit_value"].str.replace(r"^\$\s*", "", regex=True)
    printed, is_bad = numbers(text, WITHHELD)
    _mark(rows, is_bad, "unit value '" + board.cells["unit_value"] + "' is no number")
    if not set(_COUNTS) <= set(board.cells):
        return
    per = KG_PER_UNIT[board.units["unit_value"].removeprefix("USD per ")]
    kg, usd = rows["quantity_kg"], rows["customs_value_usd"]
    half_kg, half_usd = step["quantity_kg"] / 2, step["customs_value_usd"] / 2
    half = 10.0 ** -decimals(text) / 2
    low = (usd - half_usd).clip(lower=0) / (kg + half_kg) * per * (1 - _UNIT_VALUE_OFF) - half
    high = (usd + half_usd) / (kg - half_kg).where(kg > half_kg) * per * (1 + _UNIT_VALUE_OFF) + half
    off = (printed < low) | (printed > high)
    computed = (usd / kg.where(kg > 0) * per).map("{:,.2f}".format)
    _mark(rows, off, "the unit value is printed as " + text + ", but value over quantity is " + computed)
