"""The carbon embodied in the place's imports, as a band."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.totals import TOTAL
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.smelt_origin.implied import census_words
from aimlib.present.smelt_origin.view import MetalView

_SHOWN = 10
_BOUNDS = ("co2_low_t", "co2_high_t")
_OF = {"world": "the world", "secondary": "metal from scrap", "range": "all countries", "country": "the country"}


def carbon(view: MetalView) -> Table | Prose:
    """Return tonnes of CO2 by country of smelt, between all secondary and all primary metal."""
    held = view.tables.carbon
    own = held[(held["origin"] == view.row) & held["quantity_kg"].gt(0)]
    if own.empty:
        return Prose("carbon", ["No quantity can be shown for this period, so that no carbon is worked out."])
    total = own[own["largest_smelt"] == TOTAL]
    parts = own[own["largest_smelt"] != TOTAL].sort_values("quantity_kg", ascending=False, kind="stable")
    shown, rest = parts.head(_SHOWN), parts.iloc[_SHOWN:]
    rows = [_row(view.metal_name(row["largest_smelt"]), row) for _, row in shown.iterrows()]
    if len(rest):
        rows.append(_row("Other countries", rest[["quantity_kg", *_BOUNDS]].sum(), "rest"))
    rows += [_row("Total", row, "total") for _, row in total.iterrows()]
    return Table(
        key="carbon",
        title=f"Carbon embodied in imports {view.from_place} by country of smelt, {census_words(view)}",
        caption="Metric tons; a band, since the share of primary metal in a product is not known.",
        columns=[
            Column("Country of largest smelt", align="left"),
            Column("Quantity", "t"),
            Column("Primary metal", "t CO2 per t", group="Intensity"),
            Column("Figure of", align="left", group="Intensity"),
            Column("All secondary", "t CO2", group="Carbon"),
            Column("All primary", "t CO2", group="Carbon"),
        ],
        rows=rows,
        source=view.implied_source,
        csv=csv_text(view.tidy(held, "license shares of census")),
        notes=[f"Intensities: {text}." for text in _sources(parts)] + list(view.tables.notes.caveats),
    )


def _sources(parts: pd.DataFrame) -> list[str]:
    return sorted(set(parts.loc[parts["source"] != "", "source"]))


def _row(name: str, row: pd.Series, role: str = "") -> Row:
    intensity, taken = "", ""
    if role == "":
        low, high = row["intensity_low_t_t"], row["intensity_high_t_t"]
        same = numbers.plain(low, 1) == numbers.plain(high, 1)
        intensity = numbers.plain(low, 1) if same else f"{numbers.plain(low, 1)} to {numbers.plain(high, 1)}"
        taken = _OF[row["intensity_of"]] + (", your table" if row["certainty"] == "user" else "")
    return Row(
        [
            name,
            numbers.at_least(row["quantity_kg"] / 1000),
            intensity,
            taken,
            numbers.plain(row["co2_low_t"]),
            numbers.plain(row["co2_high_t"]),
        ],
        role,
    )
