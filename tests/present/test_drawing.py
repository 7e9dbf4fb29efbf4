"""Charts drawn in the JavaScript engine against the converter, which measures text by setting it."""

from __future__ import annotations

import json
import re

import altair as alt
import pandas as pd
import pytest
import vl_convert

from aimlib.present import style, svg
from aimlib.present.drawing import draw

NEAR = 4.0
"""Pixels: pairs of letters that the font moves together are measured apart."""
COUNTRIES = ["Canada", "United Arab Emirates", "Bosnia and Herzegovina", "Côte d'Ivoire", "Qatar", "WAVY AV To"]


def bars() -> alt.Chart:
    data = pd.DataFrame({"origin": COUNTRIES, "amount": [1234.5, 987.0, 345.25, 12.0, 5.5, 0.0]})
    return alt.Chart(data).mark_bar().encode(x="amount:Q", y=alt.Y("origin:N", sort=None), color="origin:N")


def lines() -> alt.LayerChart:
    months = pd.date_range("2020-01-01", periods=30, freq="MS")
    data = pd.concat(
        [
            pd.DataFrame({"month": months, "series": name, "amount": range(k, k + 30)})
            for k, name in enumerate(COUNTRIES)
        ]
    )
    base = alt.Chart(data).encode(x="month:T", y="amount:Q", color="series:N")
    return base.mark_line() + base.mark_text(align="left").encode(text="series:N").transform_filter("datum.amount > 28")


def cut_labels() -> alt.Chart:
    data = pd.DataFrame({"name": ["a very long label that does not fit into its room", "short"], "amount": [1, 2]})
    return alt.Chart(data).mark_bar().encode(x="amount:Q", y=alt.Y("name:N", axis=alt.Axis(labelLimit=90)))


@pytest.fixture(scope="module", autouse=True)
def _same_font():
    vl_convert.register_font_directory(str(style.FONT_DIR))


@pytest.mark.parametrize("chart", [bars, lines])
def test_a_chart_is_the_converters_but_for_pixels_of_measuring(chart):
    specification = json.dumps(svg.specification(chart()))
    ours = draw(specification, svg.page_script())
    theirs = vl_convert.vegalite_to_svg(specification, vl_version=svg.VEGA_LITE)
    number = re.compile(r"-?\d+(?:\.\d+)?")
    assert number.sub("0", ours) == number.sub("0", theirs)
    place = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
    pairs = list(zip(place.findall(ours), place.findall(theirs), strict=True))
    assert len(pairs) > 10
    assert all(abs(float(a) - float(b)) < NEAR for one, other in pairs for a, b in zip(one, other, strict=True))


def test_a_label_that_does_not_fit_is_cut():
    text = draw(json.dumps(svg.specification(cut_labels())), svg.page_script())
    label = next(found for found in re.findall(r"<text[^>]*>([^<]*)<", text) if found.startswith("a very"))
    assert label.endswith("…")
    assert 8 < len(label) < 25


def test_a_text_is_as_wide_as_its_letters_in_the_font():
    from fontTools.ttLib import TTFont

    def width_of_legend(names: list[str]) -> float:
        data = pd.DataFrame({"name": names, "amount": range(len(names))})
        chart = alt.Chart(data, width=100, height=100).mark_bar().encode(x="amount:Q", color="name:N")
        specification = svg.specification(chart)
        specification["autosize"] = "pad"
        return float(re.search(r'width="([\d.]+)"', draw(json.dumps(specification), svg.page_script()))[1])

    font = TTFont(style.FONT_DIR / style.FACES[400])
    advance = font["hmtx"][font.getBestCmap()[ord("m")]][0] / font["head"].unitsPerEm
    size = style.theme()["legend"]["labelFontSize"]
    assert width_of_legend(["m" * 20]) - width_of_legend(["m" * 10]) == pytest.approx(10 * advance * size, abs=1.5)


def test_what_cannot_be_drawn_is_said_in_vegas_words():
    broken = {"mark": "bar", "data": {"values": []}, "encoding": {"x": {"field": "a", "type": "quantitative"}}}
    broken["transform"] = [{"calculate": "no such (", "as": "a"}]
    with pytest.raises(ValueError, match="cannot be drawn"):
        draw(json.dumps(broken), svg.page_script())
    with pytest.raises(ValueError, match="cannot be drawn"):
        draw("{}", svg.page_script())
