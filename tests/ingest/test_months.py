"""Which months are asked for."""

from datetime import date

import pytest

from aimlib.errors import AimError
from aimlib.ingest.months import due, last_finished, last_revision, months_between, parse_month

TODAY = date(2026, 11, 21)
MONTHS = months_between("2024-01", "2026-10")


def held(known_on, last="2026-09", **exceptions):
    return dict.fromkeys(months_between("2024-01", last), known_on) | exceptions


def test_all_months_of_an_empty_store_are_due():
    assert due(MONTHS, {}, TODAY) == MONTHS


def test_missing_months_and_the_last_six_held_are_due():
    known = held(date(2026, 10, 8))
    del known["2025-03"]
    assert due(MONTHS, known, TODAY) == ["2025-03", *months_between("2026-04", "2026-10")]


def test_what_came_today_is_not_asked_again_today():
    known = held(TODAY)
    assert due(MONTHS, known, TODAY) == ["2026-10"]
    assert due(MONTHS, {**known, "2026-05": date(2026, 11, 14)}, TODAY) == ["2026-05", "2026-10"]


def test_three_years_are_due_once_after_the_annual_revision():
    before, after = date(2026, 6, 1), date(2026, 6, 16)
    months = months_between("2022-01", "2026-04")
    known = dict.fromkeys(months, before)
    assert due(months, known, after) == months_between("2023-01", "2026-04")
    known |= dict.fromkeys(months_between("2023-01", "2026-04"), after)
    assert due(months, known, date(2026, 6, 17)) == months_between("2025-11", "2026-04")


def test_before_june_the_revision_of_last_year_counts():
    assert last_revision(date(2026, 5, 31)) == date(2025, 6, 15)
    assert last_revision(date(2026, 6, 15)) == date(2026, 6, 15)


def test_a_month_finishes_with_its_last_day():
    assert last_finished(date(2026, 1, 1)) == "2025-12"
    assert last_finished(date(2026, 11, 30)) == "2026-10"


@pytest.mark.parametrize("text", ["2024-13", "2024-0", "2024", "24-01", "2024-1", "July", ""])
def test_what_is_no_month_is_told(text):
    with pytest.raises(AimError, match="is not a month"):
        parse_month(text)


def test_a_date_is_its_month():
    assert parse_month(date(2024, 7, 15)) == "2024-07"
