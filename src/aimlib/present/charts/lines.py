"""Lines over months."""

from __future__ import annotations

import altair as alt
import pandas as pd

from aimlib.present import style


def _month_axis(months: pd.Series) -> alt.Axis:
    """Return an axis with a tick every few months, by how many there are."""
    span = months.nunique()
    step = 3 if span <= 30 else 6 if span <= 54 else 12
    tick_format = "%b %Y" if step < 12 else "%Y"
    return alt.Axis(
        title=None,
        format=tick_format,
        tickCount={"interval": "month", "step": step},
        labelOverlap="greedy",
        labelSeparation=10,
    )


def monthly_line(frame: pd.DataFrame, axis_title: str, unit_format: str, zero: bool = True) -> alt.LayerChart:
    """Draw one series by month with the range of the same months of the three years before behind it.

    `frame` has month, amount, low, high (the band; may be missing) and state ('final', 'provisional'), amounts in
    printed units.
    """
    color = alt.Scale(domain=["Imports", "Range of the three years before"], range=[style.MAIN, style.BAND])
    x = alt.X("month:T", axis=_month_axis(frame["month"]))
    tooltip = [
        alt.Tooltip("month:T", title="Month", format="%B %Y"),
        alt.Tooltip("amount:Q", title=axis_title, format=unit_format),
        alt.Tooltip("low:Q", title="Low of three years before", format=unit_format),
        alt.Tooltip("high:Q", title="High of three years before", format=unit_format),
        alt.Tooltip("state:N", title="State"),
    ]
    base = alt.Chart(frame)
    layers = []
    if frame["low"].notna().any():
        layers.append(
            base.transform_filter("isValid(datum.low)")
            .transform_calculate(series="'Range of the three years before'")
            .mark_area(opacity=1, interpolate="linear")
            .encode(
                x=x,
                y=alt.Y("low:Q", title=axis_title, scale=alt.Scale(zero=zero)),
                y2="high:Q",
                color=alt.Color("series:N", scale=color, title=None),
            )
        )
    layers.append(
        base.transform_calculate(series="'Imports'")
        .mark_line(invalid="break-paths-show-domains")
        .encode(
            x=x,
            y=alt.Y("amount:Q", title=axis_title, scale=alt.Scale(zero=zero)),
            color=alt.Color("series:N", scale=color, title=None),
        )
    )
    layers.append(
        base.mark_point(size=55, strokeWidth=2).encode(
            x=x,
            y="amount:Q",
            color=alt.value(style.MAIN),
            fill=alt.condition("datum.state == 'provisional'", alt.value("white"), alt.value(style.MAIN)),
            opacity=alt.condition("datum.state == 'provisional' || datum.latest", alt.value(1), alt.value(0)),
            tooltip=tooltip,
        )
    )
    return alt.layer(*layers).properties(width=style.WIDTH, height=style.HEIGHT)


def series_lines(frame: pd.DataFrame, axis_title: str, unit_format: str, zero: bool = False) -> alt.LayerChart:
    """Draw a few named series by month: `frame` has month, series and amount, in printed units.

    Series differ in color and in dash, so that they can be told apart in gray; the legend selects.
    """
    names = list(dict.fromkeys(frame["series"]))
    chosen = alt.selection_point(fields=["series"], bind="legend")
    dashes = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [1, 0], [4, 4]]
    encoded = alt.Chart(frame).encode(
        x=alt.X("month:T", axis=_month_axis(frame["month"])),
        y=alt.Y("amount:Q", title=axis_title, scale=alt.Scale(zero=zero)),
        color=alt.Color(
            "series:N",
            title=None,
            sort=names,
            scale=alt.Scale(domain=names, range=style.CATEGORIES[: len(names)]),
            legend=alt.Legend(symbolType="stroke", symbolSize=300),
        ),
        strokeDash=alt.StrokeDash(
            "series:N", title=None, sort=names, scale=alt.Scale(domain=names, range=dashes[: len(names)])
        ),
        opacity=alt.condition(chosen, alt.value(1), alt.value(0.15)),
    )
    lines = encoded.mark_line(invalid="break-paths-show-domains")
    points = encoded.mark_point(size=60, opacity=0).encode(
        opacity=alt.value(0),
        tooltip=[
            alt.Tooltip("month:T", title="Month", format="%B %Y"),
            alt.Tooltip("series:N", title="Series"),
            alt.Tooltip("amount:Q", title=axis_title, format=unit_format),
        ],
    )
    return alt.layer(lines, points).add_params(chosen).properties(width=style.WIDTH, height=style.HEIGHT)
