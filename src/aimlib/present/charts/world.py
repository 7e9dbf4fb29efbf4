"""The world map: outlines shaded by class, small suppliers as points."""

from __future__ import annotations

import itertools
import math

import altair as alt
import numpy as np
import pandas as pd

from aimlib.present import outlines, style
from aimlib.present.charts.encoding import unchecked
from aimlib.present.svg import WORLD

# Height over width, legend included.
ASPECT = 0.52


def class_limits(amounts: pd.Series) -> list[float]:
    """Return up to five round limits (1 and 3 times powers of ten) below the largest of positive `amounts`."""
    top = float(amounts.max())
    power = math.floor(math.log10(top))
    rounds = [head * 10.0**exponent for exponent in range(power, power - 4, -1) for head in (3, 1)]
    return sorted(float(f"{limit:.1g}") for limit in [limit for limit in rounds if limit < top][:5])


def class_labels(limits: list[float]) -> list[str]:
    """Return the classes' names, lowest first: ``under 3``, ``3 to 10``, ..., ``1,000 and over``."""
    if not limits:
        return ["all amounts"]
    texts = [f"{limit:,.0f}" if limit >= 1 else f"{limit:g}" for limit in limits]
    between = [f"{low} to {high}" for low, high in itertools.pairwise(texts)]
    return [f"under {texts[0]}", *between, f"{texts[-1]} and over"]


@unchecked
def world_map(
    frame: pd.DataFrame, legend_title: str, unit_format: str, highlight: tuple[str, ...] = ()
) -> alt.LayerChart:
    """Draw amounts by country: `frame` has iso3, name and amount in printed units, positive amounts only.

    Countries without an amount stay blank; those that the outlines lack are drawn as points. Countries in
    `highlight` get a heavy border.
    """
    limits = class_limits(frame["amount"])
    labels = class_labels(limits)
    frame = frame.assign(size=[labels[index] for index in np.searchsorted(limits, frame["amount"], side="right")])
    color = alt.Color(
        "size:O",
        title=legend_title,
        sort=labels,
        scale=alt.Scale(domain=labels, range=style.SEQUENCE[-len(labels) :]),
        legend=alt.Legend(
            orient="bottom", direction="horizontal", columns=3, titleLimit=600, symbolType="square", offset=4
        ),
    )
    tooltip = [
        alt.Tooltip("name:N", title="Origin"),
        alt.Tooltip("amount:Q", title=legend_title, format=unit_format),
    ]
    drawn = frame[frame["iso3"].isin(outlines.outlined())]
    shapes = alt.Data(name=WORLD, format=alt.TopoDataFormat(feature="countries", type="topojson"))
    land = alt.Chart(shapes).mark_geoshape(fill=style.BLANK, stroke=style.OUTLINE, strokeWidth=0.4)
    shaded = (
        alt.Chart(shapes)
        .mark_geoshape(stroke="white", strokeWidth=0.5)
        .transform_lookup(lookup="id", from_=alt.LookupData(data=drawn, key="iso3", fields=["name", "amount", "size"]))
        .transform_filter("isValid(datum.amount)")
        .encode(color=color, tooltip=tooltip)
    )
    layers = [land, shaded]
    if highlight:
        marked = alt.FieldOneOfPredicate(field="id", oneOf=list(highlight))
        layers.append(
            alt.Chart(shapes).transform_filter(marked).mark_geoshape(fill=None, stroke=style.HIGHLIGHT, strokeWidth=1.6)
        )
    small = frame.merge(outlines.points(), on="iso3")
    if len(small):
        layers.append(
            alt.Chart(small)
            .mark_circle(size=70, stroke=style.INK, strokeWidth=0.8, opacity=1)
            .encode(
                longitude=alt.Longitude("longitude:Q"),
                latitude=alt.Latitude("latitude:Q"),
                color=color,
                tooltip=tooltip,
            )
        )
    size = {"width": style.WIDTH, "height": int(style.WIDTH * ASPECT), "usermeta": {"aspect": ASPECT}}
    return alt.layer(*layers, projection=alt.Projection(type="naturalEarth1"), **size)
