"""How the values of countries built from partners' reports move with the CIF/FOB factor."""

from __future__ import annotations

from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.gatm_comparison.accounts import value
from aimlib.present.gatm_comparison.view import TradeView


def band_table(view: TradeView) -> Table | Prose:
    """Return how the values of countries built from partners move with the CIF/FOB factor."""
    built = view.standing[view.standing["standing"].isin(["mirror", "spliced", "both"])]["country"].unique()
    named = [country for country in view.shown if country in set(built)]
    if view.is_reconciled or not named:
        return Prose("factor_band", [])
    held = view.bands
    own = held[held["country"].isin(named)].set_index("country")
    column = "fob_value_usd" if view.flow == "export" else "import_value_usd"
    own = own[own[f"{column}_low"].notna()]
    if own.empty:
        return Prose("factor_band", [])
    rows = [
        Row(
            [
                view.name_of(country),
                *(value(own.at[country, f"{column}_{part}"]) for part in ("low", "central", "high")),
                numbers.percent(own.at[country, f"{column}_high"] / own.at[country, f"{column}_low"] - 1),
            ]
        )
        for country in named
        if country in own.index
    ]
    return Table(
        key="factor_band",
        title=f"How much hangs on the CIF/FOB factor, {view.latest_words}",
        caption=f"Value of {view.flows_word} {'(FOB)' if view.flow == 'export' else '(as importers record)'} "
        f"over the factors {view.band_words}.",
        columns=[
            Column("Country", align="left"),
            Column("Lowest", "million US$"),
            Column(f"At {view.factor_words}", "million US$"),
            Column("Highest", "million US$"),
            Column("Width of the band"),
        ],
        rows=rows,
        source=view.source_text,
        csv=csv_text(view.tidy(held)),
        notes=[view.factor_note] if view.factor_note else [],
    )
