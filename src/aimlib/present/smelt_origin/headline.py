"""The lead paragraph and the key figures of the origin of the metal."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.totals import TOTAL
from aimlib.present import numbers
from aimlib.present.blocks import KeyFigure, Prose, Strip, csv_text
from aimlib.present.headlines import for_programs, span_period
from aimlib.present.smelt_origin.exposures import MEASURES
from aimlib.present.smelt_origin.smelt import nothing_to_show, noun
from aimlib.present.smelt_origin.view import MetalView

_WIDEST_FIRST = ("any_smelt_or_cast", "any_smelt", "largest", "cast")


def lead(view: MetalView) -> Prose:
    """Say where the place's metal was smelted and cast, and what the countries watched have to do with it."""
    smelt = _row(view, view.tables.matrix_smelt, "largest_smelt")
    if view.tables.notes.smelt_first is None:
        return Prose(
            "lead", [" ".join(text for text in (nothing_to_show(view), _cast_sentence(view)) if text)], lead=True
        )
    if smelt.empty or numbers.is_missing(smelt[view.amount].get(TOTAL)):
        return Prose("lead", [nothing_to_show(view)], lead=True)
    said = [_smelt_sentence(view, smelt), _words_sentence(view, smelt), _cast_sentence(view), _watch_sentence(view)]
    return Prose("lead", [" ".join(text for text in said if text)], lead=True)


def key_figures(view: MetalView) -> Strip | Prose:
    """Return the key figures: licensed, the first country of smelt, the origin's own, N/A, unknown, watched, cast."""
    smelt = _row(view, view.tables.matrix_smelt, "largest_smelt")
    if view.tables.notes.smelt_first is None or smelt.empty or numbers.is_missing(smelt[view.amount].get(TOTAL)):
        return Prose("key_figures", [])
    share = smelt[view.share]
    about = (span_period(view.first, view.last), "license")
    licensed = smelt.loc[TOTAL, view.amount]
    figures = [
        KeyFigure(
            f"{noun(view)[0].upper()}{noun(view)[1:]}, {view.period_words}",
            view.write(licensed),
            view.measure.unit,
            **for_programs("licensed", view.scaled(licensed), view.measure.column, *about),
        ),
    ]
    top = _countries(view, smelt).head(1)
    for country, part in top.items():
        name = view.metal_name(country)
        told = for_programs("largest_smelt", part, "fraction", *about, subject=name)
        figures.append(KeyFigure("Largest country of smelt", numbers.percent(part), "", name, **told))
    if view.place.kind == "country":
        home = share.get(view.place.key, 0.0)
        told = for_programs("home_smelt", home, "fraction", *about)
        figures.append(KeyFigure("Smelted in the country of origin", _written(home), "", view.place.name, **told))
    for label, key, name in (
        ("No primary metal (N/A)", "N/A", "no_primary_metal"),
        ("Smelt unknown", "unknown", "smelt_unknown"),
    ):
        part = share.get(key, 0.0)
        figures.append(KeyFigure(label, _written(part), "", **for_programs(name, part, "fraction", *about)))
    for country, measure, part in _watched(view)[:2]:
        told = for_programs(f"watched:{country}:{measure}", part, "fraction", *about)
        label = f"{MEASURES[measure]}: {view.metal_name(country)}"
        figures.append(KeyFigure(label, numbers.percent(part), "", **told))
    cast = _row(view, view.tables.matrix_cast, "recent_cast")
    if view.place.kind == "country" and len(cast):
        home = cast[view.share].get(view.place.key, 0.0)
        told = for_programs("home_cast", home, "fraction", *about)
        figures.append(KeyFigure("Last cast in the country of origin", _written(home), "", view.place.name, **told))
    figures = [figure for figure in figures if figure.number]
    data = pd.DataFrame(
        {
            "figure": [figure.label for figure in figures],
            "place": view.place.key,
            "product": view.product.key,
            "printed": [figure.number for figure in figures],
            "unit": [figure.unit or "share" for figure in figures],
            "of": [figure.note for figure in figures],
        }
    )
    return Strip("key_figures", "Key figures", figures, view.source, csv_text(view.tidy(data)))


