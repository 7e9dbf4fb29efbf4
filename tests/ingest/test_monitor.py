"""Files of the public monitor as one Thursday's vintage: totals, repeats, days, what leaves the store as it was."""

import io
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import Workbook

from aimlib.errors import AimError
from aimlib.ingest.monitor import load_monitor
from aimlib.sources.monitor import control
from aimlib.store import Store

TODAY = date(2026, 11, 21)
THURSDAY = date(2026, 10, 15)
IMPORTS = "month,data_status,country_of_origin,product_category,quantity_metric_tons,customs_value_usd\n"
SMELT = "month,country_of_origin,country_of_largest_smelt,product_category,share_of_quantity_pct,share_of_value_pct\n"
CAST = "month,country_of_origin,country_of_most_recent_cast,product_category,quantity_metric_tons,customs_value_usd\n"
ROWS = (
    "2026-08,Census,Canada,Unwrought,100,300000\n2026-08,Census,Chile,Unwrought,50,150000\n"
    "2026-09,License,Canada,Unwrought,90,280000\n"
)
METAL = "2026-09,Canada,Canada,Unwrought,90.5,91\n2026-09,Canada,N/A,Unwrought,9.5,9\n"


@pytest.fixture
def load(tmp_path):
    """Write texts (or bytes) to files and load them into a store of the test's own."""

    def run(*contents, **options):
        paths = []
        for at, content in enumerate(contents):
            path = tmp_path / f"monitor{at}.csv"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            paths.append(path)
        return load_monitor(tmp_path / "store", paths, **{"today": TODAY, "known_on": THURSDAY} | options)

    run.root = tmp_path / "store"
    return run


def held(load, **options):
    return Store.open(load.root).read("aim_monitor", **options)


def test_three_dashboards_are_one_commit(load):
    report = load(IMPORTS + ROWS, SMELT + METAL, CAST + "2026-09,Canada,United States,Unwrought,90,280000\n")
    store = Store.open(load.root)
    assert len(store.commits) == 1
    assert (report.rows_read, report.rows_rejected, report.warnings) == (6, 0, ())
    blocks = store.blocks("aim_monitor")
    assert set(blocks[["period", "heading"]].itertuples(index=False, name=None)) == {
        ("2026-08", "imports"),
        ("2026-09", "imports"),
        ("2026-09", "smelt"),
        ("2026-09", "cast"),
    }
    assert set(blocks["concept"]) == {"monitor"}
    assert store.tables_summary()["publisher"].unique().tolist() == ["U.S. International Trade Administration"]


def test_a_workbook_with_a_sheet_for_each_dashboard(load):
    book = Workbook()
    book.remove(book.active)
    for title, text in (("Imports", IMPORTS + ROWS), ("Smelt", SMELT + METAL), ("About", "This is the monitor\n")):
        sheet = book.create_sheet(title)
        for line in text.splitlines():
            sheet.append([float(cell) if cell.replace(".", "").isdecimal() else cell for cell in line.split(",")])
    body = io.BytesIO()
    book.save(body)
    load(body.getvalue())
    from_workbook = held(load)
    load_monitor(load.root.parent / "csv", _files(load, IMPORTS + ROWS, SMELT + METAL), known_on=THURSDAY, today=TODAY)
    assert from_workbook.equals(Store.open(load.root.parent / "csv").read("aim_monitor"))


