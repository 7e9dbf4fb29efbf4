"""Who has reported up to when, so that a late reporter is not read as a fall."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis import world
from aimlib.present import numbers, style
from aimlib.present.blocks import Figure, Prose, csv_text
from aimlib.present.charts.world_trade import coverage_grid
from aimlib.present.gatm_comparison.view import TradeView

_MOST = 40
_STATES = {
    "reported": ("Reported", style.MAIN),
    "from months": ("Year summed from months", "#7fabcd"),
    "selection": ("Part of the partners", style.HIGHLIGHT),
    "not reported": ("Not reported", style.GRID),
}


def coverage_figure(view: TradeView) -> Figure | Prose:
    """Return the grid of reporters by period; nothing for BACI, which has no reporters."""
    if view.is_reconciled:
        return Prose("coverage", ["BACI has no reporters: CEPII gives one figure for each flow and year."])
    held = view.kept("reporting_grid", lambda: world.reporting_grid(view.read_coverage(), flow=view.flow))
    summary = _summary(view, view.flow)
    if held.empty:
        return Prose("coverage", [])
    order = _order(view, summary)
    shown = held[held["reporter"].isin(order)].copy()
    shown["place"] = shown["reporter"].map({country: place for place, country in enumerate(order)})
    shown = shown.sort_values(["place", "period"], kind="stable")
    step = pd.DateOffset(years=1) if view.annual else pd.DateOffset(months=1)
    frame = pd.DataFrame(
        {
            "name": [view.name_of(country) for country in shown["reporter"]],
            "start": shown["period"],
            "end": shown["period"] + step,
            "state": [_STATES[state][0] for state in shown["state"]],
        }
    )
    late = _behind(summary)
    return Figure(
        key="coverage",
        title=f"Who has reported {view.flows_word}, up to when",
        caption=f"{view.product_title}, by {view.period_word}. Countries of which no report of any frequency "
        "is held are not listed.",
        alt=f"Grid of {len(order)} reporters by {view.period_word}, from {view.period_name(held['period'].min())} to "
        f"{view.period_name(held['period'].max())}. {_late(view, late)}",
        source=view.source_text,
        chart=coverage_grid(frame, dict(_STATES.values())),
        csv=csv_text(view.tidy(held)),
        notes=[_late(view, late), *_counter(view), *_more(order, held)],
    )


def _behind(summary: pd.DataFrame) -> pd.DataFrame:
    """Return the reporters that are behind the newest, first those that reported nothing in the period."""
    late = summary[summary["last_reported"].isna() | (summary["behind"].fillna(0) > 0)]
    return late.sort_values(["behind", "reporter"], ascending=[False, True], na_position="first", kind="stable")


def _summary(view: TradeView, flow: str) -> pd.DataFrame:
    return view.kept(f"coverage_{flow}", lambda: world.coverage(view.read_coverage(), flow=flow))


def _counter(view: TradeView) -> list[str]:
    """Say who is late with the other flow, on which figures from partners' reports rest."""
    if view.method == "reported":
        return []
    other = "import" if view.flow == "export" else "export"
    late = _behind(_summary(view, other))
    return [f"Of {other}s, which partners' reports are: {_late(view, late)[0].lower()}{_late(view, late)[1:]}"]


def _order(view: TradeView, summary: pd.DataFrame) -> list[str]:
    """Return the reporters by the size of their trade, those shown first."""
    sized = [country for country in view.ranking["country"] if country in set(summary["reporter"])]
    rest = [country for country in summary["reporter"] if country not in sized]
    return [*sized, *rest][:_MOST]


def _late(view: TradeView, late: pd.DataFrame) -> str:
    if late.empty:
        return "All reporters are as far as the newest."
    told = [
        f"{view.name_of(row['reporter'])} (last {view.period_name(row['last_reported'])})"
        if not numbers.is_missing(row["last_reported"])
        else f"{view.name_of(row['reporter'])} (nothing in the period)"
        for _, row in late.head(8).iterrows()
    ]
    more = f" and {len(late) - 8} more" if len(late) > 8 else ""
    return f"Behind the newest reporter: {numbers.joined(told) if not more else ', '.join(told)}{more}."


def _more(order: list[str], held: pd.DataFrame) -> list[str]:
    hidden = held["reporter"].nunique() - len(order)
    return [f"Drawn are the {_MOST} largest; {hidden} more are in the data."] if hidden > 0 else []
