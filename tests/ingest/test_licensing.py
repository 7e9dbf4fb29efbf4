"""Licenses out of the store: from the log, else from the public monitor, else nothing."""

from datetime import date, timedelta

import pandas as pd
import pytest
from license_store import ALLOY, CASTING, UNWROUGHT, WIRE, event, load, monitor_row

from aimlib.ingest import licensing
from aimlib.ingest.frames import CELLS, DETAIL, FILINGS, KINDS, PANEL
from aimlib.ingest.licensing import (
    aim_part,
    early_months,
    known_through,
    license_sources,
    read_cells,
    read_detail,
    read_filings,
    read_kinds,
    read_panel,
    reading_notes,
    source_of,
)
from aimlib.reference import products
from aimlib.store import Store

MARCH, APRIL = pd.Timestamp("2025-03-01"), pd.Timestamp("2025-04-01")
SPAN = {"first": MARCH, "last": APRIL}


def figures(panel, *keys, column="quantity_kg"):
    return panel.set_index(list(keys))[column].to_dict()


def is_shaped(frame, types):
    return {name: str(kind) for name, kind in frame.dtypes.items()} == types


# --- From licenses -----------------------------------------------------------------------------------------

LINES = [
    event("A1", on="2025-02-25"),
    event("A2", on="2025-03-04", origin="MEX", importer="Bolt", code=WIRE, quantity_kg=2_000.0),
    event("A3", on="2025-03-05", entry_type="zone", importer="Cast", quantity_kg=400.0, customs_value_usd=1_000.0),
    event("A4", on="2025-03-06", entry_type="warehouse", importer="Cast", quantity_kg=50.0),
    event("A5", on="2025-03-11", month="2025-04", code=CASTING, importer="Bolt", quantity_kg=6.0),
]


@pytest.fixture
def licenses(tmp_path):
    return load(tmp_path, LINES, "2025-03-13")


def test_a_panel_tells_total_products_and_origins_as_each_thursday_saw_them(licenses):
    panel = read_panel(licenses, origins=["CAN", "ATA"])
    assert is_shaped(panel, PANEL)
    assert panel["day"].dt.strftime("%Y-%m-%d").unique().tolist() == ["2025-03-06", "2025-03-13"]
    march = panel[panel["month"] == MARCH]
    assert figures(march, "day", "part_kind", "part") == {
        # On 27 February the license of March lay ahead; April is not shown in March.
        (pd.Timestamp(day), *part): kilograms
        for day in ("2025-03-06", "2025-03-13")
        for part, kilograms in {
            ("origin", "CAN"): 10_050.0,
            ("product", "unwrought"): 10_050.0,
            ("product", "wire"): 2_000.0,
            ("total", "all"): 12_050.0,
        }.items()
    }
    assert set(panel["month"]) == {MARCH}
    assert figures(march, "part", column="importers") == {"CAN": 2, "unwrought": 2, "wire": 1, "all": 3}
    assert figures(march, "part", column="top_share")["wire"] == 1.0


def test_no_origin_asked_is_none_told(licenses, monitor):
    for store in (licenses, monitor):
        panel = read_panel(store, origins=())
        assert set(panel["part_kind"]) == {"total", "product"}
        pd.testing.assert_frame_equal(read_panel(store, origins={}), panel)


def test_importers_of_a_total_are_not_the_sum_of_those_of_its_parts(tmp_path):
    rows = [event("A1", importer="Acme"), event("A2", importer="Acme", code=WIRE, origin="MEX")]
    panel = read_panel(load(tmp_path, rows, "2025-03-06"))
    assert figures(panel, "part_kind", "part", column="importers") == {
        ("total", "all"): 1,
        ("product", "unwrought"): 1,
        ("product", "wire"): 1,
        ("origin", "CAN"): 1,
        ("origin", "MEX"): 1,
    }


def test_zone_admissions_stand_apart_for_consumption_and_count_for_general(licenses):
    months = [MARCH, APRIL]
    for concept, total in (("consumption", 12_056.0), ("general", 12_456.0)):
        assert read_cells(licenses, concept=concept, months=months)["quantity_kg"].sum() == total
        assert read_detail(licenses, concept=concept, **SPAN)["quantity_kg"].sum() == total


