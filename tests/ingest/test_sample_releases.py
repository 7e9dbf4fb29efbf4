"""The sample's Census vintages: a Thursday a month since August 2021, each month revised after its first print."""

from __future__ import annotations

from datetime import date

import pandas as pd

from aimlib.ingest.sample.releases import releases, thursday_of
from aimlib.ingest.sample.revisions import schedule


def test_the_thursdays_of_2026_are_as_they_always_were():
    days = [release.known_on for release in releases() if release.known_on >= "2026-05"]
    assert days == [
        *(
            "2026-05-07",
            "2026-06-11",
            "2026-07-09",
            "2026-08-06",
            "2026-09-10",
            "2026-10-08",
            "2026-11-05",
            "2026-11-19",
        )
    ]


def test_every_release_is_the_first_thursday_from_the_fifth_on():
    days = [date.fromisoformat(release.known_on) for release in releases()[:-1]]
    assert {day.isoweekday() for day in days} == {4}
    assert {day.day for day in days} <= set(range(5, 12))
    assert [(day.year, day.month) for day in days] == [
        (month.year, month.month) for month in pd.period_range("2021-08", "2026-11", freq="M")
    ]
    assert thursday_of(pd.Period("2021-12", "M")) == "2022-02-10"


def test_each_month_comes_once_new_and_is_revised_the_month_after():
    versions: dict[str, list[str]] = {}
    for known_on, month, _ in schedule():
        versions.setdefault(month, []).append(known_on)
    assert versions["2019-01"] == versions["2020-12"] == ["2021-08-05"]
    assert versions["2021-06"] == ["2021-08-05", "2021-09-09", "2022-06-09"]
    assert versions["2021-03"] == ["2021-08-05", "2022-06-09"]
    assert versions["2023-11"] == ["2024-01-11", "2024-02-08", "2024-06-06"]
    for month in pd.period_range("2021-07", "2026-09", freq="M"):
        assert versions[str(month)][0] == thursday_of(month)
        assert len(versions[str(month)]) in (2, 3)
    assert len(versions["2026-09"]) == 2


def test_what_is_still_to_come_falls_to_none():
    left: dict[str, list[int]] = {}
    for _, month, to_come in schedule():
        left.setdefault(month, []).append(to_come)
    assert all(counts == list(reversed(range(len(counts)))) for counts in left.values())
