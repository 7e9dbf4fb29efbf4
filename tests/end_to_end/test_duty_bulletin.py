"""The duty bulletin from the command line: complete in every form, the same bytes again, extended law on every page."""

from __future__ import annotations

import base64
import json
import re

import pandas as pd
import pypdf
import pytest
from commands import aim
from pdf_figures import figures_of

MISSING = re.compile(r"\b(nan|NaN|None|NaT|inf|Infinity)\b")
EXTENDED = "beyond verified coverage"
ASKED = ("-p", "country=CAN", "-p", "extend=true", "-p", "elasticity=-1", "-p", "pass_through=1")


@pytest.fixture(scope="module")
def made(sample_store, tmp_path_factory):
    """Return the folder of Canada's bulletin on the sample, the law taken beyond the day it was verified through."""
    folder = tmp_path_factory.mktemp("duty")
    done = aim("run", "duty_scenarios", *ASKED, "--output", str(folder), store=sample_store)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def html(made) -> str:
    return next(made.glob("*.html")).read_text()


@pytest.fixture(scope="module")
def pages(made) -> list[str]:
    """Return the text of the PDF, a page each."""
    texts = (page.extract_text() for page in pypdf.PdfReader(next(made.glob("*.pdf"))).pages)
    return [re.sub(r"\s+", " ", text) for text in texts]


def test_the_pdf_tells_the_whole_story(pages):
    text = " ".join(pages)
    for words in (
        "Duty on U.S. aluminum imports from Canada",
        "7601.10.60",
        "Section 232",
        "Proc 11021",
        "MMOEU00",
        "Factor 1.50",
        "No Section 232",
        "Canada exempt from Section 232 and 338",
        "Statutory beside calculated duty by origin",
        "What would change the rate",
        "verified through October 9, 2026 against HTS 2026 Revision 21",
        "no legal advice",
        "not estimates of this suite",
    ):
        assert words in text, words
    assert not MISSING.search(text)


def test_the_extended_law_says_so_on_every_page_and_in_html(pages, html):
    assert len(pages) > 4
    assert all(EXTENDED in page for page in pages)
    assert "the law is taken as last verified" in html
    assert "extended" in next(page for page in pages if "Sources, method and limits" in page).lower()


def test_every_page_says_that_the_sample_is_synthetic(pages, html):
    assert all("ynthetic sample" in page for page in pages)
    assert "synthetic" in html


def test_html_needs_nothing_else_and_holds_the_same_data_as_the_folder(made, html):
    inside = {
        base64.b64decode(text) for text in re.findall(r"data:text/csv;charset=utf-8;base64,([A-Za-z0-9+/=]+)", html)
    }
    assert inside == {path.read_bytes() for path in (made / "data").glob("*.csv")}
    assert not re.search(r'(src|href)="https?://[^"]+\.(js|css|png|svg|woff2?)"', html)
    shown = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    assert not MISSING.search(re.sub(r"<[^>]*>", " ", shown))


def test_every_figure_has_an_alternative_text_in_both_forms(made, html):
    figures = figures_of(next(made.glob("*.pdf")))
    assert len(figures) == html.count('role="img"') >= 6
    assert all(len(str(figure["/Alt"])) > 30 for figure in figures)


def test_every_row_of_the_data_says_what_it_is(made):
    names = {path.stem for path in (made / "data").glob("*.csv")}
    assert {"measures", "scenarios", "collected", "tonnes_by_rate", "demand", "p1020", "references"} <= names
    for path in (made / "data").glob("*.csv"):
        frame = pd.read_csv(path)
        assert {"concept", "data_basis", "vintage", "partial", "not_listed"} <= set(frame), path.name
        assert not re.search(r"(^|,)(inf|-inf|nan|NaN|None)(,|$)", path.read_text(), re.MULTILINE), path.name


def test_the_scenarios_of_pdf_and_data_agree(made, pages):
    frame = pd.read_csv(made / "data" / "scenarios.csv").set_index("scenario")
    for key in ("today", "no_section_232", "half_rate"):
        assert f"{frame.loc[key, 'statutory_duty_usd'] / 1e6:,.1f}" in " ".join(pages), key


def test_the_manifest_tells_what_the_run_rests_on(made):
    manifest = json.loads((made / "run.json").read_text())
    assert {"census_imports", "prices", "licenses"} <= {block["table"] for block in manifest["inputs"]["blocks"]}
    resolved = manifest["inputs"]["resolved"]
    assert (resolved["origin"], resolved["as_of"], resolved["on"]) == ("CAN", "2026-11-19", "2026-11-19")
    assert set(manifest["outputs"]) >= {f"data/{path.name}" for path in (made / "data").glob("*.csv")}


def test_made_again_in_another_process_the_bytes_are_the_same(made, sample_store, tmp_path):
    asked = ["-p", "country=Canada", *ASKED[2:]]
    done = aim("run", "duty_scenarios", *asked, "-o", "out", store=sample_store, cwd=tmp_path,
               PYTHONHASHSEED="7", TZ="Asia/Tokyo")  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name in json.loads((made / "run.json").read_text())["outputs"]:
        assert (tmp_path / "out" / name).read_bytes() == (made / name).read_bytes(), name


def test_a_scenario_of_the_users_own_by_a_relative_name(sample_store, tmp_path):
    """The notebook runs elsewhere; the file is the one in the folder of the command."""
    (tmp_path / "mine.yml").write_text("mine: {title: My own law, changes: [{rate: s232_articles, to: 11}]}")
    asked = ("-p", "country=KOR", "-p", "product=unwrought", "-p", "scenario=mine.yml")
    done = aim("run", "duty_scenarios", *asked, "-o", "out", store=sample_store, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    scenarios = pd.read_csv(tmp_path / "out" / "data" / "scenarios.csv")
    assert scenarios["scenario"].tolist() == ["law", "today", "mine"]
    assert "My own law" in next((tmp_path / "out").glob("*.html")).read_text()
    # Without extension no page speaks of it.
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(next((tmp_path / "out").glob("*.pdf"))).pages)
    assert "extended beyond" not in text