def test_kinds_of_entry_stand_apart_importer_by_importer(licenses):
    kinds = read_kinds(licenses, months=[MARCH, APRIL])
    assert is_shaped(kinds, KINDS)
    assert kinds.groupby("kind")["quantity_kg"].sum().to_dict() == {"entry": 12_056.0, "zone": 400.0}
    assert read_kinds(licenses, months=[MARCH, APRIL], product="wire")["product"].unique().tolist() == ["wire"]
    assert read_kinds(licenses, months=[]).empty


def test_cells_are_of_the_months_asked(licenses):
    cells = read_cells(licenses, months=[APRIL])
    assert is_shaped(cells, CELLS)
    assert cells.values.tolist() == [[APRIL, "CAN", "castings_forgings", 6.0, 30_000.0, 1, 1.0]]
    assert read_cells(licenses, months=[]).empty


def test_detail_keeps_the_metal_and_tells_importers_by_number_only(licenses):
    detail = read_detail(licenses, **SPAN)
    assert is_shaped(detail, DETAIL)
    assert detail["importer"].nunique() == 3
    assert "Acme" not in detail.to_csv()
    assert set(detail["second_smelt"]) == {"N/A"}
    assert read_detail(licenses, first=APRIL, last=APRIL)["quantity_kg"].tolist() == [6.0]


def test_only_codes_of_the_product_inside_the_scope_count(tmp_path):
    rows = [
        event("A1", code=UNWROUGHT, quantity_kg=1.0),
        event("A2", code=ALLOY, quantity_kg=20.0),
        event("A3", code=CASTING, quantity_kg=300.0),
    ]
    store = load(tmp_path, rows, "2025-03-06")
    held = {
        name: read_cells(store, product=name, months=[MARCH])["quantity_kg"].sum()
        for name in ("aim", "gatm", "chapter76", "unwrought", "7601.20", ALLOY, "7616", "downstream", "scrap", "7610")
    }
    assert held == {
        "aim": 321,
        "gatm": 21,
        "chapter76": 321,
        "unwrought": 21,
        "7601.20": 20,
        ALLOY: 20,
        "7616": 300,
        "downstream": 0,
        "scrap": 0,
        "7610": 0,
    }


def test_the_part_of_a_product_inside_the_scope():
    assert aim_part(None) == aim_part("chapter76") == products.resolve("aim")
    assert aim_part("gatm") == products.resolve("gatm")
    assert aim_part("7616") == products.resolve("castings_forgings")
    assert aim_part("7616995160").key == "7616995160"
    assert aim_part("scrap") is None


def test_a_past_day_is_read_from_a_file_loaded_later(licenses):
    day = date(2025, 3, 4)
    assert read_cells(licenses, as_of=day, months=[MARCH])["quantity_kg"].sum() == 12_000.0
    assert known_through(licenses, day) == day
    assert known_through(licenses, date(2025, 6, 1)) == known_through(licenses) == date(2025, 3, 13)
    assert read_panel(licenses, as_of=day, days=[day, date(2025, 3, 6)])["day"].unique().tolist() == [pd.Timestamp(day)]


def test_filings_come_by_calendar_day(licenses):
    filings = read_filings(licenses)
    assert is_shaped(filings, FILINGS)
    assert filings["day"].is_unique
    assert (len(filings), filings["lines"].sum()) == (17, 5)
    assert len(read_filings(licenses, as_of=date(2025, 2, 26))) == 2


def test_sources_of_licenses_are_the_loads_that_brought_what_was_known(tmp_path):
    load(tmp_path, LINES[:2], "2025-03-06")
    store = load(tmp_path, [*LINES[:2], LINES[4]], "2025-03-13")
    (only,) = license_sources(store, date(2025, 3, 7))
    both = license_sources(store)
    assert (only["table"], only["known_on"], only["blocks"]) == ("licenses", date(2025, 3, 6), 2)
    assert [source["known_on"] for source in both] == [date(2025, 3, 6), date(2025, 3, 13)]
    keys = {"table", "publisher", "title", "known_on", "captured_on", "license", "sample"}
    assert keys | {"blocks", "commits", "snapshots_sha256", "blocks_sha256"} == set(only)
    assert len({source["blocks_sha256"] for source in both}) == 2


def test_a_store_that_grows_is_read_anew(tmp_path):
    before = load(tmp_path, LINES[:1], "2025-03-06")
    assert read_cells(before, months=[MARCH])["quantity_kg"].sum() == 10_000.0
    after = load(tmp_path, LINES[1:2], "2025-03-13")
    assert read_cells(after, months=[MARCH])["quantity_kg"].sum() == 12_000.0
    assert read_cells(before, months=[MARCH])["quantity_kg"].sum() == 10_000.0