def _files(load, *texts):
    paths = [load.root.parent / f"one{at}.csv" for at in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return paths


def test_totals_that_their_parts_meet_are_kept(load):
    total = "2026-08,Census,World,Unwrought,150,450000\n2026-08,Census,World,All,150,450000\n"
    load(IMPORTS + ROWS + total)
    assert held(load, periods=["2026-08"])[["product", "origin", "quantity_kg"]].to_numpy().tolist() == [
        ["aim", "TOTAL", 150_000],
        ["unwrought", "CAN", 100_000],
        ["unwrought", "CHL", 50_000],
        ["unwrought", "TOTAL", 150_000],
    ]


@pytest.mark.parametrize(("total", "told"), [("151", ""), ("152", "150.0 t, the total 152.0, a difference of -2.0")])
def test_parts_meet_their_total_within_rounding(load, total, told):
    text = IMPORTS + ROWS + f"2026-08,Census,World,Unwrought,{total},450000\n"  # half a ton each: 1.5 in all
    if not told:
        assert load(text).rows_rejected == 0
        return
    with pytest.raises(AimError, match=told):
        load(text)
    assert Store.open(load.root).is_empty


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("2026-08,Census,World,Unwrought,150,450009\n", "parts by origin are 450,000.0 USD, the total 450,009.0"),
        ("2026-08,Census,World,Unwrought,140,450000\n", r"difference of \+10.0"),
        ("2026-08,Census,Canada,All,120,300000\n", "parts by product are 100.0 t, the total 120.0"),
    ],
)
def test_parts_that_do_not_meet_their_total_stop_the_load(load, rows, told):
    with pytest.raises(AimError, match=told):
        load(IMPORTS + ROWS + rows)


def test_where_a_part_is_withheld_only_an_excess_stops(load):
    withheld = ROWS.replace("Chile,Unwrought,50,", "Chile,Unwrought,(D),")
    report = load(IMPORTS + withheld + "2026-08,Census,World,Unwrought,150,450000\n")
    assert any("withheld or rejected parts" in text for text in report.warnings)
    with pytest.raises(AimError, match=r"difference of \+10.0"):
        load(IMPORTS + withheld + "2026-08,Census,World,Unwrought,90,450000\n")


def test_a_rejected_part_does_not_stop_the_others(load):
    broken = ROWS.replace("Chile,Unwrought,50,", "Chile,Unwrought,5O,")
    report = load(IMPORTS + broken + "2026-08,Census,World,Unwrought,150,450000\n")
    assert (report.rows_rejected, report.exit_status) == (1, 1)
    assert pd.read_csv(report.rejects_file)["origin"].tolist() == ["Chile"]
    assert len(held(load)) == 3


def test_totals_over_smelt_are_checked_and_left_out(load):
    text = CAST + "2026-09,Canada,Canada,Foil,60,1\n2026-09,Canada,Chile,Foil,30,1\n"
    report = load(text + "2026-09,Canada,Total,Foil,90,2\n")
    assert any("checked and left out: 1" in text for text in report.warnings)
    assert set(held(load)["recent_cast"]) == {"CAN", "CHL"}
    with pytest.raises(AimError, match=r"parts by recent cast are 90\.0 t, the total 95\.0"):
        load(text + "2026-09,Canada,Total,Foil,95,2\n")


def test_a_row_given_twice_alike_counts_once_and_otherwise_stops(load):
    report = load(IMPORTS + ROWS, IMPORTS + ROWS.splitlines()[0] + "\n")
    assert any("counted once: 1" in text for text in report.warnings)
    with pytest.raises(AimError, match=r"monitor0\.csv row 2 and monitor1\.csv row 2 give different figures for CAN"):
        load(IMPORTS + ROWS, IMPORTS + "2026-08,Census,Canada,Unwrought,101,300000\n")


def test_a_month_is_license_or_census_and_not_both(load):
    with pytest.raises(AimError, match="marks 2026-08 as License in some rows and Census in others"):
        load(IMPORTS + ROWS.replace("2026-08,Census,Chile", "2026-08,License,Chile"))


def test_a_license_month_behind_a_census_month_is_noted(load):
    report = load(
        IMPORTS + ROWS.replace("2026-08,Census", "2026-08,License").replace("2026-09,License", "2026-09,Census")
    )
    assert any("marks 2026-08 as License, though 2026-09 is Census" in text for text in report.warnings)


