"""Unit values: total value over total quantity of the rows that have both."""

from __future__ import annotations

import pytest

from aimlib.analysis.grid import grid
from aimlib.analysis.unit_values import unit_values


def canada(found):
    return unit_values(grid(found.rows, found.months, found.listed, origins=["CAN"]))


def test_a_unit_value_is_no_mean_of_means(book, at):
    found = (
        book("2024-01", "2024-01")
        .complete("2024-01")
        .row("2024-01", "CAN", 9000, 3, code="a")
        .row("2024-01", "CAN", 5000, 1, code="b")
    )
    assert at(canada(found), "unit_value_usd_t") == 3500
    assert at(canada(found), "share_value_covered") == 1


def test_rows_without_a_quantity_are_left_out_and_the_share_says_so(book, at):
    found = (
        book("2024-01", "2024-01")
        .complete("2024-01")
        .row("2024-01", "CAN", 9000, 3, code="a")
        .row("2024-01", "CAN", 3000, None, code="b")
    )
    assert at(canada(found), "unit_value_usd_t") == 3000
    assert at(canada(found), "share_value_covered") == 0.75


def test_no_quantity_no_unit_value(book, at):
    found = (
        book("2024-01", "2024-03")
        .complete("2024-01", "2024-03")
        .row("2024-01", "CAN", 9000, None)
        .row("2024-02", "CAN", 9000, 0)
        .row("2024-03", "MEX", 9000, 1)
    )
    frame = canada(found)
    assert frame["unit_value_usd_t"].isna().all()
    assert at(frame, "share_value_covered", "2024-01") == 0
    assert at(frame, "share_value_covered", "2024-03") is None


def test_changes_and_the_twelve_month_unit_value(book, at):
    found = book("2023-01", "2024-01").complete("2023-01", "2024-01")
    found.row("2023-01", "CAN", 2000, 1).row("2023-12", "CAN", 9000, 3).row("2024-01", "CAN", 3000, 1)
    found.row("2023-06", "CAN", 500, None)
    frame = canada(found)
    assert at(frame, "unit_value_usd_t_yoy", "2024-01") == 0.5
    assert at(frame, "unit_value_usd_t_mom", "2024-01") == 0
    assert at(frame, "unit_value_usd_t_12m", "2023-12") == 11000 / 4
    assert at(frame, "share_value_covered_12m", "2023-12") == 11000 / 11500
    assert at(frame, "unit_value_usd_t_12m", "2023-11") is None
    assert at(frame, "unit_value_usd_t_12m_yoy", "2024-01") is None


def test_a_month_still_filling_has_a_unit_value_and_no_change(book, at):
    found = book("2023-12", "2024-01").complete("2023-12").complete("2024-01", partial=True)
    found.row("2023-12", "CAN", 2000, 1).row("2024-01", "CAN", 3000, 1)
    assert at(canada(found), "unit_value_usd_t", "2024-01") == 3000
    assert at(canada(found), "unit_value_usd_t_mom", "2024-01") is None


@pytest.mark.parametrize("tonnes", [None, 1.0])
def test_a_month_not_loaded_is_blank(book, at, tonnes):
    found = book("2024-01", "2024-02").complete("2024-01").row("2024-01", "CAN", 5, tonnes)
    assert at(canada(found), "unit_value_usd_t", "2024-02") is None
    assert at(canada(found), "share_value_covered", "2024-02") is None
