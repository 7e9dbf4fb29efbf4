"""Missing is not zero, and zero is not missing."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.analysis.grid import grid, over_products

VALUE, COVERED = "customs_value_usd", "customs_value_with_quantity_usd"


def by_origin(found, **options):
    return grid(found.rows, found.months, found.listed, by=("origin",), **options)


def test_every_series_has_every_calendar_month_in_order(book):
    found = book("2024-01", "2024-04").complete("2024-01", "2024-04").row("2024-02", "CAN", 5)
    frame = grid(found.rows, found.months, found.listed, by=("origin", "product"), origins=["CAN", "ARE"])
    assert list(frame.columns[:4]) == ["origin", "product", "month", "coverage"]
    assert frame.groupby("origin", sort=False)["month"].apply(list).to_dict() == {
        "CAN": list(found.months["month"]),
        "ARE": list(found.months["month"]),
    }


def test_in_a_complete_month_no_row_is_zero(book, at):
    found = book("2024-01", "2024-02").complete("2024-01", "2024-02").row("2024-02", "CAN", 5, 1)
    assert at(by_origin(found), VALUE, "2024-01", origin="CAN") == 0
    assert at(by_origin(found), "quantity_kg", "2024-01", origin="CAN") == 0


def test_a_country_that_never_traded_is_zero_when_asked_for(book, at):
    found = book("2024-01", "2024-01").complete("2024-01").row("2024-01", "CAN", 5)
    assert at(by_origin(found, origins=["CUB"]), VALUE, "2024-01", origin="CUB") == 0


def test_a_month_that_is_not_loaded_is_blank_and_not_called_unlisted(book, at):
    found = book("2024-01", "2024-02").complete("2024-02").row("2024-02", "CAN", 5)
    assert at(by_origin(found), VALUE, "2024-01", origin="CAN") is None
    assert not at(by_origin(found), "not_listed", "2024-01", origin="CAN")
    assert at(by_origin(found), "coverage", "2024-01", origin="CAN") == ""


def test_in_a_selection_what_is_not_listed_is_blank_and_says_so(book, at):
    found = book("2024-01", "2024-01").selection("2024-01", listed=("CAN", "MEX")).row("2024-01", "CAN", 5)
    frame = by_origin(found, origins=["CAN", "MEX", "CHN"])
    assert at(frame, VALUE, "2024-01", origin="CAN") == 5
    assert at(frame, VALUE, "2024-01", origin="MEX") == 0
    assert at(frame, VALUE, "2024-01", origin="CHN") is None
    assert at(frame, "not_listed", "2024-01", origin="CHN")
    assert not at(frame, "not_listed", "2024-01", origin="MEX")


def test_a_row_does_not_make_a_partner_listed(book, at):
    """It may come from an answer on one heading, while the answers on the others do not list the partner."""
    found = book("2024-01", "2024-01").selection("2024-01", listed=("MEX",))
    found.row("2024-01", "CAN", 5, product="foil").row("2024-01", "MEX", 5, product="foil")
    frame = grid(found.rows, found.months, found.listed, by=("origin", "product"), products=["foil", "wire"])
    assert frame.loc[frame["origin"] == "CAN", VALUE].isna().all()
    assert frame.loc[frame["origin"] == "CAN", "not_listed"].all()
    assert at(frame, VALUE, "2024-01", origin="MEX", product="wire") == 0


def test_listed_partners_are_series_even_without_a_row(book):
    found = book("2024-01", "2024-01").selection("2024-01", listed=("MEX",)).row("2024-01", "CAN", 5)
    assert sorted(by_origin(found)["origin"]) == ["CAN", "MEX"]


def test_a_group_is_the_sum_of_its_members_and_blank_if_one_is_not_listed(book, at):
    found = (
        book("2024-01", "2024-02")
        .complete("2024-01")
        .selection("2024-02", listed=("DEU",))
        .row("2024-01", "DEU", 5)
        .row("2024-01", "FRA", 7)
        .row("2024-01", "CAN", 9)
        .row("2024-02", "DEU", 5)
    )
    frame = grid(found.rows, found.months, found.listed, origins=["DEU", "FRA"])
    assert at(frame, VALUE, "2024-01") == 12
    assert at(frame, VALUE, "2024-02") is None
    assert at(frame, "not_listed", "2024-02")


def test_the_sum_over_all_origins_is_blank_in_a_selection(book, at):
    found = book("2024-01", "2024-01").selection("2024-01").row("2024-01", "CAN", 5)
    frame = grid(found.rows, found.months, found.listed, by=("product",))
    assert at(frame, VALUE, "2024-01") is None
    assert at(frame, "not_listed", "2024-01")


def test_a_month_still_filling_shows_its_figures_and_says_so(book, at):
    found = book("2024-01", "2024-01").complete("2024-01", partial=True).row("2024-01", "CAN", 5)
    assert at(by_origin(found), VALUE, "2024-01", origin="CAN") == 5
    assert at(by_origin(found), "partial", "2024-01", origin="CAN")


def test_value_without_any_quantity_has_no_quantity(book, at):
    found = (
        book("2024-01", "2024-02")
        .complete("2024-01", "2024-02")
        .row("2024-01", "CAN", 5, None)
        .row("2024-02", "CAN", 5, 2)
    )
    assert at(by_origin(found), "quantity_kg", "2024-01", origin="CAN") is None
    assert at(by_origin(found), COVERED, "2024-01", origin="CAN") == 0


def test_a_quantity_is_the_sum_of_those_present_and_shows_what_value_it_covers(book, at):
    found = (
        book("2024-01", "2024-01")
        .complete("2024-01")
        .row("2024-01", "CAN", 30, None, code="a")
        .row("2024-01", "CAN", 70, 2, code="b")
    )
    frame = by_origin(found)
    assert at(frame, "quantity_kg", origin="CAN") == 2000
    assert at(frame, COVERED, origin="CAN") / at(frame, VALUE, origin="CAN") == 0.7


def test_a_row_of_no_value_lacks_no_quantity(book, at):
    found = (
        book("2024-01", "2024-02")
        .complete("2024-01", "2024-02")
        .row("2024-01", "CAN", 0, None)
        .row("2024-02", "CAN", 5, 2)
    )
    assert at(by_origin(found), "quantity_kg", "2024-01", origin="CAN") == 0


def test_a_quantity_rounded_to_zero_is_present(book, at):
    found = book("2024-01", "2024-01").complete("2024-01").row("2024-01", "CAN", 35, 0)
    assert at(by_origin(found), "quantity_kg", origin="CAN") == 0
    assert at(by_origin(found), COVERED, origin="CAN") == 35


def test_a_table_that_holds_no_quantity_has_none_anywhere_not_even_zero(book):
    found = book("2024-01", "2024-02").complete("2024-01", "2024-02").row("2024-01", "CAN", 5)
    assert by_origin(found, origins=["CAN", "CUB"])["quantity_kg"].isna().all()


def test_a_value_not_in_the_answer_is_blank(book, at):
    found = book("2024-01", "2024-01").complete("2024-01").row("2024-01", "CAN", float("nan"), 3)
    assert at(by_origin(found), VALUE, origin="CAN") is None
    assert at(by_origin(found), "quantity_kg", origin="CAN") == 3000


def test_rows_outside_the_calendar_are_refused(book):
    found = book("2024-01", "2024-02").complete("2024-01", "2024-02").row("2023-12", "CAN", 5)
    with pytest.raises(ValueError, match="calendar"):
        by_origin(found)


def test_an_empty_group_is_refused(book):
    found = book("2024-01", "2024-01").complete("2024-01")
    with pytest.raises(ValueError, match="empty"):
        grid(found.rows, found.months, found.listed, origins=[])


def test_no_rows_at_all_is_a_grid_of_zeros(book):
    found = book("2024-01", "2024-03").complete("2024-01", "2024-03")
    frame = grid(found.rows, found.months, found.listed, origins=["CAN"])
    assert frame[VALUE].tolist() == [0, 0, 0]
    assert by_origin(found).empty


@pytest.mark.parametrize("seed", range(5))
def test_cells_summed_over_products_are_the_grid_by_origin(random_imports, seed):
    found = random_imports(seed, missing=0.5)
    cells = grid(found.rows, found.months, found.listed, by=("origin", "product"))
    pd.testing.assert_frame_equal(over_products(cells), by_origin(found))


def test_categorical_keys_give_the_same_grid(random_imports):
    found = random_imports(1)
    rows = found.rows.astype({"origin": "category", "product": "category", "code": "category"})
    pd.testing.assert_frame_equal(grid(rows, found.months, found.listed, by=("origin",)), by_origin(found))
