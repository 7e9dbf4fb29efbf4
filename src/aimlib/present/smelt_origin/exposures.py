"""The countries watched: how much of the place's imports has to do with them, by four measures kept apart."""

from __future__ import annotations

import pandas as pd

from aimlib.present import numbers
from aimlib.present.blocks import Column, Figure, Prose, Row, Table, csv_text
from aimlib.present.charts import lines
from aimlib.present.smelt_origin.smelt import not_told, noun
from aimlib.present.smelt_origin.view import MetalView
from aimlib.present.tariff_marks import marks_note, marks_of_law

MEASURES = {
    "largest": "Largest smelt",
    "any_smelt": "Any smelt",
    "any_smelt_or_cast": "Any smelt or cast",
    "cast": "Cast",
}
_DRAWN = ("any_smelt_or_cast", "any_smelt", "largest")


def exposures(view: MetalView) -> Table | Prose:
    """Return the exposures of the place over the period."""
    held = view.tables.exposures
    own = held[held["origin"] == view.row]
    if own.empty or (own["suppressed"] != "").all():
        return Prose("exposures", [not_told(view, f"exposures of imports {view.from_place}")])
    measures = [name for name in MEASURES if name in view.tables.notes.measures]
    wide = own.set_index(["country", "measure"])
    rows = [
        Row(
            [
                view.metal_name(country),
                *(_share(wide, country, name, view.share) for name in measures),
                *(_amount(view, wide, country, name) for name in measures),
            ]
        )
        for country in view.watch
    ]
    return Table(
        key="exposures",
        title=f"Exposure of imports {view.from_place} to the countries watched, {view.period_words}",
        caption=f"Share of {noun(view)}, and the licensed {view.measure.noun}.",
        columns=[
            Column("Country", align="left"),
            *(Column(MEASURES[name], group="Share") for name in measures),
            *(Column(MEASURES[name], view.measure.unit, group=view.measure.noun.capitalize()) for name in measures),
        ],
        rows=rows,
        source=view.source,
        csv=csv_text(view.tidy(held)),
        notes=[
            "The measures contain each other and are not to be added: largest smelt within any smelt (largest or "
            "second) within any smelt or cast.",
            *(["c: not shown, for the sake of single importers."] if (own["suppressed"] != "").any() else []),
            *(["Shares here are of all metal, that without primary content among it."] if view.primary_only else []),
            *(
                ["The public monitor tells neither the second smelt nor smelt and cast together."]
                if len(measures) < len(MEASURES)
                else []
            ),
        ],
    )


def exposures_over_time(view: MetalView) -> Figure | Prose:
    """Return the exposures of the place by quarter, one line a country watched."""
    held = view.tables.exposures_over_time
    mine = held[(held["origin"] == view.row) & (held["by"] == "quarter")]
    # The widest measure, unless a narrower one has more quarters that can be shown.
    seen = mine.dropna(subset=[view.share]).groupby("measure").size()
    drawn = max(_DRAWN, key=lambda name: (seen.get(name, 0), -_DRAWN.index(name)))
    own = mine[mine["measure"] == drawn]
    shown = own.dropna(subset=[view.share])
    shown = shown[shown["country"].isin(shown.loc[shown[view.share] > 0, "country"])]
    if shown["period"].nunique() < 2:
        return Prose("exposures_over_time", [])
    # Quarters that are hidden stay in, blank, so that the line breaks there.
    drawn_rows = own[own["country"].isin(shown["country"])]
    frame = pd.DataFrame(
        {
            "month": drawn_rows["period"],
            "series": [view.metal_name(country) for country in drawn_rows["country"]],
            "amount": drawn_rows[view.share] * 100,
        }
    )
    last = shown[shown["period"] == shown["period"].max()]
    marks = marks_of_law(view.place, view.product, frame["month"].min(), frame["month"].max())
    told = [f"{view.metal_name(row['country'])} {numbers.percent(row[view.share])}" for _, row in last.iterrows()]
    absent = own[~own["country"].isin(shown["country"])]
    hidden = set(absent.loc[absent["suppressed"] != "", "country"])
    gone = [
        view.metal_name(country) for country in view.watch
        if country not in set(shown["country"]) and country not in hidden
    ]  # fmt: skip
    period = shown["period"].max()
    return Figure(
        key="exposures_over_time",
        title=f"{MEASURES[drawn]} in the countries watched, imports {view.from_place}, by quarter",
        caption=f"Share of {noun(view)}, percent. Each point is a quarter, at its first month.",
        alt=f"Lines by quarter, one a country watched. In quarter {period.quarter} of {period.year}: "
        f"{numbers.joined(told)}.",
        source=view.source,
        chart=lines.series_lines(frame, "Percent", ",.1f", zero=True, dots=True, marks=marks),
        csv=csv_text(view.tidy(own.drop(columns=["by"]))),
        notes=([f"Not named as the largest country of smelt: {numbers.joined(gone)}."] if gone else [])
        + (
            [f"Not shown: {numbers.joined([view.metal_name(country) for country in sorted(hidden)])}."]
            if hidden
            else []
        )
        + (["Quarters without a point are not shown, for the sake of single importers."] if _gaps(own, shown) else [])
        + marks_note(view.place, view.product, marks),
    )


def _gaps(own: pd.DataFrame, shown: pd.DataFrame) -> bool:
    return bool(own.loc[own["country"].isin(shown["country"]), "suppressed"].ne("").any())


def _share(wide: pd.DataFrame, country: str, name: str, share: str) -> str:
    return numbers.percent(wide[share].get((country, name))) or "c"


def _amount(view: MetalView, wide: pd.DataFrame, country: str, name: str) -> str:
    return view.write(wide[view.amount].get((country, name))) or "c"
