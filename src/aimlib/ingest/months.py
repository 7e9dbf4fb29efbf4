"""Which months to ask Census for: the missing ones, and those that may have been revised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from aimlib.errors import AimError

FIRST_PUBLISHED = "2010-01"
STILL_REVISED = 6  # months: each release revises some of the months before it
_REVISION_DAY = (6, 15)  # the annual revision comes out in the first half of June
_REVISED_YEARS = 3


def parse_month(text: str | date) -> str:
    """Return a month as ``YYYY-MM``. Raises AimError where it is none."""
    if isinstance(text, date):
        return f"{text:%Y-%m}"
    if not re.fullmatch(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise AimError(f"'{text}' is not a month.", "Write a month as 2024-07.")
    return text


def months_between(first: str, last: str) -> list[str]:
    """Return the months from `first` to `last`, both ``YYYY-MM``."""
    return [str(month) for month in pd.period_range(first, last, freq="M")]


def last_finished(today: date) -> str:
    """Return the last month that ended before `today`."""
    return str(pd.Period(today, freq="M") - 1)


def last_revision(today: date) -> date:
    """Return the day by which the last annual revision was out."""
    this_year = date(today.year, *_REVISION_DAY)
    return this_year if today >= this_year else this_year.replace(year=today.year - 1)


def due(months: Sequence[str], held: Mapping[str, date], today: date) -> list[str]:
    """Return those of `months` to ask for, oldest first.

    `held` gives the day on which the figures held of a month were known. Due are months not held; the last
    six held, unless known today; and, once after each annual revision, the three calendar years before it.
    """
    recent = set(sorted(held)[-STILL_REVISED:])
    revision = last_revision(today)
    revised = range(revision.year - _REVISED_YEARS, revision.year)
    return [
        month
        for month in sorted(months)
        if month not in held
        or (month in recent and held[month] < today)
        or (int(month[:4]) in revised and held[month] < revision)
    ]
