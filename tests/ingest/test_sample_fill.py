"""Filling a store with the sample: by the ordinary load, once, whole or not at all, apart from real data."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from aimlib.errors import AimError
from aimlib.ingest.commit import Declaration, commit_census
from aimlib.ingest.report import LoadReport
from aimlib.ingest.sample import LICENSES, fill, fill_sample, license_events, loads, sample_answers
from aimlib.ingest.sample.license_files import bad_rows, license_files
from aimlib.ingest.sample.loads import census_loads
from aimlib.ingest.sample.tables import read_tables
from aimlib.reference import products
from aimlib.store.raw import Origin, Snapshot
from aimlib.store.store import Store, resolve_store


@pytest.fixture(scope="module")
def root(sample_store, tmp_path_factory):
    """A store's folder of these tests' own with the whole sample in it."""
    return shutil.copytree(sample_store, tmp_path_factory.mktemp("store") / "root")


def test_each_load_was_told_while_the_sample_was_filled(sample_store):
    said = json.loads(sample_store.with_name("sample-store-steps.json").read_text())
    assert said[0] == [1, len(said), "2021-08-05"]
    assert said[-1] == [len(said), len(said), "2026-11-19"]
    assert [number for number, _, _ in said] == list(range(1, len(said) + 1))


@pytest.fixture(scope="module")
def store(root) -> Store:
    return resolve_store(root)


@pytest.fixture(scope="module")
def last_answers():
    return list(sample_answers())[-2:]


@pytest.fixture
def short(monkeypatch, last_answers):
    """Make the sample out of its last two Census vintages only."""
    monkeypatch.setattr(fill, "sample_loads", lambda: census_loads(iter(last_answers)))


def load_real(root) -> None:
    """Put one real-looking answer into the store at `root`."""
    head = ["CTY_CODE", "I_COMMODITY", "CON_VAL_MO", "time", "COMM_LVL"]
    rows = [["1220", "7602", "5", "2024-01", "HS4"], ["-", "7602", "5", "2024-01", "HS4"]]
    moment = datetime(2024, 3, 8, tzinfo=UTC)
    snapshot = Snapshot(json.dumps([head, *rows]).encode(), Origin("x", "x", "x", moment, "x"), "x.json")
    commit_census(root, [snapshot], Declaration(date(2024, 3, 8), moment))


def test_the_sample_is_a_store_of_its_own_that_says_so(root, store):
    assert store.is_sample
    assert store.root == root / "sample"
    assert Store.open(root).is_empty
    assert store.known_days()[-1] == date(2026, 11, 19)
    summary = store.tables_summary()
    assert set(summary["table"]) == {"aim_monitor", "census_imports", "comtrade", "licenses", "prices"}
    assert set(summary["coverage"]) == {"complete"}
    census = summary[summary["table"] == "census_imports"]
    assert set(census["concept"]) == {"consumption", "general"}
    assert (census["first"].min(), census["last"].max()) == ("2019-01", "2026-09")
    assert all("ynthetic" in source["publisher"] for commit in store.commits for source in commit.sources)


def test_every_heading_of_the_chapter_is_held_in_every_month(store):
    blocks = store.blocks("census_imports")
    headings = products.headings_of(products.resolve("chapter76"))
    assert len(blocks) == 93 * 2 * len(headings)
    assert set(blocks["heading"]) == set(headings)


def test_the_store_gives_back_the_published_year(store):
    rows = store.read("census_imports", concept="consumption", row_kind="country")
    year = rows[rows["month"].dt.year == 2024]
    product = products.classify(year["code"], year["month"]).rename("product")
    sums = year.groupby([year["origin"], product])[["customs_value_usd", "duty_usd"]].sum()
    published = read_tables().figures.set_index(["origin", "product"])
    pd.testing.assert_frame_equal(
        sums, published.set_axis(sums.columns, axis=1), check_dtype=False, check_index_type=False
    )


def test_the_store_knows_what_was_known_when(store):
    def september(day: str | None) -> pd.DataFrame:
        as_of = date.fromisoformat(day) if day else None
        rows = store.read("census_imports", as_of, concept="consumption", periods=["2026-09"])
        return rows.set_index(["origin", "code"])

    assert september("2026-11-04").empty
    first, last = september("2026-11-05"), september(None)
    assert ("KWT", "7604291090") in first.index
    assert ("KWT", "7604291090") not in last.index
    totals = [rows.loc["TOTAL", "customs_value_usd"].sum() for rows in (first, last)]
    assert totals[0] != totals[1]
    assert totals[0] / totals[1] == pytest.approx(1, abs=0.01)


def test_quantities_are_missing_where_they_are_flagged_or_have_no_unit(store):
    rows = store.read("census_imports", concept="consumption", row_kind="country")
    assert rows.loc[rows["code"] == "7616991000", "quantity_kg"].isna().all()
    doors = rows[(rows["code"] == "7610100030") & rows["quantity_kg"].notna()]
    assert set(doors["quantity_unit"]) == {"NO"}
    assert (doors["quantity_other"] > 0).any()
    ingot = rows[rows["heading"] == "7601"]
    assert 0 < ingot["quantity_kg"].isna().mean() < 0.01


def test_a_second_time_changes_nothing(root):
    def files():
        return {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}

    before = files()
    report = fill_sample(root)
    assert report.already_held
    assert (report.first, report.last, report.vintages) == ("2019-01", "2026-09", 65)
    assert files() == before


def test_two_stores_are_the_same_to_the_byte(tmp_path, short):
    contents = []
    for name in ("one", "two"):
        folder = fill_sample(tmp_path / name).folder
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        contents.append({path.relative_to(folder): path.read_bytes() for path in files})
    assert contents[0] == contents[1]
    assert len(contents[0]) > 5


def test_a_store_with_real_data_is_refused_and_left_alone(tmp_path):
    load_real(tmp_path)
    with pytest.raises(AimError, match="only into an empty store") as refused:
        fill_sample(tmp_path)
    assert "AIM_STORE" in refused.value.advice
    assert refused.value.exit_status == 2
    assert not (tmp_path / "sample").exists()


def test_asked_for_beside_real_data_the_sample_waits_in_its_own_folder(tmp_path, short):
    load_real(tmp_path)
    before = [commit.name for commit in Store.open(tmp_path).commits]
    report = fill_sample(tmp_path, beside_real=True)
    assert report.folder == tmp_path / "sample"
    assert resolve_store(report.folder).is_sample
    assert not resolve_store(tmp_path).is_sample
    assert [commit.name for commit in Store.open(tmp_path).commits] == before


def test_real_data_in_the_folder_of_the_sample_is_not_replaced(tmp_path, short):
    load_real(tmp_path / "sample")
    with pytest.raises(AimError, match="holds real data"):
        fill_sample(tmp_path)
    assert not Store.open(tmp_path / "sample").is_empty


def test_a_sample_of_another_version_is_replaced(tmp_path, short, last_answers, monkeypatch):
    folder = fill_sample(tmp_path).folder
    (folder / fill.MADE_FROM).write_text("another version")
    monkeypatch.setattr(fill, "sample_loads", lambda: census_loads(iter(last_answers[-1:])))
    report = fill_sample(tmp_path)
    assert not report.already_held
    assert report.vintages == 1
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_fill_that_fails_leaves_no_sample(tmp_path, last_answers, monkeypatch):
    commits = []

    def fails_at_the_second(folder):
        commits.append(folder)
        if len(commits) == 2:
            raise AimError("The disk is full.")

    both = [replace(load, commit=fails_at_the_second) for load in census_loads(iter(last_answers))]
    monkeypatch.setattr(fill, "sample_loads", lambda: iter(both))
    with pytest.raises(AimError, match="disk is full"):
        fill_sample(tmp_path)
    assert len(commits) == 2
    assert not (tmp_path / "sample").exists()
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("meant", [0, 2])
def test_a_sample_with_other_bad_rows_than_are_meant_is_refused(meant):
    report = LoadReport("name", date(2026, 11, 19), False, (), (), rows_rejected=1, reasons=("row 7: no such month",))
    loads._check(replace(report, rows_rejected=meant), meant, strict=True)
    with pytest.raises(AimError, match="row 7: no such month"):
        loads._check(report, meant, strict=False)


def test_a_warning_of_the_census_loader_is_refused():
    report = LoadReport("name", date(2026, 11, 19), False, (), (), warnings=("few lines",))
    loads._check(report, 0, strict=False)
    with pytest.raises(AimError, match="few lines"):
        loads._check(report, 0, strict=True)


def test_the_bad_rows_of_the_licenses_are_set_apart_and_the_others_are_in(store):
    [rejects] = (store.root / "rejects").glob("*.csv")
    rejected = pd.read_csv(rejects, dtype="str", keep_default_na=False)
    files = license_files()
    assert len(rejected) == sum(file.bad_rows for file in files) > 50
    planted = bad_rows(LICENSES, license_events()).set_index("license_number")["rule"]
    assert rejected.set_index("license_number")["rule"].to_dict() == planted.to_dict()
    held, made = store.read("licenses"), license_events()
    assert held["status"].value_counts().to_dict() == made["status"].value_counts().to_dict()
    assert held["quantity_kg"].sum() == made["quantity_kg"].sum()


def test_the_monitor_of_the_last_thursdays_is_in(store):
    assert store.known_days("aim_monitor") == [
        date(2026, 10, 29),
        date(2026, 11, 5),
        date(2026, 11, 12),
        date(2026, 11, 19),
    ]
    rows = store.read("aim_monitor")
    assert set(rows["heading"]) == {"imports", "smelt", "cast"}
    early = rows[(rows["heading"] == "imports") & (rows["data_basis"] == "license")]
    assert early["month"].dt.strftime("%Y-%m").unique().tolist() == ["2026-10", "2026-11"]


def test_prices_are_known_as_the_years_go(store):
    def months(day):
        return store.read("prices", day, code_level="monthly", columns=["day"])["day"].dt.strftime("%Y-%m")

    assert months(date(2023, 6, 1)).max() == "2022-12"
    assert months(None).max() == "2026-10"
    daily = store.read("prices", code_level="daily", concept="lme_cash")
    averages = daily.groupby(daily["day"].dt.strftime("%Y-%m"))["price_usd_t"].mean()
    table = read_tables().prices.set_index("month")["price_usd_t"]
    assert averages.to_dict() == table[averages.index].to_dict()


def test_the_surge_list_has_something_to_find(sample_store):
    from aimlib.analysis.grid import grid
    from aimlib.analysis.surges import surges
    from aimlib.ingest.read import read_imports
    from aimlib.store import resolve_store

    held = read_imports(resolve_store(sample_store))
    cells = grid(held.rows, held.months, held.listed, by=("origin", "product"))
    found = surges(cells, held.months)
    assert ("ZAF", "plates_sheets_strip") in set(zip(found["origin"], found["product"], strict=True))
