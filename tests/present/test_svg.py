"""Static pictures are deterministic, their ids are the figure's own."""

from __future__ import annotations

import re

import altair as alt
import pandas as pd

from aimlib.present import svg


def clipped_chart() -> alt.Chart:
    data = pd.DataFrame({"a": [1, 2, 3], "b": [3, 1, 2]})
    return alt.Chart(data).mark_line(clip=True).encode(x="a:Q", y="b:Q")


def test_the_same_chart_gives_the_same_bytes_in_a_warm_process():
    spec = svg.specification(clipped_chart())
    assert svg.render(spec, "one") == svg.render(spec, "one")


def test_ids_do_not_meet_in_one_page():
    spec = svg.specification(clipped_chart())
    first, second = (re.findall(r'\bid="([^"]+)"', svg.render(spec, key)) for key in ("one", "two"))
    assert first
    assert not set(first) & set(second)
    for used in re.findall(r"url\(#([^)]+)\)", svg.render(spec, "one")):
        assert used in first


def test_the_font_is_the_pages_font():
    assert "Source Sans Pro" in svg.render(svg.specification(clipped_chart()), "one")


def test_ids_take_a_prefix_with_all_that_refers_to_them():
    text = '<clipPath id="a-0"/><g clip-path="url(#a-0)"/><use href="#a-1"/><b id="a-1"/><i id="a-10"/>'
    assert svg.with_prefix(text, "x-") == (
        '<clipPath id="x-a-0"/><g clip-path="url(#x-a-0)"/><use href="#x-a-1"/><b id="x-a-1"/><i id="x-a-10"/>'
    )
