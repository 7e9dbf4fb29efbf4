"""Contributions to growth."""

from __future__ import annotations

import pytest

from aimlib.analysis.contributions import contributions
from aimlib.analysis.grid import grid
from aimlib.analysis.months import month_window
from aimlib.analysis.shares import top_and_rest
from aimlib.analysis.totals import total


@pytest.fixture
def found(book):
    """Canada 60 to 90 and Mexico 40 to 35 from January 2023 to January 2024, at once."""
    return (
        book("2023-01", "2024-02")
        .complete("2023-01", "2024-02")
        .rows_("2023-01", "CAN", [60.0] * 12 + [90.0] * 2)
        .rows_("2023-01", "MEX", [40.0] * 12 + [35.0] * 2)
    )


def by_origin(found):
    parts = grid(found.rows, found.months, found.listed, by=("origin",))
    return parts, total(found.rows, found.totals, found.months)


def test_a_contribution_is_the_change_of_the_part_over_the_base_of_the_whole(found, at):
    table = contributions(*by_origin(found))
    assert at(table, "contribution_yoy", "2024-01", origin="CAN") == 0.30
    assert at(table, "contribution_yoy", "2024-01", origin="MEX") == -0.05
    assert at(table, "contribution_mom", "2024-01", origin="CAN") == 0.30
    assert at(table, "contribution_mom", "2024-02", origin="CAN") == 0
    assert at(table, "contribution_ytd_yoy", "2024-02", origin="MEX") == -0.05


def test_a_base_of_zero_is_blank(book, at):
    found = book("2024-01", "2024-02").complete("2024-01", "2024-02").row("2024-02", "CAN", 5)
    assert at(contributions(*by_origin(found)), "contribution_mom", "2024-02", origin="CAN") is None


def test_months_not_loaded_and_still_filling_have_none(found, at):
    table = contributions(*by_origin(found.not_loaded("2023-02")))
    assert at(table, "contribution_yoy", "2024-02", origin="CAN") is None
    assert at(table, "contribution_ytd_yoy", "2024-02", origin="CAN") == 0.30
    table = contributions(*by_origin(found.complete("2024-02", partial=True)))
    assert at(table, "contribution_mom", "2024-02", origin="CAN") is None
    assert at(table, "contribution_ytd_yoy", "2024-02", origin="CAN") is None


def test_by_product_within_a_country(found, at):
    found.row("2024-01", "CAN", 12, product="foil")
    parts = grid(found.rows, found.months, found.listed, by=("product",), origins=["CAN"])
    whole = grid(found.rows, found.months, found.listed, origins=["CAN"])
    table = contributions(parts, whole)
    assert at(table, "contribution_yoy", "2024-01", product="foil") == 12 / 60
    assert at(table, "contribution_yoy", "2024-01", product="unwrought") == 30 / 60


def test_the_rest_contributes_what_a_part_listed_once_only_does(book, at):
    found = (
        book("2023-01", "2024-01")
        .complete("2023-01", "2023-12")
        .selection("2024-01", listed=("CAN",))
        .row("2023-01", "CAN", 60)
        .row("2023-01", "MEX", 40)
        .row("2024-01", "CAN", 70)
        .published("2024-01", 150)
    )
    parts, whole = by_origin(found)
    shown = top_and_rest(parts, whole, month_window(found.months), top=1, keep=["MEX"])
    table = contributions(shown, whole)
    assert at(table, "contribution_yoy", "2024-01", origin="CAN") == 0.1
    assert at(table, "contribution_yoy", "2024-01", origin="MEX") is None
    assert at(table, "contribution_yoy", "2024-01", origin="REST") == pytest.approx(0.4)
