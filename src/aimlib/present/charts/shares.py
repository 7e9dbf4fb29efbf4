"""Shares: a heat map of a two-way table, and bars that all reach one hundred percent."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from aimlib.present import style
from aimlib.present.charts.encoding import either, unchecked

# Pixels: a row of the heat map, a bar with its gap.
_ROW, _BAR = 26, 24
# From this share on, white stands out more from the color of a cell than ink does.
_DARK = 0.62


@unchecked
def heat_map(frame: pd.DataFrame, row_title: str, column_title: str) -> alt.LayerChart:
    """Draw shares of rows as a heat map with the numbers in it.

    `frame` has row, column, share (fraction, missing where blank), label (what stands in the cell) and told (the share
    in words, for the tooltip); rows and columns keep their order.
    """
    rows, columns = list(dict.fromkeys(frame["row"])), list(dict.fromkeys(frame["column"]))
    base = alt.Chart(frame).encode(
        x=alt.X(
            "column:N",
            sort=columns,
            title=column_title,
            axis=alt.Axis(
                orient="top",
                labelAngle=-40,
                labelAlign="left",
                ticks=False,
                domain=False,
                labelLimit=130,
                titlePadding=10,
            ),
        ),
        y=alt.Y(
            "row:N",
            sort=rows,
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=180, labelPadding=6),
        ),
        tooltip=[
            alt.Tooltip("row:N", title=row_title),
            alt.Tooltip("column:N", title=column_title),
            alt.Tooltip("told:N", title="Share of the row"),
        ],
    )
    cells = base.mark_rect(stroke="white", strokeWidth=1.5).encode(
        color=either(
            alt.ColorValue,
            "isValid(datum.share)",
            alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=["#ffffff", *style.SEQUENCE]), legend=None),
            style.BLANK,
        )
    )
    numbers = base.mark_text(fontSize=12).encode(
        text=alt.Text("label:N"),
        color=either(alt.ColorValue, f"datum.share >= {_DARK}", "white", style.INK),
    )
    return alt.layer(cells, numbers, width=style.WIDTH, height=alt.Step(_ROW))


@unchecked
def hundred_percent_bars(frame: pd.DataFrame, axis_title: str, colors: Mapping[str, str]) -> alt.Chart:
    """Draw one bar a name, made of parts that add up to one.

    `frame` has name, part, share (fraction) and told (the share in words); names keep their order. `colors` gives
    the color of each part, in the order of the parts.
    """
    names = list(dict.fromkeys(frame["name"]))
    parts = [part for part in colors if part in set(frame["part"])]
    chosen = alt.selection_point(fields=["part"], bind="legend")
    order = {part: place for place, part in enumerate(parts)}
    return (
        alt.Chart(frame.assign(place=frame["part"].map(order)))
        .mark_bar(height={"band": 0.72}, stroke="white", strokeWidth=0.8)
        .encode(
            y=alt.Y(
                "name:N",
                sort=names,
                title=None,
                axis=alt.Axis(domain=False, ticks=False, labelLimit=220, labelPadding=6),
            ),
            x=alt.X(
                "share:Q",
                title=axis_title,
                stack="zero",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", tickCount=5, grid=True),
            ),
            color=alt.Color(
                "part:N",
                title=None,
                sort=parts,
                scale=alt.Scale(domain=parts, range=[colors[part] for part in parts]),
                legend=alt.Legend(columns=4, symbolType="square", offset=12),
            ),
            order=alt.Order("place:Q"),
            opacity=either(alt.OpacityValue, chosen, 1, 0.15),
            tooltip=[
                alt.Tooltip("name:N", title="Origin"),
                alt.Tooltip("part:N", title="Part"),
                alt.Tooltip("told:N", title="Share"),
            ],
        )
        .add_params(chosen)
        .properties(width=style.WIDTH, height=alt.Step(_BAR))
    )
