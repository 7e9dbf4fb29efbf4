"""Who trades with whom: the matrix of exporters by importers."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis import world
from aimlib.present import numbers
from aimlib.present.blocks import Figure, Prose, csv_text
from aimlib.present.charts import shares as charts
from aimlib.present.gatm_comparison.view import REST, TOTAL, TradeView

_COLUMNS = 8
_UNSEEN = "n.v."


def matrix(view: TradeView) -> Figure | Prose:
    """Return the shares of each country's partners as a heat map, the largest partners of those shown in columns."""
    own, other = ("exporter", "importer") if view.flow == "export" else ("importer", "exporter")
    known = [country for country in view.shown if country in set(view.compared["country"])]
    held = view.kept("matrix", lambda: _shares(view, known, own, other))
    if held.empty:
        return Prose("matrix", [])
    partners = set(held[other]) - {REST, TOTAL}
    drawn = held[held[own].isin(known) & (held[other] != TOTAL)].copy()
    drawn["place"] = drawn[own].map({country: place for place, country in enumerate(known)})
    share = drawn[f"share_of_{own}"]
    names = [f"Other {view.partner_role}s" if key == REST else view.name_of(key) for key in drawn[other]]
    frame = pd.DataFrame(
        {
            "row": [view.name_of(key) for key in drawn[own]],
            "column": names,
            "share": share,
            "label": [
                _UNSEEN if numbers.is_missing(part) else numbers.plain(part * 100) if part >= 0.005 else ""
                for part in share
            ],
            "told": [numbers.percent(part) for part in share],
            "place": drawn["place"],
        }
    ).sort_values("place", kind="stable")
    largest = frame[~frame["column"].str.startswith("Other ")].nlargest(3, "share")
    told = [f"{row['row']} {view.to_or_from} {row['column']} {row['told']}" for _, row in largest.iterrows()]
    return Figure(
        key="matrix",
        title=f"{view.role.capitalize()} by {view.partner_role}, {view.latest_words}",
        caption=f"Share of each {view.role}'s {view.measure.noun}, percent; rows add up to one hundred. Blank: under "
        f"half a percent.{_caption(frame)}",
        alt=f"Heat map of {len(known)} {view.role}s by {len(partners)} {view.partner_role}s. The largest shares: "
        f"{numbers.joined(told)}.",
        source=view.source_text,
        chart=charts.heat_map(frame.drop(columns="place"), view.role.capitalize(), view.partner_role.capitalize()),
        csv=csv_text(view.tidy(held)),
    )


def _shares(view: TradeView, known: list[str], own: str, other: str) -> pd.DataFrame:
    """Return the matrix of the countries known by their largest partners; empty where it would have no two of each."""
    rows = view.flows[view.flows["period"].isin(view.latest.periods) & view.flows[own].isin(known)]
    sums = rows.groupby(other)[view.measure.column].sum()
    partners = list(sums[sums > 0].sort_values(ascending=False, kind="stable").index[:_COLUMNS])
    if len(known) < 2 or len(partners) < 2:
        return pd.DataFrame()
    named = {f"{own}s": known, f"{other}s": partners}
    held = world.matrix(rows, span=view.latest, measure=view.measure.key, **named)
    return _unseen_blank(view, held, own, other)


def _unseen_blank(view: TradeView, held: pd.DataFrame, own: str, other: str) -> pd.DataFrame:
    """Return the matrix with blanks where a country is built from partners and this one does not report."""
    counted = view.settled().counted
    seen = set(zip(counted["country"], counted["partner"], strict=True)) if len(counted) else set()
    built = set(view.standing.loc[view.standing["standing"] == "mirror", "country"])
    unseen = [
        row[own] in built and row[other] not in (REST, TOTAL) and (row[own], row[other]) not in seen
        for _, row in held.iterrows()
    ]
    figures = [name for name in held if name not in (own, other, "standing")]
    return held.assign(**{name: held[name].mask(pd.Series(unseen, index=held.index)) for name in figures})


def _caption(frame: pd.DataFrame) -> str:
    if not frame["share"].isna().any():
        return ""
    return f" {_UNSEEN}: not visible, for neither side reports; such a row's shares are of what is visible."
