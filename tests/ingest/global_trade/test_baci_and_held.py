"""Reading BACI; what is held, where it comes from, and the notes to it."""

import numpy as np
import pandas as pd
import pytest
from trade_store import NAN, block, flow, load, row

from aimlib.errors import AimError
from aimlib.ingest.global_trade import RECONCILED, held_trade, read_baci, reading_notes, trade_sources

YEARS = {"first": "2020", "last": "2024"}
SPAN = {"frequency": "annual", "first": "2024", "last": "2024"}


def test_flows_are_summed_over_codes_with_the_doubtful_part_apart(tmp_path):
    lines = [flow(), flow(code="760120", quantity_kg=2_000.0, doubtful=True), flow("NOR", quantity_kg=NAN)]
    found = read_baci(load(tmp_path, lines, table="baci"), "unwrought", **YEARS)
    assert found.dtypes.astype(str).to_dict() == RECONCILED
    canada, norway = found.to_dict("records")
    assert (canada["quantity_t"], canada["fob_value_usd"], canada["import_value_usd"]) == (3.0, 6_000, 6_000)
    assert (canada["doubtful_quantity_t"], canada["doubtful_value_usd"], canada["side"]) == (2.0, 3_000, "reconciled")
    assert np.isnan(norway["quantity_t"])
    assert (norway["fob_value_usd"], norway["covered_fob_value_usd"]) == (3_000, 0)


def test_a_year_without_all_codes_of_the_product_does_not_count(tmp_path):
    lines = [flow(), flow(code="760120"), flow(period="2022")]
    store = load(tmp_path, lines, table="baci")
    assert read_baci(store, "unwrought", **YEARS)["period"].dt.year.tolist() == [2023]
    assert read_baci(store, "760110", **YEARS)["period"].dt.year.tolist() == [2022, 2023]


def test_editions_are_never_mixed(tmp_path):
    lines = [flow(), flow(edition="HS12", quantity_kg=9.0), flow(edition="HS12", period="2022", quantity_kg=9.0)]
    store = load(tmp_path, lines, table="baci")
    assert read_baci(store, "760110", **YEARS)["quantity_t"].tolist() == [0.009, 0.009]
    assert read_baci(store, "760110", **YEARS, edition="HS92")["quantity_t"].tolist() == [1.0]
    with pytest.raises(AimError, match="not held"):
        read_baci(store, "760110", **YEARS, edition="HS22")


def test_an_empty_store_holds_nothing(tmp_path):
    store = load(tmp_path, [row()])
    assert read_baci(store, "gatm", **YEARS).empty
    assert held_trade(store)["table"].tolist() == ["comtrade"]


def test_what_is_held(tmp_path):
    load(tmp_path, [row("CAN"), row("DEU", flow="import", period="2024-03", code="760511")])
    load(tmp_path, [row("USA", "CAN", period="2023", code="7601")], at=1)
    held = held_trade(load(tmp_path, [flow()], table="baci", at=2))
    months, year, baci = (held[held["frequency"] == "monthly"].iloc[0], *held.iloc[[0, 2]].itertuples(index=False))
    assert (months["reporters"], months["codes"]) == (("CAN", "DEU"), ("7601", "7605"))
    assert (months["first"], months["last"]) == (pd.Timestamp("2024-01"), pd.Timestamp("2024-03"))
    assert (year.code_level, year.reporters) == ("hs4", ("USA",))
    assert (baci.table, baci.edition, baci.codes) == ("baci", "HS92", ("760110",))


def test_sources_are_one_entry_a_publication_and_vintage(tmp_path):
    months = [f"2024-{month:02}" for month in range(1, 13)]
    store = load(tmp_path, [row(period=month) for month in months], blocks=[block("USA", "import")])
    (source,) = trade_sources(store, product="unwrought", **SPAN)
    assert (source["publisher"], source["blocks"], len(source["commits"])) == ("United Nations", 12, 1)


def test_notes_tell_summed_years_coarse_codes_selections_and_moved_codes(tmp_path):
    months = [f"2024-{month:02}" for month in range(1, 13)]
    load(tmp_path, [row("CAN", period=month) for month in months])
    load(tmp_path, [row("DEU", period="2024", code="7601")], at=1)
    store = load(tmp_path, [row("NOR", period="2024")], coverage="selection", at=2)
    notes = " ".join(reading_notes(store, "unwrought", **SPAN))
    assert "twelve monthly answers: Canada." in notes
    assert "four digits, where six are not held: Germany." in notes
    assert "selection is held of Norway" in notes
    moved = reading_notes(store, "761510", frequency="annual", first="2010", last="2014")
    assert "read the heading 7615" in moved[-1]
