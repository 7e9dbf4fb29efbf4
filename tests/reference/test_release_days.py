"""The calendar of release days: its list against the federal holidays, and what is asked of it."""

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from pandas.tseries.holiday import USFederalHolidayCalendar

from aimlib.reference._tables import load
from aimlib.reference.release_days import is_release, latest_release, moved, previous_release, release_day

FIRST, LAST = date(2021, 1, 1), date(2035, 12, 31)
BY_ORDER = {date(2025, 1, 9)}
"""Closed by order of the President: no holiday that recurs."""
CLOSED_BESIDE = {date(2025, 12, 24), date(2025, 12, 26)}


def holidays() -> set[date]:
    found = USFederalHolidayCalendar().holidays(pd.Timestamp(FIRST), pd.Timestamp(LAST))
    return {day.date() for day in found}


def test_every_thursday_that_is_a_federal_holiday_is_listed_and_no_other():
    assert set(moved()) - BY_ORDER == {day for day in holidays() if day.weekday() == 3}
    assert set(moved()) >= BY_ORDER


def test_a_moved_release_comes_on_the_next_day_that_offices_are_open():
    closed = holidays() | BY_ORDER | CLOSED_BESIDE
    for thursday, instead in moved().items():
        between = [thursday + timedelta(days=step) for step in range((instead - thursday).days)]
        assert all(day in closed or day.weekday() >= 5 for day in between), thursday
        assert instead not in closed, thursday
        assert instead.weekday() < 5, thursday


def test_the_list_says_how_sure_it_is():
    rows = load("release_days")
    assert rows["thursday"].is_monotonic_increasing
    assert rows["thursday"].is_unique
    assert (rows["day_how_sure"] == "assumed").all()
    assert rows["holiday_how_sure"].isin(["sourced", "recalled"]).all()
    assert (rows[["why", "source"]] != "").all(axis=None)


@pytest.mark.parametrize(
    ("week", "day"),
    [
        ("2026-11-16", "2026-11-19"),  # Monday
        ("2026-11-22", "2026-11-19"),  # Sunday
        ("2026-11-23", "2026-11-27"),  # the week of Thanksgiving
        ("2024-07-01", "2024-07-05"),
        ("2025-12-22", "2025-12-29"),  # moved into the next week
        ("2025-12-30", "2026-01-02"),
    ],
)
def test_release_day_of_a_week(week, day):
    assert release_day(date.fromisoformat(week)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("today", "latest", "previous"),
    [
        ("2026-11-19", "2026-11-19", "2026-11-12"),
        ("2026-11-18", "2026-11-12", "2026-11-12"),
        ("2026-11-26", "2026-11-19", "2026-11-19"),  # Thanksgiving itself
        ("2026-11-27", "2026-11-27", "2026-11-19"),
        ("2026-12-03", "2026-12-03", "2026-11-27"),
        ("2025-12-28", "2025-12-18", "2025-12-18"),
        ("2025-12-29", "2025-12-29", "2025-12-18"),
        ("2026-01-01", "2025-12-29", "2025-12-29"),
    ],
)
def test_latest_and_previous(today, latest, previous):
    day = date.fromisoformat(today)
    assert latest_release(day) == date.fromisoformat(latest)
    assert previous_release(day) == date.fromisoformat(previous)
    assert is_release(day) == (today == latest)


def test_every_week_has_one_release():
    weeks = [FIRST + timedelta(weeks=number) for number in range(52 * 15)]
    days = [release_day(week) for week in weeks]
    assert all(earlier < later for earlier, later in pairwise(days))
    assert [previous_release(day) for day in days[1:]] == days[:-1]
