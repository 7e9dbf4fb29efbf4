"""The machine-readable catalog."""

from __future__ import annotations

import hashlib
import json

from aimlib.bulletin.site.catalog import catalog


def test_every_file_of_the_latest_week_is_there_with_its_digest(edition, before):
    content = json.loads(catalog([before, edition]))
    assert content["as_of"] == "2026-11-19"
    found = {file["path"]: file for dataset in content["dataset"] for file in dataset["distribution"]}
    for entry in edition.entries:
        for path, digest in entry.files.items():
            assert found[f"2026-11-19/{path}"]["sha256"] == digest
    assert "2026-11-19/aluminum-imports-2026-11-19.xlsx" in found
    assert all(file["title"] and file["media_type"] and file["as_of"] == "2026-11-19" for file in found.values())


def test_data_say_their_figure_report_and_source(edition):
    content = json.loads(catalog([edition]))
    files = [
        file for dataset in content["dataset"] for file in dataset["distribution"] if file["media_type"] == "text/csv"
    ]
    assert {(file["report"], file["figure"]) for file in files} == {("import_trends", "monthly")}
    assert {file["source"] for file in files} == {"Synthetic sample, known November 19, 2026."}


def test_all_weeks_are_nested_with_the_digest_of_their_record(edition, before):
    nested = json.loads(catalog([before, edition]))["catalog"]
    assert [part["path"] for part in nested] == ["2026-11-19/catalog.json", "2026-11-12/catalog.json"]
    assert nested[1]["sha256"] == hashlib.sha256(before.to_json()).hexdigest()
