"""Exporters or importers by size: the table with shares, changes and what each figure rests on, and the bars."""

from __future__ import annotations

import pandas as pd

from aimlib.present import numbers
from aimlib.present.blocks import Column, Figure, Prose, Row, Table, csv_text
from aimlib.present.charts import bars
from aimlib.present.gatm_comparison import cautions
from aimlib.present.gatm_comparison.view import TradeView


def ranking_table(view: TradeView) -> Table | Prose:
    """Return the countries shown with amount, share, change, unit value and basis; then the others and all."""
    held = view.ranking.set_index("country")
    shown = [country for country in view.shown if country in held.index]
    if not shown:
        return Prose("ranking", [])
    column, whole = view.measure.column, view.compared
    rest = whole[~whole["country"].isin(shown)]
    rows = [_row(view, held.loc[country], country) for country in shown]
    if len(rest):
        share = numbers.percent(rest[view.share].sum())
        rows.append(
            Row(["", f"Others ({len(rest)})", view.measure.write(rest[column].sum()), share, "", "", ""], "rest")
        )
    rows.append(
        Row(
            ["", f"All compared ({len(whole)})", view.measure.write(whole[column].sum()), "100.0%", "", "", ""]
            if len(whole)
            else ["", "All compared (none)", "", "", "", "", ""],
            "total",
        )
    )
    return Table(
        key="ranking",
        title=f"{view.role.capitalize()}s of {view.product_phrase}, {view.latest_words}",
        caption=f"By {view.measure.noun}. Shares are of the countries compared: those whose figures are complete.",
        columns=[
            Column("Rank"),
            Column("Country", align="left"),
            Column(view.measure_title, view.measure.unit),
            Column("Share"),
            Column(f"Change on {view.before_words}" if view.before else "Change"),
            Column("Unit value", "US$/t"),
            *([] if view.is_reconciled else [Column("Rests on", align="left")]),
        ],
        rows=[Row(row.cells[:-1], row.role) for row in rows] if view.is_reconciled else rows,
        source=view.source_text,
        csv=csv_text(view.tidy(_with_doubtful(view))),
        notes=_notes(view, held.loc[shown]),
    )


def ranking_bars(view: TradeView) -> Figure | Prose:
    """Return the same as bars, what rests on partners' reports marked."""
    shown = view.compared[view.compared["country"].isin(view.shown)]
    if len(shown) < 2:
        return Prose("ranking_bars", [])
    marked = shown["standing"].isin(["mirror", "spliced"])
    frame = pd.DataFrame(
        {
            "name": [view.name_of(country) for country in shown["country"]],
            "amount": view.amount(shown),
            "label": [
                f"{view.measure.write(row[view.measure.column])} ({numbers.percent(row[view.share])})"
                for _, row in shown.iterrows()
            ],
            "role": ["highlight" if is_marked else "" for is_marked in marked],
        }
    )
    told = [f"{row['name']} {row['label']}" for _, row in frame.head(3).iterrows()]
    return Figure(
        key="ranking_bars",
        title=f"{view.role.capitalize()}s {'by size' if view.asked is None else 'named'}, {view.latest_words}",
        caption=f"{view.measure.axis}, with the share of all countries compared."
        + (" Orange: built from partners' reports." if marked.any() else ""),
        alt=f"Ranked bars, one a country, from the largest down: {'; '.join(told)}; {len(frame)} countries in all.",
        source=view.source_text,
        chart=bars.ranked_bars(frame, view.measure.axis, view.measure.axis_format),
        csv=csv_text(view.tidy(shown)),
    )


def _row(view: TradeView, row: pd.Series, country: str) -> Row:
    rank = "" if numbers.is_missing(row["rank"]) else str(row["rank"])
    cells = [
        rank,
        view.name_of(country),
        view.measure.write(row[view.measure.column]),
        numbers.percent(row[view.share]),
        numbers.percent_change(row[view.change]),
        numbers.plain(row["unit_value_usd_t"]),
        view.basis_of({**row, "country": country}),
    ]
    return Row(cells, "highlight" if view.asked is None and country == view.chosen_focus else "")


def _notes(view: TradeView, shown: pd.DataFrame) -> list[str]:
    notes = []
    thin = set(view.thin()["country"])
    open_ones = shown[(shown["periods_known"] < shown["periods"]) & ~shown.index.isin(thin)]
    for country, row in open_ones.iterrows():
        notes.append(
            f"{view.name_of(country)}: {row['periods_known']} of {row['periods']} {view.period_noun} are known, so "
            "that the sum is blank and has no rank."
        )
    notes += cautions.bounds_note(view, shown) + cautions.thin_notes(view, among=list(shown.index))
    notes += cautions.unheard_note(view) if view.asked is None else []
    notes += cautions.doubtful_notes(view, list(shown.index), (view.before, view.latest))
    notes += cautions.weights_note(view, shown[shown["rank"].notna()])
    notes += _inside(view, list(shown.index))
    if not view.is_reconciled:
        notes.append(view.valuation_note)
    return notes


def _with_doubtful(view: TradeView) -> pd.DataFrame:
    """Return the ranking, for BACI with the quantity of flows beyond reason inside each sum."""
    if not view.is_reconciled:
        return view.ranking
    own = "exporter" if view.flow == "export" else "importer"
    rows = view.doubtful[view.doubtful["period"].isin(view.latest.periods)]
    inside = rows.groupby(own)["quantity_t"].sum()
    return view.ranking.assign(doubtful_quantity_t=view.ranking["country"].map(inside).fillna(0.0))


def _inside(view: TradeView, countries: list[str]) -> list[str]:
    """Say how much of the flow went through: re-exports are inside exports, re-imports inside imports."""
    own = view.ranking.loc[~view.ranking["standing"].isin(cautions.PARTNERS_TOLD), "country"]
    inside = view.inside["reporter"].isin(countries) & view.inside["reporter"].isin(own)
    held = view.inside[inside & (view.inside["quantity_t"] > 0)]
    if held.empty:
        return []
    held = held.sort_values("quantity_t", ascending=False, kind="stable").head(6)
    told = [
        f"{view.name_of(row['reporter'])} {numbers.at_least(row['quantity_t'] / 1e3, 1)}" for _, row in held.iterrows()
    ]
    return [
        f"Re-{view.flows_word} that reporters tell apart, inside their {view.flows_word}, thousand t: "
        f"{numbers.joined(told)}."
    ]
