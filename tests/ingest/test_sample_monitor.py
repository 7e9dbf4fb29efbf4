"""The public monitor of the sample: any Thursday, from the licenses of that day and what Census had by then."""

from __future__ import annotations

import hashlib
import io
from datetime import date

import pandas as pd
import pytest

from aimlib.ingest.sample import license_events, monitor_files, sample_answers
from aimlib.ingest.sample.census_known import census_known
from aimlib.ingest.sample.license_flows import census_flows
from aimlib.ingest.sample.monitor_files import IMPORTERS, in_force
from aimlib.ingest.sample.price_files import daily_file, monthly_files
from aimlib.reference import countries, products

THURSDAY = date(2024, 3, 14)


def table(body: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(body), keep_default_na=False, dtype="str")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return monitor_files(THURSDAY)


@pytest.fixture(scope="module")
def early() -> pd.DataFrame:
    """Consumption licenses in force on the Thursday."""
    lines = in_force(license_events(), THURSDAY)
    return lines[(lines["entry_type"] != "zone") & (lines["month"] <= "2024-03")]


def test_a_thursday_shows_census_then_licenses(files):
    imports = table(files["imports"])
    basis = imports.groupby("month")["data_status"].unique().map(list)
    assert basis["2024-01"] == ["Census"]
    assert basis["2024-02"] == basis["2024-03"] == ["License"]
    assert (imports["month"].min(), imports["month"].max()) == ("2022-03", "2024-03")
    categories = {products.title(slug) for slug in products.resolve("aim").categories}
    assert set(imports["product_category"]) == {*categories, "All products"}


def test_the_day_of_a_release_turns_a_month_into_census():
    before, after = (table(monitor_files(date(2024, 4, day), months_back=3)["imports"]) for day in (4, 11))
    of_february = [frame.loc[frame["month"] == "2024-02", "data_status"].unique().tolist() for frame in (before, after)]
    assert of_february == [["License"], ["Census"]]


def test_early_cells_are_sums_of_the_licenses_and_small_ones_are_withheld(files, early):
    imports = table(files["imports"])
    shown = imports[(imports["data_status"] == "License") & (imports["country_of_origin"] != "World")]
    whole = shown[shown["product_category"] == "All products"]
    shown = shown[shown["product_category"] != "All products"]
    cells = early[early["month"] >= "2024-02"].groupby(["month", "origin", "product"])
    importers = cells["importer"].nunique()
    sums = cells["quantity_kg"].sum()
    assert len(shown) == len(sums)
    names = {countries.print_name(key): key for key in early["origin"].unique()}
    slugs = {products.title(slug): slug for slug in early["product"].unique()}
    withheld = 0
    for row in shown.itertuples():
        key = row.month, names[row.country_of_origin], slugs[row.product_category]
        if row.quantity_metric_tons == "":
            withheld += 1
            assert row.customs_value_usd == ""
        else:
            assert importers[key] >= IMPORTERS
            assert float(row.quantity_metric_tons) * 1000 == pytest.approx(sums[key])
    assert 0.2 < withheld / len(shown) < 0.9
    hidden = shown[shown["quantity_metric_tons"] == ""].groupby(["month", "product_category"]).size()
    assert hidden.min() >= 2  # one alone could be had by subtraction
    keys = ["month", "country_of_origin"]
    open_totals = whole[whole["quantity_metric_tons"] != ""].set_index(keys).index
    inside = shown[shown["quantity_metric_tons"] == ""].groupby(keys).size().reindex(open_totals).fillna(0)
    assert len(open_totals) > 20
    assert not (inside == 1).any()


def test_shares_are_of_the_licenses_and_come_to_one_hundred(files, early):
    for name, field in (("smelt", "country_of_largest_smelt"), ("cast", "country_of_most_recent_cast")):
        rows = table(files[name])
        rows = rows[rows["share_of_quantity_pct"] != ""]
        cell = [rows["month"], rows["country_of_origin"], rows["product_category"]]
        sums = rows["share_of_quantity_pct"].astype("float64").groupby(cell).sum()
        assert sums.between(99.9, 100.1).all()
        assert not rows.duplicated(["month", "country_of_origin", "product_category", field]).any()
    smelt = table(files["smelt"])
    assert smelt["month"].min() == "2022-07"
    mine = early[(early["month"] == "2024-02") & (early["origin"] == "MEX") & (early["product"] == "unwrought")]
    expected = 100 * mine.loc[mine["largest_smelt"] == "N/A", "quantity_kg"].sum() / mine["quantity_kg"].sum()
    at = (smelt["month"] == "2024-02") & (smelt["country_of_origin"] == "Mexico")
    at &= (smelt["product_category"] == products.title("unwrought")) & (smelt["country_of_largest_smelt"] == "N/A")
    assert float(smelt.loc[at, "share_of_quantity_pct"].iloc[0]) == pytest.approx(expected, abs=0.006)


def test_the_same_thursday_is_the_same_bytes(files):
    again = monitor_files(THURSDAY)
    assert {name: hashlib.sha256(body).hexdigest() for name, body in again.items()} == {
        name: hashlib.sha256(body).hexdigest() for name, body in files.items()
    }


def test_what_census_had_is_as_in_its_answers():
    import json

    known = census_known("2026-11-05", "2026-08")
    assert sorted(known["month"].unique()) == ["2026-08", "2026-09"]
    [answer] = [answer for answer in sample_answers() if answer.known_on == "2026-11-05"]
    header, *lines = json.loads(answer.body)
    rows = pd.DataFrame(lines, columns=header)
    rows = rows[(rows["CTY_CODE"] == "-") & rows["I_COMMODITY"].isin(products.aim_lines()["hts10"])]
    published = rows["CON_VAL_MO"].astype("int64").groupby(rows["time"]).sum()
    assert known.groupby("month")["customs_value_usd"].sum().to_dict() == published.to_dict()
    quantity = rows["CON_QY1_MO"].astype("int64").groupby(rows["time"]).sum()
    assert known.groupby("month")["quantity_kg"].sum().to_dict() == quantity.to_dict()
    flows = census_flows()
    final = flows.value[:, flows.months.index("2026-09")].sum()
    assert published["2026-09"] != final


def test_prices_are_known_by_year_and_days_average_to_months():
    files = monthly_files()
    assert [day for day, _ in files] == [
        *("2021-08-05", "2022-01-06", "2023-01-05", "2024-01-11", "2025-01-09", "2026-01-08", "2026-11-19")
    ]
    lines = files[-1][1].decode().splitlines()
    assert lines[-1] == "2026M10,3280"
    assert lines[2] == '"Updated on November 19, 2026"'
    daily = table(daily_file())
    cash = daily["lme_cash"].astype("int64")
    assert cash.groupby(daily["date"].str[:7]).mean()["2026-05"] == 3666
    assert (daily["lme_three_month"].astype("int64") > cash).all()
    assert pd.to_datetime(daily["date"]).dt.day_of_week.max() == 4
