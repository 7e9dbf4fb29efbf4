"""Readings kept for other reports of a run: found again, and never out of date."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from license_store import WIRE, event, load

from aimlib.ingest.licensing import license_sources, read_cells, read_detail, read_panel
from aimlib.store.license_log import LicenseLog
from aimlib.store.shared import FOLDER

MARCH = pd.Timestamp("2025-03-01")
DAY = date(2025, 3, 11)
FIRST = event("A1", on="2025-02-25")
LATE = event("A2", on="2025-03-10", origin="MEX", importer="Bolt", code=WIRE, quantity_kg=2_000.0)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path / "shared"))


def cells(store) -> float:
    return read_cells(store, as_of=DAY, months=[MARCH])["quantity_kg"].sum()


def test_what_one_report_read_the_next_does_not_ask_for(tmp_path, monkeypatch):
    store = load(tmp_path / "store", [FIRST, LATE], "2025-03-13")
    span = {"first": MARCH, "last": MARCH}
    before = [read_panel(store), read_detail(store, **span), pd.DataFrame(license_sources(store))]
    monkeypatch.setattr(LicenseLog, "_ask", lambda *_, **__: pytest.fail("licenses were read"))
    after = [read_panel(store), read_detail(store, **span), pd.DataFrame(license_sources(store))]
    for one, other in zip(before, after, strict=True):
        assert len(one)
        pd.testing.assert_frame_equal(one, other)


def test_a_later_load_that_tells_of_an_earlier_day_is_seen(tmp_path):
    """A log knows row by row: a file loaded on the 13th may bring what was known on the 10th."""
    assert cells(load(tmp_path / "store", [FIRST], "2025-03-06")) == 10_000.0
    assert cells(load(tmp_path / "store", [FIRST, LATE], "2025-03-13")) == 12_000.0
