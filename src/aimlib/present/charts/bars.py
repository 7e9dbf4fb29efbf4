"""Bars: ranked, diverging, stacked."""

from __future__ import annotations

import altair as alt
import pandas as pd

from aimlib.present import style
from aimlib.present.charts.encoding import either, unchecked

# Pixels: a bar with its gap, and the widest label.
_BAR = 23
_LABEL = 118


def _name_axis(names: list[str]) -> alt.Y:
    return alt.Y(
        "name:N",
        sort=names,
        title=None,
        axis=alt.Axis(domain=False, ticks=False, labelLimit=220, labelPadding=6),
    )


def _with_room(top: float) -> alt.ExprRef:
    """Return the scale's end that leaves room for a label beside the longest bar at any width of the plot."""
    return alt.ExprRef(f"{max(float(top), 1e-9)!r} * width / max(width - {_LABEL}, width / 3)")


@unchecked
def ranked_bars(frame: pd.DataFrame, axis_title: str, unit_format: str) -> alt.LayerChart:
    """Draw ranked bars with a label at each end: `frame` has name, amount, label and role, largest first.

    Role is '' for an ordinary bar, 'highlight' for the bulletin's country, 'rest' for the remainder.
    """
    names = list(frame["name"])
    base = alt.Chart(frame).encode(
        y=_name_axis(names),
        tooltip=[
            alt.Tooltip("name:N", title="Origin"),
            alt.Tooltip("amount:Q", title=axis_title, format=unit_format),
            alt.Tooltip("label:N", title="In print"),
        ],
    )
    bars = base.mark_bar(height={"band": 0.7}).encode(
        x=alt.X(
            "amount:Q",
            title=axis_title,
            scale=alt.Scale(domainMax=_with_room(frame["amount"].max()), domainMin=0, nice=False),
            axis=alt.Axis(grid=True, tickCount=5),
        ),
        color=alt.Color(
            "role:N",
            scale=alt.Scale(domain=["", "highlight", "rest"], range=[style.MAIN, style.HIGHLIGHT, style.PALE]),
            legend=None,
        ),
    )
    labels = base.mark_text(align="left", dx=5).encode(x=alt.X("amount:Q"), text=alt.Text("label:N"))
    return alt.layer(bars, labels, width=style.WIDTH, height=alt.Step(_BAR))


@unchecked
def diverging_bars(frame: pd.DataFrame, axis_title: str, unit_format: str) -> alt.LayerChart:
    """Draw bars to both sides of zero with labels: `frame` has name, amount, label and role ('', 'total', ...)."""
    names = list(frame["name"])
    reach = max(frame["amount"].abs().max(), 1e-9)
    low = min(frame["amount"].min(), 0)
    high = max(frame["amount"].max(), 0)
    base = alt.Chart(frame).encode(
        y=_name_axis(names),
        tooltip=[
            alt.Tooltip("name:N", title="Part"),
            alt.Tooltip("amount:Q", title=axis_title, format=unit_format),
        ],
    )
    bars = base.mark_bar(height={"band": 0.7}).encode(
        x=alt.X(
            "amount:Q",
            title=axis_title,
            scale=alt.Scale(
                domain=[float(low - (0.3 * reach if low < 0 else 0.02 * reach)), float(high + 0.3 * reach)],
                nice=False,
            ),
            axis=alt.Axis(grid=True, tickCount=6),
        ),
        color=alt.Color(
            "role:N",
            scale=alt.Scale(
                domain=["", "highlight", "rest", "total"],
                range=[style.MAIN, style.HIGHLIGHT, style.PALE, style.INK],
            ),
            legend=None,
        ),
    )
    right = (
        base.transform_filter("datum.amount >= 0")
        .mark_text(align="left", dx=5)
        .encode(x=alt.X("amount:Q"), text=alt.Text("label:N"))
    )
    left = (
        base.transform_filter("datum.amount < 0")
        .mark_text(align="right", dx=-5)
        .encode(x=alt.X("amount:Q"), text=alt.Text("label:N"))
    )
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=style.MUTED).encode(x=alt.X("zero:Q"))
    return alt.layer(bars, zero, right, left, width=style.WIDTH, height=alt.Step(_BAR))


@unchecked
def stacked_changes(frame: pd.DataFrame, totals: pd.DataFrame, axis_title: str, unit_format: str) -> alt.LayerChart:
    """Draw the parts of a change by period as stacked bars, the net change as a mark on top.

    `frame` has period, part, amount; `totals` has period, amount. Periods and parts keep their order.
    """
    periods = list(dict.fromkeys(totals["period"]))
    parts = list(dict.fromkeys(frame["part"]))
    colors = [style.MAIN, style.HIGHLIGHT, style.PALE, style.UNSPLIT][: len(parts)]
    chosen = alt.selection_point(fields=["part"], bind="legend")
    x = alt.X("period:N", sort=periods, title=None, axis=alt.Axis(labelAngle=0, labelOverlap="greedy"))
    bars = (
        alt.Chart(frame)
        .mark_bar(width={"band": 0.62}, stroke="white", strokeWidth=0.6)
        .encode(
            x=x,
            y=alt.Y("amount:Q", title=axis_title),
            color=alt.Color("part:N", title=None, sort=parts, scale=alt.Scale(domain=parts, range=colors)),
            opacity=either(alt.OpacityValue, chosen, 1, 0.15),
            tooltip=[
                alt.Tooltip("period:N", title="Period"),
                alt.Tooltip("part:N", title="Part"),
                alt.Tooltip("amount:Q", title=axis_title, format=unit_format),
            ],
        )
        .add_params(chosen)
    )
    net = (
        alt.Chart(totals)
        .mark_point(shape="diamond", size=70, filled=True, fill="white", stroke=style.INK, strokeWidth=1.8)
        .encode(
            x=x,
            y=alt.Y("amount:Q"),
            tooltip=[
                alt.Tooltip("period:N", title="Period"),
                alt.Tooltip("amount:Q", title="Net change", format=unit_format),
            ],
        )
    )
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=style.MUTED).encode(y=alt.Y("zero:Q"))
    return alt.layer(bars, zero, net, width=style.WIDTH, height=style.HEIGHT)
