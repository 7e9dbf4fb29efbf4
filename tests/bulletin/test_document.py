"""An executed notebook as a document."""

from __future__ import annotations

import nbformat
import pytest

from aimlib.bulletin.document import read_document
from aimlib.errors import AimError
from aimlib.present.blocks import MIME

COVER = {"kind": "cover", "key": "cover", "title": "T", "subtitle": "S"}


def code(*blocks: dict) -> nbformat.NotebookNode:
    outputs = [nbformat.v4.new_output("display_data", {MIME: block}) for block in blocks]
    return nbformat.v4.new_code_cell("show()", outputs=outputs, execution_count=1)


def table(key: str) -> dict:
    return {"kind": "table", "key": key, "title": "Suppliers", "csv": "a\n1\n"}


def read(*cells: nbformat.NotebookNode):
    return read_document(nbformat.v4.new_notebook(cells=list(cells)))


def test_tables_are_numbered_in_reading_order_and_keep_their_data():
    document = read(code(COVER), code(table("one")), code(table("two")))
    assert [node["title"] for node in document.nodes] == ["Table 1. Suppliers", "Table 2. Suppliers"]
    assert document.data == {"one": "a\n1\n", "two": "a\n1\n"}


def test_a_heading_with_nothing_under_it_is_dropped():
    section = nbformat.v4.new_markdown_cell
    document = read(code(COVER), section("## Empty"), section("## Full"), code(table("one")))
    assert [node["text"] for node in document.nodes if node["kind"] == "heading"] == ["Full"]


def test_cells_for_the_person_at_the_notebook_stay_there():
    aside = nbformat.v4.new_markdown_cell("Change a parameter.", metadata={"tags": ["lab-only"]})
    assert read(aside, code(COVER)).nodes == []


def test_text_keeps_emphasis_and_links():
    text = nbformat.v4.new_markdown_cell("Plain *and* [linked](https://example.org).\n\n- item")
    paragraph, items = read(code(COVER), text).nodes
    assert [(run["text"], run["style"], run["href"]) for run in paragraph["runs"]] == [
        ("Plain ", "", ""),
        ("and", "emphasis", ""),
        (" ", "", ""),
        ("linked", "", "https://example.org"),
        (".", "", ""),
    ]
    assert items["items"][0][0]["text"] == "item"


def test_a_notebook_that_was_not_run_is_no_bulletin():
    with pytest.raises(AimError, match="not all of its cells have been run"):
        read(nbformat.v4.new_code_cell("1"))


def test_a_notebook_run_half_is_no_bulletin():
    with pytest.raises(AimError, match="not all of its cells"):
        read(code(COVER), nbformat.v4.new_code_cell("show(later)"))


def test_only_links_of_the_web_are_kept():
    text = nbformat.v4.new_markdown_cell("[x](javascript:alert(1))")
    (paragraph,) = read(code(COVER), text).nodes
    assert {run["href"] for run in paragraph["runs"]} == {""}


def test_a_failed_cell_is_no_bulletin():
    failed = nbformat.v4.new_code_cell(
        "", outputs=[nbformat.v4.new_output("error", ename="KeyError", evalue="x", traceback=[])]
    )
    with pytest.raises(AimError, match="failed"):
        read(code(COVER), failed)


def test_two_blocks_of_one_key_are_a_mistake():
    with pytest.raises(AimError, match="same key"):
        read(code(COVER), code(table("one")), code(table("one")))


def test_markup_that_bulletins_do_not_set_is_refused():
    with pytest.raises(AimError, match="bulletins do not set"):
        read(code(COVER), nbformat.v4.new_markdown_cell("```\ncode\n```"))