@pytest.mark.parametrize(
    ("day", "noted"),
    [
        (date(2026, 10, 15), False),
        (date(2026, 10, 16), True),
        (date(2025, 11, 26), False),  # the Thursday after it is Thanksgiving
        (date(2025, 11, 28), False),
        (date(2025, 11, 25), True),
    ],
)
def test_a_day_that_is_no_day_of_the_monitor_is_noted(load, day, noted):
    report = load(IMPORTS + "2025-09,Census,Canada,Foil,1,2\n", known_on=day)
    assert any("comes out on Thursdays" in text for text in report.warnings) == noted


def test_a_day_in_the_future_is_refused(load):
    with pytest.raises(AimError, match="in the future"):
        load(IMPORTS + ROWS, known_on=date(2026, 11, 26))


def test_the_same_bytes_again_change_nothing(load):
    first, again = load(IMPORTS + ROWS), load(IMPORTS + ROWS)
    assert again.already_held
    assert again.tables == first.tables


def test_thursdays_are_kept_apart_and_as_of_gives_each(load):
    load(IMPORTS + ROWS)
    later = load(
        IMPORTS + ROWS.replace("License,Canada,Unwrought,90,", "License,Canada,Unwrought,120,"),
        known_on=date(2026, 10, 22),
    )
    assert (later.blocks_new, later.blocks_same) == (1, 1)
    september = [
        held(load, periods=["2026-09"], as_of=day)["quantity_kg"].item() for day in (THURSDAY, date(2026, 10, 22))
    ]
    assert september == [90_000, 120_000]


def test_a_file_that_lists_half_of_what_was_held_is_noted(load):
    load(IMPORTS + ROWS)
    report = load(IMPORTS + ROWS.splitlines()[0] + "\n", known_on=date(2026, 10, 22))
    assert any("imports 2026-08; the newer file replaces the whole month" in text for text in report.warnings)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"<html></html>", "is a web page"),
        (b"PK\x03\x04 no workbook", "damaged or locked"),
        (IMPORTS, "no row that can be used"),
        (IMPORTS + "soon,Census,Canada,Foil,1,2\n", "no row that can be used: 'soon' is no month"),
        (IMPORTS + ROWS + "2026-08,Census,Atlantis,Foil,1,2\n", "origin not known in row 5 'Atlantis'"),
    ],
)
def test_what_cannot_be_loaded_leaves_the_store_as_it_was(load, content, told):
    with pytest.raises(AimError, match=told):
        load(IMPORTS + ROWS, content) if told.startswith("origin") else load(content)
    assert Store.open(load.root).is_empty


def test_files_that_are_not_there(load, tmp_path):
    for paths, told in (([], "No file"), ([tmp_path / "none.csv"], "does not exist"), ([tmp_path], "is a folder")):
        with pytest.raises(AimError, match=told):
            load_monitor(load.root, paths, today=TODAY)


@settings(max_examples=60, deadline=None)
@given(
    parts=some.lists(some.floats(0, 1e5), min_size=1, max_size=30),
    places=some.integers(0, 3),
    more=some.integers(3, 50),
)
def test_rounded_parts_always_meet_their_rounded_total_and_a_larger_gap_never_does(parts, places, more):
    printed = [round(part, places) * 1000 for part in parts]
    step = {"imports": {"quantity_kg": 10.0**-places * 1000, "customs_value_usd": 1.0}}

    def rows(total):
        origins = ["TOTAL", *(f"C{at:02}" for at in range(len(parts)))]
        return pd.DataFrame(
            {"heading": "imports", "month": pd.Timestamp("2026-08-01"), "code_level": "category", "code": "foil"}
            | {"product": "foil", "origin": origins, "largest_smelt": "", "recent_cast": "", "file": "a", "row": 2}
            | {"quantity_kg": [total, *printed], "customs_value_usd": float("nan")}
        )

    loose = pd.DataFrame(columns=["heading", "month"])
    control.check_totals(rows(round(sum(parts), places) * 1000), step, loose)
    off = sum(printed) + (len(parts) + more) * 10.0**-places * 1000 + sum(printed) * 1e-8
    with pytest.raises(AimError, match="do not meet"):
        control.check_totals(rows(off), step, loose)
