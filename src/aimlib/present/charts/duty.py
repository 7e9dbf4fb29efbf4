"""Duty: a waterfall to a total, a rate that steps, prices by day, and a heat map of amounts."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from aimlib.present import style
from aimlib.present.charts.encoding import either, unchecked
from aimlib.present.charts.marks import mark_rules
from aimlib.present.charts.series import told_apart

# Pixels: a bar with its gap, a row of the heat map.
_BAR, _ROW = 38, 28
_NAME = 24
"""The longest line of a measure's name, in letters."""


@unchecked
def waterfall(frame: pd.DataFrame, axis_title: str) -> alt.LayerChart:
    """Draw measures that add up to a total, top to bottom: `frame` has name, start, end (percent), label and role.

    Role is '' for a measure, 'refund' for one that is refundable, 'total' for the sum.
    """
    # Long names stand on two lines, so that they leave room for the bars on a narrow screen.
    frame = frame.assign(lines=["|".join(textwrap.wrap(name, _NAME)) for name in frame["name"]])
    names = list(frame["lines"])
    top = max(float(frame[["start", "end"]].max().max()), 1.0)
    axis = alt.Axis(domain=False, ticks=False, labelPadding=6, labelLimit=300, labelExpr="split(datum.label, '|')")
    base = alt.Chart(frame).encode(
        y=alt.Y("lines:N", sort=names, title=None, axis=axis),
        tooltip=[alt.Tooltip("name:N", title="Measure"), alt.Tooltip("label:N", title="Percent of value")],
    )
    bars = base.mark_bar(height={"band": 0.62}).encode(
        x=alt.X(
            "start:Q",
            title=axis_title,
            scale=alt.Scale(domain=[0, top * 1.16], nice=False),
            axis=alt.Axis(grid=True, tickCount=6),
        ),
        x2=alt.X2("end:Q"),
        color=alt.Color(
            "role:N",
            scale=alt.Scale(domain=["", "refund", "total"], range=[style.MAIN, style.PALE, style.INK]),
            legend=None,
        ),
    )
    labels = base.mark_text(align="left", dx=5).encode(x=alt.X("end:Q"), text=alt.Text("label:N"))
    return alt.layer(bars, labels, width=style.WIDTH, height=alt.Step(_BAR))


@unchecked
def stepped_rate(frame: pd.DataFrame, axis_title: str, marks: pd.DataFrame) -> alt.LayerChart:
    """Draw a rate over days: `frame` has day, series and amount, a row at each change and one at the end.

    `marks` has day and label: a rule stands at each.
    """
    names = list(dict.fromkeys(frame["series"]))
    axis = _day_axis(frame["day"])
    lines = (
        alt.Chart(frame)
        .mark_line(interpolate="step-after", invalid="break-paths-show-domains")
        .encode(
            x=alt.X("day:T", axis=axis),
            y=alt.Y("amount:Q", title=axis_title, scale=alt.Scale(zero=True)),
            **told_apart("series", names, legend=len(names) > 1),
            tooltip=[
                alt.Tooltip("day:T", title="From", format="%B %e, %Y"),
                alt.Tooltip("series:N", title="Rate"),
                alt.Tooltip("amount:Q", title=axis_title, format=",.4~f"),
            ],
        )
    )
    return alt.layer(*mark_rules(marks), lines, width=style.WIDTH, height=style.HEIGHT)


@unchecked
def daily_lines(frame: pd.DataFrame, axis_title: str, marks: pd.DataFrame) -> alt.LayerChart:
    """Draw values by day: `frame` has day, series and amount; `marks` as in `stepped_rate`."""
    names = list(dict.fromkeys(frame["series"]))
    chosen = alt.selection_point(fields=["series"], bind="legend")
    lines = (
        alt.Chart(frame)
        .mark_line(invalid="break-paths-show-domains")
        .encode(
            x=alt.X("day:T", axis=_day_axis(frame["day"])),
            y=alt.Y("amount:Q", title=axis_title, scale=alt.Scale(zero=True)),
            **told_apart("series", names),
            opacity=either(alt.OpacityValue, chosen, 1, 0.15),
            tooltip=[
                alt.Tooltip("day:T", title="Day", format="%B %e, %Y"),
                alt.Tooltip("series:N", title="Value"),
                alt.Tooltip("amount:Q", title=axis_title, format=",.2f"),
            ],
        )
        .add_params(chosen)
    )
    return alt.layer(*mark_rules(marks), lines, width=style.WIDTH, height=style.HEIGHT)


