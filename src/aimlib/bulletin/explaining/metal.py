"""From a number on smelt and cast back to the bulletin's own protected sums: rows of licenses are never shown."""

from __future__ import annotations

import pandas as pd

from aimlib.bulletin.explaining import derivation
from aimlib.bulletin.explaining.derivation import Derivation, Sum, derived
from aimlib.bulletin.explaining.imports import CENSUS
from aimlib.bulletin.explaining.places import Place
from aimlib.bulletin.explaining.published import data_of
from aimlib.present.smelt_origin.view import AMOUNTS, MetalView

LICENSES, MONITOR = "licenses", "aim_monitor"
NO_ROWS = (
    "Rows of licenses are confidential and are not shown; what stands here are the protected sums, as the bulletin "
    "prints them."
)
_MATRICES = {"smelt_heat_map": "largest_smelt", "cast": "recent_cast"}
_TOTAL = "TOTAL"
_HEADLINES = {
    "no_primary_metal": ("smelt_heat_map", "N/A"),
    "smelt_unknown": ("smelt_heat_map", "unknown"),
    "home_smelt": ("smelt_heat_map", ""),
    "home_cast": ("cast", ""),
}


def derive_metal(view: MetalView, place: Place) -> Derivation | None:
    """Return how a number was worked out from protected sums; None for what is not a sum or share of them."""
    if place.key == "key_figures":
        return _headline(view, place)
    row, column = place.row, place.column
    if row is None or isinstance(row.get("suppressed"), str):
        return None
    if place.key in _MATRICES:
        metal = str(row[_MATRICES[place.key]])
        return _cell(view, place, place.key, str(row["origin"]), metal, column)
    if place.key == "implied" and column == "implied_quantity_kg" and str(row["origin"]) != _TOTAL:
        return _implied(view, str(row["origin"]), float(row["share_implied"]))
    return None


def _headline(view: MetalView, place: Place) -> Derivation | None:
    if place.figure == "licensed":
        return _cell(view, place, "smelt_heat_map", view.row, _TOTAL, view.amount, as_printed=True)
    if place.figure == "largest_smelt":
        data = _matrix(place, "smelt_heat_map")
        rows = data[(data["origin"] == view.row) & (data["column_kind"] == "country")]
        metal = rows.loc[rows[view.amount].idxmax(), "largest_smelt"] if rows[view.amount].notna().any() else ""
        return _cell(view, place, "smelt_heat_map", view.row, metal, view.share)
    if place.figure in _HEADLINES:
        key, metal = _HEADLINES[place.figure]
        return _cell(view, place, key, view.row, metal or view.place.key, view.share)
    return None


def _matrix(place: Place, key: str) -> pd.DataFrame:
    """Return the data of a two-way table of the same report; empty where it is not there."""
    block = place.report.blocks.get(key)
    data = data_of(block) if block else pd.DataFrame()
    return data if len(data) else pd.DataFrame(columns=["origin", "column_kind", _MATRICES[key]])


def _cell(
    view: MetalView, place: Place, key: str, origin: str, metal: str, column: str, *, as_printed: bool = False
) -> Derivation | None:
    """Return a cell of a two-way table: the cells of its row that add up to the total, or its share of them.

    Quantities are in kilograms as in the data, or in metric tons `as_printed`.
    """
    data, name = _matrix(place, key), _MATRICES[key]
    row = data[data["origin"] == origin]
    amount = {share: held for held, share in AMOUNTS.values()}.get(column, column)
    if amount not in row or row.empty:
        return None
    whole = row[row[name] == _TOTAL]
    parts = row[(row[name] != _TOTAL) & row[amount].gt(0)]
    own = row[row[name] == metal]
    if whole[amount].isna().any() or whole.empty or (metal == _TOTAL and column != amount):
        return None
    what = f"{view.name_of(origin)}, by country of {'largest smelt' if key == 'smelt_heat_map' else 'most recent cast'}"
    # Where cells are withheld, those shown do not add up, and the printed total stands for them.
    adds_up = abs(parts[amount].sum() - whole[amount].iloc[0]) < 0.5
    total = _as_sum(parts if adds_up else whole, name, amount, f"{what}, {view.period_words}", as_printed)
    if metal == _TOTAL:
        return derivation.total(total)
    if own.empty or own[amount].isna().any():
        return None
    cell = _as_sum(own, name, amount, f"{what}: {view.metal_name(metal)}, {view.period_words}", as_printed)
    return derivation.total(cell) if column == amount else derivation.ratio(cell, total)


def _as_sum(rows: pd.DataFrame, name: str, amount: str, words: str, as_printed: bool) -> Sum:
    rows = rows[["origin", name, amount]].sort_values(amount, ascending=False, kind="stable", ignore_index=True)
    if amount != "quantity_kg":
        return Sum(words, "", rows, amount, unit="US$")
    return Sum(words, "", rows, amount, *((1000.0, "t") if as_printed else (1.0, "kg")))


def _implied(view: MetalView, origin: str, share: float) -> Derivation | None:
    """Return a share of licenses applied to the rows of Census."""
    if view.trends is None:
        return None
    held = view.trends.imports.rows
    rows = held[held["month"].between(view.first, view.last) & (held["origin"] == origin)]
    rows = rows.loc[rows["quantity_kg"].notna(), ["month", "origin", "code", "quantity_kg"]]
    census = Sum(
        f"Imports from {view.name_of(origin)}, {view.period_words}", CENSUS,
        rows.sort_values("quantity_kg", ascending=False, kind="stable", ignore_index=True), "quantity_kg",
        concept=view.concept, unit="kg", periods=tuple(sorted({f"{month:%Y-%m}" for month in rows["month"]})),
    )  # fmt: skip
    return derived(f"A × {share:.10g}", lambda a: a * share, [census], ["The factor is the share of licenses."])
