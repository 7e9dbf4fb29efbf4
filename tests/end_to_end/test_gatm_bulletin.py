"""The global comparison from the command line: complete in every form, the same bytes again."""

from __future__ import annotations

import base64
import json
import re

import pandas as pd
import pypdf
import pytest
from chromium import CHROMIUM, all_charts_live, opened
from commands import aim
from pdf_figures import figures_of

ASKED = [
    *("-p", "reporters=CAN,ARE,RUS,IND", "-p", "flow=export", "-p", "product=unwrought"),
    *("-p", "period=2020:2025", "-p", "method=reverse"),
]


@pytest.fixture(scope="module")
def made(sample_store, tmp_path_factory):
    """Return the folder of a bulletin on the sample."""
    folder = tmp_path_factory.mktemp("gatm")
    done = aim("run", "gatm_comparison", *ASKED, "--output", str(folder), store=sample_store)
    assert done.returncode == 0, done.stderr
    return folder


def test_nothing_missing_is_printed(made):
    html = next(made.glob("*.html")).read_text()
    pdf = " ".join(page.extract_text() for page in pypdf.PdfReader(next(made.glob("*.pdf"))).pages)
    for text in (pdf, re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.S)):
        assert not re.search(r"\b(nan|NaN|None|NaT|inf|TOTAL|REST)\b", re.sub(r"base64,[A-Za-z0-9+/=]+", "", text))
    assert "Synthetic sample" in pdf
    assert "partners' reports (21 of 35)" in pdf.replace("’", "'")


def test_html_holds_the_same_data_as_the_folder(made):
    html = next(made.glob("*.html")).read_text()
    inside = {
        base64.b64decode(text) for text in re.findall(r"data:text/csv;charset=utf-8;base64,([A-Za-z0-9+/=]+)", html)
    }
    files = sorted((made / "data").glob("*.csv"))
    assert inside == {path.read_bytes() for path in files}
    assert {"ranking", "partners", "accounts", "asymmetry", "coverage", "replaced"} <= {path.stem for path in files}
    for path in files:
        assert set(pd.read_csv(path)["data_basis"]) == {"comtrade"}


def test_every_figure_of_the_pdf_has_an_alternative_text(made):
    figures = figures_of(next(made.glob("*.pdf")))
    assert len(figures) == next(made.glob("*.html")).read_text().count('role="img"') >= 5
    assert all(len(str(figure["/Alt"])) > 40 for figure in figures)


def test_made_again_in_another_process_the_bytes_are_the_same(made, sample_store, tmp_path):
    done = aim("run", "gatm_comparison", *ASKED, "-o", "out", store=sample_store, cwd=tmp_path,
               PYTHONHASHSEED="7", TZ="Asia/Tokyo", AIM_MEMORY="1GB")  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name in json.loads((made / "run.json").read_text())["outputs"]:
        assert (tmp_path / "out" / name).read_bytes() == (made / name).read_bytes(), name


def test_the_manifest_tells_what_it_rests_on(made):
    inputs = json.loads((made / "run.json").read_text())["inputs"]
    assert {block["table"] for block in inputs["blocks"]} == {"comtrade"}
    resolved = inputs["resolved"]
    assert (resolved["source"], resolved["frequency"], resolved["method"]) == ("comtrade", "monthly", "reverse")
    assert resolved["mirrored"] == "ARE,KHM,LAO,MMR,MOZ,OMN,RUS,VNM"


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [1280, 390])
def test_every_chart_comes_alive(browser, made, width):
    page = opened(browser, next(made.glob("*.html")), width)
    assert all_charts_live(page) >= 5
    assert page.said == []