def _row(view: MetalView, matrix: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the place's row of a two-way table, by metal."""
    return matrix[matrix["origin"] == view.row].set_index(column)


def _countries(view: MetalView, row: pd.DataFrame) -> pd.Series:
    """Return the shares of the countries shown, largest first; none where a hidden one could be larger."""
    countries = row[row["column_kind"] == "country"]
    shown = countries[view.share].dropna().sort_values(ascending=False, kind="stable")
    words = row.loc[row["column_kind"].isin(["N/A", "unknown", "not collected"]), view.share]
    hidden = 1.0 - shown.sum() - words.fillna(0.0).sum() if countries[view.share].isna().any() else 0.0
    return shown[(shown > 0) & (shown >= hidden)]


def _smelt_sentence(view: MetalView, smelt: pd.DataFrame) -> str:
    parts = _countries(view, smelt).head(3)
    of = f"of the {noun(view)} {view.from_place} in {view.period_words}"
    if view.primary_only:
        of = f"of the {noun(view)} {view.from_place} with a country of smelt, {view.period_words},"
    if parts.empty:
        why = ", because shares without N/A would tell what is not shown" if view.primary_only else ""
        return f"The largest countries of smelt of imports {view.from_place} cannot be named{why}."
    first, *others = [(view.metal_name(name), numbers.percent(part)) for name, part in parts.items()]
    text = f"{first[1]} {of} named {_the(first[0])} as the country of largest smelt"
    if others:
        text += ", followed by " + numbers.joined([f"{_the(name)} ({part})" for name, part in others])
    home = smelt[view.share].get(view.place.key)
    if view.place.kind == "country" and view.place.key not in parts.index and not numbers.is_missing(home) and home > 0:
        text += f"; metal smelted in {view.place.phrase} itself made up {numbers.percent(home)}"
    return f"{text}."


def _words_sentence(view: MetalView, smelt: pd.DataFrame) -> str:
    none, unknown = smelt[view.share].get("N/A", 0.0), smelt[view.share].get("unknown", 0.0)
    if view.primary_only or numbers.is_missing(none):
        return ""
    text = f"{numbers.percent(none)} held no primary metal" if none > 0 else ""
    if not numbers.is_missing(unknown) and unknown > 0:
        text += (", and of " if text else "Of ") + f"{numbers.percent(unknown)} the smelt was declared unknown"
    return f"{text}." if text else ""


def _cast_sentence(view: MetalView) -> str:
    cast = _row(view, view.tables.matrix_cast, "recent_cast")
    if cast.empty:
        return ""
    if view.place.kind == "country":
        home = cast[view.share].get(view.place.key, 0.0)
        if numbers.is_missing(home):
            return ""
        return f"{numbers.percent(home)} was last cast in {view.place.phrase} itself." if home > 0 else ""
    parts = _countries(view, cast).head(1)
    return "".join(
        f"The largest country of most recent cast was {_the(view.metal_name(name))} ({numbers.percent(part)})."
        for name, part in parts.items()
    )


def _watch_sentence(view: MetalView) -> str:
    told = [
        f"{_the(view.metal_name(country))} in {numbers.percent(part)} ({MEASURES[measure].lower()})"
        for country, measure, part in _watched(view)
    ]
    return f"Of the countries watched, licenses named {numbers.joined(told)}." if told else ""


def _watched(view: MetalView) -> list[tuple[str, str, float]]:
    """Return country, measure and share of the countries watched that are named, by the widest measure shown."""
    held = view.tables.exposures
    own = held[(held["origin"] == view.row)].dropna(subset=[view.share]).set_index(["country", "measure"])[view.share]
    found = []
    for country in view.watch:
        measure = next((name for name in _WIDEST_FIRST if (country, name) in own.index), None)
        if measure is not None and own[country, measure] > 0:
            found.append((country, measure, float(own[country, measure])))
    return sorted(found, key=lambda entry: -entry[2])


def _written(share: float) -> str:
    return numbers.percent(share)


def _the(name: str) -> str:
    return f"the {name}" if name.startswith(("United ", "Netherlands", "Philippines", "Czech Republic")) else name