# --- From the public monitor -------------------------------------------------------------------------------


def imports(month, quantities, **changes):
    """Return imports rows of a month: dollars are three a kilogram."""
    return [
        monitor_row(month, *place, quantity_kg=kilograms, customs_value_usd=3 * kilograms, **changes)
        for place, kilograms in quantities.items()
    ]


FEBRUARY = {("TOTAL", "aim"): 90.0, ("CAN", "aim"): 60.0, ("MEX", "aim"): 30.0}
FIRST = {
    ("TOTAL", "aim"): 100.0,
    ("TOTAL", "unwrought"): 70.0,
    ("TOTAL", "wire"): 30.0,
    ("CAN", "aim"): 60.0,
    ("MEX", "aim"): 40.0,
    ("CAN", "unwrought"): 50.0,
    ("CAN", "wire"): 10.0,
    ("MEX", "unwrought"): 20.0,
    ("MEX", "wire"): 20.0,
}
SECOND = {place: 2 * kilograms for place, kilograms in FIRST.items()}
SMELT = [
    monitor_row("2025-03", *place, "smelt", largest_smelt=smelt, share_quantity=share, share_value=share / 2)
    for place, shares in {
        ("CAN", "unwrought"): {"CAN": 0.9, "N/A": 0.1},
        ("CAN", "wire"): {"ISL": 1.0},
        ("MEX", "unwrought"): {"unknown": 1.0},
        ("ARE", "unwrought"): {"ARE": 1.0},
    }.items()
    for smelt, share in shares.items()
]
SMELT.append(monitor_row("2025-03", "CAN", "foil", "smelt", largest_smelt="CAN"))
CAST = [monitor_row("2025-03", "CAN", "unwrought", "cast", recent_cast="USA", quantity_kg=45.0, customs_value_usd=9.0)]


@pytest.fixture
def monitor(tmp_path_factory):
    """Two Thursdays: February turns from license to Census on the second, March doubles."""
    tmp_path = tmp_path_factory.mktemp("monitor")
    one = imports("2025-02", FEBRUARY) + imports("2025-03", FIRST)
    load(tmp_path, one, "2025-03-06", "aim_monitor")
    two = imports("2025-02", FEBRUARY, data_basis="census") + imports("2025-03", SECOND) + SMELT + CAST
    return load(tmp_path, two, "2025-03-13", "aim_monitor")


def test_the_monitors_vintages_are_the_panels_days(monitor):
    panel = read_panel(monitor)
    assert is_shaped(panel, PANEL)
    totals = panel[panel["part"] == "all"]
    assert figures(totals, "day", "month") == {
        (pd.Timestamp("2025-03-06"), pd.Timestamp("2025-02-01")): 90.0,
        (pd.Timestamp("2025-03-06"), MARCH): 100.0,
        (pd.Timestamp("2025-03-13"), MARCH): 200.0,
    }
    assert panel["importers"].isna().all()
    assert panel["top_share"].isna().all()
    newest = panel[panel["day"] == "2025-03-13"]
    assert figures(newest, "part_kind", "part") == {
        ("total", "all"): 200.0,
        ("product", "unwrought"): 140.0,
        ("product", "wire"): 60.0,
        ("origin", "CAN"): 120.0,
        ("origin", "MEX"): 80.0,
    }
    grouped = read_panel(monitor, origins={"USMCA": ("CAN", "MEX")}, days=[date(2025, 3, 12)])
    assert figures(grouped[grouped["part_kind"] == "origin"], "month", "part") == {
        (pd.Timestamp("2025-02-01"), "USMCA"): 90.0,
        (MARCH, "USMCA"): 100.0,
    }


def test_a_product_of_the_monitor_is_the_sum_of_what_it_prints(monitor):
    panel = read_panel(monitor, product="wire", as_of=date(2025, 3, 12))
    assert figures(panel, "part") == {"all": 30.0, "wire": 30.0, "CAN": 10.0, "MEX": 20.0}
    panel = read_panel(monitor, product="gatm", as_of=date(2025, 3, 12))
    assert figures(panel, "part")["all"] == 100.0
    assert read_panel(monitor, product="scrap").empty


