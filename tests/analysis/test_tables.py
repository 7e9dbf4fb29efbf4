"""The supplier table: year to date by origin, ranked, with the rest and the total."""

from __future__ import annotations

import pytest

from aimlib.analysis.grid import grid
from aimlib.analysis.months import month_window, twelve_month_window, year_to_date_window
from aimlib.analysis.tables import window_table
from aimlib.analysis.totals import total

C = "customs_value_usd_ytd"


@pytest.fixture
def found(book):
    """January and February of two years: Canada 100 to 150, China 60 to 30, Norway 40 to 60."""
    found = book("2023-01", "2024-02").complete("2023-01", "2024-02")
    for month, values in {
        "2023-01": (50, 40, 20),
        "2023-02": (50, 20, 20),
        "2024-01": (70, 20, 30),
        "2024-02": (80, 10, 30),
    }.items():
        for origin, value in zip(("CAN", "CHN", "NOR"), values, strict=True):
            found.row(month, origin, value, tonnes=value / 2)
    return found


def suppliers(found, measure="value", *, window=year_to_date_window, **options):
    parts = grid(found.rows, found.months, found.listed, by=("origin",))
    whole = total(found.rows, found.totals, found.months)
    return window_table(parts, whole, window(found.months), measure, **options)


def test_suppliers_in_order_with_the_rest_and_the_total(found):
    table = suppliers(found, top=1)
    assert table["origin"].tolist() == ["CAN", "REST", "TOTAL"]
    assert table["row_kind"].tolist() == ["origin", "rest", "total"]
    assert table[C].tolist() == [150, 90, 240]
    assert table[f"{C}_prior"].tolist() == [100, 100, 200]
    assert table["months_compared"].tolist() == [2, 2, 2]
    assert not table["not_listed"].any()


def test_change_share_rank_and_contribution(found, at):
    table = suppliers(found)
    assert table["origin"].tolist() == ["CAN", "NOR", "CHN", "TOTAL"]
    assert at(table, f"{C}_yoy", origin="CAN") == 0.5
    assert at(table, "share_of_total", origin="CAN") == 150 / 240
    assert at(table, "share_of_total_prior", origin="CAN") == 0.5
    assert at(table, "rank", origin="NOR") == 2
    assert at(table, "rank", origin="TOTAL") is None
    assert at(table, "contribution", origin="CHN") == -30 / 200
    assert at(table, "contribution", origin="TOTAL") == at(table, f"{C}_yoy", origin="TOTAL") == 0.2
    assert at(table, "unit_value_usd_t", origin="CAN") == 2
    assert at(table, "unit_value_usd_t_yoy", origin="CAN") == 0
    assert at(table, "share_value_covered", origin="TOTAL") == 1


def test_the_rest_is_left_out_when_there_is_nothing_in_it(found):
    assert "REST" not in set(suppliers(found)["origin"])
    assert "REST" not in set(suppliers(found, "quantity", top=3)["origin"])


def test_quantities_are_in_tonnes(found, at):
    assert at(suppliers(found, "quantity"), "quantity_t_ytd", origin="CAN") == 75


def test_a_place_to_keep_is_shown_below_the_largest(found):
    assert suppliers(found, top=1, keep=["CHN"])["origin"].tolist() == ["CAN", "CHN", "REST", "TOTAL"]


def test_only_the_months_loaded_in_both_years_are_compared(found, at):
    found.not_loaded("2023-02")
    table = suppliers(found)
    assert at(table, C, origin="CAN") == 150
    assert at(table, f"{C}_compared", origin="CAN") == 70
    assert at(table, f"{C}_prior", origin="CAN") == 50
    assert at(table, f"{C}_yoy", origin="CAN") == 0.4
    assert at(table, "months_compared", origin="CAN") == 1


def test_without_the_year_before_there_are_levels_and_shares_and_no_changes(found, at):
    found.not_loaded("2023-01", "2023-12")
    table = suppliers(found)
    assert at(table, "share_of_total", origin="CAN") == 150 / 240
    assert at(table, "months_compared", origin="CAN") == 0
    assert table[[f"{C}_yoy", "contribution", "share_of_total_prior"]].isna().all(axis=None)


def test_a_supplier_that_is_new_has_a_contribution_and_no_change(found, at):
    found.row("2024-02", "ARE", 20, 10)
    table = suppliers(found)
    assert at(table, f"{C}_yoy", origin="ARE") is None
    assert at(table, "contribution", origin="ARE") == 0.1


