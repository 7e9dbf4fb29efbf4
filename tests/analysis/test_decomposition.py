"""The change in value as quantity, price and mix, without a remainder."""

from __future__ import annotations

import pytest

from aimlib.analysis.decomposition import decompose
from aimlib.analysis.months import month_window, twelve_month_window, year_to_date_window

Q, P, M = "quantity_effect_usd", "price_effect_usd", "mix_effect_usd"


@pytest.fixture
def one_year(book):
    """January 2023 and January 2024, all months loaded."""
    return book("2023-01", "2024-01").complete("2023-01", "2024-01")


def split(found, by="product", origins=("CAN",), window=month_window):
    return decompose(*found.frames, window(found.months), by=by, origins=origins)


def test_more_of_the_same_at_the_same_price_is_quantity(one_year, at):
    table = split(one_year.row("2023-01", "CAN", 100, 10).row("2024-01", "CAN", 150, 15))
    assert [at(table, name, product="TOTAL") for name in (Q, P, M, "not_split_usd")] == [50, 0, 0, 0]
    assert at(table, "change_usd", product="TOTAL") == 50
    assert at(table, "share_value_split", product="TOTAL") == 1


def test_the_same_quantity_dearer_is_price(one_year, at):
    table = split(one_year.row("2023-01", "CAN", 100, 10).row("2024-01", "CAN", 150, 10))
    assert [at(table, name, product="TOTAL") for name in (Q, P, M)] == [0, 50, 0]


def test_a_shift_to_dearer_products_at_the_same_prices_is_mix(one_year, at):
    one_year.row("2023-01", "CAN", 80, 8, product="unwrought").row("2023-01", "CAN", 60, 2, product="foil")
    one_year.row("2024-01", "CAN", 50, 5, product="unwrought").row("2024-01", "CAN", 150, 5, product="foil")
    table = split(one_year)
    assert [at(table, name, product="TOTAL") for name in (Q, P, M)] == pytest.approx([0, 0, 60])


def test_quantity_and_price_together_have_the_weights_of_both_spans(one_year, at):
    table = split(one_year.row("2023-01", "CAN", 100, 10).row("2024-01", "CAN", 300, 20))
    assert at(table, Q, product="TOTAL") == 10 * (10 + 15) / 2
    assert at(table, P, product="TOTAL") == 5 * (10 + 20) / 2


def test_turning_the_spans_around_turns_the_signs(book, at):
    def effects(first, second):
        found = book("2023-01", "2024-01").complete("2023-01", "2024-01")
        for month, lines in (("2023-01", first), ("2024-01", second)):
            for product, value, tonnes in lines:
                found.row(month, "CAN", value, tonnes, product=product)
        table = split(found)
        return [at(table, name, product="TOTAL") for name in (Q, P, M)]

    one = [("foil", 90, 3), ("wire", 50, 5)]
    other = [("foil", 70, 2), ("wire", 160, 12), ("bars", 20, 4)]
    assert effects(one, other) == pytest.approx([-effect for effect in effects(other, one)])


def test_a_product_that_is_new_or_gone_is_quantity_and_mix_not_price(one_year, at):
    one_year.row("2023-01", "CAN", 100, 10, product="wire").row("2024-01", "CAN", 90, 3, product="foil")
    table = split(one_year)
    assert at(table, P, product="TOTAL") == 0
    assert at(table, Q, product="TOTAL") + at(table, M, product="TOTAL") == pytest.approx(-10)


def test_a_start_from_nothing_is_all_quantity(one_year, at):
    table = split(one_year.row("2024-01", "CAN", 90, 3))
    assert [at(table, name, product="TOTAL") for name in (Q, P, M)] == [90, 0, 0]


def test_an_end_of_all_trade_is_all_quantity(one_year, at):
    table = split(one_year.row("2023-01", "CAN", 90, 3))
    assert [at(table, name, product="TOTAL") for name in (Q, P, M)] == [-90, 0, 0]


def test_a_line_whose_quantity_is_missing_once_is_not_split_at_all(one_year, at):
    one_year.row("2023-01", "CAN", 40, None, code="a").row("2024-01", "CAN", 70, 7, code="a")
    one_year.row("2023-01", "CAN", 100, 10, code="b").row("2024-01", "CAN", 110, 11, code="b")
    table = split(one_year)
    assert at(table, "not_split_usd", product="unwrought") == 30
    assert at(table, Q, product="unwrought") == 10
    assert at(table, "quantity_t", product="unwrought") == 11
    assert at(table, "share_value_split", product="TOTAL") == 210 / 320


