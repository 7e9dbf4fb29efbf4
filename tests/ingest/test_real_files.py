"""The real files against plain pandas, which knows nothing of the store."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from aimlib.ingest.load import load_census
from aimlib.ingest.read import read_imports, read_ytd
from aimlib.reference import countries
from aimlib.sources.census.errors import ControlFailed
from aimlib.store import Store

REAL = Path(__file__).resolve().parents[2].parent / "shared/real/census"
MONTHLY = REAL / "imports_monthly_hs2_76_2013-01_2021-07.csv"
YEAR = REAL / "imports_2024-12_YTD_hs10_ch76_48_partners.csv"
TODAY = date(2026, 11, 21)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not MONTHLY.exists(), reason="the shared real files are not here"),
]


def plain(path):
    return pd.read_csv(path, dtype={"CTY_CODE": "str", "I_COMMODITY": "str"}, keep_default_na=False)


@pytest.fixture(scope="module")
def monthly(tmp_path_factory):
    root = tmp_path_factory.mktemp("monthly")
    report = load_census(root, [MONTHLY], selection=True, known_on=date(2021, 9, 10), today=TODAY)
    return report, Store.open(root), plain(MONTHLY)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    root = tmp_path_factory.mktemp("year")
    report = load_census(root, [YEAR], selection=True, known_on=date(2025, 2, 6), today=TODAY)
    return report, Store.open(root), plain(YEAR)


def test_every_figure_of_the_monthly_file_is_in_the_store(monthly):
    report, store, file = monthly
    assert (report.rows_read, report.rows_rejected, len(file)) == (3192, 0, 3192)
    held = store.read("census_imports").assign(CTY_CODE=lambda rows: rows["census_code"].replace("-", ""))
    held["time"] = held["month"].dt.strftime("%Y-%m")
    both = file.merge(held, on=["CTY_CODE", "time"], how="outer", indicator=True)
    assert set(both["_merge"]) == {"both"}
    assert (both["CON_VAL_MO"] == both["customs_value_usd"]).all()
    assert (both["CAL_DUT_MO"] == both["duty_usd"]).all()
    assert both["cif_value_usd"].isna().all()


def test_canada_in_july_2021_and_the_share_of_that_month(monthly):
    report, store, file = monthly
    found = read_imports(store, as_of=date(2021, 9, 15))
    assert (found.product.key, found.code_level, found.has_quantity) == ("chapter76", "hs2", False)
    july = found.rows[found.rows["month"] == "2021-07-01"].set_index("origin")["customs_value_usd"]
    assert july["CAN"] == 931_370_881
    of_july = file[file["time"] == "2021-07"]
    listed = of_july.loc[of_july["CTY_CODE"] != "", "CON_VAL_MO"].sum()
    total = of_july.loc[of_july["CTY_CODE"] == "", "CON_VAL_MO"].sum()
    (share,) = report.shares
    assert share.period == "2021-07"
    assert share.share == pytest.approx(listed / total)
    assert found.totals.set_index("month")["customs_value_usd"].loc["2021-07-01"] == total


def test_what_the_monthly_file_does_not_list_is_not_listed(monthly):
    _, store, _ = monthly
    found = read_imports(store)
    listed = found.listed.groupby("month")["origin"].nunique()
    assert listed.value_counts().to_dict() == {30: 102, 29: 1}
    gap = listed.index[listed == 29][0]
    assert "SAU" not in set(found.listed.loc[found.listed["month"] == gap, "origin"])
    assert set(found.months["coverage"]) == {"selection"}
    assert found.months["loaded"].all()


def test_the_monthly_file_declared_complete_does_not_meet_its_totals(tmp_path):
    with pytest.raises(ControlFailed, match="206 of 206 sums"):
        load_census(tmp_path, [MONTHLY], known_on=date(2021, 9, 10), today=TODAY)
    assert Store.open(tmp_path).is_empty


def test_every_country_row_of_the_year_file_is_in_the_year_to_date_table(year):
    report, store, file = year
    kept = file[file["CTY_CODE"] != "0003"]
    assert (report.rows_read, report.aggregates, report.tables[0].rows) == (1837, 115, len(kept))
    assert [table.table for table in report.tables] == ["census_imports_ytd"]
    held = store.read("census_imports_ytd")
    assert held["customs_value_usd"].sum() == kept["CON_VAL_YR"].sum()
    assert held["duty_usd"].sum() == kept["CAL_DUT_YR"].sum()
    by_line = held.groupby("code")["customs_value_usd"].sum()
    assert by_line.to_dict() == kept.groupby("I_COMMODITY")["CON_VAL_YR"].sum().to_dict()


def test_the_year_file_has_no_totals_and_no_share(year):
    report, store, _ = year
    assert {share.share for share in report.shares} == {None}
    assert read_ytd(store, product="unwrought").totals.empty


def test_unwrought_of_the_year_by_origin_meets_plain_pandas(year):
    _, store, file = year
    found = read_ytd(store, product="unwrought").rows.groupby("origin")["customs_value_usd"].sum()
    kept = file[(file["CTY_CODE"] != "0003") & file["I_COMMODITY"].str.startswith("7601")]
    expected = kept.groupby(countries.from_census(kept["CTY_CODE"]))["CON_VAL_YR"].sum()
    assert found.to_dict() == expected.to_dict()
