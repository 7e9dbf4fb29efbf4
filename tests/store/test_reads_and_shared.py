"""What was read is told by table, its digest moves with the rows; shared frames are made once and come back alike."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from weekly_trial import MONTHS, load

from aimlib.store import Store
from aimlib.store.reads import Read, digest, note, recording
from aimlib.store.shared import FOLDER, shared

DAY, LATER = date(2024, 5, 9), date(2024, 5, 16)


@pytest.fixture
def filled(tmp_path):
    load(tmp_path / "store", tmp_path, MONTHS[:2], DAY)
    return tmp_path / "store"


def test_reads_are_told_to_all_who_record():
    note("prices")  # nobody records: nothing happens
    with recording() as outer:
        note("licenses")
        with recording() as inner:
            note("prices", headings=["7604", "7601"])
    assert inner == {Read("prices", headings=("7601", "7604"))}
    assert outer == inner | {Read("licenses")}


def test_whatever_is_read_of_a_store_is_told(filled):
    store = Store.open(filled)
    for read in (
        lambda: store.blocks("census_imports", DAY),
        lambda: store.every_block("census_imports"),
        lambda: store.known_days("census_imports"),
        lambda: store.read("census_imports", DAY),
    ):
        with recording() as told:
            read()
        assert told == {Read("census_imports")}


def test_a_digest_moves_with_the_rows_known_by_the_day_and_with_nothing_else(filled, tmp_path):
    reads = {Read("census_imports")}
    before = digest(Store.open(filled), reads, DAY)
    load(filled, tmp_path, MONTHS[:1], LATER, edition=1)
    after = Store.open(filled)
    assert digest(after, reads, DAY) == before
    assert digest(after, reads, LATER) != before
    assert digest(after, {Read("prices")}, LATER) == digest(Store.open(filled), {Read("prices")}, DAY)
    by_heading = [
        digest(Store.open(filled), {Read("census_imports", headings=(code,))}, DAY) for code in ("7601", "7602")
    ]
    assert by_heading[0] != by_heading[1]


@pytest.fixture
def frames():
    return {
        "numbers": pd.DataFrame({"amount": [1.5, np.nan], "count": pd.array([1, None], dtype="Int64")}),
        "texts": pd.DataFrame({"origin": ["CAN", ""], "day": pd.to_datetime(["2024-01-01", None])}, index=[3, 1]),
        "none": pd.DataFrame({"origin": pd.Series(dtype="str")}),
    }


def test_frames_are_made_once_and_come_back_as_they_were(filled, tmp_path, monkeypatch, frames):
    store, made = Store.open(filled), []

    def make():
        made.append(1)
        return frames

    asked = {"tables": ["census_imports"], "as_of": DAY, "product": "aim"}
    assert shared(store, "trial", make, **asked).keys() == frames.keys()  # without a folder nothing is kept
    monkeypatch.setenv(FOLDER, str(tmp_path / "shared"))
    for _ in range(2):
        with recording() as told:
            found = shared(store, "trial", make, **asked)
        assert told == {Read("census_imports")}
        for name, frame in frames.items():
            pd.testing.assert_frame_equal(found[name], frame)
    assert len(made) == 2
    shared(store, "trial", make, **asked | {"product": "scrap"})
    load(filled, tmp_path, MONTHS[:1], DAY, edition=2)
    shared(Store.open(filled), "trial", make, **asked)
    assert len(made) == 4


def test_a_file_that_was_cut_is_made_again(filled, tmp_path, monkeypatch, frames):
    monkeypatch.setenv(FOLDER, str(tmp_path / "shared"))
    shared(None, "trial", lambda: frames)
    (file,) = tmp_path.glob("shared/*/numbers.arrow")
    file.write_bytes(file.read_bytes()[:20])
    found = shared(None, "trial", lambda: frames)
    pd.testing.assert_frame_equal(found["numbers"], frames["numbers"])
