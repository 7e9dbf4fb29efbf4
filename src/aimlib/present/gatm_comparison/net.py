"""Exports less imports of the countries shown."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis import world
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.gatm_comparison.view import STANDINGS, TradeView


def net_trade_table(view: TradeView) -> Table | Prose:
    """Return exports, imports and what is left, by quantity and FOB value."""
    held = view.kept("net_trade", lambda: _netted(view))
    column = "quantity_t" if view.measure.key == "quantity" else "fob_value_usd"
    names = [f"{part}_{column}" for part in ("exports", "imports", "net")]
    if held.empty or held[names].isna().all(axis=None):
        return Prose("net_trade", [])
    held = held.sort_values(names[2], ascending=False, kind="stable", na_position="last")
    rows = [
        Row(
            [
                view.name_of(row["country"]),
                *(view.measure.write(row[name]) for name in names[:2]),
                numbers.signed(row[names[2]] / view.measure.scale, view.measure.decimals),
                *(
                    []
                    if view.is_reconciled
                    else [STANDINGS[row[f"{side}_standing"]] for side in ("exports", "imports")]
                ),
            ]
        )
        for _, row in held.iterrows()
    ]
    fob = "quantity" if view.measure.key == "quantity" else "value (FOB on both sides)"
    return Table(
        key="net_trade",
        title=f"Net trade in {view.product_phrase}, {view.latest_words}",
        caption=f"Exports less imports, by {fob}.",
        columns=[
            Column("Country", align="left"),
            *(Column(word, view.measure.unit) for word in ("Exports", "Imports", "Net exports")),
            *(
                []
                if view.is_reconciled
                else [Column(word, align="left", group="Rest on") for word in ("Exports", "Imports")]
            ),
        ],
        rows=rows,
        source=view.source_text,
        csv=csv_text(view.tidy(held)),
        notes=["Blank: one of the sides is not reported for the whole span."]
        if held[names].isna().any(axis=None)
        else [],
    )


def _netted(view: TradeView) -> pd.DataFrame:
    exports, imports = view.settled("export"), view.settled("import")
    sides = (exports.flows, exports.standing, imports.flows, imports.standing)
    return world.net_trade(*sides, span=view.latest, countries=view.shown)
