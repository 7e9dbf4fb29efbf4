"""Shares, ranks, the largest and the rest, and concentration."""

from __future__ import annotations

import pytest

from aimlib.analysis.grid import grid
from aimlib.analysis.months import month_window, year_to_date_window
from aimlib.analysis.shares import concentration, shares, top_and_rest
from aimlib.analysis.totals import total

C = "customs_value_usd"


@pytest.fixture
def found(book):
    """A complete month, a selection with a published total, and a month still filling."""
    return (
        book("2024-01", "2024-03")
        .complete("2024-01")
        .selection("2024-02", listed=("CAN", "MEX"))
        .published("2024-02", 200, 20)
        .complete("2024-03", partial=True)
        .rows_("2024-01", "CAN", [50.0, 60.0, 5.0], tonnes=1)
        .rows_("2024-01", "MEX", [25.0, 90.0, 6.0], tonnes=1)
        .row("2024-01", "CHN", 25, 1)
        .row("2024-03", "CHN", 25, 1)
    )


def parts_and_whole(found, by=("origin",)):
    return (
        grid(found.rows, found.months, found.listed, by=by),
        total(found.rows, found.totals, found.months, by=[key for key in by if key == "product"]),
    )


def test_shares_are_of_the_total_and_ranks_among_those_with_trade(found, at):
    table = shares(*parts_and_whole(found))
    assert at(table, "share_of_total", "2024-01", origin="CAN") == 0.5
    assert at(table, "rank", "2024-01", origin="CAN") == 1
    assert at(table, "rank", "2024-01", origin="MEX") == 2
    assert at(table, "rank", "2024-01", origin="CHN") == 2


def test_in_a_selection_the_share_is_of_the_published_total_and_the_rank_among_the_listed(found, at):
    table = shares(*parts_and_whole(found))
    assert at(table, "share_of_total", "2024-02", origin="CAN") == 60 / 200
    assert at(table, "rank", "2024-02", origin="CAN") == 2
    assert at(table, "share_of_total", "2024-02", origin="CHN") is None
    assert at(table, "rank", "2024-02", origin="CHN") is None


def test_a_month_still_filling_has_no_share_and_no_rank(found, at):
    table = shares(*parts_and_whole(found))
    assert at(table, C, "2024-03", origin="CHN") == 25
    assert at(table, "share_of_total", "2024-03", origin="CHN") is None
    assert at(table, "rank", "2024-03", origin="CHN") is None


def test_no_trade_has_a_share_of_zero_and_no_rank(found, at):
    parts = grid(found.rows, found.months, found.listed, by=("origin",), origins=["CAN", "CUB"])
    table = shares(parts, total(found.rows, found.totals, found.months))
    assert at(table, "share_of_total", "2024-01", origin="CUB") == 0
    assert at(table, "rank", "2024-01", origin="CUB") is None


def test_shares_of_a_product_by_origin_are_of_the_product(found, at):
    found.row("2024-01", "CHN", 300, 1, product="foil")
    table = shares(*parts_and_whole(found, by=("origin", "product")))
    assert at(table, "share_of_total", "2024-01", origin="CHN", product="unwrought") == 0.25
    assert at(table, "share_of_total", "2024-01", origin="CHN", product="foil") == 1
    assert at(table, "rank", "2024-01", origin="CHN", product="foil") == 1
    assert at(table, "rank", "2024-01", origin="CHN", product="unwrought") == 2


def test_a_share_of_nothing_is_blank(book, at):
    found = book("2024-01", "2024-01").complete("2024-01").row("2024-01", "CAN", 0)
    assert at(shares(*parts_and_whole(found)), "share_of_total", origin="CAN") is None


def test_parts_and_whole_must_be_over_the_same_months(found):
    parts, whole = parts_and_whole(found)
    with pytest.raises(ValueError, match="same months"):
        shares(parts, whole.iloc[1:])


def test_the_largest_and_the_rest(found, at):
    parts, whole = parts_and_whole(found)
    table = top_and_rest(parts, whole, month_window(found.months), top=1)
    assert table["origin"].drop_duplicates().tolist() == ["MEX", "REST"]
    assert at(table, C, "2024-01", origin="REST") == 75
    assert at(table, C, "2024-02", origin="REST") == 110
    assert at(table, "not_listed", "2024-02", origin="REST")
    assert not at(table, "not_listed", "2024-01", origin="REST")
    assert at(table, "row_kind", "2024-01", origin="REST") == "rest"


def test_a_place_to_keep_stands_where_its_amount_puts_it(found):
    parts, whole = parts_and_whole(found)
    table = top_and_rest(parts, whole, month_window(found.months), top=1, keep=["CAN", "CHN"])
    assert table["origin"].drop_duplicates().tolist() == ["MEX", "CAN", "CHN", "REST"]


def test_without_anything_to_rank_all_is_the_rest(found, at):
    parts, whole = parts_and_whole(found)
    window = year_to_date_window(found.months.assign(loaded=False))
    table = top_and_rest(parts, whole, window, top=3)
    assert set(table["origin"]) == {"REST"}
    assert at(table, C, "2024-01", origin="REST") == 100


def test_concentration(found, at):
    table = concentration(*parts_and_whole(found))
    assert at(table, "herfindahl", "2024-01") == 0.25 + 0.0625 + 0.0625
    assert at(table, "herfindahl", "2024-02") is None
    assert at(table, "herfindahl", "2024-03") is None
