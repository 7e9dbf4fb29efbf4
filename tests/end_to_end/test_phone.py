"""Wide tables on a phone: they move inside their own box, and look as if they did."""

from __future__ import annotations

from datetime import date

import pytest
from chromium import needs_chromium, opened, violations

from aimlib.bulletin.document import Document
from aimlib.bulletin.html import render_html
from aimlib.present.blocks import Cover
from aimlib.present.changes import Change, Part, changes_blocks
from aimlib.present.changes.change import NEW_MONTH, REVISED

pytestmark = needs_chromium
_SHADOWS = "getComputedStyle(document.querySelector('figure.table .scroll')).backgroundAttachment"
_BOX = (
    "(() => {const box = document.querySelector('figure.table .scroll'); return box.scrollWidth - box.clientWidth})()"
)


@pytest.fixture
def what_changed(tmp_path):
    """Return a page whose table of what changed has two causes a row."""
    parts = (Part(REVISED, -2.0, "July 2026 revised by Census"), Part(NEW_MONTH, 32.0, "August 2026 is new"))
    moved = Change(
        headline="level", label="Imports from Canada", amount_unit="quantity_t", unit="t", before=100.0, after=130.0,
        before_text="183,958 t", after_text="190,130 t", period_before="2026-07", period_after="2026-08",
        difference=30.0, parts=parts, data_basis="census", concept="consumption",
    )  # fmt: skip
    blocks = changes_blocks({"Import trends": [moved]}, date(2026, 10, 29), date(2026, 11, 5))
    cover = Cover("Imports", "What changed", [("Origin", "Canada")], "2026-11-05", "slug")
    path = tmp_path / "changes.html"
    path.write_text(render_html(Document(cover.content(), [block.content() for block in blocks])), encoding="utf-8")
    return path


def test_the_table_of_what_changed_moves_in_its_own_box(browser, what_changed):
    page = opened(browser, what_changed, 390)
    assert page.evaluate(_BOX) > 50
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(_SHADOWS) == "local, local, scroll, scroll"
    assert violations(page) == []


def test_its_edge_is_dark_only_where_more_lies_behind(browser, what_changed):
    page = opened(browser, what_changed, 390)
    box = page.locator("figure.table .scroll")
    before = box.screenshot()
    box.evaluate("box => { box.style.backgroundImage = 'none' }")
    assert box.screenshot() != before
    wide = opened(browser, what_changed, 1280)
    box = wide.locator("figure.table .scroll")
    before = box.screenshot()
    box.evaluate("box => { box.style.backgroundImage = 'none' }")
    assert box.screenshot() == before
