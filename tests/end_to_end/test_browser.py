"""The HTML in a real browser with the network cut: every chart shows, nothing is asked for."""

from __future__ import annotations

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield chromium
        chromium.close()


def opened(browser, path, width: int, javascript: bool = True):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=javascript, offline=True
    )
    page = context.new_page()
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("width", [1280, 390])
def test_every_chart_comes_alive_and_nothing_is_asked_for(browser, sample_bulletin, width):
    page = opened(browser, sample_bulletin.html, width)
    charts = page.locator(".picture").count()
    page.wait_for_function(f"document.querySelectorAll('.picture.live').length == {charts}", timeout=20_000)
    assert charts > 5
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    boxes = [chart.bounding_box() for chart in page.locator(".picture svg.marks").all()]
    assert all(box["width"] > 200 and box["height"] > 80 for box in boxes)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


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
    from pathlib import Path

    assert Path(waiting.value.path()).read_bytes() == expected
    assert waiting.value.suggested_filename.endswith("-suppliers.csv")
