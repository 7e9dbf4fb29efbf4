"""The plan of what to read, the limit on memory, and the kept choice of blocks."""

from datetime import date

import pandas as pd
import pytest
from trade_store import block, load, row

from aimlib.errors import AimError
from aimlib.store import trade_gaps
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


def gaps_in_pieces(store, asked, monkeypatch, rows):
    """Return the asymmetries, and of how many pieces they are made."""
    counts = []
    monkeypatch.setattr(trade_gaps, "PIECE_ROWS", rows)
    numbers = trade_gaps._numbers
    monkeypatch.setattr(trade_gaps, "_numbers", lambda *given: counts.append(1) or numbers(*given))
    found = trade_gaps.gaps(store, asked)
    monkeypatch.setattr(trade_gaps, "_numbers", numbers)
    return found, len(counts)


def test_asymmetries_are_the_same_in_pieces_as_at_once(tmp_path, monkeypatch):
    for month, kilograms in (("2024-01", 1_000.0), ("2024-02", 3_000.0)):
        bought = row("USA", "CAN", "import", month, quantity_kg=2_000.0)
        load(tmp_path, [row(period=month, quantity_kg=kilograms), bought], f"{month}-28")
    store = load(tmp_path, [row("USA", "MEX", "import", "2024-03"), row("MEX", period="2024-03")], "2024-04-28")
    at_once, one = gaps_in_pieces(store, MONTHS, monkeypatch, 1_000)
    in_pieces, several = gaps_in_pieces(store, MONTHS, monkeypatch, 1)
    assert (one, several) == (1, 3)
    pd.testing.assert_frame_equal(in_pieces, at_once)
    assert at_once["exporter"].tolist() == ["CAN", "CAN", "MEX"]
    assert at_once["asymmetry"].tolist() == pytest.approx([2 / 3, 0.4, 0.0])


def test_commits_that_hold_the_same_period_are_read_together(tmp_path, monkeypatch):
    load(tmp_path, [row(period="2024-01"), row(period="2024-02")], "2024-03-01")
    store = load(tmp_path, [row("USA", "CAN", "import", "2024-02", quantity_kg=3_000.0)], "2024-04-01")
    found, pieces = gaps_in_pieces(store, MONTHS, monkeypatch, 1)
    assert pieces == 1
    assert found["asymmetry"].iloc[1] == 1.0
    year = Asked(MONTHS.products, "annual", MONTHS.first, MONTHS.last)
    for month in range(1, 13):
        store = load(tmp_path / "year", [row(period=f"2024-{month:02}")], f"2025-01-{month:02}")
    found, pieces = gaps_in_pieces(store, year, monkeypatch, 1)
    assert pieces == 1
    assert found["x_quantity_t"].tolist() == [12.0]
