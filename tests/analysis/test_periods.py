"""Quarters, years and years to date."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.analysis.grid import grid
from aimlib.analysis.periods import annual, quarterly, year_to_date

C = "customs_value_usd"


@pytest.fixture
def found(book):
    """Canada 1, 2, ... from February 2023 to May 2025; May 2025 is still filling."""
    return (
        book("2023-02", "2025-05")
        .complete("2023-02", "2025-04")
        .complete("2025-05", partial=True)
        .rows_("2023-02", "CAN", list(range(2, 30)), tonnes=3)
    )


def canada(found):
    return grid(found.rows, found.months, found.listed, origins=["CAN"])


def test_quarters(found, at):
    table = quarterly(canada(found))
    assert table["period"].tolist() == [
        *(f"2023Q{q}" for q in range(1, 5)),
        *(f"2024Q{q}" for q in range(1, 5)),
        "2025Q1",
        "2025Q2",
    ]
    assert at(table, C, period="2023Q2") == 4 + 5 + 6
    assert at(table, f"{C}_qoq", period="2023Q3") == pytest.approx(24 / 15 - 1)
    assert at(table, f"{C}_yoy", period="2024Q2") == pytest.approx(51 / 15 - 1)
    assert at(table, "period_start", period="2024Q2") == pd.Timestamp("2024-04")


def test_a_quarter_is_blank_unless_its_three_months_are_whole(found, at):
    table = quarterly(canada(found))
    assert at(table, C, period="2023Q1") is None
    assert at(table, "months_loaded", period="2023Q1") == 2
    assert at(table, f"{C}_yoy", period="2024Q1") is None
    assert at(table, C, period="2025Q2") is None
    assert at(table, "months_loaded", period="2025Q2") == 1


def test_years_are_blank_unless_all_months_are_loaded(found, at):
    table = annual(canada(found))
    assert table["period"].tolist() == ["2023", "2024", "2025"]
    assert at(table, C, period="2023") is None
    assert at(table, C, period="2024") == sum(range(13, 25))
    assert at(table, f"{C}_yoy", period="2024") is None
    assert at(table, C, period="2025") is None
    assert at(annual(canada(found), "quantity"), "quantity_t", period="2024") == 36


def test_years_compare_when_both_are_whole(book, at):
    found = book("2022-01", "2023-12").complete("2022-01", "2023-12")
    found.rows_("2022-01", "CAN", [2.0] * 12 + [3.0] * 12)
    assert at(annual(canada(found)), f"{C}_yoy", period="2023") == 0.5


def test_year_to_date_ends_with_the_latest_month_that_compares(found, at):
    table = year_to_date(canada(found))
    assert table["year"].tolist() == [2023, 2024, 2025]
    assert set(table["through_month"]) == {4}
    assert at(table, f"{C}_ytd", year=2024) == 13 + 14 + 15 + 16
    assert at(table, f"{C}_ytd", year=2023) is None


def test_year_to_date_on_year_says_how_many_months_it_compares(found, at):
    table = year_to_date(canada(found))
    assert at(table, "ytd_months_compared", year=2024) == 3
    assert at(table, f"{C}_ytd_compared", year=2024) == 14 + 15 + 16
    assert at(table, f"{C}_ytd_prior", year=2024) == 2 + 3 + 4
    assert at(table, f"{C}_ytd_yoy", year=2024) == pytest.approx(45 / 9 - 1)
    assert at(table, "ytd_months_compared", year=2023) == 0
    assert at(table, f"{C}_ytd_compared", year=2023) is None
    assert at(table, f"{C}_ytd_prior", year=2023) is None
    assert at(table, f"{C}_ytd_yoy", year=2023) is None
    assert at(table, f"{C}_ytd_yoy", year=2025) == pytest.approx((25 + 26 + 27 + 28) / 58 - 1)


def test_year_to_date_through_another_month(found, at):
    table = year_to_date(canada(found), through=pd.Timestamp("2024-02"))
    assert at(table, f"{C}_ytd", year=2024) == 13 + 14
    assert at(table, f"{C}_ytd", year=2025) == 25 + 26


def test_periods_keep_their_keys(found):
    frame = grid(found.rows, found.months, found.listed, by=("origin", "product"), origins=["MEX", "CAN"])
    table = annual(frame)
    assert table[["origin", "product", "period"]].drop_duplicates().shape == (6, 3)
    assert table.loc[table["origin"] == "MEX", C].tolist()[1] == 0
