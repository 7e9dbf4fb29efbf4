"""BACI into a store: blocks by code and year, editions, vintages; the real file against plain pandas."""

from datetime import date

import pandas as pd
import pytest
from places import REAL

from aimlib.errors import AimError
from aimlib.ingest.baci import load_baci
from aimlib.reference import countries
from aimlib.store import Store

TODAY = date(2026, 11, 21)
KNOWN = date(2024, 1, 30)
TEXT = "t,i,j,k,v,q\n2021,124,842,760110,1500,700\n2021,76,842,760120,20,NA\n2022,76,842,760110,9,4\n"


@pytest.fixture
def load(tmp_path):
    """Write texts to files and load them into a store of the test's own."""

    def run(*texts, names=("BACI_HS92_Y2021.csv", "BACI_HS92_Y2022.csv"), **options):
        paths = [tmp_path / name for name in names[: len(texts)]]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text)
        return load_baci(run.root, paths, **{"today": TODAY, "known_on": KNOWN} | options)

    run.root = tmp_path / "store"
    return run


def blocks(root):
    found = Store.open(root).blocks()
    return {(b.code_level, b.concept, b.period, b.heading): (b.coverage, b.rows) for b in found.itertuples()}


def told(report, words):
    return any(words in text for text in report.warnings)


def test_a_block_is_a_code_in_a_year(load):
    report = load(TEXT)
    assert blocks(load.root) == {
        ("hs6", "HS92", "2021", "760110"): ("complete", 1),
        ("hs6", "HS92", "2021", "760120"): ("complete", 1),
        ("hs6", "HS92", "2022", "760110"): ("complete", 1),
    }
    assert told(report, "stays missing: 1 of 3")
    rows = Store.open(load.root).read("baci")
    assert rows["month"].dt.strftime("%Y-%m-%d").tolist() == ["2021-01-01", "2021-01-01", "2022-01-01"]
    (source,) = Store.open(load.root).commits[0].sources
    assert (source["publisher"], source["title"], source["license"]) == ("CEPII", "BACI", "Etalab Open Licence 2.0")


def test_the_same_again_changes_nothing_and_a_later_release_stands_in_front(load):
    load(TEXT)
    assert load(TEXT).already_held
    load(TEXT.replace("1500", "1600"), known_on=date(2025, 1, 30))
    store = Store.open(load.root)
    assert store.read("baci")["fob_value_usd"].max() == 1_600_000.0
    assert store.read("baci", KNOWN)["fob_value_usd"].max() == 1_500_000.0


def test_a_flow_that_a_release_drops_is_gone(load):
    load(TEXT.replace("2021,76,842,760120", "2021,76,842,760110"))
    load(TEXT, known_on=date(2025, 1, 30))
    assert blocks(load.root)["hs6", "HS92", "2021", "760110"] == ("complete", 1)


def test_several_files_are_one_commit(load):
    load(TEXT, "t,i,j,k,v,q\n2023,76,842,760110,9,4\n", known_on=date(2025, 1, 30))
    assert len(Store.open(load.root).commits) == 1
    assert len(blocks(load.root)) == 4


def test_the_edition_is_that_of_the_name_or_said_or_the_oldest(load):
    assert load(TEXT, names=["BACI_HS17.csv"]).tables[0].concept == "HS17"
    assert load(TEXT, names=["flows.csv"], edition="hs22").tables[0].concept == "HS22"
    report = load(TEXT, names=["flows.csv"])
    assert report.tables[0].concept == "HS92"
    assert told(report, "No file's name tells the edition")
    with pytest.raises(AimError, match="HS17, HS92"):
        load(TEXT, TEXT + "2022,124,842,760110,9,4\n", names=["BACI_HS17.csv", "BACI_HS92.csv"])
    with pytest.raises(AimError, match="HS93"):
        load(TEXT, edition="HS93")


def test_a_code_that_is_not_in_the_edition_is_set_apart(load):
    report = load(TEXT + "2022,76,842,761510,9,4\n")
    assert report.rows_rejected == 1
    assert "not in HS92" in report.reasons[0]
    assert report.exit_status == 1
    assert load(TEXT + "2022,76,842,761510,9,4\n", edition="HS12").rows_rejected == 0


def test_a_block_that_lacks_a_row_is_a_selection(load):
    load(TEXT + "2022,76,484,760110,-9,4\n")
    assert blocks(load.root)["hs6", "HS92", "2022", "760110"] == ("selection", 1)
    assert blocks(load.root)["hs6", "HS92", "2021", "760110"] == ("complete", 1)


def test_a_selection_is_one(load):
    load(TEXT, selection=True)
    assert {coverage for coverage, _ in blocks(load.root).values()} == {"selection"}


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (TEXT, {"known_on": date(2022, 12, 31)}, "before the year ended"),
        (TEXT, {"known_on": date(2026, 11, 22)}, "future"),
        (TEXT.replace(",7601", ",2601"), {}, "none of the 3 rows is of chapter 76"),
        ("t,i,j,k,v,q\n2021,76,842,760110,-5,1\n", {}, "a negative figure"),
    ],
)
def test_what_is_refused_whole(load, text, options, said):
    with pytest.raises(AimError, match=said):
        load(text, **options)
    assert Store.open(load.root).is_empty


# The real files

CSV = REAL / "baci/baci_hs92_760110_1995_2024.csv"
PARQUET = REAL / "baci/baci_hs92_74_codes_1995_2024.parquet"
real = pytest.mark.skipif(not CSV.exists(), reason="the shared real files are not here")


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    root = tmp_path_factory.mktemp("baci")
    report = load_baci(root, [CSV], known_on=date(2026, 1, 30), today=TODAY)
    return report, Store.open(root).read("baci"), pd.read_csv(CSV)


@pytest.mark.shared
@real
def test_the_real_file_whole(held):
    report, rows, raw = held
    assert (len(rows), rows["quantity_kg"].isna().sum()) == (44_838, 457)
    assert (report.rows_read, report.rows_rejected) == (44_838, 0)
    sums = rows.groupby(rows["month"].dt.year)[["fob_value_usd", "quantity_kg"]].sum()
    plain = raw.groupby("t")[["v", "q"]].sum() * 1000
    assert sums["fob_value_usd"].tolist() == pytest.approx(plain["v"].tolist())
    assert sums["quantity_kg"].tolist() == pytest.approx(plain["q"].tolist())


@pytest.mark.shared
@real
def test_the_ten_largest_exporters_of_2023(held):
    _, rows, raw = held
    ours = rows[rows["month"].dt.year == 2023].groupby("exporter")["quantity_kg"].sum().nlargest(10)
    plain = raw[raw["t"] == 2023].groupby("i")["q"].sum().nlargest(10) * 1000
    assert ours.index.tolist() == countries.from_comtrade(plain.index.to_series()).tolist()
    assert ours.tolist() == pytest.approx(plain.tolist())


@pytest.mark.shared
@real
def test_doubtful_rows_are_many_and_weigh_little(held):
    _, rows, _ = held
    doubtful = rows[rows["doubtful"]]
    assert 0.02 < len(doubtful) / len(rows) < 0.15
    assert doubtful["fob_value_usd"].sum() / rows["fob_value_usd"].sum() < 0.01


@pytest.mark.shared
@real
def test_the_table_of_many_codes_gives_the_same_rows(held, tmp_path):
    report = load_baci(tmp_path, [PARQUET], known_on=date(2026, 1, 30), today=TODAY)
    assert told(report, "other chapters, left out: 1,220,050")
    pd.testing.assert_frame_equal(Store.open(tmp_path).read("baci"), held[1])
