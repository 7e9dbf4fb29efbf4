"""The published folder in a real browser, opened as files with the network cut: accessible, searchable, alive."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import nbformat
import pytest
from chromium import all_charts_live, needs_chromium, opened, violations

from aimlib.bulletin.combine import Part, combine
from aimlib.bulletin.document import Document, read_document
from aimlib.bulletin.html import render_html
from aimlib.bulletin.manifest import sha256
from aimlib.bulletin.pdf import render_pdf
from aimlib.bulletin.site.assemble import assemble
from aimlib.bulletin.site.records import Edition, Entry, data_files
from aimlib.bulletin.site.workbook import read_frames, workbook

pytestmark = needs_chromium
DAY = dt.date(2026, 11, 19)


def bulletin_of(name: str, title: str, place: str, report: Document) -> tuple[Entry, dict[str, bytes]]:
    """Return a bulletin of two reports and its files; the second report is the first with other captions."""
    other = [{**node, "caption": f"{node['caption']} Again."} if "caption" in node else node for node in report.nodes]
    parts = [Part("import_trends", report), Part("import_trends-again", Document(report.cover, other))]
    bulletin = combine(name, title, "Imports twice", DAY, parts)
    pages = {"html": render_html(bulletin).encode(), "pdf": render_pdf(bulletin)}
    files = {f"{name}/{name}-{DAY}.{kind}": content for kind, content in pages.items()}
    files |= {f"{name}/data/{key}.csv": text.encode() for key, text in bulletin.data.items()}
    headlines = next(node["figures"] for node in bulletin.nodes if node["kind"] == "strip")
    digests = {path: sha256(content) for path, content in files.items()}
    html, pdf = list(files)[:2]
    data = data_files(name, bulletin)
    return Entry(
        name, title, "", place, ("import_trends",), html, pdf, data, headlines, ("Unchanged.",), digests
    ), files


@pytest.fixture(scope="module")
def published(sample_bulletin, tmp_path_factory) -> Path:
    """Return a published folder of an edition with two bulletins, and one week before."""
    (path,) = sample_bulletin.folder.glob("*.ipynb")
    report = read_document(nbformat.read(path, as_version=4))
    entries, contents = [], {}
    for name, title, place in (("canada", "Canada", "CAN"), ("cote-d-ivoire", "Côte d’Ivoire", "CIV")):
        entry, files = bulletin_of(name, title, place, report)
        entries.append(entry)
        contents |= files
    edition = Edition(DAY, True, tuple(entries), f"aluminum-imports-{DAY}.xlsx")
    contents[edition.workbook] = workbook(edition, read_frames(edition, contents))
    folder = tmp_path_factory.mktemp("published")
    assemble(folder, edition, contents, [Edition(dt.date(2026, 11, 12), True, ())])
    return folder


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["index.html", f"{DAY}/index.html"])
def test_pages_are_accessible_and_fit(browser, published, name, width):
    page = opened(browser, published / name, width)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("width", [1280, 390])
def test_every_chart_of_a_bulletin_of_several_reports_comes_alive(browser, published, width):
    page = opened(browser, published / f"{DAY}" / "canada" / f"canada-{DAY}.html", width)
    assert all_charts_live(page) > 10
    assert page.locator("#import_trends-again-world_map .picture svg .mark-shape path").count() > 100
    assert page.locator("#world-outlines").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.said == []


def test_a_bulletin_of_several_reports_is_accessible(browser, published):
    page = opened(browser, published / f"{DAY}" / "canada" / f"canada-{DAY}.html", 390)
    all_charts_live(page)
    assert violations(page) == []


@pytest.mark.parametrize("name", ["index.html", f"{DAY}/index.html"])
def test_the_search_finds_bulletins_whatever_the_accents(browser, published, name):
    page = opened(browser, published / name, 1280)
    found = page.locator("[data-words]:visible")
    assert found.count() == 2
    page.get_by_label("Find a bulletin").fill("cote ivoire")
    assert found.count() == 1
    assert "Côte d’Ivoire" in found.inner_text()
    assert page.get_by_role("status").inner_text() == "1 of 2 bulletins"
    page.get_by_label("Find a bulletin").fill("zzz")
    assert found.count() == 0
    page.get_by_label("Find a bulletin").fill("")
    assert found.count() == 2


def test_without_scripts_all_is_shown_and_no_search_offered(browser, published):
    page = opened(browser, published / "index.html", 1280, javascript=False)
    assert page.locator("[data-words]:visible").count() == 2
    assert page.locator("input:visible").count() == 0


def test_the_way_from_the_front_page_to_a_bulletins_data(browser, published):
    page = opened(browser, published / "index.html", 390)
    page.get_by_role("link", name=re.compile("Data.*Canada")).click()
    page.wait_for_url("**/index.html#canada-data")
    data = page.locator("#canada-data a")
    assert data.first.is_visible()
    assert data.count() == len(list((published / f"{DAY}" / "canada" / "data").iterdir()))


def test_the_table_of_the_front_page_is_one_on_a_phone_too(browser, published):
    page = opened(browser, published / "index.html", 390)
    assert page.get_by_role("table").get_by_role("row").count() == 3
    assert page.get_by_role("rowheader", name="Canada").is_visible()
