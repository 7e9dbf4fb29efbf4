"""Surges against the last three Census months and the same months of the three years before."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.analysis.grid import grid
from aimlib.analysis.surges import surges


def found_surges(found, measure="quantity", **options):
    cells = grid(found.rows, found.months, found.listed, by=("origin", "product"))
    return surges(cells, found.months, measure, **options)


@pytest.fixture
def south_africa(book):
    """February 2022 at 22,775 t, published as +302% over a three-month base of 5,665 t."""
    found = book("2019-01", "2022-02").complete("2019-01", "2022-01")
    found.complete("2022-02", data_basis="license")
    for month, tonnes in {
        "2021-11": 6000.0, "2021-12": 5000.0, "2022-01": 5995.0, "2022-02": 22775.0,
        "2019-02": 8000.0, "2020-02": 6000.0, "2021-02": 7000.0,
    }.items():  # fmt: skip
        found.row(month, "ZAF", tonnes * 3000, tonnes)
    return found


def test_the_published_surge_of_february_2022(south_africa, at):
    table = found_surges(south_africa)
    assert at(table, "quantity_t", origin="ZAF") == 22775
    assert at(table, "quantity_t_base_recent", origin="ZAF") == pytest.approx(5665)
    assert f"{at(table, 'change_recent', origin='ZAF'):+.0%}" == "+302%"
    assert at(table, "recent_from", origin="ZAF") == pd.Timestamp("2021-11")
    assert at(table, "recent_to", origin="ZAF") == pd.Timestamp("2022-01")
    assert at(table, "surge_recent", origin="ZAF")


def test_the_seasonal_base_is_the_mean_of_the_same_month_in_three_years(south_africa, at):
    table = found_surges(south_africa)
    assert at(table, "quantity_t_base_seasonal", origin="ZAF") == 7000
    assert at(table, "change_seasonal", origin="ZAF") == pytest.approx(22775 / 7000 - 1)
    assert at(table, "surge_seasonal", origin="ZAF")


def test_license_months_between_are_not_in_the_base(south_africa, at):
    found = south_africa.complete("2022-01", data_basis="license")
    table = found_surges(found)
    assert at(table, "recent_to", origin="ZAF") == pd.Timestamp("2021-12")
    assert at(table, "quantity_t_base_recent", origin="ZAF") == pytest.approx((6000 + 5000) / 3)


def test_a_month_of_no_trade_counts_in_the_base(south_africa, at):
    south_africa.without("2021-12")
    assert at(found_surges(south_africa), "quantity_t_base_recent", origin="ZAF") == pytest.approx(11995 / 3)


def test_a_base_with_a_month_not_loaded_is_blank(south_africa, at):
    found = south_africa.not_loaded("2021-12").complete("2020-02", loaded=False, coverage="")
    table = found_surges(found)
    assert table.empty
    found.complete("2020-02")
    table = found_surges(found)
    assert at(table, "quantity_t_base_recent", origin="ZAF") is None
    assert at(table, "change_recent", origin="ZAF") is None
    assert not at(table, "surge_recent", origin="ZAF")
    assert at(table, "surge_seasonal", origin="ZAF")


def test_a_base_that_a_selection_does_not_list_is_blank(south_africa, at):
    south_africa.without("2021-12")
    south_africa.selection("2021-12", listed=("CAN",))
    assert at(found_surges(south_africa), "quantity_t_base_recent", origin="ZAF") is None


def test_a_calendar_too_short_for_three_years_has_no_seasonal_base(south_africa, at):
    table = found_surges(south_africa, month=pd.Timestamp("2022-01"), threshold=-1, minimum=0)
    assert at(table, "quantity_t_base_seasonal", origin="ZAF") == 0
    assert at(table, "new_seasonal", origin="ZAF")
    assert at(table, "change_seasonal", origin="ZAF") is None
    assert at(found_surges(south_africa.since("2019-03")), "quantity_t_base_seasonal", origin="ZAF") is None


def test_a_base_of_zero_is_called_new_and_has_no_percentage(south_africa, at):
    table = found_surges(south_africa.row("2022-02", "ARE", 9, 900))
    assert at(table, "new_recent", origin="ARE")
    assert at(table, "surge_recent", origin="ARE")
    assert at(table, "change_recent", origin="ARE") is None


def test_small_amounts_are_left_out(south_africa):
    found = south_africa.row("2022-02", "ARE", 9, 249)
    assert set(found_surges(found)["origin"]) == {"ZAF"}
    assert set(found_surges(found, minimum=249)["origin"]) == {"ZAF", "ARE"}


def test_a_rise_below_the_threshold_is_no_surge(south_africa):
    assert len(found_surges(south_africa, threshold=3.0)) == 1
    assert found_surges(south_africa, threshold=3.1).empty


def test_the_greatest_increase_comes_first(south_africa):
    found = south_africa.row("2022-02", "ARE", 9, 30000).row("2022-02", "CHN", 9, 500)
    assert found_surges(found)["origin"].tolist() == ["ARE", "ZAF", "CHN"]


def test_a_month_still_filling_is_not_judged(south_africa):
    found = south_africa.complete("2022-02", partial=True)
    assert found_surges(found, month=pd.Timestamp("2022-02")).empty
    assert "2022-02" not in set(found_surges(found)["month"].astype(str).str[:7])


def test_value_is_judged_in_dollars(south_africa, at):
    table = found_surges(south_africa, "value")
    assert at(table, "customs_value_usd", origin="ZAF") == 22775 * 3000


def test_nothing_loaded_has_no_surges(book):
    assert found_surges(book("2024-01", "2024-02")).empty
