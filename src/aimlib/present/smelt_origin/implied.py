"""Implied tonnage: what license shares say of the tonnes that Census counts, with bounds for the countries watched."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.totals import TOTAL
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.smelt_origin.smelt import not_told
from aimlib.present.smelt_origin.view import MetalView, period_words

_SHOWN = 10
_WORDS = ("N/A", "unknown", "not collected", "not covered")


def implied_tonnage(view: MetalView) -> Table | Prose:
    """Return Census tonnes of the place by country of largest smelt, as the licenses imply."""
    own = view.tables.implied
    own = own[own["origin"] == view.row].set_index("largest_smelt")
    if own.empty or not own["implied_quantity_kg"].get(TOTAL, 0) > 0:
        return Prose("implied", [_nothing(view)])
    shown, left = split(own, "implied_quantity_kg")
    total = own.loc[TOTAL, "implied_quantity_kg"]
    entries = [(view.metal_name(name), kg, "") for name, kg in shown.items()]
    if left > 0:
        entries.append(("Others, and what is not shown", left, "rest"))
    entries.append(("Census total", total, "total"))
    rows = [
        Row([name, numbers.at_least(kg / 1000), numbers.percent(kg / total)], role)
        for name, kg, role in entries
        if kg > 0
    ]
    return Table(
        key="implied",
        title=f"Implied imports {view.from_place} by country of largest smelt, {census_words(view)}",
        caption="Metric tons, implied: Census quantities divided as the licenses' are, within origin, product and "
        "month.",
        columns=[Column("Country of largest smelt", align="left"), Column("Implied quantity", "t"), Column("Share")],
        rows=rows,
        source=view.implied_source,
        csv=csv_text(view.tidy(view.tables.implied, "license shares of census")),
        notes=[
            "Implied, not counted: Census does not collect smelt. Not covered: Census has imports of an origin, "
            "product and month for which no license is held.",
            *_lacking(view),
        ],
    )


def _nothing(view: MetalView) -> str:
    """Say why no tonnage is implied."""
    if view.tables.notes.smelt_first is None:
        return not_told(view, "implied tonnage")
    if view.trends is None or view.trends.latest < view.first:
        return "Census knows no month of this period, so that no tonnage is implied."
    return f"Census has no imports {view.from_place} in the period, so that no tonnage is implied."


def implied_bounds(view: MetalView) -> Table | Prose:
    """Return the bounds of the metal of each country watched within the place's Census tonnes."""
    own = view.tables.implied_bounds
    own = own[own["origin"] == view.row]
    if own.empty:
        return Prose("implied_bounds", [])
    rows = [
        Row(
            [
                view.metal_name(row["country"]),
                *(
                    numbers.at_least(row[name] / 1000) if not numbers.is_missing(row[name]) else "c"
                    for name in ("content_low_kg", "content_high_kg", "touched_low_kg", "touched_high_kg")
                ),
            ]
        )
        for _, row in own.iterrows()
    ]
    census = own["census_quantity_kg"].iloc[0]
    return Table(
        key="implied_bounds",
        title=f"Bounds of the metal of the countries watched in imports {view.from_place}, {census_words(view)}",
        caption=f"Metric tons, implied, within {numbers.at_least(census / 1000)} t that Census counts.",
        columns=[
            Column("Country", align="left"),
            Column("At least", "t", group="Primary metal from it, in goods"),
            Column("At most", "t", group="Primary metal from it, in goods"),
            Column("At least", "t", group="Goods that name it as smelt"),
            Column("At most", "t", group="Goods that name it as smelt"),
        ],
        rows=rows,
        source=view.implied_source,
        csv=csv_text(view.tidy(view.tables.implied_bounds, "license shares of census")),
        notes=[
            "At least: all that names the country as the only smelt. At most: all that names it as the largest, half "
            "of what names it as the second, and what is unknown or not covered. Weighted by primary metal: goods "
            "with scrap in them hold less.",
            *(["c: not shown, for the sake of single importers."] if (own["suppressed"] != "").any() else []),
        ],
    )


def split(own: pd.DataFrame, column: str) -> tuple[pd.Series, float]:
    """Return the largest countries and the words of a place's rows, and what is left of its total."""
    amounts = own[column].drop(TOTAL)
    words = amounts[[name for name in _WORDS if name in amounts.index]].dropna()
    countries = amounts.drop([name for name in (*_WORDS, "withheld") if name in amounts.index]).dropna()
    top = countries[countries > 0].sort_values(ascending=False, kind="stable").head(_SHOWN)
    shown = pd.concat([top, words])
    left = own.loc[TOTAL, column] - shown.sum()
    return shown, float(left) if left > 0.5 else 0.0


def census_words(view: MetalView) -> str:
    """Return the months that both licenses and Census know, in words."""
    notes = view.tables.notes
    first = notes.smelt_first if notes.smelt_first is not None else view.first
    last = notes.implied_last if notes.implied_last is not None else view.last
    return period_words(first, last)


def _lacking(view: MetalView) -> list[str]:
    count = view.tables.notes.census_without_quantity
    return [f"Census withheld the quantity of {count} cells; they are left out."] if count else []
