"""The smelt and cast bulletin from the command line: complete, protected in every form, the same bytes again."""

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


@pytest.fixture(scope="module")
def made(sample_store, tmp_path_factory):
    """Return the folder of South Korea's bulletin on the sample."""
    folder = tmp_path_factory.mktemp("smelt")
    done = aim("run", "smelt_origin", "-p", "country=KOR", "--output", str(folder), store=sample_store)
    assert done.returncode == 0, done.stderr
    return folder


def texts(folder) -> dict[str, str]:
    """Return what a reader can get at, by form: HTML without its data, PDF, CSVs, notebook."""
    html = next(folder.glob("*.html")).read_text()
    pdf = " ".join(page.extract_text() for page in pypdf.PdfReader(next(folder.glob("*.pdf"))).pages)
    csv = "\n".join(path.read_text() for path in sorted((folder / "data").glob("*.csv")))
    return {"html": html, "pdf": pdf, "csv": csv, "notebook": next(folder.glob("*.ipynb")).read_text()}


def test_nothing_missing_and_no_importer_is_in_any_form(made):
    for form, text in texts(made).items():
        assert not re.search(r"Importer \d{4}|Exporter [A-Z]{3}", text), form
    assert not re.search(r"\b(nan|NaN|None|NaT|inf|TOTAL|GROUP)\b", texts(made)["pdf"])


def test_html_holds_the_same_data_as_the_folder(made):
    html = texts(made)["html"]
    inside = {
        base64.b64decode(text) for text in re.findall(r"data:text/csv;charset=utf-8;base64,([A-Za-z0-9+/=]+)", html)
    }
    assert inside == {path.read_bytes() for path in (made / "data").glob("*.csv")}


def test_hidden_cells_have_no_figure_in_any_data(made):
    checked = 0
    for path in (made / "data").glob("*.csv"):
        frame = pd.read_csv(path, keep_default_na=False, na_values=[""])
        if "suppressed" in frame:
            hidden = frame[frame["suppressed"].notna()]
            figures = [name for name in frame if name in ("quantity_kg", "customs_value_usd", "implied_quantity_kg")]
            figures += [name for name in frame if name.startswith("share_")]
            assert hidden[figures].isna().all(axis=None), path.name
            checked += len(hidden)
    assert checked > 20


def test_every_figure_of_the_pdf_has_an_alternative_text(made):
    figures = figures_of(next(made.glob("*.pdf")))
    assert len(figures) == texts(made)["html"].count('role="img"') >= 4
    assert all(len(str(figure["/Alt"])) > 40 for figure in figures)


def test_made_again_in_another_process_the_bytes_are_the_same(made, sample_store, tmp_path):
    done = aim("run", "smelt_origin", "-p", "country=Korea, South", "-o", "out", store=sample_store, cwd=tmp_path,
               PYTHONHASHSEED="7", TZ="Asia/Tokyo")  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name in json.loads((made / "run.json").read_text())["outputs"]:
        assert (tmp_path / "out" / name).read_bytes() == (made / name).read_bytes(), name


def test_the_manifest_tells_licenses_and_census(made):
    manifest = json.loads((made / "run.json").read_text())
    assert {block["table"] for block in manifest["inputs"]["blocks"]} == {"licenses", "census_imports"}
    assert manifest["inputs"]["resolved"]["watch"] == "CHN,RUS,IRN,BLR"


def test_license_files_from_the_command_line(sample_store, tmp_path):
    """Check, load, look, run: what someone with license files does first."""
    from aimlib.ingest.sample.license_files import license_files

    file = tmp_path / "licenses.csv"
    file.write_bytes(license_files()[0].body)
    store = tmp_path / "store"
    checked = aim("licenses", "check", str(file), "--csv", str(tmp_path / "findings.csv"), store=store)
    assert checked.returncode == 1
    assert "AIM-CAST-01" in checked.stdout
    assert not store.exists()
    findings = pd.read_csv(tmp_path / "findings.csv")
    assert {"rule", "sentence", "citation", "row", "license_number"} <= set(findings)
    loaded = aim("load", "licenses", str(file), "--known-on", "2022-01-06", store=store)
    assert loaded.returncode == 1
    assert "set aside" in loaded.stderr
    again = aim("load", "licenses", str(file), "--known-on", "2022-01-06", store=store)
    assert again.returncode == 0
    assert "already" in again.stdout
    done = aim("run", "smelt_origin", "-p", "country=KOR", "-o", str(tmp_path / "out"), store=store)
    assert done.returncode == 0, done.stderr


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [1280, 390])
def test_every_chart_comes_alive(browser, made, width):
    page = opened(browser, next(made.glob("*.html")), width)
    assert all_charts_live(page) >= 4
    assert page.said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
