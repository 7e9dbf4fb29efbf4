"""The rate of one entry over time: stretches that tile the days and say what the engine says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from aimlib.analysis.duty.facts import Facts, entries_of
from aimlib.analysis.duty.rate import rate_entries
from aimlib.analysis.duty.scenarios import Scenario
from aimlib.analysis.duty.timeline import rate_timeline
from aimlib.reference.law import law

FIRST, LAST = date(2018, 1, 1), date(2026, 10, 9)
P1020, PROFILE, CAN_BODY = "7601106030", "7604291010", "7612901000"


def asked(hts: str, origin: str, *claims: str, metal: str | None = None) -> Facts:
    metal = origin if metal is None else metal
    return Facts(LAST, hts, origin, metal, "", metal, frozenset(claims))


def steps(facts: Facts, **options) -> list[tuple[str, float]]:
    """Return the days from which a rate holds, and the rate."""
    held = rate_timeline(facts, FIRST, LAST, **options)
    return [(str(row.first), row.total_pct) for row in held.itertuples()]


ENTRIES = [
    asked(P1020, "CAN", "usmca"),
    asked(P1020, "ARE"),
    asked(P1020, "RUS"),
    asked(P1020, "CHN"),
    asked(P1020, "MEX", metal=""),
    asked(PROFILE, "CAN"),
    asked(CAN_BODY, "CHN"),
    asked("7615102015", "CHN"),
]


@pytest.mark.parametrize("facts", ENTRIES, ids=lambda facts: f"{facts.hts} {facts.origin}")
def test_stretches_tile_the_days_agree_with_the_engine_and_differ_from_their_neighbors(facts):
    held = rate_timeline(facts, date(2017, 12, 1), date(2026, 11, 30))
    assert held["first"].iloc[0] == date(2017, 12, 1)
    assert held["last"].iloc[-1] == date(2026, 11, 30)
    assert (held["first"] <= held["last"]).all()
    assert held["first"].tolist()[1:] == [day + timedelta(days=1) for day in held["last"][:-1]]
    for edge in ("first", "last"):
        answers = rate_entries(entries_of([replace(facts, on=day) for day in held[edge]])).frame
        columns = ["total_pct", "column_pct", "low_pct", "high_pct", "refundable_pct", "refused"]
        pd.testing.assert_frame_equal(held[columns], answers[columns], check_dtype=False)
    told = held.drop(columns=["first", "last"]).fillna(-1)
    assert (told != told.shift()).any(axis=1).all()


def test_the_days_between_are_those_of_their_stretch():
    held = rate_timeline(asked(PROFILE, "CAN"), FIRST, LAST)
    days = pd.date_range("2026-04-01", "2026-10-09").date
    daily = rate_entries(entries_of([replace(asked(PROFILE, "CAN"), on=day) for day in days])).frame["total_pct"]
    for day, total in zip(days, daily, strict=True):
        row = held[(held["first"] <= day) & (held["last"] >= day)]
        assert row["total_pct"].item() == total


def test_the_steps_of_emirati_metal():
    rates: list[tuple[str, float]] = []
    for day, rate in steps(asked(P1020, "ARE")):
        if not rates or rates[-1][1] != rate:
            rates.append((day, rate))
    assert rates == [("2018-01-01", 0), ("2018-03-23", 10), ("2025-03-12", 25), ("2025-06-04", 50)]


def test_measures_above_zero_are_named():
    held = rate_timeline(asked(P1020, "CHN"), FIRST, LAST)
    now = held.iloc[-1]
    assert now["measures"] == "Section 301, China, four-year review; Section 232 duty on aluminum articles"
    assert held.iloc[0]["measures"] == ""
    # Fees and deposits stand in no total.
    assert not held["measures"].str.contains("fee", case=False).any()


def test_what_was_known_then_and_another_law():
    known = rate_timeline(asked(P1020, "CAN"), date(2020, 8, 1), date(2020, 12, 31), known_on=date(2020, 9, 20))
    assert known["total_pct"].tolist() == [0, 10]  # its end was not known yet
    today = rate_timeline(asked(P1020, "CAN"), date(2020, 8, 1), date(2020, 12, 31))
    assert today["total_pct"].tolist() == [0, 10, 0]
    changed = Scenario("mine").set_rate("s232_articles", 33, since=date(2026, 6, 1)).law
    assert steps(asked(P1020, "ARE"), law=changed)[-1] == ("2026-06-01", 33)


def test_one_day_and_days_beyond():
    one = rate_timeline(asked(P1020, "ARE"), LAST, LAST)
    assert (len(one), one["total_pct"].item(), one["last"].item()) == (1, 50, LAST)
    beyond = rate_timeline(asked(P1020, "ARE"), LAST, date(2026, 12, 31))
    assert beyond["refused"].tolist() == ["", "beyond verified coverage"]
    assert beyond["first"].tolist()[1] == law().coverage.verified_through + timedelta(days=1)
    extended = rate_timeline(asked(P1020, "ARE"), LAST, date(2026, 12, 31), extend=True)
    assert extended["total_pct"].tolist() == [50]
