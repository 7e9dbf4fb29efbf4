"""Numbers as economists print them."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from aimlib.present import numbers


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (1234567.8, 0, "1,234,568"),
        (-1234.5, 1, "−1,234.5"),
        (0.0, 1, "0.0"),
        (-0.04, 1, "0.0"),
        (math.nan, 1, ""),
        (None, 0, ""),
    ],
)
def test_plain(number, decimals, text):
    assert numbers.plain(number, decimals) == text


def test_an_infinite_number_is_a_mistake_of_the_calculation():
    with pytest.raises(ValueError, match="infinite"):
        numbers.plain(math.inf)


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0.1234, "+12.3%"),
        (-0.05, "−5.0%"),
        (0.0, "0.0%"),
        (-0.0004, "0.0%"),
        (9.99, "+999.0%"),
        (14, "×15.0"),
        (math.nan, ""),
    ],
)
def test_changes_carry_a_sign_and_large_ones_are_multiples(fraction, text):
    assert numbers.percent_change(fraction) == text


def test_an_index_of_concentration_is_printed_to_ten_thousand():
    assert [numbers.hhi(index) for index in (0.0679, 1.0, None, float("nan"))] == ["679", "10,000", "", ""]


def test_shares_and_points():
    assert numbers.percent(0.4256) == "42.6%"
    assert numbers.points(-0.0123) == "−1.2"
    assert numbers.percent(None) == ""


def test_dates_and_ranks():
    assert numbers.month_name(pd.Timestamp("2021-07-01")) == "July 2021"
    assert numbers.month_name(pd.Timestamp("2021-07-01"), short=True) == "Jul 2021"
    assert numbers.day_name(pd.Timestamp("2026-11-05")) == "November 5, 2026"
    assert [numbers.ordinal(rank) for rank in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th",
    ]  # fmt: skip


def test_joined():
    assert numbers.joined([]) == ""
    assert numbers.joined(["a"]) == "a"
    assert numbers.joined(["a", "b", "c"]) == "a, b and c"