def test_value_with_a_quantity_of_zero_is_not_split(one_year, at):
    table = split(one_year.row("2023-01", "CAN", 40, 0).row("2024-01", "CAN", 70, 7))
    assert at(table, "not_split_usd", product="TOTAL") == 30
    assert at(table, Q, product="TOTAL") is None


def test_a_table_without_quantities_is_not_split_and_still_adds_up(one_year, at):
    table = split(one_year.row("2023-01", "CAN", 40).row("2024-01", "CAN", 70))
    assert at(table, "not_split_usd", product="TOTAL") == at(table, "change_usd", product="TOTAL") == 30
    assert [at(table, name, product="TOTAL") for name in (Q, P, M)] == [None, None, None]
    assert at(table, "share_value_split", product="TOTAL") == 0


def test_origins_within_a_product(one_year, at):
    one_year.row("2023-01", "CAN", 100, 10).row("2023-01", "CHN", 40, 2)
    one_year.row("2024-01", "CAN", 100, 10).row("2024-01", "CHN", 160, 8)
    table = split(one_year, by="origin", origins=None)
    assert table["origin"].tolist() == ["CHN", "CAN", "TOTAL"]
    assert at(table, P, origin="TOTAL") == pytest.approx(0)
    assert at(table, M, origin="TOTAL") > 0


def test_what_a_selection_does_not_list_is_a_row_that_is_not_split(one_year, at):
    one_year.selection("2024-01", listed=("CAN",)).published("2024-01", 500, 50)
    one_year.row("2023-01", "CAN", 100, 10).row("2023-01", "CHN", 40, 2).row("2024-01", "CAN", 120, 12)
    table = split(one_year, by="origin", origins=None)
    assert table["origin"].tolist() == ["CAN", "REST", "TOTAL"]
    assert at(table, "not_split_usd", origin="REST") == 380 - 40
    assert at(table, Q, origin="TOTAL") == 20
    assert at(table, "change_usd", origin="TOTAL") == 500 - 140


def test_without_a_published_total_the_whole_is_blank(one_year, at):
    one_year.selection("2024-01", listed=("CAN",)).row("2023-01", "CAN", 100, 10)
    table = split(one_year, by="origin", origins=None)
    assert at(table, "change_usd", origin="TOTAL") is None
    assert at(table, Q, origin="TOTAL") is None


def test_a_place_that_is_not_listed_is_blank(one_year, at):
    one_year.selection("2024-01", listed=("MEX",)).row("2023-01", "CAN", 100, 10)
    table = split(one_year)
    assert table["product"].tolist() == ["TOTAL"]
    assert table.drop(columns=["product", "row_kind"]).isna().all(axis=None)


def test_nothing_to_compare_with_is_blank(one_year):
    table = split(one_year.row("2024-01", "CAN", 100, 10), window=twelve_month_window)
    assert table["product"].tolist() == ["TOTAL"]
    assert table["change_usd"].isna().all()


def test_no_trade_is_a_change_of_zero(one_year, at):
    table = split(one_year.row("2024-01", "MEX", 100, 10))
    assert at(table, "change_usd", product="TOTAL") == 0
    assert at(table, "not_split_usd", product="TOTAL") == 0


def test_months_are_summed_before_prices_are_taken(book, at):
    found = book("2023-01", "2024-02").complete("2023-01", "2024-02")
    found.row("2023-01", "CAN", 100, 10).row("2023-02", "CAN", 100, 30)
    found.row("2024-01", "CAN", 100, 30).row("2024-02", "CAN", 100, 10)
    table = split(found, window=year_to_date_window)
    assert [at(table, name, product="TOTAL") for name in (Q, P, M)] == [0, 0, 0]


def test_the_price_effect_is_bennets(one_year, at):
    one_year.row("2023-01", "CAN", 80, 8, product="unwrought").row("2023-01", "CAN", 60, 2, product="foil")
    one_year.row("2024-01", "CAN", 60, 5, product="unwrought").row("2024-01", "CAN", 120, 6, product="foil")
    table = split(one_year)
    price = (8 + 5) / 2 * (60 / 5 - 80 / 8) + (2 + 6) / 2 * (120 / 6 - 60 / 2)
    assert at(table, P, product="TOTAL") == pytest.approx(price)
    assert sum(at(table, name, product="TOTAL") for name in (Q, P, M)) == pytest.approx(180 - 140)
