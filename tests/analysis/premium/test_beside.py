"""Measures beside the series: net-forward, break-even, pass-through, implied rate, gap, sensitivity."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from aimlib.analysis.premium import breakeven, net_forward
from aimlib.analysis.premium.beside import implied_rate, new_orleans_gap, pass_through, share_passed_through
from aimlib.analysis.premium.formula import p1020
from aimlib.analysis.premium.sensitivity import duty_grid, sensitivity
from aimlib.errors import AimError

rates = some.floats(0, 2)


def forward(**changes):
    given = {
        "weight_canada": 70.0,
        "weight_new_orleans": 30.0,
        "freight_canada_c_lb": 3.0,
        "freight_new_orleans_c_lb": 5.0,
    }
    return net_forward.net_forward(10.0, 14.0, **given | changes)


def test_net_forward_weighs_both_places_with_their_freight():
    found = forward()
    assert found["net_forward_c_lb"] == pytest.approx(0.7 * 13 + 0.3 * 19)
    assert found["net_forward_usd_t"] == pytest.approx(found["net_forward_c_lb"] * 22.0462)
    assert found["share_canada"] == pytest.approx(0.7)
    assert forward(weight_canada=0)["net_forward_c_lb"] == pytest.approx(19)


def test_weights_that_cannot_be():
    with pytest.raises(AimError, match="weight of Canada is '-1'"):
        forward(weight_canada=-1)
    with pytest.raises(AimError, match="Both weights are zero"):
        forward(weight_canada=0, weight_new_orleans=0)


def test_net_forward_is_a_proposal_with_dates():
    assert net_forward.STATUS == "proposal"
    assert net_forward.standing(date(2026, 1, 1)) == net_forward.NOT_YET
    assert net_forward.standing(date(2026, 1, 2)) == net_forward.PARALLEL
    assert net_forward.standing(date(2027, 1, 3)) == net_forward.PARALLEL
    assert net_forward.standing(date(2027, 1, 4)) == net_forward.SWITCHED


def test_breakeven_by_sea_and_from_canada():
    by_sea = breakeven.seaborne(2600, 200, 0.5, 60, 70)
    assert by_sea["breakeven_usd_t"] == pytest.approx(200 + 0.5 * (2600 + 200 - 60) + 70)
    assert by_sea["duty_usd_t"] == pytest.approx(1370)
    assert by_sea["breakeven_c_lb"] == pytest.approx(1640 / 22.0462)
    canada = breakeven.canadian(2600, 200, 0.5, 66)
    assert canada["breakeven_usd_t"] == pytest.approx(200 + 0.5 * 2800 + 66)


@given(lme=some.floats(500, 6000), step=some.floats(1, 500), rate=rates)
def test_a_dollar_on_the_lme_is_the_rate_on_the_breakeven(lme, step, rate):
    for road in (lambda price: breakeven.seaborne(price, 200, rate, 60, 70),
                 lambda price: breakeven.canadian(price, 200, rate, 66)):  # fmt: skip
        rise = road(lme + step)["breakeven_usd_t"] - road(lme)["breakeven_usd_t"]
        assert rise / step == pytest.approx(rate, abs=1e-6)


@given(lme=some.floats(1000, 5000), premium=some.floats(0, 500), rate=rates)
def test_at_the_canadian_breakeven_the_formula_gives_back_the_premium(lme, premium, rate):
    """The formula undoes the break-even: the duty-unpaid premium is then the Canadian one and its freight."""
    at = breakeven.canadian(lme, premium, rate, 66)
    price = lme + at["breakeven_usd_t"]
    found = p1020(price / 22.0462, 66 / 22.0462, rate, at["breakeven_c_lb"])
    assert found["duty_usd_t"] == pytest.approx(at["duty_usd_t"], abs=1e-6)
    assert found["duty_unpaid_premium_usd_t"] == pytest.approx(premium + 66, abs=1e-6)


def test_pass_through_as_of_march_2025():
    assert share_passed_through(37.5, 23.85, 42.5, 23.85) == pytest.approx(0.732, abs=0.0005)
    assert math.isnan(share_passed_through(37.5, 23.85, 10.0, 10.0))
    series = share_passed_through(pd.Series([30.0, 31.0]), 20.0, pd.Series([15.0, 10.0]), 10.0)
    assert series.iloc[0] == 2.0
    assert math.isnan(series.iloc[1])


def test_pass_through_needs_a_base_day_that_is_held(daily):
    found = pass_through(daily, date(2025, 3, 11))
    base, last = daily[daily["day"] == "2025-03-11"].iloc[0], daily.iloc[-1]
    expected = (last["premium_c_lb"] - base["premium_c_lb"]) / (last["duty_c_lb"] - base["duty_c_lb"])
    assert found["share_passed_through"].iloc[-1] == pytest.approx(expected)
    assert found["day"].min() == pd.Timestamp(2025, 3, 12)
    against_cost = pass_through(daily.assign(cost_c_lb=daily["duty_c_lb"] * 2), date(2025, 3, 11), "cost_c_lb")
    assert against_cost["share_passed_through"].iloc[-1] == pytest.approx(expected / 2)
    with pytest.raises(AimError, match="2025-03-15 has no premium"):
        pass_through(daily, date(2025, 3, 15))  # a Saturday


@given(price=some.floats(80, 300), rate=rates, share=some.floats(0.1, 0.9))
def test_the_implied_rate_undoes_the_formula(price, rate, share):
    premium = share * price
    found = p1020(price, 3.0, rate, premium)
    assert implied_rate(price, premium, found["duty_unpaid_premium_c_lb"], 3.0) == pytest.approx(rate, abs=1e-9)


def test_the_implied_rate_is_blank_where_nothing_is_left():
    assert math.isnan(implied_rate(100.0, 100.0, 0.0, 0.0))
    found = implied_rate(pd.Series([160.0, 100.0]), pd.Series([60.0, 100.0]), pd.Series([20.0, 0.0]), 0.0)
    assert found.iloc[0] == pytest.approx(40 / 120)
    assert math.isnan(found.iloc[1])


def test_the_gap_to_new_orleans_where_both_are_held(daily):
    held = daily.assign(cif_new_orleans_c_lb=9.0)
    held.loc[3, "cif_new_orleans_c_lb"] = None
    found = new_orleans_gap(held)
    assert len(found) == len(daily) - 1
    assert found["gap_c_lb"].iloc[0] == pytest.approx(daily["duty_unpaid_premium_c_lb"].iloc[0] - 9)
    with pytest.raises(AimError, match="no column cif_new_orleans_c_lb"):
        new_orleans_gap(daily)


def test_what_moves_the_duty():
    found = sensitivity(160.0, 3.0, 0.5, 60.0)
    slopes = found.groupby("moved")[["step_c_lb", "duty_change_c_lb", "duty_unpaid_premium_change_c_lb"]].last()
    duty = slopes["duty_change_c_lb"] / slopes["step_c_lb"]
    unpaid = slopes["duty_unpaid_premium_change_c_lb"] / slopes["step_c_lb"]
    third = 0.5 / 1.5
    assert duty.to_dict() == pytest.approx({"transaction_price": third, "premium": third, "freight": -third})
    assert unpaid.to_dict() == pytest.approx({"transaction_price": -third, "premium": 1 - third, "freight": third})
    freight = found[found["moved"] == "freight"]
    assert freight["freight_c_lb"].min() == 3.0  # a freight below nothing is left out
    for row in found.itertuples():
        assert row.duty_c_lb == pytest.approx((row.mwtp_c_lb - row.freight_c_lb) / 3)
    assert set(sensitivity(160.0, 3.0, 0.5)["moved"]) == {"transaction_price", "freight"}
    assert sensitivity(160.0, 3.0, 0.5, steps_c_lb=()).empty


def test_the_grid_for_a_heat_map():
    found = duty_grid([100, 120, 140], [0, 40], 3.0, 0.5)
    assert len(found) == 6
    assert found["duty_c_lb"].tolist() == pytest.approx(
        [(lme + premium - 3) / 3 for lme in (100, 120, 140) for premium in (0, 40)]
    )
    assert found["share_of_premium"].isna().tolist() == [True, False] * 3
