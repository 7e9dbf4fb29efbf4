"""Several reports as one bulletin."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace
from itertools import pairwise

import pypdf
import pytest

from aimlib.bulletin.combine import Part, combine
from aimlib.bulletin.document import Document, numbered
from aimlib.bulletin.html import render_html
from aimlib.bulletin.pdf import render_pdf
from aimlib.errors import AimError

DAY = dt.date(2026, 11, 19)
AS_OF = ("As of", "November 19, 2026: what was known by that day")
SAMPLE = "Synthetic figures."
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="9"><defs><clipPath id="{key}-0"><rect width="90" '
    'height="9"/></clipPath></defs><g clip-path="url(#{key}-0)"><rect width="90" height="9"/></g></svg>'
)


def heading(text: str, level: int = 2) -> dict:
    return {"kind": "heading", "level": level, "text": text}


def prose(words: str) -> dict:
    return {"kind": "prose", "key": "lead", "paragraphs": [words], "lead": True}


def table(key: str, title: str = "Suppliers", amount: str = "1") -> dict:
    columns = [
        {"label": label, "unit": "", "align": align, "group": ""}
        for label, align in (("Origin", "left"), ("2026", "right"))
    ]
    return {
        "kind": "table", "key": key, "title": title, "caption": "Quantity.", "columns": columns,
        "rows": [{"cells": ["Canada", amount], "role": ""}], "source": "Source: a test.",
        "csv": f"origin,t\nCAN,{amount}\n", "notes": [], "empty": "",
    }  # fmt: skip


def figure(key: str) -> dict:
    return {
        "kind": "figure", "key": key, "title": "By month", "caption": "Tons.", "alt": f"A bar for {key}, no more.",
        "source": "Source: a test.", "csv": f"t\n{key}\n", "notes": [], "svg": SVG.format(key=key),
        "specification": {"mark": "bar"},
    }  # fmt: skip


def strip(amount: str = "1") -> dict:
    number = {"label": "Imports", "number": amount, "unit": "t", "note": "", "direction": ""}
    return {
        "kind": "strip",
        "key": "key_figures",
        "title": "Key figures",
        "figures": [number],
        "source": "Source: a test.",
        "csv": "a\n",
    }


def notes() -> dict:
    return {"kind": "notes", "key": "method", "sections": [["Sources", ["A test."]]]}


def report(
    title: str,
    *nodes: dict,
    facts=(("Measure", "Quantity"), AS_OF),
    notices=(SAMPLE,),
    footer="As of a day. Not for citation.",
    **cover,
) -> Document:
    head = {
        "kind": "cover", "key": "cover", "title": title, "subtitle": f"{title} in short",
        "facts": [list(fact) for fact in facts], "as_of": str(DAY),
        "slug": f"{title}-{DAY}", "notices": list(notices), "paper": "us-letter",
        "running": f"{title}: running", "label": "Sample", "footer": footer,
    }  # fmt: skip
    return Document({**head, **cover}, numbered(list(nodes)))


def trends(**cover) -> Document:
    return report(
        "Trends",
        heading("Key figures"),
        prose("Imports rose."),
        strip(),
        table("suppliers"),
        figure("monthly"),
        notes(),
        **cover,
    )


def metal(*more: dict, **cover) -> Document:
    return report(
        "Metal",
        heading("Key figures"),
        prose("Mostly Canada."),
        strip("2"),
        table("suppliers", amount="2"),
        figure("smelt"),
        *more,
        notes(),
        **cover,
    )


def both(first: Document | None = None, second: Document | None = None, front=()) -> Document:
    parts = [Part("import_trends", first or trends()), Part("smelt_origin", second or metal())]
    return combine("canada", "Canada", "Imports and metal", DAY, parts, front)


def ids(html: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', html)


def test_blocks_are_named_after_their_report_and_numbered_through_the_bulletin():
    bulletin = both()
    titles = {node["key"]: node["title"] for node in bulletin.nodes if node["kind"] in ("table", "figure")}
    assert titles == {
        "import_trends-suppliers": "Table 1. Suppliers",
        "import_trends-monthly": "Figure 1. By month",
        "smelt_origin-suppliers": "Table 2. Suppliers",
        "smelt_origin-smelt": "Figure 2. By month",
    }
    assert bulletin.data["smelt_origin-suppliers"] == "origin,t\nCAN,2\n"
    assert bulletin.cover["slug"] == "canada-2026-11-19"


def test_tables_of_the_front_are_numbered_first_and_keep_their_keys():
    bulletin = both(front=[heading("What changed"), table("changes", "Changes")])
    titles = [node["title"] for node in bulletin.nodes if node["kind"] == "table"]
    assert titles == ["Table 1. Changes", "Table 2. Suppliers", "Table 3. Suppliers"]
    assert "changes" in bulletin.data


def test_what_is_said_again_is_a_reference_to_the_first():
    again = metal(heading("Suppliers"), table("others"), prose("Imports rose.") | {"key": "again"})
    bulletin = both(second=again)
    (reference,) = [node for node in bulletin.nodes if node["kind"] == "reference"]
    assert reference["text"] == "Table 1. Suppliers"
    html = render_html(bulletin)
    assert reference["href"] == "#import_trends-suppliers"
    assert "import_trends-suppliers" in ids(html)
    assert html.count("Imports rose.") == 1
    assert "smelt_origin-others" not in bulletin.data
    assert "As above: Table 1. Suppliers" in _pages(bulletin)[-1]


def test_a_section_that_says_nothing_new_goes():
    bulletin = both(second=report("Metal", heading("Key figures"), prose("Imports rose."), heading("Method"), notes()))
    assert [node["text"] for node in bulletin.nodes if node["kind"] == "heading"] == ["Key figures", "Method"]


def test_the_cover_has_once_what_all_reports_share_and_chapters_what_is_theirs():
    own = (("Measure", "Quantity"), ("Watched", "Russia"), AS_OF)
    bulletin = both(
        second=metal(
            facts=own, notices=(SAMPLE, "Law extended."), footer="As of a day. Law extended. Not for citation."
        )
    )
    assert bulletin.cover["facts"] == [["Measure", "Quantity"], list(AS_OF)]
    assert bulletin.cover["notices"] == [SAMPLE, "Metal: Law extended."]
    assert bulletin.cover["footer"] == "As of a day. Not for citation. Law extended."
    heads = {node["key"]: node for node in bulletin.nodes if node["kind"] == "chapter"}
    assert (heads["import_trends"]["facts"], heads["import_trends"]["notices"]) == ([], [])
    assert heads["smelt_origin"]["facts"] == [["Watched", "Russia"]]
    assert heads["smelt_origin"]["notices"] == ["Law extended."]


def test_headings_go_down_one_level_at_a_time_and_every_link_arrives():
    html = render_html(both(front=[heading("What changed"), prose("Nothing.") | {"key": "front"}]))
    body = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    levels = [int(level) for level in re.findall(r"<h(\d)", body)]
    assert levels.count(1) == 1
    assert max(levels) == 4
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(set(ids(body))) == len(ids(body))
    links = re.findall(r'href="#([^"]+)"', body)
    assert set(links) <= set(ids(body))
    assert {"import_trends", "smelt_origin"} <= set(links)
    labels = re.findall(r'<section class="strip-box" aria-label="([^"]+)"', body)
    assert labels == ["Key figures: Trends", "Key figures: Metal"]


def test_pictures_keep_their_parts_when_they_are_renamed():
    svg = next(node["svg"] for node in both().nodes if node["kind"] == "figure")
    assert svg == SVG.format(key="import_trends-monthly")


def test_libraries_and_fonts_stand_once():
    html, alone = render_html(both()), render_html(trends())
    assert html.count("@font-face") == alone.count("@font-face")
    assert len(html) < 1.05 * len(alone)


def test_equal_documents_give_equal_bytes_and_the_parts_stay_as_they_were():
    part = trends()
    before = render_html(part)
    assert render_html(both(first=part)) == render_html(both(first=part))
    assert render_pdf(both(first=part)) == render_pdf(both(first=part))
    assert render_html(part) == before


def _pages(bulletin: Document) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(bulletin)))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


def test_each_chapter_of_the_pdf_begins_a_page_that_names_it():
    cover, first, second = _pages(both(front=[heading("What changed"), prose("Nothing new.") | {"key": "front"}]))
    assert re.search(r"Contents What changed.*1 Trends.*2 Metal.*3 What changed Nothing new\.", cover)
    assert "Trends: running" in first
    assert "Imports rose." in first
    assert "Metal: running" in second
    assert "Trends" not in second


def test_the_outline_of_the_pdf_has_chapters_with_their_sections():
    outline = pypdf.PdfReader(io.BytesIO(render_pdf(both()))).outline
    (title, parts) = outline
    assert title.title == "Canada"
    assert [part.title for part in parts if not isinstance(part, list)] == ["Trends", "Metal"]
    sections = next(part for part in parts if isinstance(part, list))
    assert sections[0].title == "Key figures"


def test_one_report_is_a_bulletin_without_chapters():
    bulletin = combine(
        "canada",
        "Canada",
        "Imports",
        DAY,
        [Part("import_trends", trends())],
        [heading("What changed"), table("changes")],
    )
    assert not bulletin.is_combined
    assert [node["text"] for node in bulletin.nodes if node["kind"] == "heading"] == ["What changed", "Key figures"]
    assert bulletin.cover["facts"] == [["Measure", "Quantity"], list(AS_OF)]
    assert list(bulletin.data) == [
        "changes",
        "import_trends-key_figures",
        "import_trends-suppliers",
        "import_trends-monthly",
    ]


def test_reports_that_do_not_belong_together_are_refused():
    with pytest.raises(AimError, match="same label: smelt_origin"):
        combine("canada", "Canada", "", DAY, [Part("smelt_origin", metal())] * 2)
    with pytest.raises(AimError, match="as of 2026-11-12"):
        both(first=trends(as_of="2026-11-12"))
    with pytest.raises(AimError, match="different paper"):
        both(first=trends(paper="a4"))
    with pytest.raises(AimError, match="no report"):
        combine("canada", "Canada", "", DAY, [])


def test_a_part_named_like_another_parts_block_is_refused():
    clashing = replace(metal(), nodes=[])
    parts = [Part("import_trends", trends()), Part("import_trends-suppliers", clashing)]
    with pytest.raises(AimError, match="same key"):
        combine("canada", "Canada", "", DAY, parts)
