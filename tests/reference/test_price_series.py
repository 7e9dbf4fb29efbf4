"""Series of prices by their names and symbols, units and conversions."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from aimlib.errors import AimError
from aimlib.reference import price_series
from aimlib.reference._tables import fold, load


def test_the_tables_hold_together():
    series, symbols = load("price_series"), load("price_symbols")
    assert series["series"].is_unique
    assert symbols["symbol"].is_unique
    assert set(symbols["series"]) <= set(series["series"])
    assert (series["basis"] != "").all()
    for key in series["series"]:
        held = price_series.series(key)
        assert held.lowest < held.highest
        assert set(held.frequencies) <= {"daily", "monthly"}
        assert price_series.is_unit_of(held.usual_unit, key)
    for row in symbols.to_dict("records"):
        assert price_series.is_unit_of(row["unit"], row["series"])


def test_no_name_stands_for_two_series():
    seen = {}
    for row in load("price_series").to_dict("records"):
        for name in {
            fold(text) for text in (row["series"].replace("_", " "), row["title"], *row["aliases"].split(";"))
        }:
            assert seen.setdefault(name, row["series"]) == row["series"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("$/mt", "USD/t"),
        ("USD/t", "USD/t"),
        ("usd per metric ton", "USD/t"),
        ("¢/lb", "c/lb"),
        ("cents per pound", "c/lb"),
        ("US$/lb", "USD/lb"),
        ("$/kg", "USD/kg"),
        ("CNY per USD", "CNY per USD"),
    ],
)
def test_units_as_they_are_written(text, unit):
    assert price_series.unit(text) == unit


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("$/ton", "metric or a short ton"),
        ("USD/CNY", "both ways round"),
        ("EUR/t", "not a unit"),
        ("c/t", "not a unit"),
    ],
)
def test_units_that_are_not_known_or_not_clear(text, told):
    with pytest.raises(AimError, match=told):
        price_series.unit(text)


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("Midwest premium (c/lb)", "Midwest premium", "c/lb"),
        ("midwest_premium_c_lb", "midwest_premium", "c/lb"),
        ("premium $/mt", "premium", "USD/t"),
        ("Premium cents per lb", "Premium", "c/lb"),
        ("cash_settlement", "cash_settlement", ""),
        ("lme_three_month", "lme_three_month", ""),
        ("European premium (duty paid)", "European premium (duty paid)", ""),
        ("AUP=F", "AUP=F", ""),
    ],
)
def test_a_header_gives_name_and_unit(header, name, unit):
    assert price_series.split_unit(header) == (name, unit)


def test_a_symbol_tells_unit_and_frequency():
    assert price_series.resolve("mmaaf10") == price_series.Match("midwest_transaction_price", "c/lb", "daily")
    assert price_series.resolve("AFLSA00").unit == "USD/t"
    assert price_series.resolve("MMAKE03").frequency == "monthly"


def test_an_unknown_series_is_named_with_the_nearest():
    with pytest.raises(AimError, match="Did you mean midwest_premium"):
        price_series.resolve("midwest_premum")
    with pytest.raises(AimError, match="European premium"):
        price_series.resolve("European premium")  # duty paid or unpaid?


def test_cents_a_pound_as_dollars_a_tonne():
    found = price_series.to_stored(pd.Series([88.10, 62.5, 70.0]), "c/lb", "midwest_premium")
    assert found.round(2).tolist() == [1942.27, 1377.89, 1543.24]  # the first two are printed in the press


@given(some.floats(0.01, 1e5))
def test_all_units_tell_the_same_price(dollars_a_pound):
    one = pd.Series([dollars_a_pound])
    by_pound = price_series.to_stored(one, "USD/lb", "lme_cash")
    assert by_pound.iloc[0] == pytest.approx(dollars_a_pound / 0.45359237 * 1000, rel=1e-9)
    assert price_series.to_stored(one * 100, "c/lb", "lme_cash").iloc[0] == pytest.approx(by_pound.iloc[0])
    assert price_series.to_stored(by_pound, "USD/t", "lme_cash").iloc[0] == by_pound.iloc[0]
    assert price_series.to_stored(by_pound / 1000, "USD/kg", "lme_cash").iloc[0] == pytest.approx(by_pound.iloc[0])


def test_a_rate_the_other_way_round_is_turned():
    assert price_series.to_stored(pd.Series([1.25]), "USD per EUR", "usd_eur").iloc[0] == 0.8
    assert not price_series.is_unit_of("CNY per USD", "usd_eur")
    assert not price_series.is_unit_of("c/lb", "usd_cny")
