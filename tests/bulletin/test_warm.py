"""What is filled in before processes are forked: nothing that may not be used by their parent."""

from __future__ import annotations

import duckdb
import py_mini_racer
import pytest
import typst

from aimlib.bulletin.warm import warm_up
from aimlib.present import tariff_marks
from aimlib.reference import countries


def test_every_country_has_its_marks_and_nothing_that_cannot_be_forked_is_used(monkeypatch):
    def used(*_, **__):
        pytest.fail("a process forked after this would hang")

    monkeypatch.setattr(duckdb, "connect", used)
    monkeypatch.setattr(py_mini_racer, "MiniRacer", used)
    monkeypatch.setattr(typst, "compile", used)
    monkeypatch.setattr(tariff_marks, "_kept", {})
    warm_up()
    origins = {origin for origin, _ in tariff_marks._kept}
    assert origins == {iso3 for iso3 in countries.codes() if countries.is_country(iso3)}


def test_marks_made_for_all_are_those_of_each_alone(monkeypatch):
    monkeypatch.setattr(tariff_marks, "_kept", {})
    tariff_marks.warm_marks()
    together = dict(tariff_marks._kept)
    tariff_marks._kept.clear()
    for origin in ("CAN", "RUS", "ARE", "GBR"):
        alone = tariff_marks._changes(origin, "76011060")
        assert len(alone)
        assert alone.equals(together[origin, "76011060"])
