"""Spans: what is in them, what comes before, what is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.analysis.world import Span
from aimlib.errors import AimError


def test_periods_are_inclusive_and_the_first_days():
    assert list(Span("2022-11-01", "2023-01-01", "monthly").periods.strftime("%Y-%m")) == [
        "2022-11",
        "2022-12",
        "2023-01",
    ]
    years = Span("2022-01-01", "2024-01-01", "annual").periods
    assert list(years.year) == [2022, 2023, 2024]
    assert str(years.dtype) == "datetime64[us]"


@pytest.mark.parametrize(
    ("text", "frequency", "before"),
    [
        ("2024-03", "monthly", "2023-03"),
        ("2024-01:2024-06", "monthly", "2023-01:2023-06"),
        ("2023-01:2024-12", "monthly", "2021-01:2022-12"),
        ("2022:2024", "annual", "2019:2021"),
        ("2023", "annual", "2022"),
    ],
)
def test_before_is_a_year_earlier_or_as_many_years_as_the_span_has(text, frequency, before):
    assert Span.parse(text, frequency).before() == Span.parse(before, frequency)


def test_before_by_a_number_of_periods():
    assert Span.parse("2024-03", "monthly").before(1).label == "2024-02"
    assert Span.parse("2022:2024", "annual").before(1).label == "2021:2023"


@pytest.mark.parametrize(
    ("first", "last", "frequency"),
    [
        ("2024-01-02", "2024-03-01", "monthly"),
        ("2024-02-01", "2025-01-01", "annual"),
        ("2024-03-01", "2024-01-01", "monthly"),
        ("2024-01-01", "2024-03-01", "weekly"),
    ],
)
def test_impossible_spans_are_named(first, last, frequency):
    with pytest.raises(AimError):
        Span(first, last, frequency)


@pytest.mark.parametrize(("text", "frequency"), [("ytd", "monthly"), ("2024Q1", "annual"), ("2024-13", "monthly")])
def test_texts_that_are_no_span(text, frequency):
    with pytest.raises(AimError):
        Span.parse(text, frequency)


def test_a_span_is_a_value():
    assert Span("2024-01-01", "2024-01-01", "annual") == Span(
        pd.Timestamp(2024, 1, 1), pd.Timestamp(2024, 1, 1), "annual"
    )
