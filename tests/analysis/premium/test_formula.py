"""The reporter's formula against worked cases, a second road, and figures that the press printed."""

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from aimlib.analysis.premium.formula import COLUMNS, FOB_BASE, LME_BASE, duty_by_base, naive_duty, p1020
from aimlib.errors import AimError
from aimlib.reference.p1020 import USD_T_FOR_C_LB

CASES = pd.read_csv(Path(__file__).parents[2] / "cases" / "p1020_cases.csv")
prices, rates = some.floats(50, 400), some.floats(0, 2)


@pytest.mark.parametrize("case", CASES.to_dict("records"), ids=CASES["id"])
def test_the_worked_cases(case):
    found = p1020(case["mwtp_c_lb"], case["freight_c_lb"], case["tariff_rate"])
    for name in ("fob_c_lb", "duty_unpaid_fob_c_lb", "duty_c_lb"):
        assert found[name] == pytest.approx(case[name], abs=0.00005)
    assert found["duty_usd_t"] == pytest.approx(case["duty_usd_t"], abs=0.006)


def test_the_names_are_the_ten():
    assert tuple(p1020(160.0, 3.0, 0.5, 60.0)) == COLUMNS
    assert set(COLUMNS) == {
        *("fob_c_lb", "duty_unpaid_fob_c_lb", "duty_c_lb", "duty_unpaid_premium_c_lb", "duty_unpaid_price_c_lb"),
        *("fob_usd_t", "duty_unpaid_fob_usd_t", "duty_usd_t", "duty_unpaid_premium_usd_t", "duty_unpaid_price_usd_t"),
    }


@given(price=prices, freight=some.floats(0, 50), rate=rates, share=some.floats(0, 1))
def test_the_values_fit_together(price, freight, rate, share):
    premium = share * price
    found = p1020(price, freight, rate, premium)
    # What is paid for duty and what is not make up the FOB price; duty is the rate on what is not duty.
    assert found["duty_unpaid_fob_c_lb"] + found["duty_c_lb"] == pytest.approx(price - freight)
    assert found["duty_c_lb"] == pytest.approx(rate * found["duty_unpaid_fob_c_lb"])
    assert found["duty_unpaid_premium_c_lb"] + found["duty_c_lb"] == pytest.approx(premium)
    assert found["duty_unpaid_price_c_lb"] + found["duty_c_lb"] == pytest.approx(price)
    for name in (name for name in COLUMNS if name.endswith("_c_lb")):
        assert found[name.replace("c_lb", "usd_t")] == pytest.approx(found[name] * 22.0462)


@given(price=prices, rate=rates, step=some.floats(0.1, 10))
def test_a_cent_on_the_price_is_rate_over_one_plus_rate_on_the_duty(price, rate, step):
    rise = p1020(price + step, 3.0, rate)["duty_c_lb"] - p1020(price, 3.0, rate)["duty_c_lb"]
    assert rise / step == pytest.approx(rate / (1 + rate), abs=1e-9)


def test_a_series_is_what_each_of_its_days_is():
    price, rate = pd.Series([110.0, 160.0, None], index=list("abc")), pd.Series([0.1, None, 0.5], index=list("abc"))
    found = pd.DataFrame(p1020(price, 3.0, rate, 20.0))
    assert found.loc["a"].tolist() == pytest.approx(list(p1020(110.0, 3.0, 0.1, 20.0).values()))
    assert found.loc[["b", "c"], "duty_c_lb"].isna().all()
    assert found.loc["b", "fob_c_lb"] == 157.0


def test_without_a_premium_the_duty_unpaid_premium_is_blank():
    found = p1020(160.0, 3.0, 0.35)
    assert math.isnan(found["duty_unpaid_premium_c_lb"])
    assert math.isnan(found["duty_unpaid_premium_usd_t"])
    assert not math.isnan(found["duty_unpaid_price_c_lb"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((160, 3, 35), "fraction: 0.35 for 35%"),
        ((160, 3, -0.1), "The rate is '-0.1'"),
        ((160, 3, math.nan), "The rate is 'nan'"),
        ((math.nan, 3, 0.5), "The transaction price is 'nan'"),
        ((math.inf, 3, 0.5), "The transaction price is 'inf'"),
        ((-1, 0, 0.5), "The transaction price is '-1'"),
        ((160, -3, 0.5), "The freight is '-3'"),
        ((160, 160.5, 0.5), "freight is above the transaction price: 160.5 against 160"),
        ((160, 3, 0.5, 170), "premium is above the transaction price"),
        (("dear", 3, 0.5), "The transaction price is 'dear'"),
        ((pd.Series([160.0, -1.0]), 3, 0.5), r"'-1.0' \(row 1\)"),
        ((pd.Series([160.0, 2.0]), 3, 0.5), r"3 against 2 \(row 1\)"),
        ((pd.Series([160.0]), 3, pd.Series([25.0])), "fraction: 0.25"),
        ((pd.Series(["160", "x"]), 3, 0.5), r"'x' \(row 1\)"),
    ],
)
def test_figures_that_cannot_be(arguments, told):
    with pytest.raises(AimError, match=told):
        p1020(*arguments)


@pytest.mark.parametrize(("cents", "dollars"), [(88.10, 1942), (62.5, 1377), (70.0, 1543)])
def test_premiums_as_the_press_converts_them(cents, dollars):
    assert cents * USD_T_FOR_C_LB == pytest.approx(dollars, abs=1)


def test_the_press_takes_the_duty_on_the_lme_alone():
    lme = 2850 / USD_T_FOR_C_LB
    found = duty_by_base(lme, 88.10, 0.0, 0.5).set_index("base")
    assert found.index.tolist() == [FOB_BASE, LME_BASE]
    assert lme * USD_T_FOR_C_LB + 88.10 * USD_T_FOR_C_LB == pytest.approx(4792, abs=1)
    assert found.loc[LME_BASE, "duty_usd_t"] == pytest.approx(1425)
    assert found.loc[FOB_BASE, "duty_usd_t"] == pytest.approx(1597.33, abs=1)
    assert found.loc[LME_BASE, "gap_usd_t"] == pytest.approx(-172, abs=1)
    assert found.loc[FOB_BASE, "gap_usd_t"] == 0
    assert naive_duty(lme, 0.5)["base"] == "lme_only"