def test_what_a_selection_does_not_list_is_in_the_rest(found, at):
    found.selection("2024-02", listed=("CAN", "NOR")).published("2024-02", 500, 5)
    table = suppliers(found.without("2024-02", "CHN"), keep=["CHN"])
    assert table["origin"].tolist() == ["CAN", "NOR", "CHN", "REST", "TOTAL"]
    assert at(table, C, origin="CHN") is None
    assert at(table, f"{C}_yoy", origin="CHN") is None
    assert at(table, "not_listed", origin="CHN")
    assert at(table, C, origin="TOTAL") == 120 + 500
    assert at(table, C, origin="REST") == 620 - 150 - 60
    assert at(table, f"{C}_prior", origin="REST") == 60
    assert at(table, "not_listed", origin="REST")
    assert not at(table, "not_listed", origin="TOTAL")
    parts = table.loc[table["row_kind"] != "total", "contribution"].sum()
    assert parts == pytest.approx(at(table, f"{C}_yoy", origin="TOTAL"))


def test_without_a_total_there_are_no_shares_and_the_rest_is_unknown(found, at):
    found.selection("2024-02", listed=("CAN", "CHN", "NOR"))
    table = suppliers(found)
    assert at(table, C, origin="CAN") == 150
    assert at(table, "rank", origin="CAN") == 1
    assert at(table, "share_of_total", origin="CAN") is None
    assert at(table, C, origin="REST") is None
    assert at(table, C, origin="TOTAL") is None


def test_one_month_makes_the_list_of_top_origins(found, at):
    table = suppliers(found, window=month_window, top=2)
    assert table["origin"].tolist() == ["CAN", "NOR", "REST", "TOTAL"]
    assert at(table, "customs_value_usd", origin="CAN") == 80
    assert at(table, "customs_value_usd_yoy", origin="CAN") == pytest.approx(0.6)
    on_month = suppliers(found, window=lambda months: month_window(months, against="month"))
    assert at(on_month, "customs_value_usd_mom", origin="CAN") == pytest.approx(80 / 70 - 1)


def test_twelve_months(found, at):
    table = suppliers(found, window=twelve_month_window)
    assert at(table, "customs_value_usd_12m", origin="CAN") == 150
    assert at(table, "customs_value_usd_12m_yoy", origin="CAN") is None


def test_twelve_months_are_blank_if_the_calendar_is_shorter(found, at):
    assert (
        at(
            suppliers(found.since("2023-06"), window=twelve_month_window),
            "customs_value_usd_12m",
            origin="TOTAL",
        )
        is None
    )


def test_the_rest_is_never_covered_more_than_whole(found, at):
    """A published total shows a quantity for value whose quantity a listed partner lacks."""
    found.selection("2024-02", listed=("CAN",)).without("2024-02").row("2024-02", "CAN", 90, None)
    found.published("2024-02", 100, 10)
    table = suppliers(found, window=month_window)
    assert at(table, "share_value_covered", origin="CAN") == 0
    assert at(table, "share_value_covered", origin="REST") == 1
    assert at(table, "unit_value_usd_t", origin="REST") == 1


def test_products_of_a_country(found, at):
    found.row("2024-01", "CAN", 50, 5, product="foil")
    parts = grid(found.rows, found.months, found.listed, by=("product",), origins=["CAN"])
    whole = grid(found.rows, found.months, found.listed, origins=["CAN"])
    table = window_table(parts, whole, year_to_date_window(found.months))
    assert table["product"].tolist() == ["unwrought", "foil", "TOTAL"]
    assert at(table, "share_of_total", product="foil") == 0.25
    assert at(table, "unit_value_usd_t", product="foil") == 10


def test_a_country_with_no_trade_has_a_total_of_zero_only(book):
    found = book("2023-01", "2024-02").complete("2023-01", "2024-02").row("2024-01", "CAN", 5, 1)
    parts = grid(found.rows, found.months, found.listed, by=("product",), origins=["CUB"])
    whole = grid(found.rows, found.months, found.listed, origins=["CUB"])
    table = window_table(parts, whole, year_to_date_window(found.months))
    assert table["product"].tolist() == ["TOTAL"]
    assert table[C].tolist() == [0]


def test_nothing_loaded_is_a_table_of_blanks(book):
    found = book("2024-01", "2024-02")
    table = suppliers(found)
    assert table["origin"].tolist() == ["REST", "TOTAL"]
    assert table[C].isna().all()