def test_a_figure_withheld_is_missing_and_so_is_a_sum_with_it(tmp_path):
    held = {place: kilograms for place, kilograms in FIRST.items() if place[0] != "TOTAL" and place[1] != "aim"}
    rows = [*imports("2025-03", held), monitor_row("2025-03", "ARE", "wire")]
    panel = read_panel(load(tmp_path, rows, "2025-03-06", "aim_monitor"))
    told = figures(panel, "part")
    assert told["unwrought"] == 70.0
    assert pd.isna([told["wire"], told["all"], told["ARE"]]).all()
    assert told["CAN"] == 60.0


def test_codes_of_the_monitor_are_read_where_it_has_no_categories_and_never_added_to_them(tmp_path):
    codes = {"760110": "unwrought", "760120": "unwrought", "760511": "wire"}
    by_code = [
        row
        for code, product in codes.items()
        for row in imports("2025-03", {("CAN", product): 5.0}, code_level="hs6", code=code)
    ]
    alone = load(tmp_path / "codes", by_code, "2025-03-06", "aim_monitor")
    both = load(tmp_path / "both", by_code + imports("2025-03", FIRST), "2025-03-06", "aim_monitor")
    assert figures(read_panel(alone), "part") == {"all": 15.0, "unwrought": 10.0, "wire": 5.0, "CAN": 15.0}
    assert figures(read_panel(both), "part")["all"] == 100.0
    assert figures(read_cells(both, months=[MARCH]), "origin", "product")["CAN", "unwrought"] == 50.0
    for store in (alone, both):
        assert figures(read_panel(store, product="7601.10"), "part") == {"all": 5.0, "unwrought": 5.0, "CAN": 5.0}
        assert read_panel(store, product="7601.10.30").empty
    cells = read_cells(alone, months=[MARCH])
    assert cells[["origin", "product", "quantity_kg"]].values.tolist() == [
        ["CAN", "unwrought", 10.0],
        ["CAN", "wire", 5.0],
    ]


def test_cells_of_the_monitor_are_its_license_months(monitor):
    cells = read_cells(monitor, months=[pd.Timestamp("2025-02-01"), MARCH])
    assert is_shaped(cells, CELLS)
    assert set(cells["month"]) == {MARCH}
    assert figures(cells, "origin", "product")["MEX", "wire"] == 40.0
    assert len(cells) == 4


def test_shares_of_the_monitor_become_tonnes_where_the_volume_is_held(monitor):
    detail = read_detail(monitor, **SPAN)
    assert is_shaped(detail, DETAIL)
    assert figures(detail, "origin", "product", "largest_smelt") == {
        ("CAN", "unwrought", "CAN"): pytest.approx(90.0),
        ("CAN", "unwrought", "N/A"): pytest.approx(10.0),
        ("CAN", "wire", "ISL"): 20.0,
        ("MEX", "unwrought", "unknown"): 40.0,
    }
    by_smelt = figures(detail, "origin", "product", "largest_smelt", column="customs_value_usd")
    assert by_smelt["CAN", "wire", "ISL"] == 3 * 20.0 / 2
    assert set(detail["second_smelt"]) == set(detail["recent_cast"]) == {"not collected"}
    assert detail["importer"].isna().all()
    notes = reading_notes(monitor, **SPAN)
    assert any("have no volume" in note and "United Arab Emirates, unwrought, 2025-03" in note for note in notes)
    assert any("are withheld" in note and "Canada, foil, 2025-03" in note for note in notes)
    assert read_detail(monitor, as_of=date(2025, 3, 12), **SPAN).empty


def test_smelt_and_cast_are_read_apart(monitor):
    cast = read_detail(monitor, metal="cast", **SPAN)
    assert cast[["origin", "recent_cast", "largest_smelt", "quantity_kg", "customs_value_usd"]].values.tolist() == [
        ["CAN", "USA", "not collected", 45.0, 9.0]
    ]


def test_smelt_told_over_all_products_only_is_kept_so_and_said(tmp_path):
    rows = imports("2025-03", {("CAN", "unwrought"): 50.0, ("CAN", "wire"): 10.0})
    rows += [monitor_row("2025-03", "CAN", "aim", "smelt", largest_smelt="ISL", share_quantity=1.0)]
    store = load(tmp_path, rows, "2025-03-06", "aim_monitor")
    detail = read_detail(store, **SPAN)
    assert detail[["product", "quantity_kg"]].values.tolist() == [["aim", 60.0]]
    assert detail["customs_value_usd"].isna().all()
    assert any("over all products only" in note for note in reading_notes(store, **SPAN))
    assert read_detail(store, product="wire", **SPAN).empty


