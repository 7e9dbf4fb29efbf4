"""Averages are means of daily values, recomputed here in plain pandas."""

import pandas as pd
import pytest

from aimlib.analysis.premium.averages import against_formula, from_monthly_prices, monthly, weekly, yearly
from aimlib.analysis.premium.daily import daily_series
from aimlib.analysis.premium.formula import COLUMNS
from aimlib.reference.p1020 import factor_on


@pytest.mark.parametrize(
    ("average", "label"),
    [
        (weekly, lambda day: day - pd.Timedelta(days=day.weekday())),
        (monthly, lambda day: day.replace(day=1)),
        (yearly, lambda day: day.replace(month=1, day=1)),
    ],
)
def test_averages_are_the_means_of_the_daily_values(daily, average, label):
    plain = daily.groupby(daily["day"].map(label))[[*COLUMNS, "mwtp_c_lb", "rate"]].mean()
    found = average(daily).set_index("period_start")
    pd.testing.assert_frame_equal(found[plain.columns], plain, check_names=False, check_freq=False)
    assert not found["day_weighted"].any()
    assert found["days"].sum() == len(daily)


def test_in_the_months_of_a_changeover_the_formula_on_averages_differs(daily):
    found = against_formula(monthly(daily)).set_index("period_start")
    assert found.index[found["is_changeover"]].tolist() == [pd.Timestamp(2025, 3, 1), pd.Timestamp(2025, 6, 1)]
    for month, row in found.iterrows():
        days = daily[daily["day"].dt.to_period("M") == month.to_period("M")]
        price, freight, rate = days["mwtp_c_lb"].mean(), days["freight_c_lb"].mean(), days["rate"].mean()
        assert row["duty_of_averages_c_lb"] == pytest.approx((price - freight) / (1 + rate) * rate)
        assert row["duty_c_lb"] == pytest.approx(days["duty_c_lb"].mean())
        assert row["gap_c_lb"] == pytest.approx(row["duty_of_averages_c_lb"] - row["duty_c_lb"])
        assert row["gap_usd_t"] == pytest.approx(row["gap_c_lb"] * 22.0462)
        assert (abs(row["gap_c_lb"]) > 0.1) == row["is_changeover"]


def test_a_week_runs_from_monday_to_friday(daily):
    found = weekly(daily)
    assert (found["period_start"].dt.day_of_week == 0).all()
    assert (found["period_end"] - found["period_start"]).eq(pd.Timedelta(days=4)).all()
    assert found["days"].iloc[0] == 3  # January 1, 2025 is a Wednesday
    assert found["is_complete"].tolist() == [False, *[True] * (len(found) - 2), False]
    changed = found.loc[found["is_changeover"], "period_start"]
    assert changed.dt.strftime("%m-%d").tolist() == ["03-10", "06-02"]


def test_what_is_still_filling_is_marked(daily):
    cut = daily[(daily["day"] < "2025-11-20") & ~daily["day"].between("2025-05-05", "2025-05-09")]
    months = monthly(cut).set_index("period_start")["is_complete"]
    assert months.index[~months].strftime("%Y-%m").tolist() == ["2025-05", "2025-11"]
    assert yearly(daily)["is_complete"].tolist() == [True]
    assert yearly(cut)["is_complete"].tolist() == [False]
    assert weekly(cut[cut["day"] != "2025-07-03"])["is_complete"].iloc[1:-1].all()
    assert monthly(daily.head(0)).empty


def test_price_and_duty_are_averaged_over_the_same_days(prices):
    prices.loc[prices["day"] == "2025-08-05", "freight_c_lb"] = None
    prices.loc[prices["day"] == "2025-09-05", "premium_c_lb"] = None
    found = monthly(daily_series(prices)).set_index("period_start")
    august = prices[prices["day"].dt.month == 8].dropna()
    assert found.loc["2025-08-01", "mwtp_c_lb"] == pytest.approx(august["mwtp_c_lb"].mean())
    assert found.loc["2025-08-01", "days"] == 20
    assert pd.isna(found.loc["2025-09-01", "duty_unpaid_premium_c_lb"])
    assert found.loc["2025-09-01", "duty_c_lb"] > 0


def test_monthly_prices_are_weighted_by_the_days_of_each_factor():
    months = pd.to_datetime(["2025-06-01", "2018-07-01", "2025-03-01", "2025-04-01"]).as_unit("us")
    frame = pd.DataFrame({"month": months, "mwtp_c_lb": 150.0, "premium_c_lb": 40.0, "freight_c_lb": 3.0})
    found = from_monthly_prices(frame).set_index("period_start")
    assert found["day_weighted"].all()
    for month in ("2025-03", "2025-04", "2025-06"):
        days = pd.bdate_range(f"{month}-01", pd.Period(month).end_time.normalize())
        shares = [factor_on(day.date()).rate / (1 + factor_on(day.date()).rate) for day in days]
        row = found.loc[f"{month}-01"]
        assert row["duty_c_lb"] == pytest.approx(147 * sum(shares) / len(shares))
        assert row["duty_unpaid_fob_c_lb"] * row["rate"] == pytest.approx(row["duty_c_lb"])
        assert row["duty_unpaid_price_c_lb"] == pytest.approx(150 - row["duty_c_lb"])
    assert found["is_changeover"].tolist() == [False, True, False, True]
    assert pd.isna(found.loc["2018-07-01", "duty_c_lb"])


def test_with_a_still_price_days_and_months_agree(prices):
    still = prices.assign(mwtp_c_lb=150.0, premium_c_lb=40.0, freight_c_lb=3.0)
    by_days = monthly(daily_series(still))
    by_month = from_monthly_prices(by_days.rename(columns={"period_start": "month"}))
    pd.testing.assert_series_equal(by_days["duty_usd_t"], by_month["duty_usd_t"])
