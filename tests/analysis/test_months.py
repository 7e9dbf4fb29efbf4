"""Which months are compared with which."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.analysis.months import (
    check_calendar,
    comparable_months,
    latest_month,
    month_window,
    twelve_month_window,
    year_to_date_window,
)


def stamps(*months):
    return tuple(pd.Timestamp(month) for month in months)


def test_a_month_still_filling_is_not_compared(book):
    months = book("2024-01", "2024-03").complete("2024-01", "2024-02").complete("2024-03", partial=True).months
    assert latest_month(months) == pd.Timestamp("2024-02")
    assert list(comparable_months(months)) == list(stamps("2024-01", "2024-02"))


def test_nothing_loaded_has_no_latest_month_and_empty_windows(book):
    months = book("2024-01", "2024-02").months
    assert latest_month(months) is None
    for window in (month_window(months), year_to_date_window(months), twelve_month_window(months)):
        assert window.through is None
        assert window.months == window.compared == window.base == ()


def test_a_month_is_compared_with_the_year_before_or_the_month_before(book):
    months = book("2023-01", "2024-03").complete("2023-01", "2024-03").months
    on_year, on_month = month_window(months), month_window(months, against="month")
    assert (on_year.compared, on_year.base, on_year.change) == (
        stamps("2024-03"), stamps("2023-03"), "yoy",
    )  # fmt: skip
    assert (on_month.base, on_month.change) == (stamps("2024-02"), "mom")


def test_a_month_without_its_counterpart_is_compared_with_nothing(book):
    months = book("2023-01", "2024-03").complete("2023-04", "2024-03").months
    assert month_window(months).months == stamps("2024-03")
    assert month_window(months).compared == month_window(months).base == ()


def test_year_to_date_compares_only_the_months_loaded_in_both_years(book):
    months = (
        book("2023-01", "2024-04")
        .complete("2023-01")
        .complete("2023-03", "2023-12")
        .complete("2024-01", "2024-02")
        .complete("2024-04")
        .months
    )
    window = year_to_date_window(months)
    assert window.months == stamps("2024-01", "2024-02", "2024-03", "2024-04")
    assert window.compared == stamps("2024-01", "2024-04")
    assert window.base == stamps("2023-01", "2023-04")


def test_twelve_months_are_compared_only_if_all_24_are_loaded(book):
    whole = book("2022-01", "2023-12").complete("2022-01", "2023-12").months
    assert len(twelve_month_window(whole).compared) == len(twelve_month_window(whole).base) == 12
    gap = book("2022-01", "2023-12").complete("2022-01", "2023-12").not_loaded("2022-05").months
    assert len(twelve_month_window(gap).months) == 12
    assert twelve_month_window(gap).base == ()


def test_a_window_may_end_earlier_than_the_latest_month(book):
    months = book("2023-01", "2024-12").complete("2023-01", "2024-12").months
    assert year_to_date_window(months, pd.Timestamp("2024-02")).months == stamps("2024-01", "2024-02")


def test_a_calendar_with_a_hole_is_refused(book):
    months = book("2023-01", "2023-04").months.drop(index=2)
    with pytest.raises(ValueError, match="every calendar month"):
        check_calendar(months)
