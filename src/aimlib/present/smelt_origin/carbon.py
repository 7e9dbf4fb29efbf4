"""The carbon embodied in the place's imports, as a band."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.metal.carbon import without_figure
from aimlib.analysis.totals import TOTAL
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.smelt_origin.implied import census_words
from aimlib.present.smelt_origin.smelt import not_told
from aimlib.present.smelt_origin.view import MetalView
from aimlib.reference.carbon import secondary_intensity

_SHOWN = 10
_WITHHELD = "withheld"
_BOUNDS = ("co2e_low_t", "co2e_high_t")
_OF = {"world": "the world", "secondary": "metal from scrap", "range": "all countries", "country": "the country"}


def carbon(view: MetalView) -> Table | Prose:
    """Return tonnes of CO2 equivalent by country of smelt, between all secondary and all primary metal."""
    held = view.tables.carbon
    own = held[(held["origin"] == view.row) & held["quantity_kg"].gt(0)]
    if own.empty:
        return Prose("carbon", [not_told(view, "carbon")])
    whole = own[own["largest_smelt"] == TOTAL]
    parts = own[~own["largest_smelt"].isin([TOTAL, _WITHHELD])]
    parts = parts.sort_values("quantity_kg", ascending=False, kind="stable")
    withheld = own[own["largest_smelt"] == _WITHHELD]
    shown, rest = parts.head(_SHOWN), parts.iloc[_SHOWN:]
    rows = [_row(view.metal_name(row["largest_smelt"]), row) for _, row in shown.iterrows()]
    sums = ["quantity_kg", *_BOUNDS]
    if len(rest):
        rows.append(_row("Other countries", rest[sums].sum(), "rest"))
    rows.append(_row("Total of what is shown", parts[sums].sum(), "total"))
    if len(withheld):
        kg = withheld["quantity_kg"].iloc[0]
        rows.append(Row(["Not shown", numbers.at_least(kg / 1000), "", "", "", ""], "rest"))
    world = without_figure(parts)
    notes = [f"Intensities: {text}." for text in _sources(parts)]
    low, high = secondary_intensity()
    notes.append(
        f"Metal from scrap: {numbers.plain(low, 1)} to {numbers.plain(high, 1)} t CO2e per t, recalled and not "
        "checked; the low end is of all metal as if from scrap at the lower of the two."
    )
    if world:
        names = numbers.joined([view.metal_name(country) for country in world])
        notes.append(f"With the figure of the world, for want of their own: {names}.")
    if len(withheld):
        share = numbers.percent(float(withheld["quantity_kg"].iloc[0] / whole["quantity_kg"].iloc[0]))
        notes.append(
            f"Not shown, for the sake of single importers, is {share} of the quantity; its carbon is in no total here, "
            "so that totals of two bulletins are not to be compared where that part differs."
        )
    return Table(
        key="carbon",
        title=f"Carbon embodied in imports {view.from_place} by country of smelt, {census_words(view)}",
        caption="Tonnes of CO2 equivalent (CO2e) as a band, for the share of primary metal in a product is not known.",
        columns=[
            Column("Country of largest smelt", align="left"),
            Column("Quantity", "t"),
            Column("Primary metal", "t CO2e per t", group="Intensity"),
            Column("Figure of", align="left", group="Intensity"),
            Column("All secondary", "thousand t CO2e", group="Carbon"),
            Column("All primary", "thousand t CO2e", group="Carbon"),
        ],
        rows=rows,
        source=view.implied_source,
        csv=csv_text(view.tidy(held[~held["largest_smelt"].isin([TOTAL, _WITHHELD])], "license shares of census")),
        notes=notes + list(view.tables.notes.caveats),
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
            numbers.at_least(row["co2e_low_t"] / 1000),
            numbers.at_least(row["co2e_high_t"] / 1000),
        ],
        role,
    )
