"""Who has reported up to when, and up to when a total compares."""

from __future__ import annotations

import pandas as pd
from analysis.world.written import make_flows, make_reporting

from aimlib.analysis.world import Span, comparable_last, constant_partners, coverage, reporting_grid

STATES = {
    ("AAA", 2021): "complete",
    ("AAA", 2022): "complete",
    ("AAA", 2023): "complete",
    ("AAA", 2024): "months",
    ("BBB", 2021): "complete",
    ("BBB", 2022): "",
    ("BBB", 2023): "selection",
    ("BBB", 2024): "",
    ("CCC", 2021): "",
    ("CCC", 2022): "",
    ("CCC", 2023): "",
    ("CCC", 2024): "",
}


def test_coverage_counts_periods_gaps_and_lateness():
    found = coverage(make_reporting(STATES), flow="export").set_index("reporter")
    assert list(found["periods_reported"]) == [4, 2, 0]
    assert list(found["periods"]) == [4, 4, 4]
    assert list(found["periods_selection"]) == [0, 1, 0]
    assert list(found["gaps"]) == [0, 1, 0]
    assert list(found["behind"].fillna(-1)) == [0, 1, -1]
    assert found.loc["BBB", "last_reported"] == pd.Timestamp("2023-01-01")
    assert found.loc["CCC", ["first_reported", "last_reported"]].isna().all()


def test_coverage_keeps_flows_apart():
    both = pd.concat([make_reporting({("AAA", 2022): "complete"}, "import"), make_reporting(STATES)])
    found = coverage(both.reset_index(drop=True))
    assert list(zip(found["flow"], found["reporter"], strict=True))[-1] == ("import", "AAA")
    assert found["behind"].iloc[-1] == 0  # The newest reporter of imports itself.


def test_the_grid_has_every_cell_with_one_state():
    found = reporting_grid(make_reporting({key: word for key, word in STATES.items() if key != ("CCC", 2023)}))
    assert len(found) == 12
    states = found.set_index(["reporter", found["period"].dt.year])["state"]
    assert states["AAA", 2024] == "from months"
    assert states["BBB", 2023] == "selection"
    assert states["BBB", 2022] == states["CCC", 2023] == "not reported"
    assert states["AAA", 2021] == "reported"


def test_a_late_reporter_moves_the_comparable_period_back():
    states = {(c, y): "complete" for c in ("AAA", "BBB") for y in (2021, 2022, 2023)} | {("BBB", 2023): ""}
    flows = make_flows(
        ("AAA", "CCC", 2021, 90.0, 1.0), ("BBB", "CCC", 2021, 10.0, 1.0), ("AAA", "CCC", 2022, 90.0, 1.0)
    )
    late = pd.concat([flows, make_flows(("BBB", "CCC", 2022, 10.0, 1.0))], ignore_index=True)
    reporting = make_reporting(states)
    assert comparable_last(reporting, late, flow="export") == pd.Timestamp("2022-01-01")
    assert comparable_last(reporting, late, flow="export", share=0.9) == pd.Timestamp("2023-01-01")
    # A country without trade in the year before is not waited for.
    assert comparable_last(reporting, flows, flow="export") == pd.Timestamp("2023-01-01")


def test_who_never_reports_is_neither_late_nor_counted():
    flows = make_flows(("AAA", "CCC", 2022, 10.0, 1.0), ("RUS", "CCC", 2022, 90.0, 1.0))
    reporting = make_reporting(
        {("AAA", 2022): "complete", ("AAA", 2023): "complete", ("RUS", 2022): "", ("RUS", 2023): ""}
    )
    assert comparable_last(reporting, flows, flow="export") == pd.Timestamp("2023-01-01")
    assert comparable_last(reporting, flows, flow="import") is None


def test_months_are_held_against_the_calendar_year_before():
    months = [f"2023-{month:02d}-01" for month in range(1, 13)] + ["2024-01-01", "2024-02-01"]
    states = {(c, m): "complete" for c in ("AAA", "BBB") for m in months} | {("BBB", "2024-02-01"): ""}
    # BBB trades in November alone: January and February a year before do not show it.
    flows = make_flows(("AAA", "CCC", "2023-02-01", 50.0, 1.0), ("BBB", "CCC", "2023-11-01", 50.0, 1.0))
    assert comparable_last(make_reporting(states), flows, flow="export") == pd.Timestamp("2024-01-01")


def test_constant_partners_report_every_period_of_all_spans():
    spans = [Span.parse("2021", "annual"), Span.parse("2023", "annual")]
    assert constant_partners(make_reporting(STATES), flow="export", spans=spans) == ("AAA", "BBB")
    assert constant_partners(make_reporting(STATES), flow="export", spans=[Span.parse("2021:2022", "annual")]) == (
        "AAA",
    )
