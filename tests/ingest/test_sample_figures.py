"""The published figures behind the sample, against the Census file they were computed from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aimlib import settings
from aimlib.ingest.sample import parameters
from aimlib.ingest.sample.figures import by_line, read_census_year, write_figures
from aimlib.ingest.sample.tables import read_tables
from aimlib.reference import countries, products

REAL = Path(__file__).resolve().parents[2] / "../shared/real"
YEAR = REAL / "census/imports_2024-12_YTD_hs10_ch76_48_partners.csv"

needs_real = pytest.mark.skipif(not YEAR.is_file(), reason="the Census file of 2024 is not at hand")


@pytest.mark.shared
@needs_real
def test_the_committed_figures_are_those_of_the_census_file(tmp_path):
    written = write_figures(YEAR, tmp_path)
    assert written.read_bytes() == (settings.share_dir("sample") / "census_2024.csv").read_bytes()


@pytest.mark.shared
@needs_real
def test_the_lines_weigh_what_the_census_file_says():
    lines = read_tables().lines.set_index("code")["customs_value_usd"]
    assert lines.to_dict() == by_line(YEAR)[lines.index].to_dict()


@pytest.mark.shared
@needs_real
def test_the_aggregate_of_the_european_union_is_left_out():
    rows = read_census_year(YEAR)
    assert rows["origin"].nunique() == 47
    assert rows["customs_value_usd"].sum() == 23_035_051_810
    assert rows["calculated_duty_usd"].sum() == 820_217_931


def test_figures_hold_the_totals_of_the_47_countries():
    figures = read_tables().figures
    assert figures["customs_value_usd"].sum() == 23_035_051_810
    assert figures["calculated_duty_usd"].sum() == 820_217_931
    assert set(figures["product"]) == set(products.all_categories()["category"]) - {"chapter76"}
    assert not figures.duplicated(["origin", "product"]).any()


def test_a_file_with_an_aggregate_counts_its_countries_once(tmp_path):
    file = tmp_path / "year.csv"
    file.write_text(
        "CTY_NAME,CON_VAL_YR,CAL_DUT_YR,I_COMMODITY,I_COMMODITY_SDESC,time,COMM_LVL,CTY_CODE\n"
        "EUROPEAN UNION,70,7,7608200030,TUBES,2024-12,HS10,0003\n"
        "SLOVAKIA,30,3,7608200030,TUBES,2024-12,HS10,4359\n"
        "SLOVAKIA,12,1,7608200090,TUBES,2024-12,HS10,4359\n"
        "TOTAL FOR ALL COUNTRIES,99,9,7608200030,TUBES,2024-12,HS10,-\n"
    )
    table = write_figures(file, tmp_path).read_text()
    assert table.startswith("# United States imports for consumption 2024")
    assert table.splitlines()[-2:] == [
        "origin,product,customs_value_usd,calculated_duty_usd",
        "SVK,tubes_pipes,42,4",
    ]


def test_the_tables_agree_with_the_reference():
    tables = read_tables()
    assert countries.from_census(tables.origins["census_code"]).tolist() == tables.origins["origin"].tolist()
    assert set(tables.figures["origin"]) <= set(tables.origins["origin"])
    december = pd.Series(pd.Timestamp("2024-12-01"), index=tables.lines.index)
    slugs = products.classify(tables.lines["code"], december)
    assert slugs.tolist() == tables.lines["product"].tolist()


def test_every_published_price_says_so_and_the_rest_is_assumed():
    prices = read_tables().prices
    assert set(prices["basis"]) == {"published", "assumed"}
    assert prices.loc[prices["basis"] == "assumed", "month"].min() == "2026-06"
    average = prices.loc[prices["month"].str.startswith("2024"), "price_usd_t"].mean()
    assert average == pytest.approx(2419, abs=1)


def test_duty_steps_name_a_reason_and_known_origins():
    steps = read_tables().duty_steps
    origins = set(read_tables().origins["origin"])
    named = {word.lstrip("-") for text in steps["origins"] for word in text.split()} - {"*"}
    assert named <= origins
    assert steps["why"].str.len().gt(10).all()
    first, last = (
        pd.to_datetime(steps["first_day"]),
        pd.to_datetime(steps["last_day"].replace("", "2099-01-01")),
    )
    assert (first < last).all()
    inside = (first < f"{parameters.BASE_YEAR + 1}-01-01") & (last >= f"{parameters.BASE_YEAR}-01-01")
    assert not inside.any()
