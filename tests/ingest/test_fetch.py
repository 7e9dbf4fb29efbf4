"""Asking month by month, against the local server: resumable, sparing, and clear about what went wrong."""

from datetime import date

import pytest

from aimlib.errors import AimError
from aimlib.ingest.fetch import fetch_census, known_days
from aimlib.ingest.load import load_census
from aimlib.settings import Settings
from aimlib.sources.census.errors import BadKey, ProviderDown
from aimlib.store import Store

TODAY = date(2026, 11, 21)


@pytest.fixture
def fetch(census, tmp_path):
    def run(first="2026-05", last=None, today=TODAY, key=census.key, **options):
        settings = Settings(AIM_CENSUS_URL=census.url, CENSUS_API_KEY=key)
        return fetch_census(tmp_path, first, last, today=today, settings=settings, wait_seconds=0.005, **options)

    run.root = tmp_path
    return run


def test_it_fetches_to_the_first_month_that_is_not_published(fetch, census):
    report = fetch()
    assert report.committed == ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09")
    assert (report.not_published, report.failed, report.exit_status) == ("2026-10", (), 0)
    assert set(known_days(Store.open(fetch.root))) == set(report.committed)
    assert {commit.known_on for commit in Store.open(fetch.root).commits} == {TODAY}


def test_each_month_is_told_as_it_goes(fetch):
    steps = []
    fetch("2026-09", progress=steps.append)
    assert [(step.month, step.number, step.of, step.outcome) for step in steps] == [
        ("2026-09", 1, 2, "asking"),
        ("2026-09", 1, 2, "committed"),
        ("2026-10", 2, 2, "asking"),
        ("2026-10", 2, 2, "not published"),
    ]


def test_a_second_call_of_the_day_asks_for_nothing_that_came(fetch, census):
    fetch()
    census.asked.clear()
    report = fetch()
    assert census.months_asked() == ["2026-10"]
    assert (report.committed, report.up_to_date) == ((), 5)


def test_later_the_last_six_months_are_asked_again_and_revisions_show(fetch, census):
    fetch("2026-01")
    census.asked.clear()
    census.edition = lambda month: int(month == "2026-06")
    report = fetch("2026-01", today=date(2026, 11, 26))
    assert census.months_asked() == [f"2026-{month:02d}" for month in range(4, 11)]
    changed = {load.tables[0].first: load.blocks_new for load in report.loads}
    assert changed["2026-06"] > 0
    assert changed["2026-05"] == 0
    store = Store.open(fetch.root)
    before = store.read("census_imports", date(2026, 11, 25), periods=["2026-06"])
    assert not store.read("census_imports", periods=["2026-06"]).equals(before)


def test_everything_asks_for_everything(fetch, census):
    fetch("2026-01", "2026-03")
    census.asked.clear()
    assert len(fetch("2026-01", "2026-03", everything=True).held_already) == 3
    assert census.months_asked() == ["2026-01", "2026-02", "2026-03"]


def test_too_large_a_month_is_asked_in_parts_and_is_one_commit(fetch, census):
    census.too_large = lambda prefix: len(prefix) < 4
    fetch("2026-08", "2026-08")
    (commit,) = Store.open(fetch.root).commits
    assert len(commit.sources) == 16
    assert set(known_days(Store.open(fetch.root))) == {"2026-08"}


def test_a_failing_service_ends_it_and_what_came_stays(fetch, census):
    census.faults["2026-07"].extend(["503"] * 5)
    with pytest.raises(ProviderDown, match="2 months came in, to 2026-06") as caught:
        fetch()
    assert caught.value.report.committed == ("2026-05", "2026-06")
    assert fetch().committed == ("2026-07", "2026-08", "2026-09")


def test_a_connection_that_breaks_or_an_answer_cut_short_is_asked_again(fetch, census):
    census.faults["2026-09"].extend(["drop", "truncate", "429"])
    steps = []
    assert fetch("2026-09", progress=steps.append).committed == ("2026-09",)
    assert [step.outcome for step in steps].count("waiting") == 3


def test_an_interruption_loses_no_month_that_came(fetch):
    def interrupt(step):
        if step.month == "2026-07":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(progress=interrupt)
    assert set(known_days(Store.open(fetch.root))) == {"2026-05", "2026-06"}
    assert fetch().committed == ("2026-07", "2026-08", "2026-09")


def test_an_answer_that_misses_its_total_is_told_and_the_next_month_follows(fetch, census):
    def lose_a_row(rows):
        at = next(at for at, row in enumerate(rows) if row[0] == "1220" and row[rows[0].index("GEN_VAL_MO")] != "0")
        return rows[:at] + rows[at + 1 :] if "2026-06" in rows[1] else rows

    census.edit = lose_a_row
    report = fetch()
    assert report.committed == ("2026-05", "2026-07", "2026-08", "2026-09")
    ((month, why),) = report.failed
    assert month == "2026-06"
    assert "do not meet the published totals" in why
    assert report.exit_status == 2


def test_bad_rows_give_status_one(fetch, census):
    census.edit = lambda rows: [*rows, rows[1]]
    report = fetch("2026-09", "2026-09")
    assert report.exit_status == 1
    assert report.loads[0].rows_rejected == 1


def test_an_old_month_without_figures_is_passed_over(fetch, census):
    census.faults["2026-05"].append("404")
    report = fetch()
    assert report.without_figures == ("2026-05",)
    assert report.committed[0] == "2026-06"


def test_without_a_key_nothing_is_asked(fetch, census):
    with pytest.raises(AimError, match="CENSUS_API_KEY is not set") as caught:
        fetch(key="")
    assert "https://api.census.gov/data/key_signup.html" in caught.value.advice
    assert census.addresses == []


def test_a_key_that_is_not_valid_ends_it(fetch):
    with pytest.raises(BadKey):
        fetch(key="not-a-key")
    assert Store.open(fetch.root).is_empty


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2026-13", None, "'2026-13' is not a month"),
        ("2026-05", "2026-04", "is after the last"),
        ("1999-01", None, "begin in 2010-01"),
        ("2026-05", "2026-11", "has not ended yet"),
    ],
)
def test_months_that_make_no_sense_are_told(fetch, first, last, told):
    with pytest.raises(AimError, match=told):
        fetch(first, last)


def test_a_selection_in_the_store_is_not_a_month_held(fetch, census, tmp_path):
    from census_server import answer, to_json

    file = tmp_path / "selection.json"
    file.write_bytes(to_json(answer("2026-08", partners=["1220"], groups=False)))
    load_census(fetch.root, [file], selection=True, today=TODAY)
    assert "2026-08" in fetch("2026-08").committed


def test_the_key_is_nowhere_in_the_store(fetch, census):
    census.faults["2026-08"].extend(["drop", "503"])
    fetch("2026-08")
    bodies = [path.read_bytes() for path in fetch.root.rglob("*") if path.is_file()]
    assert bodies
    assert not any(census.key.encode() in body for body in bodies)
    (source, *_) = Store.open(fetch.root).commits[0].sources
    assert "I_COMMODITY=76" in source["asked"]
    assert "key" not in source["asked"]
