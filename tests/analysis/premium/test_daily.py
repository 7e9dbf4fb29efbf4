"""Each day with the factor of its day."""

from datetime import date

import pandas as pd
import pytest

from aimlib.analysis.premium.daily import daily_series
from aimlib.errors import AimError
from aimlib.reference.p1020 import factor_on


def test_every_day_has_the_factor_of_its_day(daily):
    for row in daily.itertuples():
        rate = factor_on(row.day.date()).rate
        assert row.rate == rate
        assert row.duty_c_lb == pytest.approx((row.mwtp_c_lb - row.freight_c_lb) * rate / (1 + rate))
    assert daily.loc[daily["is_changeover"], "day"].dt.date.tolist() == [date(2025, 3, 12), date(2025, 6, 4)]
    assert (daily["duty_unpaid_premium_c_lb"] == daily["premium_c_lb"] - daily["duty_c_lb"]).all()
    assert daily.loc[daily["factor_confidence"] == "inferred", "day"].min() == pd.Timestamp(2025, 3, 12)


def test_a_changeover_on_a_day_not_held_is_on_the_next(prices):
    without = prices[prices["day"] != "2025-03-12"]
    found = daily_series(without)
    assert found.loc[found["is_changeover"], "day"].dt.date.tolist() == [date(2025, 3, 13), date(2025, 6, 4)]


@pytest.mark.parametrize(("first", "changeovers"), [("2025-06-04", 1), ("2025-06-05", 0)])
def test_a_series_that_begins_after_a_changeover_has_none(prices, first, changeovers):
    assert daily_series(prices[prices["day"] >= first])["is_changeover"].sum() == changeovers


def test_before_the_launch_and_without_a_price_the_values_are_blank():
    days = pd.to_datetime(["2018-08-02", "2018-07-31", "2018-08-01"]).as_unit("us")
    found = daily_series(
        pd.DataFrame({"day": days, "mwtp_c_lb": [None, 110, 110], "premium_c_lb": 20.0, "freight_c_lb": 3.0})
    )
    assert found["day"].is_monotonic_increasing
    assert found["duty_c_lb"].notna().tolist() == [False, True, False]
    assert found["duty_c_lb"].iloc[1] == pytest.approx(9.7273, abs=0.0001)
    assert not found["is_changeover"].any()


def test_an_empty_frame_and_one_that_cannot_be(prices):
    assert daily_series(prices.head(0)).empty
    with pytest.raises(AimError, match="no column freight_c_lb"):
        daily_series(prices.drop(columns="freight_c_lb"))
    with pytest.raises(AimError, match="2025-01-01 is given twice"):
        daily_series(pd.concat([prices, prices.head(1)]))
