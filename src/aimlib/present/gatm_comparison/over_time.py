"""The countries shown over time, with the breaks where a series changes sides."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis import world
from aimlib.present import numbers
from aimlib.present.blocks import Figure, Prose, csv_text
from aimlib.present.charts.world_trade import country_lines
from aimlib.present.gatm_comparison import cautions
from aimlib.present.gatm_comparison.view import DRAWN, STANDINGS, TradeView
from aimlib.present.tariff_marks import marks_note, marks_of_law
from aimlib.reference import countries

_DRAWN = 6


def series_figure(view: TradeView) -> Figure | Prose:
    """Return lines of up to six countries over the period drawn."""
    periods = view.drawn.periods
    held = view.kept("series", lambda: _series(view))
    known = held.dropna(subset=[view.measure.column])
    if known["period"].nunique() < 2:
        return Prose("series", [])
    names = [country for country in view.shown[:_DRAWN] if country in set(known["country"])]
    held = held[held["country"].isin(names)]
    frame = pd.DataFrame(
        {
            "period": held["period"],
            "name": [view.name_of(country) for country in held["country"]],
            "amount": view.amount(held),
            "basis": [STANDINGS[word] for word in held["standing"]],
        }
    )
    breaks = view.kept("breaks", lambda: view.settled(use=DRAWN).breaks)
    breaks = breaks[breaks["country"].isin(names) & breaks["period"].between(periods[0], periods[-1])]
    drawn = pd.DataFrame(
        {
            "period": breaks["period"],
            "label": [
                f"{view.name_of(country)}: {_side(side)}" for country, side in breaks[["country", "to_side"]].values
            ],
        }
    )
    marks = marks_of_law(countries.resolve("all"), view.product, held["period"].min(), held["period"].max())
    return Figure(
        key="series",
        title=f"{view.flows_word.capitalize()} of {view.product_phrase}, {view.words(view.drawn)}",
        caption=f"{view.measure.axis}, by {'year' if view.annual else 'month'}. A gap is a {view.period_word} that is "
        "not known.",
        alt=f"Lines, one a country. {_told(view, held, names)}",
        source=view.source_text,
        chart=country_lines(frame, view.measure.axis, view.measure.axis_format, drawn, annual=view.annual, marks=marks),
        csv=csv_text(view.tidy(held)),
        notes=[*_gaps(view, held, names), *_sides(view, held, names), *_marked(view, marks)],
    )


def _series(view: TradeView) -> pd.DataFrame:
    settled = view.settled(use=DRAWN)
    asked = {"countries": list(view.shown[:_DRAWN]), "flow": view.flow, "periods": view.drawn.periods}
    return world.series(settled.flows, settled.standing, **asked)


def _marked(view: TradeView, marks: pd.DataFrame) -> list[str]:
    told = marks_note(countries.resolve("all"), view.product, marks)
    return [f"{text[:-1]} in the United States." for text in told]


def _side(side: str) -> str:
    return "partners' reports" if side in ("importer", "mirror") and side else "own reports"


def _told(view: TradeView, held: pd.DataFrame, names: list[str]) -> str:
    parts = []
    for country in names:
        own = held[held["country"] == country].dropna(subset=[view.measure.column])
        first, last = own.iloc[0], own.iloc[-1]
        parts.append(
            f"{view.name_of(country)} from {view.measure.in_words(first[view.measure.column])} in "
            f"{view.period_name(first['period'])} to {view.measure.in_words(last[view.measure.column])} in "
            f"{view.period_name(last['period'])}"
        )
    return f"{'; '.join(parts)}."


def _gaps(view: TradeView, held: pd.DataFrame, names: list[str]) -> list[str]:
    notes = []
    for country in names:
        missing = held[(held["country"] == country) & (held["standing"] == "missing")]
        if len(missing):
            words = [view.period_name(period) for period in missing["period"]]
            told = (
                numbers.joined(words) if len(words) <= 4 else f"{len(words)} {view.period_noun}, the last {words[-1]}"
            )
            why = "Not told apart in BACI" if view.is_reconciled else "Not reported"
            notes.append(f"{why}, {view.name_of(country)}: {told}.")
    return notes


def _sides(view: TradeView, held: pd.DataFrame, names: list[str]) -> list[str]:
    """Say which lines are partners' reports, who is too thinly told for one, and which flows are beyond reason."""
    built = [country for country in names if (held.loc[held["country"] == country, "standing"] == "mirror").any()]
    notes = cautions.thin_notes(view, DRAWN, view.shown[:_DRAWN])
    if built:
        told = numbers.joined([view.name_of(country) for country in built])
        notes.insert(
            0, f"From partners' reports, dated by arrival, of partners that report throughout the period drawn: {told}."
        )
    return notes + cautions.doubtful_notes(view, names, [view.drawn])
