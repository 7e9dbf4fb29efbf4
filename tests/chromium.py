"""A real browser with the network cut."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


def opened(browser, path: Path, width: int, javascript: bool = True, place: str = ""):
    """Open a file; the page keeps what it asked for (``asked``) and its errors (``said``)."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=javascript, offline=True
    )
    page = context.new_page()
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
    page.goto(path.as_uri() + place)
    return page


def all_charts_live(page) -> int:
    """Wait until every chart is in its interactive form, and return how many there are."""
    charts = page.locator(".picture").count()
    page.wait_for_function(f"document.querySelectorAll('.picture.live').length == {charts}", timeout=20_000)
    return charts


def violations(page) -> list[str]:
    """Return what axe finds wrong by WCAG 2.1 A and AA and its own best practices, a line a rule.

    The insides of pictures, which are hidden from screen readers and hold no control, are left out: they are most of
    the page and axe cannot judge text in them.
    """
    from axe_playwright_python.sync_playwright import Axe

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
    assert page.locator(".picture :is(a, button, input, [tabindex])").count() == 0
    found = (
        Axe()
        .run(page, {"exclude": [[".picture svg"]]}, options={"runOnly": tags, "resultTypes": ["violations"]})
        .response["violations"]
    )
    return [f"{rule['id']}: {rule['help']} ({rule['nodes'][0]['html'][:200]})" for rule in found]
