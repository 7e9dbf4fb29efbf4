"""The lead paragraph and the key figures of the global comparison."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis import world
from aimlib.present import numbers, sentences
from aimlib.present.blocks import KeyFigure, Prose, Strip, csv_text
from aimlib.present.gatm_comparison import cautions
from aimlib.present.gatm_comparison.view import TradeView
from aimlib.present.headlines import for_programs, span_period


def lead(view: TradeView) -> Prose:
    """Say who leads, how the countries named stand, and what the figures rest on."""
    if view.compared.empty:
        return Prose("lead", [_nothing(view)], lead=True)
    said = [_leaders(view), _asked(view), _basis(view), *_beyond_reason(view), *_thin(view), _not_compared(view)]
    return Prose("lead", [" ".join(text for text in said if text)], lead=True)


def key_figures(view: TradeView) -> Strip | Prose:
    """Return the key figures: the countries compared together, the largest, the focus, concentration."""
    if view.compared.empty:
        return Prose("key_figures", [])
    measure, compared = view.measure, view.compared
    total = compared[measure.column].sum()
    first = compared.iloc[0]
    count = len(compared)
    about = (span_period(view.latest.first, view.latest.last, annual=view.annual), "declared")
    figures = [
        KeyFigure(
            f"{view.flows_word.capitalize()} of {numbers.plain(count)} countries",
            measure.write(total),
            measure.unit,
            _total_change(view),
            **for_programs("all_compared", total, measure.column, *about),
        ),
        KeyFigure(
            f"Largest {view.role}",
            view.name_of(first["country"]),
            "",
            f"{numbers.percent(first[view.share])} of them",
            **for_programs("largest", first[view.share], "fraction", *about, subject=view.name_of(first["country"])),
        ),
    ]
    focus = view.ranking[view.ranking["country"] == view.focus]
    for _, row in focus[focus["rank"].notna()].iterrows():
        rank = numbers.ordinal(int(row["rank"]))
        figures.append(
            KeyFigure(
                f"{view.name_of(view.focus)}, {rank}",
                measure.write(row[measure.column]),
                measure.unit,
                _changed(view, row[view.change]),
                sentences.direction(row[view.change]),
                **for_programs("focus", row[measure.column], measure.column, *about, subject=rank),
            )
        )
    spread = view.kept(
        "spread", lambda: world.concentration(view.flows, view.standing, flow=view.flow, span=view.latest)
    )
    index = spread.loc[spread["measure"] == measure.key, "herfindahl"].iloc[0]
    if not numbers.is_missing(index):
        told = for_programs("concentration", index, "index", *about)
        figures.append(KeyFigure(f"Concentration of {view.role}s (HHI)", numbers.hhi(index), numbers.HHI_UNIT, **told))
    data = pd.DataFrame(
        {
            "figure": [figure.label for figure in figures],
            "product": view.product.key,
            "printed": [figure.number for figure in figures],
            "unit": [figure.unit for figure in figures],
            "of": [figure.note for figure in figures],
        }
    )
    return Strip("key_figures", "Key figures", figures, view.source_text, csv_text(view.tidy(data)))


def _changed(view: TradeView, change: float) -> str:
    return f"{numbers.percent_change(change)} on a year before" if not numbers.is_missing(change) else ""


def _total_change(view: TradeView) -> str:
    """Return the change of all countries compared; none where one of them was not known a year before."""
    if view.before is None:
        return ""
    then = view.compared[f"{view.measure.column}_base"]
    base = then.sum()
    if then.isna().any() or not base > 0:
        return ""
    return _changed(view, view.compared[view.measure.column].sum() / base - 1)


def _leaders(view: TradeView) -> str:
    compared = view.compared
    first, others = compared.iloc[0], compared.iloc[1:3]
    text = (
        f"In {view.latest_words} {view.phrase_of(first['country'])} was the largest {view.role} of "
        f"{view.product_phrase} among the {numbers.plain(len(compared))} countries that can be compared, with "
        f"{view.measure.in_words(first[view.measure.column])} "
        f"({numbers.percent(first[view.share])} of their {view.flows_word})"
    )
    change = first[view.change]
    if view.before is not None and not numbers.is_missing(change):
        text += f", {sentences.up_on(change, view.before_words)}"
    if len(others):
        told = [
            f"{view.phrase_of(row['country'])} ({numbers.percent(row[view.share])})" for _, row in others.iterrows()
        ]
        text += f", followed by {numbers.joined(told)}"
    return f"{text}."


def _asked(view: TradeView) -> str:
    """Say where the countries named stand, beside the three first."""
    if view.asked is None:
        return ""
    top = set(view.compared["country"].head(3))
    named = view.compared[view.compared["country"].isin(view.asked) & ~view.compared["country"].isin(top)]
    told = [
        f"{view.phrase_of(row['country'])} was {numbers.ordinal(int(row['rank']))} "
        f"({view.measure.in_words(row[view.measure.column])})"
        for _, row in named.head(6).iterrows()
    ]
    return _capital(f"{numbers.joined(told)}.") if told else ""


def _basis(view: TradeView) -> str:
    if view.is_reconciled:
        return "Figures are BACI's, which CEPII has reconciled from the reports of both sides."
    shown = view.ranking[view.ranking["country"].isin(view.shown)]
    built = shown[shown["standing"].isin(cautions.PARTNERS_TOLD)]
    if built.empty:
        return ""
    told = [
        f"{view.phrase_of(row['country'])} ({row['partners_reporting']} of {row['partners']})"
        for _, row in built.iterrows()
    ]
    return (
        "Built from what partners report, with how many of all countries that trade do, and so lower bounds: "
        f"{numbers.joined(told)}."
    )


def _beyond_reason(view: TradeView) -> list[str]:
    """Say what the leaders' figures would be without flows beyond reason."""
    told = []
    for _, row in view.compared.head(3).iterrows():
        rows = cautions.doubtful_of(view, row["country"], [view.latest])
        if len(rows) and view.measure.key == "quantity":
            without = view.measure.in_words(row["quantity_t"] - rows["quantity_t"].sum())
            told.append(
                f"Without flows whose unit value is beyond reason {view.phrase_of(row['country'])} would have "
                f"{without}."
            )
    return told


def _thin(view: TradeView) -> list[str]:
    """Name the countries asked for, or all, that have no figure because large partners are late."""
    return cautions.thin_notes(view, among=view.asked)


def _not_compared(view: TradeView) -> str:
    """Name the countries asked for, or large ones, that have not reported the whole span."""
    open_ones = view.ranking[view.ranking["periods_known"] < view.ranking["periods"]]
    open_ones = open_ones[~open_ones["country"].isin(view.thin()["country"])]
    if view.asked is not None:
        open_ones = open_ones[open_ones["country"].isin(view.asked)]
    else:
        open_ones = open_ones[open_ones["standing"] != "missing"]
        open_ones = open_ones.sort_values("quantity_t_so_far", ascending=False).head(5)
    told = [view.phrase_of(country) for country in open_ones["country"]]
    held = set(view.ranking["country"])
    absent = [view.phrase_of(country) for country in view.asked or () if country not in held]
    nothing = f"Nothing is held of {numbers.joined(absent[:8])}. " if absent else ""
    return nothing + _open(view, told)


def _open(view: TradeView, told: list[str]) -> str:
    return (
        f"Not reported for the whole of {view.latest_words}, and so not compared: {numbers.joined(told)}."
        if told
        else ""
    )


def _nothing(view: TradeView) -> str:
    return f"No country has reported {view.flows_word} of {view.product_phrase} for the whole of {view.latest_words}."


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
