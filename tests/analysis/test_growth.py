"""Changes, averages and years to date, month by month."""

from __future__ import annotations

import pytest

from aimlib.analysis.grid import grid
from aimlib.analysis.growth import changes, seasonal_range

C = "customs_value_usd"


def canada(found, measure="value"):
    return changes(grid(found.rows, found.months, found.listed, origins=["CAN"]), measure)


@pytest.fixture
def two_years(book):
    """Canada 1, 2, ... 24 from January 2023 to December 2024, all months complete."""
    return (
        book("2023-01", "2024-12").complete("2023-01", "2024-12").rows_("2023-01", "CAN", list(range(1, 25)), tonnes=2)
    )


def test_change_on_month_and_on_year(two_years, at):
    frame = canada(two_years)
    assert at(frame, f"{C}_mom", "2024-03") == pytest.approx((15 - 14) / 14)
    assert at(frame, f"{C}_yoy", "2024-03") == pytest.approx((15 - 3) / 3)
    assert at(frame, f"{C}_yoy", "2023-12") is None
    assert at(frame, f"{C}_mom", "2023-01") is None


def test_averages_divide_by_calendar_months(two_years, at):
    frame = canada(two_years)
    assert at(frame, f"{C}_3m_average", "2023-03") == 2
    assert at(frame, f"{C}_12m_average", "2023-12") == 6.5
    assert at(frame, f"{C}_12m", "2023-12") == 78
    assert at(frame, f"{C}_12m_yoy", "2024-12") == pytest.approx((222 - 78) / 78)
    assert at(frame, f"{C}_3m_average", "2023-02") is None
    assert at(frame, f"{C}_12m_average", "2023-11") is None


def test_a_month_of_no_trade_counts_in_an_average(book, at):
    found = book("2024-01", "2024-03").complete("2024-01", "2024-03").row("2024-01", "CAN", 9)
    assert at(canada(found), f"{C}_3m_average", "2024-03") == 3


def test_an_average_is_blank_if_one_of_its_months_is_not_loaded(two_years, at):
    frame = canada(two_years.not_loaded("2024-02"))
    for month in ("2024-02", "2024-03", "2024-04"):
        assert at(frame, f"{C}_3m_average", month) is None
    assert at(frame, f"{C}_3m_average", "2024-05") == (15 + 16 + 17) / 3
    assert at(frame, f"{C}_12m_average", "2024-12") is None


def test_year_to_date_and_the_annual_rate(two_years, at):
    frame = canada(two_years)
    assert at(frame, f"{C}_ytd", "2024-03") == 13 + 14 + 15
    assert at(frame, f"{C}_annualized", "2024-03") == (13 + 14 + 15) * 12 / 3
    assert at(frame, f"{C}_ytd_yoy", "2024-03") == pytest.approx(42 / 6 - 1)
    assert at(frame, "ytd_months_compared", "2024-03") == 3


def test_year_to_date_compares_only_months_loaded_in_both_years(two_years, at):
    frame = canada(two_years.not_loaded("2023-02"))
    assert at(frame, f"{C}_ytd", "2024-03") == 42
    assert at(frame, f"{C}_ytd_yoy", "2024-03") == pytest.approx((13 + 15) / (1 + 3) - 1)
    assert at(frame, "ytd_months_compared", "2024-03") == 2


def test_a_year_to_date_with_a_hole_is_blank_and_still_compares_what_both_years_hold(two_years, at):
    frame = canada(two_years.not_loaded("2024-02"))
    assert at(frame, f"{C}_ytd", "2024-01") == 13
    assert at(frame, f"{C}_ytd", "2024-03") is None
    assert at(frame, f"{C}_annualized", "2024-03") is None
    assert at(frame, f"{C}_ytd_yoy", "2024-03") == pytest.approx((13 + 15) / (1 + 3) - 1)
    assert at(frame, f"{C}_ytd_yoy", "2024-02") is None
    assert at(frame, "ytd_months_compared", "2024-02") == 0


def test_a_year_that_begins_before_the_calendar_has_no_year_to_date(book, at):
    found = book("2023-03", "2024-04").complete("2023-03", "2024-04").rows_("2023-03", "CAN", [1.0] * 14)
    frame = canada(found)
    assert at(frame, f"{C}_ytd", "2023-06") is None
    assert at(frame, f"{C}_ytd", "2024-04") == 4
    assert at(frame, "ytd_months_compared", "2024-04") == 2


