"""The sample: real totals of 2024, the same bytes always, and everything odd that a real answer has."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest

from aimlib.ingest.sample import parameters
from aimlib.ingest.sample.answers import code_changes, sample_answers
from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.pairs import spread
from aimlib.ingest.sample.tables import read_tables
from aimlib.ingest.sample.writer import HEADER
from aimlib.reference import countries, products
from aimlib.sources.census.variables import asked_variables

DOLLARS = ["CON_VAL_MO", "CON_CIF_MO", "DUT_VAL_MO", "CAL_DUT_MO", "GEN_VAL_MO", "GEN_CIF_MO"]
QUANTITIES = ["CON_QY1_MO", "CON_QY2_MO", "GEN_QY1_MO", "GEN_QY2_MO"]

HASHES = """
import hashlib, random
import numpy as np
np.random.seed(1); np.random.random(99); random.seed(2)
from aimlib.ingest.sample.answers import sample_answers
for answer in sample_answers():
    print(answer.known_on, *answer.months, hashlib.sha256(answer.body).hexdigest())
"""


@pytest.fixture(scope="module")
def answers():
    return list(sample_answers())


@pytest.fixture(scope="module")
def rows(answers) -> pd.DataFrame:
    """Every row of every answer, numbers as int64, with its known_on."""
    frames = []
    for answer in answers:
        header, *lines = json.loads(answer.body)
        frames.append(pd.DataFrame(lines, columns=header).assign(known_on=answer.known_on))
    table = pd.concat(frames, ignore_index=True)
    return table.astype(dict.fromkeys(DOLLARS + QUANTITIES, "int64"))


@pytest.fixture(scope="module")
def latest(rows) -> pd.DataFrame:
    return rows[rows["known_on"] == rows.groupby("time")["known_on"].transform("max")]


@pytest.fixture(scope="module")
def by_country(latest) -> pd.DataFrame:
    kinds = latest["CTY_CODE"].map(countries.kind_of_census_code)
    own = latest[kinds == "country"]
    return own.assign(origin=countries.from_census(own["CTY_CODE"]))


def test_every_value_is_text_under_the_columns_that_are_asked_for(answers):
    header, *lines = json.loads(answers[-1].body)
    assert header == HEADER
    assert set(asked_variables()) <= set(header)
    assert {"I_COMMODITY", "time", "COMM_LVL"} <= set(header)
    assert all(isinstance(cell, str) for line in lines for cell in line)
    assert {len(line) for line in lines} == {len(header)}


def test_2024_is_as_published_by_origin_and_product(by_country):
    year = by_country[by_country["time"].str.startswith("2024")]
    product = products.classify(year["I_COMMODITY"], pd.to_datetime(year["time"]))
    made = year.groupby(["origin", product.rename("product")])[["CON_VAL_MO", "CAL_DUT_MO"]].sum()
    published = read_tables().figures.set_index(["origin", "product"])
    assert made.index.equals(published.index)
    assert made["CON_VAL_MO"].tolist() == published["customs_value_usd"].tolist()
    assert made["CAL_DUT_MO"].tolist() == published["calculated_duty_usd"].tolist()


def test_2024_is_final_from_the_june_after_and_near_it_before(rows):
    of_2024 = rows[rows["time"].str.startswith("2024") & (rows["CTY_CODE"] == "-")]
    assert of_2024["known_on"].max() == "2025-06-05"
    sums = of_2024.groupby(["time", "known_on"])["CON_VAL_MO"].sum().unstack()
    final = sums["2025-06-05"]
    assert final.notna().all()
    first = sums.bfill(axis=1).iloc[:, 0]
    assert (first / final).between(0.99, 1.01).all()
    assert (first != final).all()


def test_countries_meet_the_total_of_every_line_in_every_vintage(rows):
    kinds = rows["CTY_CODE"].map(countries.kind_of_census_code)
    key = ["known_on", "time", "I_COMMODITY"]
    parts = rows[kinds == "country"].groupby(key)[DOLLARS + QUANTITIES].sum()
    totals = rows[kinds == "total"].set_index(key)[DOLLARS + QUANTITIES].sort_index()
    pd.testing.assert_frame_equal(parts, totals)


def test_groups_repeat_their_members(latest):
    usmca = latest[latest["CTY_CODE"] == "0020"].groupby("time")["CON_VAL_MO"].sum()
    members = latest[latest["CTY_CODE"].isin(["1220", "2010"])].groupby("time")["CON_VAL_MO"].sum()
    pd.testing.assert_series_equal(usmca, members)
    assert set(latest.loc[latest["SUMMARY_LVL"] == "CGP", "CTY_CODE"]) == set(parameters.GROUPS)


def test_another_process_makes_the_same_bytes(answers):
    environment = os.environ | {"PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    printed = subprocess.run(
        [sys.executable, "-c", HASHES], capture_output=True, text=True, check=True, env=environment
    ).stdout
    made = [" ".join([answer.known_on, *answer.months, hashlib.sha256(answer.body).hexdigest()]) for answer in answers]
    assert printed.splitlines() == made


def test_draws_do_not_change_from_machine_to_machine():
    assert Draws("a name").below(1000, 5).tolist() == [474, 41, 64, 13, 427]
    assert Draws("a name").around_zero(50, 5).tolist() == [-12, -32, -17, -16, -7]
    assert Draws("a name").below(2, 9999).mean() == pytest.approx(0.5, abs=0.02)


def test_months_run_without_a_gap_to_the_last_that_is_published(latest):
    months = sorted(latest["time"].unique())
    expected = pd.period_range("2019-01", "2026-09", freq="M")
    assert months == [str(month) for month in expected]


def test_vintages_are_thursdays_and_end_on_november_19_2026(answers):
    days = sorted({date.fromisoformat(answer.known_on) for answer in answers})
    assert {day.isoweekday() for day in days} == {4}
    assert days[-1] == date(2026, 11, 19)
    for answer in answers:
        assert pd.Timestamp(answer.known_on) > pd.Period(answer.months[-1], "M").end_time


def test_a_revision_moves_some_rows_a_little_and_withdraws_one(rows):
    key = ["CTY_CODE", "I_COMMODITY"]
    september = rows[(rows["time"] == "2026-09") & (rows["SUMMARY_LVL"] == "DET") & (rows["CTY_CODE"] != "-")]
    first, last = (
        september[september["known_on"] == day].set_index(key)["CON_VAL_MO"] for day in ("2026-11-05", "2026-11-19")
    )
    assert first.index.difference(last.index).tolist() == [("5130", "7604291090")]
    assert last.index.difference(first.index).empty
    both = pd.concat([first, last], axis=1, keys=["first", "last"]).dropna()
    change = both["last"] / both["first"].where(both["first"] > 0) - 1
    assert 0.03 < (change.abs() > 0.001).mean() < 0.5
    assert change.abs().max() < 0.05


def test_june_revises_the_year_before(rows):
    versions = rows.groupby("time")["known_on"].unique().map(list)
    assert versions["2025-01"] == ["2025-03-06", "2025-04-10", "2026-06-11"]
    assert versions["2025-12"] == ["2026-02-05", "2026-03-05", "2026-06-11"]
    assert versions["2026-08"] == ["2026-10-08", "2026-11-05", "2026-11-19"]
    total = rows[(rows["CTY_CODE"] == "-") & (rows["time"] == "2025-06")].groupby("known_on")["CON_VAL_MO"].sum()
    assert total.nunique() == 3


def test_a_code_is_split_in_july_2025(by_country):
    codes = by_country[by_country["CON_VAL_MO"] > 0].groupby("time")["I_COMMODITY"].unique().map(set)
    new = {"7601106040", "7601106045"}
    assert "7601106030" in codes["2025-06"]
    assert not new & codes["2025-06"]
    assert new <= codes["2025-07"]
    assert "7601106030" not in set(by_country.loc[by_country["time"] >= "2025-07", "I_COMMODITY"])


def test_every_code_lived_in_its_month(by_country):
    held = by_country[["I_COMMODITY", "time"]].drop_duplicates(ignore_index=True)
    changes = code_changes()
    assert len(changes) > 5
    for change in changes.itertuples(index=False):
        after = held["time"] >= f"{change.month:%Y-%m}"
        gone = held["I_COMMODITY"].isin(set(change.old) - set(change.new))
        come = held["I_COMMODITY"].isin(set(change.new) - set(change.old))
        assert not (gone & after).any()
        assert not (come & ~after).any()
    products.classify(held["I_COMMODITY"], pd.to_datetime(held["time"]))


def test_all_lines_of_the_scope_and_the_rest_of_the_chapter_trade_in_2024(by_country):
    traded = by_country[by_country["time"].str.startswith("2024") & (by_country["CON_VAL_MO"] > 0)]
    codes = set(traded["I_COMMODITY"])
    assert set(products.aim_lines("2024-12")["hts10"]) <= codes
    assert {f"76{heading:02d}" for heading in range(1, 17)} == {code[:4] for code in codes}
    assert traded["origin"].nunique() == 47


def test_zero_rows_goods_in_bond_and_suppressed_quantities_are_there(by_country):
    nothing = (by_country["CON_VAL_MO"] == 0) & (by_country["GEN_VAL_MO"] == 0)
    in_bond = (by_country["CON_VAL_MO"] == 0) & (by_country["GEN_VAL_MO"] > 0)
    suppressed = by_country[by_country["CON_QY1_MO_FLAG"] != "-"]
    assert nothing.any()
    assert in_bond.any()
    assert len(suppressed) > 20
    assert (suppressed[QUANTITIES] == 0).all(axis=None)
    assert not (by_country[DOLLARS + QUANTITIES] < 0).any(axis=None)


def test_units_are_kilograms_pieces_or_none(by_country):
    scope = by_country["I_COMMODITY"].isin(products.aim_lines()["hts10"])
    assert set(by_country.loc[scope, "UNIT_QY1"]) == {"KG"}
    pieces = by_country[by_country["UNIT_QY1"] == "NO"]
    assert set(pieces["UNIT_QY2"]) == {"KG"}
    assert (pieces["CON_QY2_MO"] > 0).any()
    without = by_country[by_country["UNIT_QY1"] == "-"]
    assert (without["CON_VAL_MO"] > 0).any()
    assert (without[QUANTITIES] == 0).all(axis=None)


def test_the_shape_follows_what_is_known(by_country):
    ingot = by_country[by_country["I_COMMODITY"].str.startswith("7601")]
    year = ingot["time"].str[:4]
    sums = ingot.groupby(["origin", year])[["CON_VAL_MO", "CON_QY1_MO", "CAL_DUT_MO"]].sum()
    value, kg, duty = (sums[name] for name in sums)
    assert value["RUS", "2021"] > 100_000_000
    assert value["RUS"].get("2024", 0) == 0
    assert kg["CAN", "2025"] < 0.9 * kg["CAN", "2024"]
    assert kg["ARE", "2025"] > kg["ARE", "2024"]
    assert kg.groupby("time").sum()["2020"] < kg.groupby("time").sum()["2019"]
    assert duty["CAN", "2024"] / value["CAN", "2024"] < 0.001
    assert duty["CAN", "2026"] / value["CAN", "2026"] == pytest.approx(0.50, abs=0.001)
    price = value.groupby("time").sum() / kg.groupby("time").sum() * 1000
    assert price["2024"] == pytest.approx(2419 * 1.09, rel=0.05)
    assert price["2026"] > price["2024"] > price["2020"]


def test_general_imports_stay_near_consumption(by_country):
    sums = by_country.groupby(by_country["time"].str[:4])[["CON_VAL_MO", "GEN_VAL_MO"]].sum()
    ratio = sums["GEN_VAL_MO"] / sums["CON_VAL_MO"]
    assert ratio.between(1.0, 1.02).all()
    assert (by_country["GEN_VAL_MO"] != by_country["CON_VAL_MO"]).mean() > 0.3


def test_spread_keeps_the_total():
    weights = np.array([5, 0, 7, 1])
    for total in (0, 1, 12, 999_999_999_999):
        assert spread(total, weights).sum() == total
    assert spread(1300, weights).tolist() == [500, 0, 700, 100]
