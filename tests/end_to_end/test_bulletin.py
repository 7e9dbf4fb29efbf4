"""A bulletin from the command line: complete, accessible, the same bytes again."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pypdf
from commands import aim
from pdf_figures import figures_of

ALLOWED_KB = 2500


def pdf_text(path) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_html_is_one_file_that_asks_for_nothing(sample_bulletin):
    html = sample_bulletin.html.read_text()
    assert sample_bulletin.html.stat().st_size < ALLOWED_KB * 1000
    body = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', body)
    assert "default-src 'none'" in html


def test_every_page_of_the_sample_says_it_is_synthetic(sample_bulletin):
    assert "synthetic" in sample_bulletin.html.read_text()
    for page in pypdf.PdfReader(sample_bulletin.pdf).pages:
        assert "ynthetic" in page.extract_text()


def test_no_missing_number_and_no_code_is_printed(sample_bulletin):
    text = pdf_text(sample_bulletin.pdf)
    assert not re.search(r"\b(nan|NaN|None|NaT|inf)\b", text)
    assert "import_trends" not in text
    assert "def " not in text


def test_pdf_has_tags_title_language_and_bookmarks(sample_bulletin):
    reader = pypdf.PdfReader(sample_bulletin.pdf)
    root = reader.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "en-US"
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert reader.metadata.title.startswith("U.S. aluminum imports from Canada")
    assert "Sources and method" in str(reader.outline)


def test_every_figure_of_the_pdf_has_an_alternative_text(sample_bulletin):
    figures = figures_of(sample_bulletin.pdf)
    charts = sample_bulletin.html.read_text().count('role="img"')
    assert len(figures) == charts > 5
    assert all(len(str(figure["/Alt"])) > 40 for figure in figures)


def test_the_headline_number_is_in_html_pdf_and_csv(sample_bulletin):
    figures = pd.read_csv(sample_bulletin.folder / "data" / "key_figures.csv").set_index("figure")["amount"]
    printed = f"{figures['level']:,.0f} t"
    assert printed in sample_bulletin.html.read_text()
    assert printed in re.sub(r"\s+", " ", pdf_text(sample_bulletin.pdf))


def test_data_beside_the_bulletin_are_the_data_inside_it(sample_bulletin):
    import base64

    html = sample_bulletin.html.read_text()
    inside = {
        base64.b64decode(text) for text in re.findall(r"data:text/csv;charset=utf-8;base64,([A-Za-z0-9+/=]+)", html)
    }
    beside = {path.read_bytes() for path in (sample_bulletin.folder / "data").glob("*.csv")}
    assert inside == beside


def test_the_manifest_tells_inputs_and_hashes_and_no_secret(sample_bulletin):
    text = (sample_bulletin.folder / "run.json").read_text()
    manifest = json.loads(text)
    assert manifest["inputs"]["resolved"]["product"] == "aim"
    assert manifest["inputs"]["blocks"]
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((sample_bulletin.folder / name).read_bytes()).hexdigest() == digest
    assert "/home" not in text
    assert str(sample_bulletin.folder) not in text


def test_made_again_in_another_process_the_bytes_are_the_same(sample_bulletin, sample_store, tmp_path):
    done = aim("run", "import_trends", "-p", "country=Canada", "-o", "out", store=sample_store, cwd=tmp_path,
               PYTHONHASHSEED="7", TZ="Asia/Tokyo")  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name in ("run.json", *json.loads((sample_bulletin.folder / "run.json").read_text())["outputs"]):
        assert (tmp_path / "out" / name).read_bytes() == (sample_bulletin.folder / name).read_bytes(), name


def test_set_twice_in_one_process_the_bytes_are_the_same(sample_bulletin):
    import nbformat

    from aimlib.bulletin.document import read_document
    from aimlib.bulletin.html import render_html
    from aimlib.bulletin.pdf import render_pdf

    (path,) = sample_bulletin.folder.glob("*.ipynb")
    document = read_document(nbformat.read(path, as_version=4))
    assert render_html(document).encode() == render_html(document).encode() == sample_bulletin.html.read_bytes()
    assert render_pdf(document) == render_pdf(document) == sample_bulletin.pdf.read_bytes()


def test_nbconvert_lists_both_exporters_and_gives_the_same_pages(sample_bulletin):
    from nbconvert.exporters import export, get_export_names, get_exporter

    (path,) = sample_bulletin.folder.glob("*.ipynb")
    made = {}
    for name in ("Aluminum_bulletin_HTML", "Aluminum_bulletin_PDF"):
        assert name in get_export_names()
        made[name], _ = export(get_exporter(name), str(path))
    assert made["Aluminum_bulletin_HTML"].encode() == sample_bulletin.html.read_bytes()
    assert made["Aluminum_bulletin_PDF"] == sample_bulletin.pdf.read_bytes()


def test_a_country_without_trade_gets_a_bulletin_that_says_so(sample_store, tmp_path):
    done = aim("run", "import_trends", "-p", "country=Nauru", "-o", str(tmp_path), store=sample_store)
    assert done.returncode == 0, done.stderr
    (pdf,) = tmp_path.glob("*.pdf")
    text = re.sub(r"\s+", " ", pdf_text(pdf))
    assert "recorded no imports of" in text
    assert "Nauru" in text
    assert not re.search(r"\b(nan|NaN|None)\b", text)


def test_groups_general_imports_values_and_a4(sample_store, tmp_path):
    asked = [
        "country=GCC",
        "concept=general",
        "measure=value",
        "product=unwrought",
        "paper=a4",
        "period=2024:2025",
    ]
    arguments = [part for pair in asked for part in ("-p", pair)]
    done = aim("run", "import_trends", *arguments, "-o", str(tmp_path), store=sample_store)
    assert done.returncode == 0, done.stderr
    (pdf,) = tmp_path.glob("*.pdf")
    page = pypdf.PdfReader(pdf).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    monthly = pd.read_csv(tmp_path / "data" / "monthly.csv")
    assert (monthly["month"].min(), monthly["month"].max()) == ("2024-01-01", "2025-12-01")
    assert set(monthly["concept"]) == {"general"}


def test_the_sample_can_be_asked_for_in_a_store_of_real_data_and_does_not_mix(sample_store, tmp_path):
    rows = [
        ["CTY_CODE", "CON_VAL_MO", "I_COMMODITY", "COMM_LVL", "time"],
        ["1220", "70", "7601106030", "HS10", "2024-03"],
        ["-", "70", "7601106030", "HS10", "2024-03"],
    ]
    (tmp_path / "answer.json").write_text(json.dumps(rows))
    store = tmp_path / "store"
    assert aim("load", "census", str(tmp_path / "answer.json"), store=store).returncode == 0
    shutil.copytree(sample_store / "sample", store / "sample")  # as an earlier run with --sample has left it
    done = aim("run", "import_trends", "--sample", "-o", str(tmp_path / "sample"), store=store)
    assert done.returncode == 0, done.stderr
    assert "synthetic" in next((tmp_path / "sample").glob("*.html")).read_text()
    assert "2024-03" in aim("tables", store=store).stdout
    done = aim("run", "import_trends", "-o", str(tmp_path / "real"), store=store)
    assert done.returncode == 0, done.stderr
    assert "synthetic" not in next((tmp_path / "real").glob("*.html")).read_text()


def test_a_store_named_from_here_is_the_same_store_for_the_kernel(sample_store, tmp_path):
    (tmp_path / "mystore").symlink_to(sample_store)
    done = aim("run", "import_trends", "-o", "out", store=Path("mystore"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_ctrl_c_stops_with_a_word_and_leaves_nothing_half_made(sample_store, tmp_path):
    environment = {**os.environ, "AIM_STORE": str(sample_store)}
    command = [sys.executable, "-c", "from aimlib.cli import main; main()", "run", "import_trends", "-o", "out"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped." in said
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())
