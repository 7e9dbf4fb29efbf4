"""The real monthly file of chapter 76: what the analysis says is what the file holds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aimlib.analysis.decomposition import decompose
from aimlib.analysis.grid import grid
from aimlib.analysis.headline import headline
from aimlib.analysis.months import month_window, year_to_date_window
from aimlib.analysis.tables import window_table
from aimlib.analysis.totals import listed_share, total

FILE = Path(__file__).resolve().parents[2] / "../shared/real/census/imports_monthly_hs2_76_2013-01_2021-07.csv"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILE.exists(), reason="the real Census files are not beside this clone"),
]


@pytest.fixture(scope="module")
def raw():
    """Dollars by Census country name and month, the total under its own name."""
    table = pd.read_csv(FILE, dtype="str")
    table = table.assign(month=pd.to_datetime(table["time"]), usd=table["CON_VAL_MO"].astype(float))
    return table.pivot(index="month", columns="CTY_NAME", values="usd")


@pytest.fixture(scope="module")
def frames(raw):
    """The file as the reader would hand it over: a selection in every month, with the published total."""
    long = raw.stack().dropna().rename("customs_value_usd").reset_index()
    long = long.rename(columns={"CTY_NAME": "origin"}).assign(
        product="chapter76", code="76", cif_value_usd=float("nan"), duty_usd=0.0, quantity_kg=float("nan")
    )
    is_total = long["origin"] == "TOTAL FOR ALL COUNTRIES"
    months = pd.DataFrame({"month": raw.index}).assign(
        loaded=True, coverage="selection", data_basis="census", partial=False, provisional=False
    )
    rows = long[~is_total].reset_index(drop=True)
    return rows, long[is_total].drop(columns="origin"), months, rows[["month", "origin"]]


def test_canada_in_july_2021(raw, frames):
    figures = headline(*frames, origins=["CANADA"])
    canada, whole = raw["CANADA"], raw["TOTAL FOR ALL COUNTRIES"]
    assert figures.month == pd.Timestamp("2021-07")
    assert figures.level == canada["2021-07-01"] == 931_370_881
    assert figures.yoy == pytest.approx(931_370_881 / 550_113_456 - 1)
    assert figures.mom == pytest.approx(canada["2021-07-01"] / canada["2021-06-01"] - 1)
    this_year, last_year = canada.loc["2021-01":"2021-07"].sum(), canada.loc["2020-01":"2020-07"].sum()
    assert figures.ytd == this_year
    assert figures.ytd_yoy == pytest.approx(this_year / last_year - 1)
    assert figures.ytd_months_compared == 7
    assert figures.last_12_months == canada.loc["2020-08":"2021-07"].sum()
    assert figures.annualized == pytest.approx(this_year * 12 / 7)
    assert figures.share_of_total == pytest.approx(931_370_881 / 2_184_186_932)
    assert figures.share_of_total == pytest.approx(canada["2021-07-01"] / whole["2021-07-01"])
    assert (figures.rank, figures.ranked, figures.rank_among_listed) == (1, 30, True)
    assert figures.unit_value_usd_t is None


def test_what_the_listed_partners_make_up_of_the_published_total(raw, frames):
    table = listed_share(*frames).set_index("month").loc["2021-07-01"]
    listed = raw.drop(columns="TOTAL FOR ALL COUNTRIES").loc["2021-07-01"].sum()
    assert table["listed_origins"] == 30
    assert table["share_listed"] == pytest.approx(listed / 2_184_186_932)
    assert table["customs_value_usd_rest"] == 2_184_186_932 - listed


def test_the_one_month_that_does_not_list_saudi_arabia_is_not_a_zero(raw, frames):
    (gap,) = raw.index[raw["SAUDI ARABIA"].isna()]
    rows, _, months, listed = frames
    saudi = grid(rows, months, listed, origins=["SAUDI ARABIA"]).set_index("month")
    assert pd.isna(saudi.loc[gap, "customs_value_usd"])
    assert saudi.loc[gap, "not_listed"]
    assert saudi["customs_value_usd"].isna().sum() == 1


def test_the_supplier_table_adds_to_the_published_total(raw, frames):
    rows, totals, months, listed = frames
    parts, whole = grid(rows, months, listed, by=("origin",)), total(rows, totals, months)
    table = window_table(parts, whole, year_to_date_window(months), top=10)
    c = "customs_value_usd_ytd"
    published = raw["TOTAL FOR ALL COUNTRIES"]
    assert table[c].iloc[-1] == published.loc["2021-01":"2021-07"].sum()
    assert table[c].iloc[:-1].sum() == table[c].iloc[-1]
    assert table["contribution"].iloc[:-1].sum() == pytest.approx(table[f"{c}_yoy"].iloc[-1])
    largest = raw.drop(columns="TOTAL FOR ALL COUNTRIES").loc["2021-01":"2021-07"].sum().nlargest(10)
    assert table["origin"].tolist() == [*largest.index, "REST", "TOTAL"]


def test_without_quantities_the_whole_change_is_not_split(raw, frames):
    table = decompose(*frames, month_window(frames[2]), origins=["CANADA"]).iloc[-1]
    assert table["change_usd"] == table["not_split_usd"] == 931_370_881 - 550_113_456
    assert pd.isna(table["price_effect_usd"])