@unchecked
def rates_with_band(frame: pd.DataFrame, axis_title: str, band: str, marks: pd.DataFrame) -> alt.LayerChart:
    """Draw two rates by month with the band of the first: `frame` has month, statutory, calculated, low and high."""
    names = ["Statutory", "Calculated (Census)"]
    color = alt.Scale(domain=[*names, band], range=[style.MAIN, style.HIGHLIGHT, style.BAND])
    x = alt.X("month:T", axis=_day_axis(frame["month"]))
    area = (
        alt.Chart(frame)
        .transform_calculate(series=f"'{band}'")
        .mark_area(opacity=1)
        .encode(
            x=x,
            y=alt.Y("low:Q", title=axis_title),
            y2=alt.Y2("high:Q"),
            color=alt.Color("series:N", scale=color, title=None),
        )
    )
    layers = [area, *mark_rules(marks)]
    for name, column in zip(names, ("statutory", "calculated"), strict=True):
        layers.append(
            alt.Chart(frame)
            .transform_calculate(series=f"'{name}'")
            .mark_line(strokeDash=[1, 0] if column == "statutory" else [6, 3], invalid="break-paths-show-domains")
            .encode(
                x=x,
                y=alt.Y(f"{column}:Q", title=axis_title),
                color=alt.Color("series:N", scale=color, title=None),
                tooltip=[
                    alt.Tooltip("month:T", title="Month", format="%B %Y"),
                    alt.Tooltip("statutory:Q", title="Statutory, percent", format=",.2f"),
                    alt.Tooltip("calculated:Q", title="Calculated, percent", format=",.2f"),
                    alt.Tooltip("low:Q", title="All claims made, percent", format=",.2f"),
                    alt.Tooltip("high:Q", title="No claims made, percent", format=",.2f"),
                ],
            )
        )
    return alt.layer(*layers, width=style.WIDTH, height=style.HEIGHT)


@unchecked
def amount_map(frame: pd.DataFrame, row_title: str, column_title: str, amount_title: str) -> alt.LayerChart:
    """Draw a grid of amounts with the numbers in it: `frame` has row, column (text, in order), amount and label."""
    rows, columns = list(dict.fromkeys(frame["row"])), list(dict.fromkeys(frame["column"]))
    middle = (frame["amount"].max() + frame["amount"].min()) / 2
    base = alt.Chart(frame).encode(
        x=alt.X(
            "column:N",
            sort=columns,
            title=column_title,
            axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False, titlePadding=8),
        ),
        y=alt.Y(
            "row:N",
            sort=rows,
            title=row_title,
            axis=alt.Axis(
                ticks=False, domain=False, labelPadding=6, titleAngle=0, titleAlign="left", titleY=-24, titleX=-60
            ),
        ),
        tooltip=[
            alt.Tooltip("row:N", title=row_title),
            alt.Tooltip("column:N", title=column_title),
            alt.Tooltip("label:N", title=amount_title),
        ],
    )
    cells = base.mark_rect(stroke="white", strokeWidth=1.5).encode(
        color=alt.Color("amount:Q", scale=alt.Scale(range=style.SEQUENCE), legend=None)
    )
    numbers = base.mark_text(fontSize=12).encode(
        text=alt.Text("label:N"),
        color=either(alt.ColorValue, f"datum.amount >= {middle}", "white", style.INK),
    )
    return alt.layer(cells, numbers, width=style.WIDTH, height=alt.Step(_ROW))


def _day_axis(days: pd.Series) -> alt.Axis:
    """Return an axis with a tick a year, every few months or every few days, by how long it is."""
    span = (days.max() - days.min()).days
    if span > 5 * 365:
        return alt.Axis(title=None, format="%Y", tickCount="year", labelOverlap="greedy")
    if span > 120:
        months = {"interval": "month", "step": 3 if span <= 900 else 6}
        return alt.Axis(title=None, format="%b %Y", tickCount=months, labelOverlap="greedy", labelSeparation=10)
    return alt.Axis(title=None, format="%b %e, %Y", tickCount=5, labelOverlap="greedy", labelSeparation=10)
