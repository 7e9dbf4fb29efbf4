"""Lines over months."""

from __future__ import annotations

import altair as alt
import pandas as pd

from aimlib.present import style
from aimlib.present.charts.encoding import either, unchecked
from aimlib.present.charts.marks import mark_rules
from aimlib.present.charts.series import told_apart

EARLY_STATES = ("license", "still filling")
BAND = "Range of the three years before"


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


@unchecked
def monthly_line(
    frame: pd.DataFrame,
    axis_title: str,
    unit_format: str,
    zero: bool = True,
    marks: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Draw one series by month with the range of the same months of the three years before behind it.

    `frame` has month, amount, low, high (the band; may be missing) and state ('final', 'provisional', 'license',
    'still filling'), amounts in printed units. License months stand apart: another color, dashed, never joined to
    Census without a break in the line's look; one still filling is a hollow point. `marks` are days with a rule
    (`marks.mark_rules`).
    """
    is_early = frame["state"].isin(EARLY_STATES)
    names = ["Imports (Census)", "Licenses, early"] if is_early.any() else ["Imports"]
    colors = [style.MAIN, style.HIGHLIGHT][: len(names)]
    color = alt.Scale(domain=[*names, BAND], range=[*colors, style.BAND])
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
            .transform_calculate(series=f"'{BAND}'")
            .mark_area(opacity=1, interpolate="linear")
            .encode(
                x=x,
                y=alt.Y("low:Q", title=axis_title, scale=alt.Scale(zero=zero)),
                y2=alt.Y2("high:Q"),
                color=alt.Color("series:N", scale=color, title=None),
            )
        )
    layers.append(
        base.transform_filter(f"indexof({list(EARLY_STATES)}, datum.state) < 0")
        .transform_calculate(series=f"'{names[0]}'")
        .mark_line(invalid="break-paths-show-domains")
        .encode(
            x=x,
            y=alt.Y("amount:Q", title=axis_title, scale=alt.Scale(zero=zero)),
            color=alt.Color("series:N", scale=color, title=None),
        )
    )
    if is_early.any():
        layers.append(_early_line(frame, is_early, names[1], color, x))
    hollow = "datum.state == 'provisional' || datum.state == 'still filling'"
    early = f"indexof({list(EARLY_STATES)}, datum.state) >= 0"
    stroke = either(alt.ColorValue, early, style.HIGHLIGHT, style.MAIN)
    layers.append(
        base.mark_point(size=55, strokeWidth=2, fill="white").encode(
            x=x,
            y=alt.Y("amount:Q"),
            color=stroke,
            opacity=either(alt.OpacityValue, hollow, 1, 0),
        )
    )
    layers.append(
        base.mark_point(size=55, strokeWidth=2, filled=True).encode(
            x=x,
            y=alt.Y("amount:Q"),
            color=stroke,
            opacity=either(alt.OpacityValue, f"!({hollow}) && (datum.latest || datum.state == 'license')", 1, 0),
            tooltip=tooltip,
        )
    )
    return alt.layer(*layers, *mark_rules(marks), width=style.WIDTH, height=style.HEIGHT)


def _early_line(frame: pd.DataFrame, is_early: pd.Series, name: str, color: alt.Scale, x: alt.X) -> alt.Chart:
    """Draw the license months, dashed, from the last Census month on."""
    joined = is_early | is_early.shift(-1, fill_value=False)
    return (
        alt.Chart(frame[joined])
        .transform_calculate(series=f"'{name}'")
        .mark_line(strokeDash=[5, 4], invalid="break-paths-show-domains")
        .encode(x=x, y=alt.Y("amount:Q"), color=alt.Color("series:N", scale=color, title=None))
    )


@unchecked
def series_lines(
    frame: pd.DataFrame,
    axis_title: str,
    unit_format: str,
    zero: bool = False,
    dots: bool = False,
    marks: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Draw a few named series by month: `frame` has month, series and amount, in printed units.

    Series differ in color and in dash, so that they can be told apart in gray; the legend selects. With `dots` each
    figure is a point too, for series with gaps. `marks` are days with a rule (`marks.mark_rules`).
    """
    names = list(dict.fromkeys(frame["series"]))
    chosen = alt.selection_point(fields=["series"], bind="legend")
    encoded = alt.Chart(frame).encode(
        x=alt.X("month:T", axis=_month_axis(frame["month"])),
        y=alt.Y("amount:Q", title=axis_title, scale=alt.Scale(zero=zero)),
        **told_apart("series", names),
        opacity=either(alt.OpacityValue, chosen, 1, 0.15),
    )
    lines = encoded.mark_line(invalid="break-paths-show-domains").add_params(chosen)
    points = encoded.mark_point(size=60, filled=dots).encode(
        opacity=alt.OpacityValue(1 if dots else 0),
        tooltip=[
            alt.Tooltip("month:T", title="Month", format="%B %Y"),
            alt.Tooltip("series:N", title="Series"),
            alt.Tooltip("amount:Q", title=axis_title, format=unit_format),
        ],
    )
    return alt.layer(lines, points, *mark_rules(marks), width=style.WIDTH, height=style.HEIGHT)


@unchecked
def curve_with_band(frame: pd.DataFrame, x_title: str, y_title: str) -> alt.LayerChart:
    """Draw a mean with the band from the least to the greatest over weeks: `frame` has horizon, mean, low, high."""
    x = alt.X("horizon:Q", title=x_title, axis=alt.Axis(tickMinStep=1), scale=alt.Scale(nice=False))
    base = alt.Chart(frame[["horizon", "mean", "low", "high"]])
    band = base.mark_area(color=style.BAND).encode(
        x=x, y=alt.Y("low:Q", title=y_title, axis=alt.Axis(format="%")), y2=alt.Y2("high:Q")
    )
    line = base.mark_line(color=style.MAIN, point=alt.OverlayMarkDef(color=style.MAIN, size=45)).encode(
        x=x,
        y=alt.Y("mean:Q"),
        tooltip=[
            alt.Tooltip("horizon:Q", title=x_title),
            alt.Tooltip("mean:Q", title="Mean", format=".1%"),
            alt.Tooltip("low:Q", title="Least", format=".1%"),
            alt.Tooltip("high:Q", title="Greatest", format=".1%"),
        ],
    )
    whole = (
        alt.Chart(pd.DataFrame({"whole": [1.0]}))
        .mark_rule(color=style.MUTED, strokeDash=[3, 3])
        .encode(y=alt.Y("whole:Q"))
    )
    return alt.layer(band, whole, line, width=style.WIDTH, height=style.HEIGHT)
