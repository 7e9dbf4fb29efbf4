"""Frames that the reports of a run share change nothing: every block is the same with them and without."""

from __future__ import annotations

from dataclasses import asdict

import duckdb
import pytest

from aimlib.bulletin.opening import open_import_trends, open_smelt_origin
from aimlib.present import import_trends, smelt_origin
from aimlib.store.shared import FOLDER

# A main origin, one that is not, a group, and all.
PLACES = ("MEX", "THA", "EU27", "all")
AS_OF = "2022-12-15"
OPENED = ((open_import_trends, import_trends), (open_smelt_origin, smelt_origin))


def contents(place: str) -> dict[str, object]:
    """Return all that the blocks of both notebooks say of a place, and where their figures come from."""
    made = {}
    for opening, sections in OPENED:
        report = opening(country=place, as_of=AS_OF)
        blocks = {"cover": report.cover()} | {name: getattr(sections, name)(report.view) for name in sections.__all__}
        for name, block in blocks.items():
            made[f"{sections.__name__} {name}"] = block.content()
        made[f"{sections.__name__} sources"] = report.blocks
    notes = report.view.tables.notes
    made["notes"] = repr({**asdict(notes), "hidden": notes.hidden.to_csv()})
    return made


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="module")
def with_shared(sample_store, shared_folder):
    """Return the contents with shared frames: of the first place made, of the others found or made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIM_STORE", str(sample_store))
        patch.setenv(FOLDER, str(shared_folder))
        return {place: contents(place) for place in PLACES}


@pytest.mark.parametrize("place", PLACES)
def test_every_block_is_the_same_with_shared_frames_and_without(with_shared, sample_store, monkeypatch, place):
    monkeypatch.setenv("AIM_STORE", str(sample_store))
    monkeypatch.delenv(FOLDER, raising=False)
    alone, shared = contents(place), with_shared[place]
    assert alone.keys() == shared.keys()
    for name in alone:
        assert alone[name] == shared[name], name


def test_a_country_beside_others_asks_nothing_of_the_tables(with_shared, shared_folder, sample_store, monkeypatch):
    """Another main origin finds all that its reports rest on: no query is made."""
    monkeypatch.setenv("AIM_STORE", str(sample_store))
    monkeypatch.setenv(FOLDER, str(shared_folder))
    monkeypatch.setattr(duckdb, "connect", lambda *_, **__: pytest.fail("a table was read"))
    assert contents("MEX") == with_shared["MEX"]
    assert contents("CHN").keys() == with_shared["MEX"].keys()


def test_other_rules_find_other_frames(with_shared, shared_folder, sample_store, monkeypatch):
    """A stricter rule of confidentiality may not find tables protected by a looser one."""
    monkeypatch.setenv("AIM_STORE", str(sample_store))
    monkeypatch.setenv(FOLDER, str(shared_folder))
    before = {path.name for path in shared_folder.iterdir()}
    monkeypatch.setenv("AIM_LEAST_IMPORTERS", "6")
    strict = open_smelt_origin(country="MEX", as_of=AS_OF).view.tables
    assert repr(strict.notes.hidden.to_csv()) not in with_shared["MEX"]["notes"]
    added = {name.rsplit("-", 1)[0] for name in {path.name for path in shared_folder.iterdir()} - before}
    assert added == {"metal-tables", "license-months"}
