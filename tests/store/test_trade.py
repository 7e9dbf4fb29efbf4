"""The plan of what to read, the limit on memory, and the kept choice of blocks."""

from datetime import date

import pandas as pd
import pytest
from trade_store import block, load, row

from aimlib.errors import AimError
from aimlib.store.scan import opened
from aimlib.store.trade_plan import Asked, plan

MONTHS = Asked({"7601": "unwrought"}, "monthly", pd.Timestamp("2024-01"), pd.Timestamp("2024-12"))


def test_a_commit_all_of_whose_blocks_count_is_read_whole_and_another_by_its_blocks(tmp_path):
    load(tmp_path, [row(), row(period="2024-02"), row(period="2024")], "2025-01-01")
    store = load(tmp_path, [row(period="2024-02")], "2025-02-01")
    parts = plan(store, MONTHS).parts.set_index("commit_name")
    assert parts["is_whole"].tolist() == [False, True]
    assert plan(store, MONTHS, date(2025, 1, 31)).parts["is_whole"].tolist() == [True]


def test_blocks_without_rows_count_as_told_and_are_not_read(tmp_path):
    found = plan(load(tmp_path, [], blocks=[block()]), MONTHS)
    assert found.told[["reporter", "flow", "coverage"]].to_numpy().tolist() == [["CAN", "export", "complete"]]
    assert found.parts.empty


def test_a_limit_on_memory_is_kept_and_the_overflow_folder_removed(tmp_path, monkeypatch):
    store = load(tmp_path, [row()])
    monkeypatch.setenv("AIM_MEMORY", "64MiB")
    with opened(store, "comtrade", []) as (connection, _):
        names = ("memory_limit", "temp_directory")
        limit, folder = (connection.execute(f"SELECT current_setting('{name}')").fetchall()[0][0] for name in names)
        connection.execute("CREATE TABLE large AS SELECT range AS number, hash(range) AS other FROM range(8000000)")
        assert connection.execute("SELECT count(*) FROM large").fetchall() == [(8_000_000,)]
    assert limit == "64.0 MiB"
    assert not pd.io.common.file_exists(folder)


def test_an_impossible_limit_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("AIM_MEMORY", "much")
    with pytest.raises(AimError, match="AIM_MEMORY") as error, opened(load(tmp_path, [row()]), "comtrade", []):
        pass
    assert "1GB" in error.value.advice


def test_a_frame_of_blocks_changed_by_its_reader_changes_nothing_for_the_next(tmp_path):
    store = load(tmp_path, [row()])
    blocks = store.blocks("comtrade")
    blocks["heading"] = "changed"
    assert store.blocks("comtrade")["heading"].tolist() == ["CAN 7601"]
