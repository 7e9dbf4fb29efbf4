"""The HTML in a real browser with the network cut: every chart shows, nothing is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from chromium import all_charts_live, needs_chromium, opened, violations

pytestmark = needs_chromium


@pytest.mark.parametrize("width", [1280, 390])
def test_every_chart_comes_alive_and_nothing_is_asked_for(browser, sample_bulletin, width):
    page = opened(browser, sample_bulletin.html, width)
    assert all_charts_live(page) > 5
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    boxes = [chart.bounding_box() for chart in page.locator(".picture svg.marks").all()]
    assert all(box["width"] > 200 and box["height"] > 80 for box in boxes)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_is_accessible(browser, sample_bulletin):
    page = opened(browser, sample_bulletin.html, 1280)
    all_charts_live(page)
    assert violations(page) == []


def test_without_scripts_the_static_pictures_stand(browser, sample_bulletin):
    page = opened(browser, sample_bulletin.html, 1280, javascript=False)
    pictures = page.locator(".picture > svg")
    assert pictures.count() > 5
    assert all(picture.bounding_box()["height"] > 80 for picture in pictures.all())


def test_tooltips_show_numbers(browser, sample_bulletin):
    page = opened(browser, sample_bulletin.html, 1280)
    page.wait_for_selector("#top_origins .picture.live")
    page.locator("#top_origins .picture svg .mark-rect path").first.hover()
    tooltip = page.wait_for_selector("#vg-tooltip-element.visible")
    assert "Canada" in tooltip.inner_text()


def test_data_download_is_the_csv(browser, sample_bulletin):
    page = opened(browser, sample_bulletin.html, 1280)
    with page.expect_download() as waiting:
        page.locator("#suppliers a.data").click()
    expected = (sample_bulletin.folder / "data" / "suppliers.csv").read_bytes()
    assert Path(waiting.value.path()).read_bytes() == expected
    assert waiting.value.suggested_filename.endswith("-suppliers.csv")
