"""The real monthly file: the bulletin prints what plain pandas reads from it."""

from __future__ import annotations

import re

import pandas as pd
import pypdf
import pytest
from commands import aim

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def raw(real_census) -> pd.DataFrame:
    return pd.read_csv(real_census / "imports_monthly_hs2_76_2013-01_2021-07.csv", dtype={"CTY_CODE": "str"})


@pytest.fixture(scope="module")
def text(real_bulletin) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pypdf.PdfReader(real_bulletin.pdf).pages))


def test_canada_july_2021_is_the_files_value(raw, text):
    value = raw.loc[(raw["CTY_NAME"] == "CANADA") & (raw["time"] == "2021-07"), "CON_VAL_MO"].item()
    assert f"${value / 1e6:,.1f} million" in text


def test_the_listed_partners_share_of_the_published_total(raw, text):
    july = raw[raw["time"] == "2021-07"]
    total = july.loc[july["CTY_CODE"].isna(), "CON_VAL_MO"].item()
    listed = july.loc[july["CTY_CODE"].notna(), "CON_VAL_MO"].sum()
    assert f"{listed / total:.1%} of the published total of July 2021" in text


def test_changes_and_share_by_a_second_road(raw, real_bulletin):
    canada = raw[raw["CTY_NAME"] == "CANADA"].set_index("time")["CON_VAL_MO"]
    world = raw[raw["CTY_CODE"].isna()].set_index("time")["CON_VAL_MO"]
    to_date = [canada[[f"{year}-{month:02}" for month in range(1, 8)]].sum() for year in (2020, 2021)]
    key = pd.read_csv(real_bulletin.folder / "data" / "key_figures.csv").set_index("figure")["amount"]
    assert key["level"] == canada["2021-07"]
    assert key["mom"] == pytest.approx(canada["2021-07"] / canada["2021-06"] - 1)
    assert key["yoy"] == pytest.approx(canada["2021-07"] / canada["2020-07"] - 1)
    assert key["ytd"] == to_date[1]
    assert key["ytd_yoy"] == pytest.approx(to_date[1] / to_date[0] - 1)
    assert key["share_of_total"] == pytest.approx(canada["2021-07"] / world["2021-07"])


def test_it_says_that_the_chapter_is_not_the_license_scope(text):
    assert "wider than the AIM license scope" in text


def test_partners_add_up_to_the_published_total(raw, real_bulletin):
    table = pd.read_csv(real_bulletin.folder / "data" / "suppliers.csv").set_index("origin")["customs_value_usd_ytd"]
    months = [f"2021-{month:02}" for month in range(1, 8)]
    total = raw.loc[raw["CTY_CODE"].isna() & raw["time"].isin(months), "CON_VAL_MO"].sum()
    assert table["TOTAL"] == total
    assert table.drop("TOTAL").sum() == pytest.approx(total)


def test_the_2024_file_is_a_year_to_date_without_totals(real_census, tmp_path):
    file = real_census / "imports_2024-12_YTD_hs10_ch76_48_partners.csv"
    done = aim("load", "census", str(file), "--selection", "--known-on", "2025-02-10", store=tmp_path / "store")
    assert done.returncode == 0, done.stderr
    assert "no published totals" in done.stdout
    done = aim("run", "import_trends", "-p", "country=CHN", "-p", "product=foil", "-o", str(tmp_path / "out"),
               store=tmp_path / "store")  # fmt: skip
    assert done.returncode == 0, done.stderr
    raw = pd.read_csv(file, dtype={"CTY_CODE": "str", "I_COMMODITY": "str"})
    foil = raw[(raw["CTY_CODE"] == "5700") & raw["I_COMMODITY"].str.startswith("7607")]
    suppliers = pd.read_csv(tmp_path / "out" / "data" / "suppliers.csv").set_index("origin")
    assert suppliers["customs_value_usd_ytd"]["CHN"] == foil["CON_VAL_YR"].sum()
    assert suppliers["customs_value_usd_ytd"].isna()["TOTAL"]
    assert suppliers["share_of_total"].isna().all()
