"""Statutory duty on imports: rates weighted by day, bounds by claims, days and lines without an answer."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from aimlib.analysis.duty.assumptions import BOUNDED, SHARED, Assumptions, parse_shares
from aimlib.analysis.duty.rate import rate_entries
from aimlib.analysis.duty.scenarios import Scenario
from aimlib.analysis.duty.statutory import month_rows, rate_parts, statutory_duty, year_rows
from aimlib.errors import AimError
from aimlib.reference.law import law

P1020, PROFILE, SHEET, FOIL, POTS, CAN_BODY, SCRAP = (
    "7601106030", "7604291010", "7606123045", "7607113000", "7615102015", "7612901000", "7602000030",
)  # fmt: skip
KEY = ["first", "last", "origin", "code"]


def row(first: str, last: str, origin: str, code: str = P1020, value: float = 1000.0) -> dict:
    return {
        "first": date.fromisoformat(first),
        "last": date.fromisoformat(last),
        "origin": origin,
        "code": code,
        "customs_value_usd": value,
    }


def statutory(*given, **options) -> pd.Series:
    """Return the statutory rate of one row."""
    return statutory_duty(pd.DataFrame([row(*given)]), **options).iloc[0]


def shares(**given: float) -> Assumptions:
    return Assumptions(SHARED | given)


# Means over days


def test_a_month_in_which_the_rate_changed():
    """Emirati P1020 in March 2025: 11 days at 10% and 20 at 25%."""
    found = statutory("2025-03-01", "2025-03-31", "ARE")
    assert found["statutory_pct"] == pytest.approx((11 * 10 + 20 * 25) / 31)
    assert (found["lowest_day_pct"], found["highest_day_pct"]) == (10, 25)
    assert (found["low_pct"], found["high_pct"]) == (10, 25)
    assert found["statutory_duty_usd"] == pytest.approx(10 * (11 * 10 + 20 * 25) / 31)
    assert (found["low_duty_usd"], found["high_duty_usd"]) == (100, 250)
    assert (found["share_of_days"], found["refused"]) == (1, "")


def test_a_month_without_a_change():
    found = statutory("2024-05-01", "2024-05-31", "ARE")
    assert found[["statutory_pct", "lowest_day_pct", "highest_day_pct", "low_pct", "high_pct"]].tolist() == [10] * 5
    assert found["column_pct"] == 0


def test_a_year_in_which_it_changed_twice():
    """2025 has 70 days to March 11, 84 to June 3 and 211 after."""
    found = statutory("2025-01-01", "2025-12-31", "ARE")
    assert found["statutory_pct"] == pytest.approx((70 * 10 + 84 * 25 + 211 * 50) / 365)
    assert (found["lowest_day_pct"], found["highest_day_pct"]) == (10, 50)


def test_the_part_of_column_1_is_told_apart():
    found = statutory("2025-03-01", "2025-03-31", "KOR", FOIL)
    preference, column = (
        statutory("2025-03-01", "2025-03-31", "KOR", FOIL, assumptions=shares(fta=at)) for at in (1, 0)
    )
    assert found["column_pct"] == preference["column_pct"] == 0
    assert column["column_pct"] == pytest.approx(5.8)
    assert column["statutory_pct"] == pytest.approx(preference["statutory_pct"] + 5.8)


def day_by_day(first: date, last: date, origin: str, code: str, claims: str) -> pd.Series:
    """Return the rate of every day, by asking for every day."""
    days = pd.date_range(first, last)
    entries = pd.DataFrame(
        {
            "entry_date": days,
            "hts": code,
            "origin": origin,
            "largest_smelt": origin,
            "recent_cast": origin,
            "claims": claims,
        }
    )
    return rate_entries(entries).frame["total_pct"]


@pytest.mark.parametrize("origin", ["CAN", "MEX", "CHN", "RUS", "DEU", "GBR", "BRA", "BHR"])
@pytest.mark.parametrize("code", [P1020, PROFILE, CAN_BODY])
def test_it_is_the_mean_of_the_days_asked_one_by_one(origin, code):
    """A second road, over periods with many changes; all claims of the usual assumptions are made."""
    claims = "+".join(sorted(SHARED))
    for first, last in ((date(2025, 1, 1), date(2025, 12, 31)), (date(2026, 2, 1), date(2026, 10, 9))):
        daily = day_by_day(first, last, origin, code, claims)
        found = statutory(str(first), str(last), origin, code)
        assert found["statutory_pct"] == pytest.approx(daily.mean(), abs=1e-9)
        assert (found["lowest_day_pct"], found["highest_day_pct"]) == (daily.min(), daily.max())
        bounds = [day_by_day(first, last, origin, code, made) for made in ("", "+".join((*BOUNDED, *SHARED)))]
        assert found["low_pct"] == pytest.approx(min(daily.min() for daily in bounds))
        most = max(daily.max() for daily in bounds)
        assert most - 1e-9 <= found["high_pct"] <= most + 62.5 + 1e-9  # what duties not held may add
        assert (found["high_pct"] > most + 1e-9) == (found["may_add_pct"] > 0)


# Claims


def test_bounds_of_canadian_profiles_with_and_without_usmca():
    """With the claim column 1 is free; without, it is 5% (7604.29.10)."""
    found = statutory("2026-05-01", "2026-05-31", "CAN", PROFILE)
    assert (found["low_pct"], found["statutory_pct"], found["high_pct"]) == (50, 50, 55)
    none = statutory("2026-05-01", "2026-05-31", "CAN", PROFILE, assumptions=shares(usmca=0))
    assert (none["low_pct"], none["statutory_pct"], none["high_pct"]) == (50, 55, 55)


def test_shares_of_claims_mix_the_rates():
    rates = [
        statutory("2026-05-01", "2026-05-31", "CAN", PROFILE, assumptions=shares(usmca=share))["statutory_pct"]
        for share in (0, 0.25, 0.6, 1)
    ]
    assert rates == pytest.approx([55, 0.25 * 50 + 0.75 * 55, 0.6 * 50 + 0.4 * 55, 50])


def test_two_shares_are_taken_as_independent():
    """German sheet of 2023: 3% column 1, and 10% over quota."""
    partly = Assumptions({"in_quota": 0.7, "uk_95": 0.5})
    found = statutory("2023-05-01", "2023-05-31", "DEU", SHEET, assumptions=partly)
    assert found["statutory_pct"] == pytest.approx(3 + 0.3 * 10)
    assert len(partly.combinations()) == 4
    assert sum(share for _, share in partly.combinations()) == pytest.approx(1)
    weights = {tuple(sorted(claims)): share for claims, share in partly.combinations()}
    assert weights[("in_quota", "uk_95")] == pytest.approx(0.35)
    assert weights[()] == pytest.approx(0.15)


def test_bounds_hold_the_rate_of_every_line_and_origin():
    origins = sorted({name for rule in law().rules for name in rule.origins.only or ()})
    months = [("2022-06-01", "2022-06-30"), ("2025-03-01", "2025-03-31"), ("2026-09-01", "2026-09-30")]
    frame = pd.DataFrame(
        [row(*month, origin, line + "01") for month in months for origin in origins for line in law().column_lines]
    )
    for given in ("", "usmca=0.5,in_quota=0.3"):
        found = statutory_duty(frame, assumptions=Assumptions(parse_shares(given)))
        answered = found[found["statutory_pct"].notna()]
        assert len(answered) == len(frame)
        for low, high in (("low_pct", "statutory_pct"), ("statutory_pct", "high_pct"), ("column_pct", "statutory_pct")):
            assert (answered[low] <= answered[high] + 1e-9).all()


def test_the_metals_share_of_the_value():
    half = statutory("2025-09-01", "2025-09-30", "ARE", assumptions=Assumptions(metal_share=0.5))
    assert half["statutory_pct"] == 0.5 * 50 + 0.5 * 10


# Where there is no answer


def test_a_line_that_is_not_covered():
    found = statutory("2025-05-01", "2025-05-31", "CHN", POTS)
    figures = ["statutory_pct", "column_pct", "low_pct", "high_pct", "lowest_day_pct", "highest_day_pct",
               "statutory_duty_usd", "low_duty_usd", "high_duty_usd"]  # fmt: skip
    assert found[figures].isna().all()
    assert (found["share_of_days"], found["refused"]) == (0, "not covered")


def test_a_month_beyond_verified_coverage_rests_on_its_days_until_then():
    """October 2026: nine of 31 days."""
    found = statutory("2026-10-01", "2026-10-31", "ARE")
    assert found["share_of_days"] == pytest.approx(9 / 31)
    assert found["statutory_pct"] == 50
    assert found["statutory_duty_usd"] == 500
    assert found["refused"] == "beyond verified coverage"
    assert statutory("2026-11-01", "2026-11-30", "ARE")[["statutory_pct", "share_of_days"]].isna().tolist() == [
        True,
        False,
    ]
    whole = statutory("2026-10-01", "2026-11-30", "ARE", extend=True)
    assert (whole["share_of_days"], whole["refused"], whole["statutory_pct"]) == (1, "", 50)


def test_days_before_coverage():
    found = statutory("2017-12-01", "2018-01-31", "DEU", SHEET)
    assert found["share_of_days"] == pytest.approx(31 / 62)
    assert (found["statutory_pct"], found["refused"]) == (3, "before coverage")


def test_the_law_of_one_day_leaves_no_day_out():
    old = Scenario("old").law_of(date(2025, 3, 11))
    found = statutory("2026-10-01", "2026-12-31", "ARE", scenario=old)
    assert (found["statutory_pct"], found["share_of_days"], found["refused"]) == (10, 1, "")
    assert (found["lowest_day_pct"], found["highest_day_pct"]) == (10, 10)


def test_a_scenario_and_what_was_known():
    changed = Scenario("half").set_rate("s232_articles", 20, since=date(2025, 3, 22))
    assert statutory("2025-03-01", "2025-03-31", "ARE", scenario=changed)["statutory_pct"] == pytest.approx(
        (11 * 10 + 10 * 25 + 10 * 20) / 31
    )
    then = Scenario("then").as_known(date(2025, 2, 1))
    assert statutory("2025-03-01", "2025-03-31", "ARE", scenario=then)["statutory_pct"] == 10


# Rows as they came, and rows cut


def test_rows_keep_their_order_index_and_columns():
    frame = pd.DataFrame(
        [
            row("2025-03-01", "2025-03-31", "ARE"),
            row("2024-01-01", "2024-01-31", "CAN"),
            row("2025-03-01", "2025-03-31", "ARE", value=5.0),
        ],
        index=[7, 3, 5],
    ).assign(port=["A", "B", "C"])  # fmt: skip
    before = frame.copy(deep=True)
    found = statutory_duty(frame)
    pd.testing.assert_frame_equal(found[list(before)], before)
    pd.testing.assert_frame_equal(frame, before)
    assert found.loc[5, "statutory_duty_usd"] == pytest.approx(found.loc[7, "statutory_duty_usd"] / 200)


def test_no_rows_have_no_duty():
    none = pd.DataFrame([row("2025-03-01", "2025-03-31", "ARE")]).head(0)
    assert statutory_duty(none).empty
    assert rate_parts(none).empty


def test_parts_add_up_to_the_rows_and_to_their_rates():
    rows = pd.DataFrame(
        [
            row(first, last, origin, code)
            for first, last in (
                ("2025-03-01", "2025-03-31"),
                ("2025-01-01", "2025-12-31"),
                ("2026-10-01", "2026-10-31"),
            )
            for origin in ("CAN", "MEX", "CHN", "DEU", "GBR", "RUS")
            for code in (P1020, PROFILE, SHEET, POTS)
        ]
    )
    assumed = shares(usmca=0.8, in_quota=0.3)
    parts = rate_parts(rows, assumptions=assumed)
    assert parts.groupby(KEY)["weight"].sum().to_numpy() == pytest.approx(np.ones(len(rows)))
    answered = parts[parts["refused"] == ""]
    weighted = answered.assign(pct=answered["weight"] * answered["total_pct"]).groupby(KEY)[["pct", "weight"]].sum()
    wanted = statutory_duty(rows, assumptions=assumed).set_index(KEY)
    held = wanted[wanted["statutory_pct"].notna()].sort_index()
    assert (weighted["pct"] / weighted["weight"]).to_numpy() == pytest.approx(held["statutory_pct"].to_numpy())
    assert weighted["weight"].to_numpy() == pytest.approx(held["share_of_days"].to_numpy())
    assert set(parts.loc[parts["code"] == POTS, "refused"]) == {"not covered", "beyond verified coverage"}


def test_months_and_years_have_their_days():
    months = month_rows(pd.DataFrame({"month": pd.to_datetime(["2024-02-01", "2025-12-01"])}))
    assert months["first"].tolist() == [date(2024, 2, 1), date(2025, 12, 1)]
    assert months["last"].tolist() == [date(2024, 2, 29), date(2025, 12, 31)]
    years = year_rows(pd.DataFrame({"year": [2024, 2026], "through_month": [2, 8]}))
    assert years["first"].tolist() == [date(2024, 1, 1), date(2026, 1, 1)]
    assert years["last"].tolist() == [date(2024, 2, 29), date(2026, 8, 31)]
    assert all(last + timedelta(days=1) > first for first, last in zip(years["first"], years["last"], strict=True))


# Assumptions


def test_shares_from_text():
    assert parse_shares("") == SHARED
    assert parse_shares(" usmca = 0.9 , uk_95=0.5,") == SHARED | {"usmca": 0.9, "uk_95": 0.5}
    assert parse_shares("in_quota=0")["in_quota"] == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("usmac=0.9", "Did you mean usmca?"),
        ("everything=1", "The claims are usmca, nafta"),
        ("usmca", "usmca has no share from 0 to 1. Write it as usmca=0.9,in_quota=0.5."),
        ("usmca=90", "no share from 0 to 1"),
        ("usmca=-0.1", "no share from 0 to 1"),
        ("usmca=nan", "no share from 0 to 1"),
        ("usmca=most", "no share from 0 to 1"),
    ],
)
def test_shares_that_cannot_be(text, told):
    with pytest.raises(AimError, match=re.escape(told)):
        parse_shares(text)


@pytest.mark.parametrize(
    ("assumed", "told"),
    [
        (
            Assumptions(),
            "Smelt and cast are taken to be the country of origin, all of the value as aluminum. Claims are taken as "
            "made for all value that can make them: USMCA, NAFTA before it, other trade agreements, tariff-rate quotas "
            "with room, metal of the United Kingdom (as smelt and cast are the origin). The count is thus at the low "
            "end of the bounds.",
        ),
        (
            Assumptions({"usmca": 0.8, "in_quota": 0.0, "uk_95": 0.8}, 0.4),
            "Smelt and cast are taken to be the country of origin, 40% of value as aluminum. Claims are taken as made "
            "for 80% of the value that can make them: USMCA, metal of the United Kingdom (as smelt and "
            "cast are the origin).",
        ),
        (
            Assumptions({"usmca": 0.0}),
            "Smelt and cast are taken to be the country of origin, all of the value as aluminum. No claims are taken "
            "as made.",
        ),
    ],
)
def test_assumptions_in_words(assumed, told):
    assert assumed.words() == told
