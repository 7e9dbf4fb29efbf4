"""Days without licensing: published, found in the filings, and which months they touch."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aimlib.analysis.early.outages import outages, touched
from aimlib.analysis.early.thursdays import month_numbers
from aimlib.reference import early_events
from aimlib.reference._tables import load


def number(month):
    return month_numbers(pd.DatetimeIndex([month]))


def found_in_filings(filings):
    found = outages(filings)
    return found[found["found_in"] == "filings"]


def test_five_weekdays_without_a_filing_are_an_outage(busy_days):
    found = found_in_filings(busy_days("2024-01-01", "2024-12-31", ("2024-08-05", "2024-08-09")))
    assert len(found) == 1
    assert (found.iloc[0]["first_day"], found.iloc[0]["last_day"]) == (
        pd.Timestamp("2024-08-05"),
        pd.Timestamp("2024-08-09"),
    )


def test_four_weekdays_are_not(busy_days):
    assert not len(found_in_filings(busy_days("2024-01-01", "2024-12-31", ("2024-08-06", "2024-08-09"))))


def test_a_weekend_in_between_does_not_break_the_run(busy_days):
    found = found_in_filings(busy_days("2024-01-01", "2024-12-31", ("2024-08-08", "2024-08-14")))
    assert len(found) == 1
    assert found.iloc[0]["what"] == "5 weekdays without a filing"


def test_a_single_filing_breaks_the_run(busy_days):
    filings = busy_days("2024-01-01", "2024-12-31", ("2024-08-05", "2024-08-09"))
    filings.loc[filings["day"] == "2024-08-07", "lines"] = 1
    assert not len(found_in_filings(filings))


def test_where_filings_are_few_an_empty_week_says_nothing(busy_days):
    filings = busy_days("2024-01-01", "2024-12-31", ("2024-08-05", "2024-08-09"), lines=2)
    assert not len(found_in_filings(filings))
    assert len(found_in_filings(filings.assign(lines=filings["lines"] * 2)))


def test_the_time_before_the_first_filing_held_counts(busy_days):
    found = outages(busy_days("2023-03-01", "2024-12-31"))
    stored = found[found["found_in"] == "store"].iloc[0]
    assert pd.isna(stored["first_day"])
    assert stored["last_day"] == pd.Timestamp("2023-02-28")
    assert touched(number("2023-04"), 0, found[found["found_in"] == "store"]).all()
    # 2023-05-01 less 60 days is 2023-03-02
    assert not touched(number("2023-05"), 0, found[found["found_in"] == "store"]).any()


def test_without_filings_the_published_ones_are_left():
    assert set(outages(None)["found_in"]) == {"table"}
    assert set(outages(pd.DataFrame({"day": pd.DatetimeIndex([]), "lines": []}))["found_in"]) == {"table"}


@pytest.mark.parametrize(
    ("last_day", "is_touched"),
    [("2024-09-02", True), ("2024-09-01", False)],  # 60 days before 2024-11-01 is 2024-09-02
)
def test_a_month_opens_sixty_days_ahead(last_day, is_touched):
    found = pd.DataFrame({"first_day": [pd.Timestamp("2024-08-01")], "last_day": [pd.Timestamp(last_day)]})
    assert touched(number("2024-11"), 0, found).all() == is_touched


@pytest.mark.parametrize(("first_day", "is_touched"), [("2024-12-12", True), ("2024-12-13", False)])
def test_an_outage_after_the_horizon_does_not_touch(first_day, is_touched):
    found = pd.DataFrame({"first_day": [pd.Timestamp(first_day)], "last_day": [pd.Timestamp("2024-12-31")]})
    assert touched(number("2024-11"), 1, found).all() == is_touched  # November's horizon 1 is 2024-12-12: ends Saturday


def test_the_first_months_of_licensing_are_left_out():
    months = month_numbers(pd.date_range("2021-07", periods=3, freq="MS"))
    assert touched(months, 0, outages(None)).tolist() == [True, True, False]


def test_steels_outage_and_those_not_known_do_not_count_for_aluminum():
    assert early_events.license_outages()["last_day"].tolist() == [pd.Timestamp("2021-06-27")]
    assert len(early_events.license_outages("steel")) == 1


def test_front_loaded_months_lie_between_announcement_and_effect():
    rises = early_events.front_loading()
    assert (rises["month_from"] <= rises["announced"]).all()
    assert (rises["announced"] <= rises["effective"]).all()
    assert (rises["month_to"] < rises["effective"]).all()
    # A week or more of the last month marked lay before the duty, and no week of the month after it.
    assert ((rises["effective"] - rises["month_to"]).dt.days >= 7).all()
    assert ((rises["effective"] - rises["month_to"] - pd.Timedelta(days=31)).dt.days < 7).all()
    assert np.array_equal(
        early_events.front_loaded_months(), pd.DatetimeIndex(["2025-02", "2025-03", "2025-05"]).to_numpy()
    )


@pytest.mark.parametrize("name", ["license_outages", "front_loading"])
def test_every_event_says_its_source_and_how_sure_it_is(name):
    assert (load(name)[["source", "how_sure"]] != "").all(axis=None)
