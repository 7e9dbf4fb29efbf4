"""The price reporter's tariff factor by day, its events and symbols."""

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest

from aimlib.errors import AimError
from aimlib.reference import p1020, price_series
from aimlib.reference._tables import load


@pytest.mark.parametrize(
    ("day", "rate", "confidence"),
    [
        (date(2018, 8, 1), 0.10, "sourced"),
        (date(2019, 5, 20), 0.10, "sourced"),  # Canadian metal was exempt by law from this day on
        (date(2025, 3, 11), 0.10, "sourced"),
        (date(2025, 3, 12), 0.25, "inferred"),
        (date(2025, 6, 3), 0.25, "inferred"),
        (date(2025, 6, 4), 0.50, "sourced"),
        (date(2026, 11, 19), 0.50, "sourced"),
    ],
)
def test_the_factor_of_a_day(day, rate, confidence):
    found = p1020.factor_on(day)
    assert (found.rate, found.confidence) == (rate, confidence)
    assert found.first_day <= day


def test_before_the_launch_there_is_none():
    with pytest.raises(AimError, match="starts on 2018-08-01"):
        p1020.factor_on(date(2018, 7, 31))


def test_the_factors_follow_one_another_without_a_gap():
    held = p1020.factors()
    for before, after in pairwise(held):
        assert before.last_day + timedelta(days=1) == after.first_day
    assert held[-1].last_day is None
    for factor in held:
        assert factor.factor == pytest.approx(1 + factor.rate)
        assert factor.decided_on <= factor.first_day
        assert factor.source


def test_changeovers_and_the_factors_between_days():
    assert p1020.changeover_days() == (date(2025, 3, 12), date(2025, 6, 4))
    assert p1020.changeover_days(date(2025, 3, 13)) == (date(2025, 6, 4),)
    assert p1020.changeover_days(last=date(2025, 3, 11)) == ()
    rates = [factor.rate for factor in p1020.factors_between(date(2025, 3, 11), date(2025, 3, 12))]
    assert rates == [0.10, 0.25]
    assert [factor.rate for factor in p1020.factors_between(date(2010, 1, 1), date(2018, 8, 1))] == [0.10]
    assert p1020.factors_between(date(2010, 1, 1), date(2018, 7, 31)) == ()


def test_the_rates_of_many_days_are_those_of_each():
    days = pd.Series(pd.date_range("2018-07-20", "2025-06-30"), index=range(7, 7 + 2538))
    found = p1020.rates(days)
    assert found.index.equals(days.index)
    for day, row in zip(days, found.itertuples(), strict=True):
        if day < pd.Timestamp(2018, 8, 1):
            assert pd.isna(row.rate)
            assert pd.isna(row.changed_on)
        else:
            factor = p1020.factor_on(day.date())
            assert (row.rate, row.confidence, row.changed_on.date()) == (
                factor.rate,
                factor.confidence,
                factor.first_day,
            )


def test_the_events_carry_their_days_and_how_sure_they_are():
    days = {event.event: (event.day.isoformat(), event.kind) for event in p1020.events()}
    assert days == {
        "launch": ("2018-08-01", "launch"),
        "consultation": ("2025-02-03", "consultation"),
        "proposal": ("2025-02-18", "proposal"),
        "decision": ("2025-03-06", "decision"),
        "note": ("2025-06-04", "note"),
        "net_forward_proposal": ("2025-10-14", "proposal"),
        "net_forward_parallel": ("2026-01-02", "proposal"),
        "net_forward_switch": ("2027-01-04", "proposal"),
        "forward_curve": ("2026-01-02", "launch"),
    }
    assert list(days.values()) == sorted(days.values(), key=lambda pair: pair[0])
    assert "final decision was not seen" in p1020.event("net_forward_switch").note
    with pytest.raises(AimError, match="Did you mean decision"):
        p1020.event("decisions")


@pytest.mark.parametrize("table", ["p1020_factor", "p1020_events"])
def test_every_row_has_a_source_and_a_confidence(table):
    rows = load(table)
    assert set(rows["confidence"]) <= {"sourced", "inferred", "recalled"}
    assert (rows["source"] != "").all()


def test_symbols():
    assert p1020.symbol("duty", "c/lb") == "MMOEU00"
    assert p1020.symbol("duty", "USD/t", "weekly") == "MMOHU04"
    assert p1020.symbol("duty_unpaid_premium", "c/lb", "monthly") == "MMOFU03"
    assert p1020.symbol("duty_unpaid_premium", "USD/t", "yearly") == "MMOIU16"
    assert p1020.symbol("duty_unpaid_price", "c/lb", "daily") == "MMOGU00"
    assert p1020.symbol("duty_unpaid_price", "USD/t", "daily") == "MMOJU00"
    assert p1020.symbol("duty_unpaid_fob", "c/lb") == ""
    with pytest.raises(AimError, match="'USD/lb' is no unit"):
        p1020.symbol("duty", "USD/lb")
    with pytest.raises(AimError, match="Did you mean monthly"):
        p1020.symbol("duty", "c/lb", "month")


def test_the_symbols_are_unique_and_those_of_freight_are_what_a_load_knows():
    rows = load("p1020_symbols")
    assert rows["symbol"].is_unique
    freight = rows[rows["value"] == "freight"]
    assert len(freight) == 8
    for row in freight.itertuples():
        assert price_series.resolve(row.symbol) == price_series.Match("freight_factor", row.unit, row.average)
