"""One country's partners: the table, the bars, and how concentrated they are."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis import world
from aimlib.present import numbers
from aimlib.present.blocks import Column, Figure, Prose, Row, Table, csv_text
from aimlib.present.charts import bars
from aimlib.present.gatm_comparison import cautions
from aimlib.present.gatm_comparison.view import TOTAL, TradeView


def partners_table(view: TradeView) -> Table | Prose:
    """Return the largest partners of the country in focus."""
    held = _held(view)
    if held.empty:
        return Prose("partners", [_nothing(view)])
    parts = held[held["partner"] != TOTAL]
    shown, rest = parts.head(view.top), parts.iloc[view.top :]
    column = view.measure.column
    rows = [_row(view, row, view.name_of(row["partner"]), str(row["rank"])) for _, row in shown.iterrows()]
    if len(rest):
        cells = [
            "",
            f"Others ({len(rest)})",
            view.measure.write(rest[column].sum()),
            numbers.percent(rest[view.share].sum()),
        ]
        rows.append(Row([*cells, "", ""], "rest"))
    rows += [_row(view, row, "All", "", "total") for _, row in held[held["partner"] == TOTAL].iterrows()]
    return Table(
        key="partners",
        title=f"{view.partner_role.capitalize()}s of {view.flows_word} {view.of_focus}, {view.latest_words}",
        caption=f"{view.product_title}, by {view.measure.noun}.",
        columns=[
            Column("Rank"),
            Column(view.partner_role.capitalize(), align="left"),
            Column(view.measure_title, view.measure.unit),
            Column("Share"),
            Column(f"Change on {view.before_words}" if view.before else "Change"),
            Column("Unit value", "US$/t"),
        ],
        rows=rows,
        source=view.source_text,
        csv=csv_text(view.tidy(held.assign(country=view.focus))),
        notes=_notes(view),
    )


def partners_bars(view: TradeView) -> Figure | Prose:
    """Return the same as bars."""
    held = _held(view)
    shown = held[held["partner"] != TOTAL].head(view.top)
    if len(shown) < 2:
        return Prose("partners_bars", [])
    frame = pd.DataFrame(
        {
            "name": [view.name_of(partner) for partner in shown["partner"]],
            "amount": view.amount(shown),
            "label": [
                f"{view.measure.write(row[view.measure.column])} ({numbers.percent(row[view.share])})"
                for _, row in shown.iterrows()
            ],
            "role": "",
        }
    )
    first = frame.iloc[0]
    return Figure(
        key="partners_bars",
        title=f"Top partners of {view.flows_word} {view.of_focus}, {view.latest_words}",
        caption=f"{view.measure.axis}, with the share of all.",
        alt=f"Ranked bars, one a {view.partner_role}. The largest is {first['name']} with {first['label']}; "
        f"{len(frame)} are drawn.",
        source=view.source_text,
        chart=bars.ranked_bars(frame, view.measure.axis, view.measure.axis_format),
        csv=csv_text(view.tidy(shown.assign(country=view.focus))),
    )


def concentration_table(view: TradeView) -> Table | Prose:
    """Return how concentrated the partners of each country shown are, in the latest span and a year before."""
    held = view.kept("concentration", lambda: _concentrations(view))
    newest = held[held["first"] == view.latest.first].set_index("country")
    shown = [country for country in view.shown if not numbers.is_missing(newest["herfindahl"].get(country))]
    if not shown:
        return Prose("concentration", [])
    then = held[held["first"] != view.latest.first].set_index("country")["herfindahl"]
    rows = [
        Row(
            [
                view.name_of(country),
                *([numbers.hhi(then.get(country))] if view.before else []),
                numbers.hhi(newest.at[country, "herfindahl"]),
                numbers.plain(newest.at[country, "number_equivalent"], 1),
                view.name_of(newest.at[country, "top_country"]),
                numbers.percent(newest.at[country, "share_top"]),
                numbers.percent(newest.at[country, "share_top3"]),
            ]
        )
        for country in shown
    ]
    return Table(
        key="concentration",
        title=f"How concentrated the {view.partner_role}s are",
        caption="Herfindahl-Hirschman index, the sum of the partners' squared shares in percent, and the number of "
        "equal partners that would give the same.",
        columns=[
            Column("Country", align="left"),
            *([Column(view.before_words, numbers.HHI_UNIT, group="Index (HHI)")] if view.before else []),
            Column(view.latest_words, numbers.HHI_UNIT, group="Index (HHI)"),
            Column("Equal partners"),
            Column(f"Largest {view.partner_role}", align="left"),
            Column("Its share"),
            Column("Three largest"),
        ],
        rows=rows,
        source=view.source_text,
        csv=csv_text(view.tidy(held)),
        notes=[numbers.HHI_IN_DATA],
    )


def _concentrations(view: TradeView) -> pd.DataFrame:
    spans = [span for span in (view.before, view.latest) if span is not None]
    found = [
        world.concentration(view.flows, view.standing, flow=view.flow, span=span, country=country)
        for span in spans
        for country in view.shown
    ]
    nothing = pd.DataFrame(columns=["country", "first", "measure", "herfindahl"])
    held = pd.concat(found or [nothing], ignore_index=True)
    return held[held["measure"] == view.measure.key]


def _held(view: TradeView) -> pd.DataFrame:
    return view.once("partners", lambda: _by_partner(view))


def _by_partner(view: TradeView) -> pd.DataFrame:
    asked = {"country": view.focus, "flow": view.flow, "measure": view.measure.key}
    held = view.comparable(world.partners(view.flows, view.standing, **asked, span=view.latest, base=view.before))
    held = _visible_both(view, held)
    total = held[held["partner"] == TOTAL]
    return held.iloc[:0] if total.empty or numbers.is_missing(total[view.measure.column].iloc[0]) else held


def _visible_both(view: TradeView, held: pd.DataFrame) -> pd.DataFrame:
    """Return the table with changes blank where the country's own reports and its partners' would be compared."""
    if "standing_base" in held and (held["standing"] != held["standing_base"]).any():
        return held.assign(quantity_change=float("nan"), value_change=float("nan"))
    return held


def _row(view: TradeView, row: pd.Series, name: str, rank: str, role: str = "") -> Row:
    cells = [
        rank,
        name,
        view.measure.write(row[view.measure.column]),
        numbers.percent(row[view.share]),
        numbers.percent_change(row[view.change]),
        numbers.plain(row["unit_value_usd_t"]),
    ]
    return Row(cells, role)


def _nothing(view: TradeView) -> str:
    why = cautions.thin_notes(view, among=[view.focus])
    return (
        why[0] if why else f"The {view.flows_word} {view.of_focus} are not known for the whole of {view.latest_words}."
    )


def _notes(view: TradeView) -> list[str]:
    """Say what partners' reports cannot show, where the country is built from them."""
    row = view.ranking[view.ranking["country"] == view.focus]
    notes = [*cautions.sample_note(view), *cautions.doubtful_notes(view, [view.focus], (view.before, view.latest))]
    notes += cautions.weights_note(view, row.set_index("country"))
    if row.empty or row["standing"].iloc[0] not in cautions.PARTNERS_TOLD:
        return notes
    return [
        *notes,
        f"Built from partners' reports ({row['partners_reporting'].iloc[0]} of {row['partners'].iloc[0]} report): "
        "trade with countries that do not report is invisible; metal by third ports counts by its origin.",
    ]
