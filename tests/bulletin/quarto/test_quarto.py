"""The Quarto project: what can be known of it without Quarto, and one rendering with it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import published
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from places import ROOT

from aimlib.bulletin.quarto import page_of, prepare
from aimlib.errors import AimError
from aimlib.present import style
from aimlib.present.blocks import CHART_MIME, MIME, Column, Cover, KeyFigure, Notes, Prose, Row, Strip, Table

PROJECT = ROOT / "reports"
CONFIG = yaml.safe_load((PROJECT / "_quarto.yml").read_text())
NASTY = "*x* <b> $y$ @fig-z {{< include a >}} [l](u) `c` #1 | ~"
FIGURE = {
    "kind": "figure", "key": "by_month", "title": "By month", "caption": "Metric tons.", "alt": f"A line: \"{NASTY}\"",
    "source": "Source: made up.", "notes": ["A note."], "csv": "",
}  # fmt: skip
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'


@pytest.fixture
def executed() -> nbformat.NotebookNode:
    """Return an executed notebook with a block of every kind."""
    blocks = [
        Cover("U.S. imports", "unwrought", [("Origin", NASTY)], "2026-11-19", "imports-2026-11-19", [NASTY]),
        Strip("key_figures", "Key figures", [KeyFigure("Level", "1,234", "t", "+1.0%")], "Source: made up.", ""),
        Prose("lead", [NASTY], lead=True),
        Table("by_origin", "By origin", NASTY, [Column("Origin", align="left"), Column("2026", "t")],
              [Row(["<i>Canada</i>", "1"])], "Source: made up.", ""),
        Notes("method", [("How", [NASTY])]),
    ]  # fmt: skip
    outputs = [new_output("display_data", {MIME: json.loads(json.dumps(block.content()))}) for block in blocks]
    outputs.append(new_output("display_data", {MIME: FIGURE, CHART_MIME: {}, "image/svg+xml": SVG}))
    cells = [
        new_markdown_cell("# For the desk", metadata={"tags": ["lab-only"]}),
        new_markdown_cell("## Key figures\n\nWords with *stress*."),
        new_code_cell("secret = 1", execution_count=1, outputs=outputs),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})


def texts(page) -> str:
    return "\n\n".join(cell.source for cell in page.cells if cell.cell_type == "markdown")


def test_the_project_names_files_that_are_there_or_that_its_script_makes(tmp_path):
    assert prepare(tmp_path) == []
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    named = [CONFIG["project"]["pre-render"], *CONFIG["ipynb-filters"], CONFIG["format"]["html"]["theme"][1]]
    assert [name for name in named if not (PROJECT / name).is_file()] == []
    assert {CONFIG["format"]["html"]["css"], CONFIG["format"]["typst"]["font-paths"]} <= made
    assert "_look/bulletins.md" in (PROJECT / "index.qmd").read_text()
    assert any(name.endswith(".ttf") for name in made)
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"reports/_look/", "reports/_site/", "reports/.quarto/"} <= set(ignored)


def test_nothing_is_executed_and_no_code_is_shown():
    assert CONFIG["execute"] == {"enabled": False, "echo": False}
    assert "build/**/*.ipynb" in CONFIG["project"]["render"]


def test_the_look_is_that_of_the_suite():
    look = (PROJECT / "look.scss").read_text()
    assert f"$primary: {style.MAIN};" in look
    assert f"$body-color: {style.INK};" in look
    assert f'"{style.FONT}"' in look
    assert CONFIG["format"]["typst"]["mainfont"] == style.FONT
    css = (ROOT / "src/aimlib/bulletin/templates/page.css").read_text()
    assert re.search(r"^a \{ color: (#\w+)", css, re.MULTILINE)[1] in look


def test_a_page_holds_the_blocks_and_no_code(executed):
    page = page_of(executed)
    nbformat.validate(page)
    front = yaml.safe_load(page.cells[0].source.strip("-\n"))
    assert front["title"] == "U.S. imports"
    assert front["date"] == "2026-11-19"
    assert "secret" not in nbformat.writes(page)
    assert "For the desk" not in nbformat.writes(page)
    assert "## Key figures" in texts(page)
    assert "#tbl-by-origin" in texts(page)
    assert "1,234 t" in texts(page)


def test_a_figure_has_its_alternative_text_and_one_picture(executed):
    (figure,) = [cell for cell in page_of(executed).cells if cell.cell_type == "code"]
    options = yaml.safe_load("\n".join(line.removeprefix("#| ") for line in figure.source.splitlines()))
    assert options["label"] == "fig-by-month"
    assert options["fig-alt"] == FIGURE["alt"]
    assert options["echo"] is False
    assert all(line.startswith("#| ") for line in figure.source.splitlines())
    (output,) = figure.outputs
    assert set(output.data) == {"image/svg+xml", "text/plain"}


def test_nothing_of_the_data_is_markup(executed):
    words = texts(page_of(executed))
    prose = words[words.index("::: {.lead}") :].split("\n")[1]
    assert re.sub(r"\\[!-/:-@\[-`{-~]", "", prose).strip(" abcdefghijklmnopqrstuvwxyz0123456789") == ""
    assert "&lt;i&gt;Canada&lt;/i&gt;" in words
    assert "{{<" not in words


def test_an_unfinished_notebook_is_refused(executed):
    executed.cells[-1].execution_count = None
    with pytest.raises(AimError, match="not all of its cells have been run"):
        page_of(executed)


def test_bulletins_made_are_listed(executed, tmp_path):
    published.publish(tmp_path / "build" / "imports-2026-11-19", executed, {"notebook": "import_trends"})
    published.publish(tmp_path / "build" / ".imports.aim-half", executed, {"notebook": "import_trends"})
    assert prepare(tmp_path) == ["build/imports-2026-11-19/imports-2026-11-19.ipynb"]
    assert "](build/imports-2026-11-19/imports-2026-11-19.ipynb)" in (tmp_path / "_look/bulletins.md").read_text()


def test_the_filter_takes_and_gives_json(executed):
    done = subprocess.run(
        [sys.executable, str(PROJECT / "page.py")], input=nbformat.writes(executed), capture_output=True, text=True,
        check=True, timeout=120,
    )  # fmt: skip
    assert nbformat.reads(done.stdout, as_version=4) == page_of(executed)


@pytest.mark.skipif(shutil.which("quarto") is None, reason="Quarto is not installed")
def test_quarto_renders_page_and_pdf(executed, tmp_path):
    project = shutil.copytree(
        PROJECT, tmp_path / "reports", ignore=shutil.ignore_patterns("build", "_look", "_site", ".quarto")
    )
    published.publish(project / "build" / "imports-2026-11-19", executed, {"notebook": "import_trends"})
    environment = {**os.environ, "QUARTO_PYTHON": sys.executable}
    subprocess.run(["quarto", "render", str(project)], env=environment, check=True, timeout=300)
    page = project / "_site" / "build" / "imports-2026-11-19" / "imports-2026-11-19.html"
    assert "A line:" in page.read_text()
    assert "secret" not in page.read_text()
    assert page.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