def test_sources_of_the_monitor_are_its_vintages(monitor):
    assert [source["known_on"] for source in license_sources(monitor)] == [date(2025, 3, 6), date(2025, 3, 13)]
    assert {source["table"] for source in license_sources(monitor)} == {"aim_monitor"}


# --- Which source, and none --------------------------------------------------------------------------------


def test_licenses_come_before_the_monitor_from_their_first_day_on(tmp_path):
    load(tmp_path, imports("2025-02", FEBRUARY), "2025-02-20", "aim_monitor")
    store = load(tmp_path, LINES, "2025-03-13")
    assert source_of(store) == source_of(store, date(2025, 2, 25)) == "licenses"
    assert source_of(store, date(2025, 2, 24)) == "monitor"
    assert source_of(store, date(2025, 2, 19)) == ""
    assert read_panel(store, as_of=date(2025, 2, 24))["quantity_kg"].max() == 90.0
    assert read_panel(store)["quantity_kg"].max() == 12_050.0


def test_where_neither_is_held_everything_is_empty_and_nothing_is_raised(tmp_path):
    store = Store.open(tmp_path)
    assert source_of(store) == ""
    assert known_through(store) is None
    assert license_sources(store) == ()
    assert reading_notes(store, **SPAN) == ()
    for frame, types in (
        (read_panel(store), PANEL),
        (read_cells(store, months=[MARCH]), CELLS),
        (read_detail(store, **SPAN), DETAIL),
        (read_kinds(store, months=[MARCH]), KINDS),
        (read_filings(store), FILINGS),
    ):
        assert frame.empty
        assert is_shaped(frame, types)


# --- Which months are early --------------------------------------------------------------------------------


def calendar(*loaded):
    months = pd.date_range("2024-12-01", periods=len(loaded), freq="MS", unit="us")
    return pd.DataFrame({"month": months, "loaded": loaded})


def test_months_after_the_last_census_month_rest_on_licenses():
    found = early_months(calendar(True, True), date(2025, 3, 13))
    assert found["month"].tolist() == [pd.Timestamp("2025-02-01"), MARCH]
    assert found["partial"].tolist() == [False, True]
    assert found["share_elapsed"].tolist() == [1.0, pytest.approx(13 / 31)]
    # A month that lacks in between is not early.
    assert early_months(calendar(True, False, True), date(2025, 3, 13))["month"].tolist() == [MARCH]


@pytest.mark.parametrize(
    ("day", "partial"),
    [("2025-02-28", True), ("2025-03-06", True), ("2025-03-07", False), ("2025-03-31", False)],
)
def test_a_month_is_partial_until_seven_days_after_its_end(day, partial):
    found = early_months(calendar(True, True), date.fromisoformat(day))
    assert found["partial"].iloc[0] == partial
    assert bool(early_months(calendar(True, True), date(2025, 3, 1), 0)["partial"].iloc[0]) is False


def test_no_month_is_early_where_census_is_ahead_or_not_loaded():
    for months, day in ((calendar(True, True), date(2025, 1, 31)), (calendar(False), date(2025, 3, 1))):
        found = early_months(months, day)
        assert found.empty
        assert is_shaped(found, {"month": "datetime64[us]", "partial": "bool", "share_elapsed": "float64"})


def test_every_stored_thursday_comes_back_with_its_concept(tmp_path):
    days = [date(2025, 2, 27) + timedelta(weeks=week) for week in range(3)]
    seen = {}
    for before, day in zip([date(2025, 1, 1), *days], days, strict=False):
        rows = [row for row in LINES if before < row["status_date"].date() <= day]
        store = load(tmp_path, rows, str(day))
        seen[day] = {
            concept: read_detail(store, as_of=day, concept=concept, **SPAN) for concept in ("consumption", "general")
        }
    after = load(tmp_path, [event("A1", "cancelled", on="2025-02-26")], "2025-04-03")
    for day, by_concept in seen.items():
        for concept, then in by_concept.items():
            pd.testing.assert_frame_equal(read_detail(after, as_of=day, concept=concept, **SPAN), then)
    assert licensing.read_detail(after, **SPAN)["quantity_kg"].sum() == 2_056.0
