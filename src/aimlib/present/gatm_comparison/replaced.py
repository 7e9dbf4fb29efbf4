"""Who replaced whom among one country's partners, between two spans."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis import world
from aimlib.analysis.mirror import Settled
from aimlib.present import numbers
from aimlib.present.blocks import Column, Figure, Prose, Row, Table, csv_text
from aimlib.present.charts import bars
from aimlib.present.gatm_comparison import cautions
from aimlib.present.gatm_comparison.view import REPLACED, STANDINGS, TradeView

_SHOWN = 6
# Below this part of all losses nothing was replaced that a table should tell.
_WORTH_TELLING = 0.02


def replaced_figure(view: TradeView) -> Figure | Prose:
    """Return the change of each partner of the country in focus, the greatest losses and gains."""
    held = _held(view)
    change = f"{view.measure.column}_change_per_period"
    if held is None or held[change].isna().all():
        return Prose("replaced", [_nothing(view)])
    smallest = 0.5 * 10.0**-view.measure.decimals * view.measure.scale
    parts = held[(held["row_kind"] == "partner") & (held[change].abs() >= smallest)]
    total = held[held["row_kind"] == "total"].iloc[0]
    lost, gained = parts[parts[change] < 0].head(_SHOWN), parts[parts[change] > 0].tail(_SHOWN)
    shown = pd.concat([lost, gained])
    rest = total[change] - shown[change].sum()
    rows = [(view.name_of(row["partner"]), row[change], "") for _, row in shown.iterrows()]
    if abs(rest) >= smallest:
        rows.append(("Others", rest, "rest"))
    rows.append(("Total", total[change], "total"))
    frame = pd.DataFrame(rows, columns=["name", "amount", "role"])
    frame["amount"] /= view.measure.scale
    frame["label"] = [numbers.signed(amount, view.measure.decimals) for amount in frame["amount"]]
    return Figure(
        key="replaced",
        title=f"{view.flows_word.capitalize()} {view.of_focus}: {view.words(view.after)} against "
        f"{view.words(view.base)}",
        caption=f"Change of the average {view.period_word} by {view.partner_role}, {view.measure.unit}.",
        alt=f"Bars to both sides of zero, one a {view.partner_role}. {_told(view, lost, gained, change)}",
        source=view.source_text,
        chart=bars.diverging_bars(frame, f"Change a {view.period_word}, {view.measure.unit}", view.measure.axis_format),
        csv=csv_text(view.tidy(held.drop(columns="note").assign(country=view.focus))),
        notes=_notes(view, held, change)
        + _constant(view)
        + cautions.doubtful_notes(view, [view.focus], (view.base, view.after)),
    )


def replacements_table(view: TradeView) -> Table | Prose:
    """Return what some partners lost matched to what others gained, in proportion."""
    held = _held(view)
    column = view.measure.column
    if held is None or held[f"{column}_change_per_period"].isna().all():
        return Prose("replacements", [])
    matched = world.replacements(held, column)
    moved = matched[matched["row_kind"] == "replaced"]
    lost = held.loc[held["role"] == "lost", f"{column}_change_per_period"].abs().sum()
    if not lost > 0 or moved[f"{column}_per_period"].sum() < _WORTH_TELLING * lost:
        return Prose("replacements", [])
    amount = f"{column}_per_period"
    shown = moved.head(view.top)
    rows = [
        Row(
            [
                view.name_of(row["lost_partner"]),
                view.name_of(row["gained_partner"]),
                view.measure.write(row[amount]),
                numbers.percent(row["share_of_lost"]),
                numbers.percent(row["share_of_gained"]),
            ]
        )
        for _, row in shown.iterrows()
    ]
    rest = moved[amount].iloc[view.top :].sum()
    if rest > 0:
        rows.append(Row(["Other pairs", "", view.measure.write(rest), "", ""], "rest"))
    rows.append(Row(["All replaced", "", view.measure.write(moved[amount].sum()), "", ""], "total"))
    return Table(
        key="replacements",
        title=f"What replaced what, {view.flows_word} {view.of_focus}",
        caption=f"Losses matched to gains in proportion, the average {view.period_word} of {view.words(view.base)} "
        f"against {view.words(view.after)}.",
        columns=[
            Column("Lost", align="left"),
            Column("Gained", align="left"),
            Column(view.measure_title, f"{view.measure.unit} a {view.period_word}"),
            Column("Of the loss"),
            Column("Of the gain"),
        ],
        rows=rows,
        source=view.source_text,
        csv=csv_text(view.tidy(matched.assign(country=view.focus))),
        notes=["An accounting device: it says nothing about causes, nor that the same metal went another way."],
    )


def _held(view: TradeView) -> pd.DataFrame | None:
    if view.after.first <= view.base.last:
        return None
    return view.once("replaced", lambda: _by_partner(view))


def _by_partner(view: TradeView) -> pd.DataFrame:
    settled = view.settled(use=REPLACED)
    return world.replaced(
        _visible(view, settled),
        settled.standing,
        country=view.focus,
        flow=view.flow,
        before=view.base,
        after=view.after,
        measure=view.measure.key,
    )


def _visible(view: TradeView, settled: Settled) -> pd.DataFrame:
    """Return the flows; where the spans rest on different sides, only those with partners that both sides can show."""
    if not _changes_side(view, settled):
        return settled.flows
    own, other = ("exporter", "importer") if view.flow == "export" else ("importer", "exporter")
    counter = "import" if view.flow == "export" else "export"
    heard = world.constant_partners(view.reporting, flow=counter, spans=[view.base, view.after])
    return settled.flows[(settled.flows[own] != view.focus) | settled.flows[other].isin(heard)]


def _changes_side(view: TradeView, settled: Settled) -> bool:
    mine = settled.standing[(settled.standing["country"] == view.focus) & (settled.standing["flow"] == view.flow)]
    words = mine.loc[mine["period"].isin(view.periods_of(REPLACED)), "standing"]
    return words[words != "missing"].nunique() > 1


def _told(view: TradeView, lost: pd.DataFrame, gained: pd.DataFrame, change: str) -> str:
    parts = []
    for words, rows in (("The greatest loss", lost.head(1)), ("The greatest gain", gained.tail(1))):
        for _, row in rows.iterrows():
            amount = view.measure.in_words(abs(row[change]))
            parts.append(f"{words}: {view.name_of(row['partner'])}, {amount} a {view.period_word}.")
    return " ".join(parts)


def _nothing(view: TradeView) -> str:
    if view.after.first <= view.base.last:
        return "Who replaced whom needs two spans that do not overlap: give a longer period, or a base."
    why = cautions.thin_notes(view, REPLACED, [view.focus])
    if why:
        return f"Who replaced whom cannot be said. {why[0]}"
    return (
        f"Who replaced whom cannot be said: {view.flows_word} {view.of_focus} are not known for the whole of "
        f"{view.words(view.base)} and {view.words(view.after)}."
    )


def _notes(view: TradeView, held: pd.DataFrame, change: str) -> list[str]:
    """Return what the comparison cannot tell: partners without a weight, and what the spans rest on."""
    parts, total = held[held["row_kind"] == "partner"], held[held["row_kind"] == "total"].iloc[0]
    unknown = int(parts[change].isna().sum())
    notes = [f"Partners without a known amount in one of the spans, which are not drawn: {unknown}."] if unknown else []
    sides = [STANDINGS[total[f"standing_{when}"]] for when in ("before", "after")]
    if sides[0] != sides[1] or total["standing_before"] == "spliced":
        notes.append(
            f"{view.words(view.base)} rests on {sides[0]}, {view.words(view.after)} on {sides[1]}: part of the "
            "change may be the change of account. Compared are only partners that report throughout both; what the "
            "others took or gave cannot be seen on both sides."
        )
    return notes


def _constant(view: TradeView) -> list[str]:
    left = view.settled(use=REPLACED).left_out
    mine = left[left["country"] == view.focus]
    if mine.empty:
        return []
    told = [
        f"{view.name_of(row['partner'])} ({row['periods_reported']} of {row['periods']})"
        for _, row in mine.head(8).iterrows()
    ]
    return [
        f"Held constant: partners that did not report every {view.period_word} are left out throughout, "
        f"{numbers.joined(told)}{' and others' if len(mine) > 8 else ''}."
    ]
