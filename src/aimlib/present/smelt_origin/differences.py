"""Where origin and metal differ, and how concentrated the metal of an origin is."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.metal.differs import LEAST_KG, RISE
from aimlib.analysis.totals import TOTAL
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.smelt_origin.view import MetalView
from aimlib.reference import products

_SHOWN = 15
_WORDS = ("share_na", "share_unknown", "share_not_collected")
_HIDDEN = (
    "c: not shown, because it would tell too much about single importers, or would let such a figure be worked out; "
    "where N/A or unknown is not shown, what countries the rest is of cannot be shared out either."
)
_FIELDS = {"largest_smelt": "Smelted in", "recent_cast": "Cast in"}


def differences(view: MetalView) -> Table | Prose:
    """Return the largest flows whose metal was smelted, or cast, in another country than that of origin."""
    held = view.tables.differs
    if not view.is_all:
        held = held[held["origin"].isin(view.place.members)]
    by_product = held[(held["product"] != TOTAL) & held[view.amount].gt(0)]
    hidden = int(((held["product"] != TOTAL) & (held["suppressed"] != "")).sum())
    if by_product.empty:
        words = "No metal of another country than that of origin can be shown for this period."
        return Prose("differences", [words])
    marked = by_product["new_or_doubled"].astype(bool)
    ranked = pd.concat([by_product[marked], by_product[~marked]])
    ranked = pd.concat([_largest(view, rows) for _, rows in ranked.groupby("field", sort=False)])
    rows = [
        Row(
            [
                f"{_FIELDS[row['field']]} {view.metal_name(row['metal'])}",
                view.name_of(row["origin"]),
                products.title(row["product"]),
                view.write(row[view.amount]),
                numbers.percent(row[view.share]),
                _change(view, row),
                "yes" if row["new_or_doubled"] else "",
            ],
            "highlight" if row["new_or_doubled"] else "",
        )
        for _, row in ranked.iterrows()
    ]
    return Table(
        key="differences",
        title=f"Metal of another country than that of origin, {view.period_words}",
        caption=f"The largest flows {view.from_place}, {view.measure.noun} licensed.",
        columns=[
            Column("Metal", align="left"),
            Column("Origin", align="left"),
            Column("Product", align="left"),
            Column("Licensed", view.measure.unit),
            Column("Share of the origin"),
            Column("On the year before"),
            Column("New or doubled"),
        ],
        rows=rows,
        source=view.source,
        csv=csv_text(view.tidy(held)),
        notes=[
            "It is ordinary that metal smelted or cast in one country is rolled, drawn or extruded in another. A row "
            "says what was declared, and nothing about why.",
            f"New or doubled: at least {numbers.plain(RISE)} times the quantity of the same months a year before, and "
            f"{numbers.plain(LEAST_KG / 1000)} t; such rows come first.",
            *([f"{hidden} flows are not shown, for the sake of single importers."] if hidden else []),
        ],
    )


def _change(view: MetalView, row: pd.Series) -> str:
    """Return the change on the year before; ``new`` where there was nothing, blank where it is not known."""
    if row[f"base_{view.amount}"] == 0:
        return "new"
    return numbers.percent_change(row["quantity_yoy" if view.measure.key == "quantity" else "customs_value_yoy"])


def _largest(view: MetalView, rows: pd.DataFrame) -> pd.DataFrame:
    half = _SHOWN // 2 + 1
    return rows.sort_values(["new_or_doubled", view.amount], ascending=False, kind="stable").head(half)


def concentration(view: MetalView) -> Table | Prose:
    """Return how many countries of smelt an origin has, and how evenly its metal comes from them."""
    matrix = view.tables.matrix_smelt
    held = view.tables.concentration
    held = held[held["measure"] == view.measure.key].set_index("origin")
    shown = [origin for origin in view.origins_shown(matrix) if origin in held.index]
    if held.loc[shown, "herfindahl_low"].isna().all():
        return Prose("concentration", [])
    hidden = {origin for origin in shown if _is_hidden(held.loc[origin])}
    untold = {origin for origin in shown if numbers.is_missing(held.at[origin, "herfindahl_low"])} - hidden
    rows = [
        Row(
            [
                view.name_of(origin),
                *(["c"] * 5 if origin in hidden else _spread(view, row)),
                *(
                    "c" if origin in hidden and numbers.is_missing(row[word]) else numbers.percent(row[word])
                    for word in _WORDS[:2]
                ),
            ],
            "total" if origin == TOTAL else "highlight" if origin == view.row else "",
        )
        for origin, row in ((origin, held.loc[origin]) for origin in shown)
    ]
    return Table(
        key="concentration",
        title=f"How concentrated the countries of largest smelt are, {view.period_words}",
        caption="Shares of the metal whose country of largest smelt is told; N/A and unknown as shares of all.",
        columns=[
            Column("Origin", align="left"),
            Column("Countries of smelt"),
            Column("Largest", align="left"),
            Column("Its share"),
            Column("First three"),
            Column("Herfindahl-Hirschman index", numbers.HHI_UNIT),
            Column("N/A", group="Of all"),
            Column("Unknown", group="Of all"),
        ],
        rows=rows,
        source=view.source,
        csv=csv_text(view.tidy(view.tables.concentration)),
        notes=[
            "The index is the sum of squared shares in percent: 10,000 for a single country. Two figures are its "
            "bounds where cells are not shown. Blank: a cell that is not shown could be among the largest"
            + (", or no country of smelt is told." if untold else "."),
            numbers.HHI_IN_DATA,
            *([_HIDDEN] if hidden else []),
            *view.confidential_note(view.hidden_origins(matrix)),
        ],
    )


def _is_hidden(row: pd.Series) -> bool:
    """Tell whether a row is blank because a cell of its words is not shown, and not for want of metal."""
    return bool(row[list(_WORDS)].isna().any())


def _spread(view: MetalView, row: pd.Series) -> list[str]:
    return [
        numbers.plain(row["countries"]),
        view.metal_name(row["top_country"]) if row["top_country"] else "",
        numbers.percent(row["share_top"]),
        numbers.percent(row["share_top3"]),
        _index(row),
    ]


def _index(row: pd.Series) -> str:
    low, high = numbers.hhi(row["herfindahl_low"]), numbers.hhi(row["herfindahl_high"])
    return low if low == high else f"{low} to {high}"
