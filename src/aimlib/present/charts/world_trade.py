"""World trade: lines by country with the breaks in them, and who has reported up to when."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from aimlib.present import style
from aimlib.present.charts.encoding import either, unchecked
from aimlib.present.charts.marks import mark_rules
from aimlib.present.charts.series import told_apart

# Pixels of a row of the coverage chart.
_ROW = 17


@unchecked
def country_lines(
    frame: pd.DataFrame,
    axis_title: str,
    unit_format: str,
    breaks: pd.DataFrame,
    *,
    annual: bool,
    marks: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Draw a few countries over time: `frame` has period, name, amount (blank where not known) and basis in words.

    Countries differ in color and in dash, so that they can be told apart in gray. `breaks` has period and label: a
    rule stands where a series goes over from one side's reports to the other's; another at each of `marks`
    (`marks.mark_rules`).
    """
    names = list(dict.fromkeys(frame["name"]))
    x = alt.X("period:T", axis=_period_axis(frame["period"], annual))
    chosen = alt.selection_point(fields=["name"], bind="legend")
    base = alt.Chart(frame).encode(
        x=x,
        y=alt.Y("amount:Q", title=axis_title, scale=alt.Scale(zero=True)),
        **told_apart("name", names, columns=4),
        opacity=either(alt.OpacityValue, chosen, 1, 0.15),
    )
    points = base.mark_point(size=40, filled=True).encode(
        opacity=alt.OpacityValue(1 if annual else 0),
        tooltip=[
            alt.Tooltip("period:T", title="Period", format="%Y" if annual else "%B %Y"),
            alt.Tooltip("name:N", title="Country"),
            alt.Tooltip("amount:Q", title=axis_title, format=unit_format),
            alt.Tooltip("basis:N", title="Rests on"),
        ],
    )
    layers = [base.mark_line(invalid="break-paths-show-domains").add_params(chosen), points]
    if len(breaks):
        at = alt.Chart(breaks).encode(x=alt.X("period:T"))
        layers.append(at.mark_rule(color=style.INK, strokeDash=[2, 3]))
        layers.append(at.mark_text(align="left", dx=5, y=style.HEIGHT - 10).encode(text=alt.Text("label:N")))
    return alt.layer(*layers, *mark_rules(marks), width=style.WIDTH, height=style.HEIGHT)


@unchecked
def coverage_grid(frame: pd.DataFrame, colors: Mapping[str, str]) -> alt.Chart:
    """Draw who has reported what: `frame` has name, start and end (of the period) and state, a key of `colors`."""
    names = list(dict.fromkeys(frame["name"]))
    states = [state for state in colors if state in set(frame["state"])]
    return (
        alt.Chart(frame)
        .mark_rect(height={"band": 0.72})
        .encode(
            x=alt.X("start:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", labelOverlap="greedy")),
            x2=alt.X2("end:T"),
            y=alt.Y(
                "name:N",
                sort=names,
                title=None,
                axis=alt.Axis(ticks=False, domain=False, labelLimit=180, labelPadding=6, labelFontSize=12),
            ),
            color=alt.Color(
                "state:N",
                title=None,
                sort=states,
                scale=alt.Scale(domain=states, range=[colors[state] for state in states]),
                legend=alt.Legend(symbolType="square", columns=4, offset=12),
            ),
            tooltip=[
                alt.Tooltip("name:N", title="Country"),
                alt.Tooltip("start:T", title="Period from", format="%B %Y"),
                alt.Tooltip("state:N", title="State"),
            ],
        )
        .properties(width=style.WIDTH, height=alt.Step(_ROW))
    )


def _period_axis(periods: pd.Series, annual: bool) -> alt.Axis:
    """Return a year's ticks, or those of every few months where there are few."""
    months = periods.nunique()
    if annual or months > 54:
        return alt.Axis(title=None, format="%Y", tickCount="year", labelOverlap="greedy")
    return alt.Axis(
        title=None,
        format="%b %Y",
        tickCount={"interval": "month", "step": 3 if months <= 30 else 6},
        labelOverlap="greedy",
        labelSeparation=10,
    )
