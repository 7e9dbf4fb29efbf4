"""The days on which the monitor comes out: Thursdays, but for those in ``release_days.csv`` that move.

That it comes out on Thursdays is sourced; which way it moves from a holiday is not. The table takes the next day on
which federal offices are open, and marks it as assumed.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from aimlib.reference._tables import load

_THURSDAY = 3
_WEEK = timedelta(days=7)


def release_day(week: date) -> date:
    """Return the release day of the calendar week, Monday to Sunday, that `week` lies in.

    A release that is moved far enough lies in the week after.

    >>> release_day(date(2026, 11, 16)), release_day(date(2026, 11, 27))
    (datetime.date(2026, 11, 19), datetime.date(2026, 11, 27))
    """
    thursday = week + timedelta(days=_THURSDAY - week.weekday())
    return moved().get(thursday, thursday)


def latest_release(today: date) -> date:
    """Return the newest release day that is not after `today`."""
    return next(day for day in _backwards(today) if day <= today)


def previous_release(day: date) -> date:
    """Return the newest release day before `day`, which need not be one itself."""
    return latest_release(day - timedelta(days=1))


def is_release(day: date) -> bool:
    """Return whether the monitor comes out on `day`."""
    return latest_release(day) == day


@cache
def moved() -> dict[date, date]:
    """Return the Thursdays on which nothing comes out, each with the day that takes its place."""
    rows = load("release_days")
    return {
        date.fromisoformat(thursday): date.fromisoformat(instead)
        for thursday, instead in zip(rows["thursday"], rows["released_on"], strict=True)
    }


def _backwards(today: date) -> list[date]:
    """Return the release days of this week and of the two before, newest first: one of them is not after today."""
    return [release_day(today - weeks * _WEEK) for weeks in range(3)]