def test_a_partial_month_is_shown_and_compares_with_nothing(two_years, at):
    frame = canada(two_years.complete("2024-06", partial=True))
    assert at(frame, C, "2024-06") == 18
    for name in ("mom", "yoy", "ytd", "ytd_yoy", "3m_average", "12m", "12m_average", "annualized"):
        assert at(frame, f"{C}_{name}", "2024-06") is None
    assert at(frame, f"{C}_mom", "2024-07") is None
    assert at(frame, f"{C}_3m_average", "2024-08") is None
    assert at(frame, f"{C}_yoy", "2024-07") is not None


def test_a_month_that_does_not_list_the_place_compares_with_nothing(book, at):
    found = (
        book("2023-01", "2024-02")
        .complete("2023-01", "2024-01")
        .selection("2024-02", listed=("MEX",))
        .rows_("2023-01", "CAN", [4.0] * 13)
    )
    frame = canada(found)
    assert at(frame, C, "2024-02") is None
    assert at(frame, f"{C}_yoy", "2024-02") is None
    assert at(frame, f"{C}_yoy", "2024-01") == 0


def test_a_change_on_zero_is_blank_and_a_change_to_zero_is_minus_one(book, at):
    found = book("2024-01", "2024-03").complete("2024-01", "2024-03").row("2024-02", "CAN", 5)
    frame = canada(found)
    assert at(frame, f"{C}_mom", "2024-02") is None
    assert at(frame, f"{C}_mom", "2024-03") == -1


def test_a_missing_quantity_is_not_a_fall(two_years, at):
    found = two_years.row("2024-05", "MEX", 1, 1)
    rows = found.rows
    rows.loc[rows["month"] == "2024-04", "quantity_kg"] = float("nan")
    frame = changes(grid(rows, found.months, found.listed, origins=["CAN"]), "quantity")
    assert at(frame, "quantity_t", "2024-03") == 2
    assert at(frame, "quantity_t", "2024-04") is None
    assert at(frame, "quantity_t_mom", "2024-04") is None
    assert at(frame, "quantity_t_3m_average", "2024-05") is None


def test_each_series_stands_for_itself(two_years, at):
    found = two_years.rows_("2023-01", "MEX", [10.0] * 24)
    frame = changes(grid(found.rows, found.months, found.listed, by=("origin",)))
    assert at(frame, f"{C}_mom", "2023-01", origin="MEX") is None
    assert at(frame, f"{C}_ytd", "2023-01", origin="MEX") == 10
    assert at(frame, f"{C}_yoy", "2024-03", origin="CAN") == 4


def test_a_frame_in_another_order_is_refused(two_years):
    frame = grid(two_years.rows, two_years.months, two_years.listed, origins=["CAN"])
    with pytest.raises(ValueError, match="in order"):
        changes(frame.iloc[::-1])
    with pytest.raises(ValueError, match="in order"):
        changes(frame.drop(index=3))


def test_the_range_of_the_three_years_before(book, at):
    found = book("2020-01", "2024-02").complete("2020-01", "2024-02")
    for year, value in zip(range(2020, 2025), (9, 4, 6, 5, 99), strict=True):
        found.row(f"{year}-01", "CAN", value)
    frame = seasonal_range(grid(found.rows, found.months, found.listed, origins=["CAN"]))
    assert (at(frame, f"{C}_range_low", "2024-01"), at(frame, f"{C}_range_high", "2024-01")) == (4, 6)
    assert (at(frame, f"{C}_range_low", "2023-01"), at(frame, f"{C}_range_high", "2023-01")) == (4, 9)
    assert at(frame, f"{C}_range_low", "2022-01") is None


def test_the_range_needs_all_three_years_whole(book, at):
    found = book("2021-01", "2024-01").complete("2021-01", "2024-01").not_loaded("2022-01")
    frame = seasonal_range(grid(found.rows, found.months, found.listed, origins=["CAN"]))
    assert at(frame, f"{C}_range_low", "2024-01") is None
    found.complete("2022-01", partial=True)
    frame = seasonal_range(grid(found.rows, found.months, found.listed, origins=["CAN"]))
    assert at(frame, f"{C}_range_high", "2024-01") is None
    found.complete("2022-01", partial=False)
    frame = seasonal_range(grid(found.rows, found.months, found.listed, origins=["CAN"]))
    assert at(frame, f"{C}_range_high", "2024-01") == 0
