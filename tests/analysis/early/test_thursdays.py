"""Horizons, and Student's t, against other roads to the same numbers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimlib.analysis.early.student import quantile
from aimlib.analysis.early.thursdays import as_days, day_numbers, horizon, month_numbers, thursday

MONTHS = pd.date_range("2021-01", "2027-12", freq="MS")


def test_horizon_zero_is_the_first_thursday_on_or_after_the_last_day(day_of):
    found = as_days(thursday(month_numbers(MONTHS)))
    assert list(pd.DatetimeIndex(found)) == [day_of(str(month.date())) for month in MONTHS]


def test_a_month_that_ends_on_a_thursday_is_at_horizon_zero_that_day():
    october = month_numbers(pd.DatetimeIndex(["2024-10"]))
    assert str(as_days(thursday(october))[0])[:10] == "2024-10-31"


@given(st.integers(600, 700), st.integers(-12, 12), st.integers(0, 6))
def test_a_day_between_thursdays_has_the_horizon_of_the_one_before(month, weeks, later):
    month = np.array([month])
    assert horizon(month, thursday(month, weeks) + later)[0] == weeks


def test_day_numbers_count_from_a_thursday():
    assert day_numbers(pd.DatetimeIndex(["1970-01-01", "2026-11-19"])).tolist() == [0, 20776]
    assert pd.Timestamp("2026-11-19").day_of_week == 3
    assert 20776 % 7 == 0


@pytest.mark.parametrize(
    ("probability", "freedom", "expected"),
    [
        (0.90, 1, 3.0777), (0.90, 2, 1.8856), (0.90, 5, 1.4759), (0.90, 10, 1.3722), (0.90, 30, 1.3104),
        (0.975, 1, 12.7062), (0.975, 2, 4.3027), (0.975, 5, 2.5706), (0.975, 10, 2.2281), (0.975, 30, 2.0423),
        (0.975, 59, 2.0010), (0.90, 59, 1.2961),
    ],
)  # fmt: skip
def test_quantiles_are_those_of_the_printed_tables(probability, freedom, expected):
    assert quantile(probability, freedom) == pytest.approx(expected, abs=6e-5)


@pytest.mark.parametrize("freedom", [1, 2, 3, 6, 7, 20, 55])
def test_the_density_between_the_quantiles_adds_up(freedom):
    bound = quantile(0.9, freedom)
    x = np.linspace(-bound, bound, 20001)
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    assert np.trapezoid(scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2), x) == pytest.approx(0.8, abs=1e-7)


@pytest.mark.parametrize(("probability", "freedom"), [(0.9, 0), (0.4, 5), (1.0, 5)])
def test_quantiles_that_do_not_exist_are_refused(probability, freedom):
    with pytest.raises(ValueError, match="degree"):
        quantile(probability, freedom)
