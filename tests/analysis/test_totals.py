"""Totals are the published ones where the answer is a selection, and the rest is what they leave."""

from __future__ import annotations

import pytest

from aimlib.analysis.grid import grid
from aimlib.analysis.totals import listed_share, rest, total

VALUE = "customs_value_usd"


@pytest.fixture
def mixed(book):
    """A complete month, a selection with a published total, a selection without, and a month not loaded."""
    return (
        book("2024-01", "2024-04")
        .complete("2024-01")
        .row("2024-01", "CAN", 60, 6)
        .row("2024-01", "CHN", 40, 3)
        .selection("2024-02", listed=("CAN", "MEX"))
        .row("2024-02", "CAN", 50, 5)
        .published("2024-02", 80, 8)
        .selection("2024-03", listed=("CAN",))
        .row("2024-03", "CAN", 50, 5)
    )


def test_a_complete_month_is_the_sum_of_its_countries(mixed, at):
    whole = total(mixed.rows, mixed.totals, mixed.months)
    assert at(whole, VALUE, "2024-01") == 100
    assert at(whole, "quantity_kg", "2024-01") == 9000
    assert not at(whole, "published", "2024-01")


def test_a_selection_has_the_published_total(mixed, at):
    whole = total(mixed.rows, mixed.totals, mixed.months)
    assert at(whole, VALUE, "2024-02") == 80
    assert at(whole, "quantity_kg", "2024-02") == 8000
    assert at(whole, "published", "2024-02")
    assert not at(whole, "not_listed", "2024-02")


def test_a_selection_without_a_published_total_has_none(mixed, at):
    whole = total(mixed.rows, mixed.totals, mixed.months)
    assert at(whole, VALUE, "2024-03") is None
    assert at(whole, "not_listed", "2024-03")


def test_a_complete_month_says_whether_a_total_was_published(mixed, at):
    found = mixed.published("2024-01", 100, 9)
    whole = total(found.rows, found.totals, found.months)
    assert at(whole, "published", "2024-01")
    assert at(whole, VALUE, "2024-01") == 100


def test_a_month_not_loaded_has_no_total(mixed, at):
    whole = total(mixed.rows, mixed.totals, mixed.months)
    assert at(whole, VALUE, "2024-04") is None
    assert not at(whole, "not_listed", "2024-04")


def test_a_total_that_lacks_a_code_which_was_traded_is_blank_for_its_product_only(mixed, at):
    found = mixed.row("2024-02", "CAN", 10, 1, product="foil")
    by_product = total(found.rows, found.totals, found.months, by=("product",))
    assert at(by_product, VALUE, "2024-02", product="foil") is None
    assert at(by_product, VALUE, "2024-02", product="unwrought") == 80
    assert at(total(found.rows, found.totals, found.months), VALUE, "2024-02") is None


def test_a_total_without_a_row_for_a_product_nobody_listed_traded_is_zero(mixed, at):
    found = mixed.row("2024-01", "CAN", 10, 1, product="foil")
    by_product = total(found.rows, found.totals, found.months, by=("product",))
    assert at(by_product, VALUE, "2024-02", product="foil") == 0


def test_totals_have_no_origin(mixed):
    with pytest.raises(ValueError, match="product"):
        total(mixed.rows, mixed.totals, mixed.months, by=("origin",))


def test_the_rest_is_the_published_total_less_the_listed(mixed, at):
    parts = grid(mixed.rows, mixed.months, mixed.listed, by=("origin",), origins=["CAN", "MEX"])
    left = rest(parts, total(mixed.rows, mixed.totals, mixed.months))
    assert at(left, VALUE, "2024-01") == 40
    assert not at(left, "not_listed", "2024-01")
    assert at(left, VALUE, "2024-02") == 30
    assert at(left, "not_listed", "2024-02")
    assert at(left, VALUE, "2024-03") is None
    assert at(left, VALUE, "2024-04") is None


def test_the_rest_is_never_covered_more_than_whole(mixed, at):
    found = mixed.without("2024-02").row("2024-02", "CAN", 50, None)
    parts = grid(found.rows, found.months, found.listed, by=("origin",), origins=["CAN"])
    left = rest(parts, total(found.rows, found.totals, found.months))
    assert at(left, "customs_value_with_quantity_usd", "2024-02") == at(left, VALUE, "2024-02") == 30


def test_the_rest_by_product_is_taken_product_by_product(mixed, at):
    found = mixed.row("2024-01", "CHN", 5, 1, product="foil")
    parts = grid(found.rows, found.months, found.listed, by=("origin", "product"), origins=["CAN"])
    left = rest(parts, total(found.rows, found.totals, found.months, by=("product",)))
    assert at(left, VALUE, "2024-01", product="foil") == 5
    assert at(left, VALUE, "2024-01", product="unwrought") == 40


def test_the_share_of_the_published_total_that_the_listed_make_up(mixed, at):
    shown = listed_share(*mixed.frames)
    assert at(shown, "share_listed", "2024-01") == 1
    assert at(shown, "share_listed", "2024-02") == 50 / 80
    assert at(shown, "listed_origins", "2024-02") == 2
    assert at(shown, f"{VALUE}_rest", "2024-02") == 30
    assert at(shown, "share_listed", "2024-03") is None
    assert at(shown, VALUE, "2024-03") == 50
    assert at(shown, "share_listed", "2024-04") is None


def test_the_share_of_quantity(mixed, at):
    assert at(listed_share(*mixed.frames, "quantity"), "share_listed", "2024-02") == 5 / 8
    assert at(listed_share(*mixed.frames, "quantity"), "quantity_t", "2024-02") == 5
