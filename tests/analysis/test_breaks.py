"""Series breaks at code changes."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.breaks import mark_breaks


def breaks(*records):
    return pd.DataFrame(records, columns=["month", "old", "new", "note"]).assign(
        month=lambda frame: pd.to_datetime(frame["month"])
    )


def test_the_month_of_a_code_change_is_marked_with_its_note(book, at):
    months = book("2019-12", "2021-12").months
    table = mark_breaks(
        months,
        breaks(
            ("2020-01", "7606123090", "7606123091", "split"),
            ("2020-01", "7606123090", "7606123096", ""),
        ),
    )
    assert at(table, "series_break", "2020-01")
    assert at(table, "break_note", "2020-01") == ("7606123090 to 7606123091: split; 7606123090 to 7606123096")
    assert at(table, "break_note", "2019-12") == ""
    assert table["series_break"].sum() == 1


def test_a_change_on_year_reaches_across_for_twelve_months(book, at):
    table = mark_breaks(book("2019-12", "2021-12").months, breaks(("2020-01", "a", "b", None)))
    assert not at(table, "yoy_crosses_break", "2019-12")
    assert at(table, "yoy_crosses_break", "2020-01")
    assert at(table, "yoy_crosses_break", "2020-12")
    assert not at(table, "yoy_crosses_break", "2021-01")


def test_a_break_before_the_calendar_still_marks_changes_on_year(book, at):
    table = mark_breaks(book("2020-01", "2020-12").months, breaks(("2019-07", "a", "b", "")))
    assert not table["series_break"].any()
    assert at(table, "yoy_crosses_break", "2020-06")
    assert not at(table, "yoy_crosses_break", "2020-07")


def test_no_breaks_mark_nothing(book):
    table = mark_breaks(book("2020-01", "2020-12").months, breaks())
    assert not table[["series_break", "yoy_crosses_break"]].any(axis=None)
    assert set(table["break_note"]) == {""}
