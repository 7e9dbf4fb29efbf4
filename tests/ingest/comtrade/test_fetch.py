"""Asking reporter by reporter, against the local server: resumable, sparing, and clear about what went wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date

import pandas as pd
import pytest
from commands import aim
from comtrade_server import CODES, ComtradeServer

from aimlib.errors import AimError
from aimlib.ingest.comtrade.fetch import fetch_comtrade
from aimlib.settings import Settings
from aimlib.sources.comtrade.errors import BadKey, KeyExpired, NotFigures, ProviderDown, QuotaUsed
from aimlib.store import Store

TODAY = date(2026, 11, 21)


@pytest.fixture
def server():
    with ComtradeServer() as running:
        yield running


@pytest.fixture
def fetch(server, tmp_path):
    def run(reporters=("CAN",), first="2025-01", last="2025-12", *, key=server.key, today=TODAY, **options):
        settings = Settings(AIM_COMTRADE_URL=server.url, COMTRADE_API_KEY=key)
        return fetch_comtrade(
            tmp_path, reporters, first, last, today=today, settings=settings, wait_seconds=0.001, **options
        )

    run.root = tmp_path
    return run


def held(root) -> pd.DataFrame:
    return Store.open(root).blocks("comtrade")


def rows(root, **of) -> pd.DataFrame:
    return Store.open(root).read("comtrade", **of)


def periods_held(root) -> list[str]:
    blocks = held(root)
    return sorted(blocks[blocks["coverage"] == "complete"]["period"].unique())


def test_with_a_key_a_year_is_one_question_and_one_commit(fetch, server):
    report = fetch(("CAN", "Germany"), "2024-11", "2025-12")
    assert report.committed == ("CAN 2024", "CAN 2025", "DEU 2024", "DEU 2025")
    assert (report.calls, report.exit_status, report.failed) == (4, 0, ())
    assert [len(query["period"].split(",")) for query in server.asked] == [2, 12, 2, 12]
    assert {commit.known_on for commit in Store.open(fetch.root).commits} == {TODAY}
    blocks = held(fetch.root)
    assert set(blocks["coverage"]) == {"complete"}
    assert len(blocks) == 2 * 14 * 2 * 7  # reporters, months, flows, headings


def test_what_comes_in_is_what_the_service_has(fetch, server):
    fetch(last="2025-01")
    table = rows(fetch.root)
    told = pd.DataFrame(server.rows(server.asked[0]))
    assert len(table) == len(told)
    assert table["primary_value_usd"].sum() == told["primaryValue"].sum()
    assert table["quantity_kg"].sum() == told["netWgt"].sum()


def test_annual_figures_come_by_years(fetch, server):
    report = fetch(("USA",), "2010", "2025", frequency="annual")
    assert [len(query["period"].split(",")) for query in server.asked] == [12, 4]
    assert report.committed == ("USA 2010 to 2021", "USA 2022 to 2025")
    assert periods_held(fetch.root) == [str(year) for year in range(2010, 2026)]


def test_the_preview_is_asked_month_by_month_and_committed_by_year(fetch, server):
    report = fetch(key="")
    assert report.committed == ("CAN 2025",)
    assert [query["period"] for query in server.asked] == [f"2025{month:02d}" for month in range(1, 13)]
    (commit,) = Store.open(fetch.root).commits
    assert len(commit.sources) == 12


@pytest.mark.parametrize("partners", [20, 35])
def test_a_preview_that_is_cut_is_split_and_whole_afterwards(fetch, server, partners):
    server.partners = partners
    report = fetch(last="2025-02", key="")
    assert report.committed == ("CAN 2025",)
    assert len(rows(fetch.root, row_kind="country")) == 2 * 2 * len(CODES) * partners
    assert len(rows(fetch.root, row_kind="total")) == 2 * 2 * len(CODES)
    assert set(held(fetch.root)["coverage"]) == {"complete"}
    (commit,) = Store.open(fetch.root).commits
    assert all("motCode=0" in source["asked"] for source in commit.sources)


def test_what_was_too_large_once_is_not_tried_again(fetch, server):
    server.partners = 20
    fetch(last="2025-03", key="")
    asked = Counter(query["period"] for query in server.asked)
    assert asked == {"202501": 3, "202502": 2, "202503": 2}


def test_with_a_key_too_a_cut_answer_is_split_by_period_first(fetch, server):
    server.keyed_rows = 500  # what one source says of free keys
    fetch(last="2025-04")
    assert [query["period"].count(",") + 1 for query in server.asked] == [4, 2, 2]
    assert len(rows(fetch.root)) == 4 * 2 * len(CODES) * 5


def test_one_code_that_is_still_cut_is_told_and_the_others_follow(fetch, server):
    def swell(found):
        swollen = [
            row for row in found if (row["period"], row["cmdCode"], row["flowCode"]) == ("202502", "760612", "M")
        ]
        return found + swollen * 100

    server.edit = swell
    report = fetch(last="2025-03", key="")
    ((what, why),) = report.failed
    assert what == "CAN 2025-02"
    assert "import of 760612 in 2025-02: 500 rows" in why
    assert periods_held(fetch.root) == ["2025-01", "2025-03"]
    assert report.exit_status == 2


def test_nothing_that_is_held_is_asked_for_twice(fetch, server):
    fetch(("CAN", "DEU"), "2025-10")
    server.asked.clear()
    report = fetch(("CAN", "DEU"), "2025-08")
    assert [query["period"] for query in server.asked] == ["202508,202509"] * 2
    assert report.up_to_date == 6
    assert fetch(("CAN",), "2025-08", codes=["7601"]).committed == ("CAN 2025",)  # HS4 is another level
    assert fetch(("CAN",), "2025-08", codes=["760110"]).calls == 0
    assert fetch(("CAN",), "2025-08", flows=["export"]).calls == 0


def test_the_last_twelve_months_are_asked_again_after_25_days(fetch, server):
    fetch(first="2024-01", last=None, today=date(2026, 10, 1))
    server.asked.clear()
    fetch(first="2024-01", last="2026-08", today=date(2026, 10, 26))
    assert server.asked == []
    server.edition = lambda period: 1
    fetch(first="2024-01", last="2026-08", today=date(2026, 10, 27))
    months = [month for query in server.asked for month in query["period"].split(",")]
    assert (months[0], months[-1], len(months)) == ("202510", "202608", 11)


def test_everything_asks_for_everything(fetch, server):
    fetch()
    server.asked.clear()
    fetch(everything=True)
    assert len(server.asked) == 1


def test_a_month_without_a_row_is_not_reported_yet_and_asked_again(fetch, server):
    server.published_by = {124: "2025-09"}
    report = fetch()
    assert report.not_reported == (("CAN", ("2025-10", "2025-11", "2025-12")),)
    assert periods_held(fetch.root)[-1] == "2025-09"
    server.asked.clear()
    server.published_by = {}
    assert fetch().committed == ("CAN 2025",)
    assert [query["period"] for query in server.asked] == ["202510,202511,202512"]


def test_a_reporter_without_a_row_is_no_commit(fetch):
    steps = []
    report = fetch(("AUS",), progress=steps.append)
    assert (report.committed, report.exit_status) == ((), 0)
    assert Store.open(fetch.root).is_empty
    assert [step.outcome for step in steps] == ["asking", "not reported yet"]


@pytest.mark.parametrize(("partners", "key"), [(4, "0123456789abcdef"), (35, "")])
def test_a_flow_without_a_row_beside_another_is_a_true_zero(fetch, server, partners, key):
    server.partners = partners  # 35 give an answer that is split, so that one of its parts is empty
    server.silent = lambda reporter, flow, period: flow == "X"
    fetch(last="2025-02", key=key)
    blocks = held(fetch.root)
    exports = blocks[blocks["concept"] == "export"]
    assert len(exports) == 2 * 7
    assert (exports["rows"] == 0).all()
    assert set(exports["coverage"]) == {"complete"}


def test_the_quota_ends_it_says_what_came_and_the_next_call_goes_on(fetch, server):
    server.quota = 2
    with pytest.raises(QuotaUsed, match="2 commits came in, to CAN 2024, and stay") as caught:
        fetch(first="2023-01")
    assert "05:12:33" in caught.value.advice
    assert caught.value.report.committed == ("CAN 2023", "CAN 2024")
    server.quota = None
    server.asked.clear()
    assert fetch(first="2023-01").committed == ("CAN 2025",)
    assert len(server.asked) == 1


def test_months_that_came_before_the_quota_ended_are_kept(fetch, server):
    server.quota = 5
    with pytest.raises(QuotaUsed):
        fetch(key="")
    assert periods_held(fetch.root) == [f"2025-{month:02d}" for month in range(1, 6)]


def test_half_a_month_is_not_kept(fetch, server):
    server.partners = 20
    server.quota = 4  # both flows, imports, exports; then imports of the next month
    with pytest.raises(QuotaUsed):
        fetch(key="")
    assert periods_held(fetch.root) == ["2025-01"]


def test_it_stops_after_the_calls_allowed_and_goes_on_from_there(fetch, server):
    report = fetch(("CAN", "DEU", "USA"), max_calls=2)
    assert (report.stopped, report.calls, report.committed) == (True, 2, ("CAN 2025", "DEU 2025"))
    assert report.exit_status == 0
    report = fetch(("CAN", "DEU", "USA"), max_calls=2)
    assert (report.stopped, report.committed) == (False, ("USA 2025",))


@pytest.mark.parametrize("fault", ["400", "html", "removed", "not json", "stranger"])
def test_an_answer_that_cannot_be_used_is_told_and_the_next_follows(fetch, server, fault):
    server.faults["202401"].append(fault)
    report = fetch(first="2024-01")
    assert report.committed == ("CAN 2025",)
    ((what, why),) = report.failed
    assert what == "CAN 2024-01 to 2024-12"
    assert server.key not in why
    assert report.exit_status == 2


def test_an_address_too_long_is_split(fetch, server):
    server.faults["202501"].append("too long")
    assert fetch().committed == ("CAN 2025",)
    assert [query["period"].count(",") + 1 for query in server.asked] == [12, 6, 6]


def test_three_useless_answers_in_a_row_end_it(fetch, server):
    for year in range(2020, 2026):
        server.faults[f"{year}01"].append("html")
    with pytest.raises(NotFigures):
        fetch(first="2020-01")
    assert len(server.asked) == 3


def test_what_passes_is_waited_for(fetch, server):
    server.faults["202501"].extend(["429", "503", "drop", "truncate"])
    steps = []
    assert fetch(progress=steps.append).committed == ("CAN 2025",)
    assert [step.outcome for step in steps].count("waiting") == 4


def test_a_failing_service_ends_it_and_what_came_stays(fetch, server):
    server.faults["202501"].extend(["503"] * 7)
    with pytest.raises(ProviderDown, match="1 commit came in"):
        fetch(first="2024-01")
    assert fetch(first="2024-01").committed == ("CAN 2025",)


def test_keys_that_are_refused_end_it(fetch, server):
    with pytest.raises(BadKey):
        fetch(key="not-a-key")
    server.faults["202501"].append("expired")
    with pytest.raises(KeyExpired, match="not active"):
        fetch()
    assert Store.open(fetch.root).is_empty


@pytest.mark.parametrize("key", ["0123456789abcdef", ""])
def test_a_month_that_misses_the_world_is_told_and_the_other_months_go_in(fetch, server, key):
    def lose_a_partner(found):
        lost = [row for row in found if row["period"] == "202506" and row["partnerCode"] and row["flowCode"] == "M"][:1]
        return [row for row in found if row not in lost]

    server.edit = lose_a_partner
    report = fetch(first="2025-05", last="2025-07", key=key)
    ((what, _),) = report.failed
    assert what == "CAN 2025-06"
    assert periods_held(fetch.root) == ["2025-05", "2025-07"]


def test_a_year_of_which_no_month_is_usable_is_not_asked_twelve_times_again(fetch, server):
    server.edit = lambda found: [row | {"partnerCode": row["partnerCode"] and 4711} for row in found]
    report = fetch()
    assert report.calls == 4
    assert report.failed[-1][0] == "CAN 2025-04 to 2025-12"


def test_an_interruption_loses_no_year_that_came(fetch):
    def interrupt(step):
        if step.name == "CAN 2025":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(first="2024-01", progress=interrupt)
    assert periods_held(fetch.root)[-1] == "2024-12"
    assert fetch(first="2024-01").committed == ("CAN 2025",)


def test_the_key_is_nowhere_in_the_store(fetch, server):
    server.faults["202501"].extend(["drop", "503"])
    fetch()
    bodies = [path.read_bytes() for path in fetch.root.rglob("*") if path.is_file()]
    assert bodies
    assert not any(server.key.encode() in body for body in bodies)
    (source,) = Store.open(fetch.root).commits[0].sources
    assert "reporterCode=124" in source["asked"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"first": "2025-13"}, "'2025-13' is not a month"),
        ({"first": "2025-05", "last": "2025-04"}, "is after the last"),
        ({"first": "1999-01"}, "begin in 2010-01"),
        ({"last": "2026-11"}, "has not ended yet"),
        ({"first": "2025-01", "last": None, "frequency": "annual"}, "'2025-01' is not a year"),
        ({"first": "2020", "last": "2026", "frequency": "annual"}, "2026 has not ended yet"),
        ({"reporters": ("Canda",)}, "Did you mean Canada"),
        ({"reporters": ("Kosovo",)}, "no figures reported by Kosovo"),
        ({"reporters": ()}, "No reporter is named"),
        ({"codes": ["8703"]}, "'8703' is no code"),
        ({"codes": ["760111"]}, "'760111' is no code"),
        ({"flows": ["re-export"]}, "'re-export' is no flow"),
        ({"max_calls": 0}, "0 calls"),
    ],
)
def test_questions_that_make_no_sense_are_told_before_anything_is_asked(fetch, server, options, told):
    with pytest.raises(AimError, match=told):
        fetch(**options)
    assert server.addresses == []


def test_codes_of_a_country_are_those_of_the_year(fetch, server):
    fetch(("India",), last="2025-01")
    assert server.asked[0]["reporterCode"] == "699"
    server.asked.clear()
    fetch(("SRB",), "2005", "2008", frequency="annual")
    assert [query["period"] for query in server.asked] == ["2006,2007,2008"]


def test_a_group_is_its_members_and_all_is_every_country_with_a_code(fetch, server):
    report = fetch(("EU27", "DEU"), last="2025-01", max_calls=1)
    assert len(report.reporters) == 27
    report = fetch(("all",), last="2025-01", max_calls=1)
    assert {"CAN", "TWN", "ZAF"} <= set(report.reporters)
    assert not {"WLD", "XNS", "XBK", "XKX"} & set(report.reporters)


def test_the_command_prints_a_line_a_commit_and_a_summary(server, tmp_path):
    said = aim(
        *("fetch", "comtrade", "--reporters", "CAN,USA", "--annual", "--from", "2020", "--to", "2023"),
        store=tmp_path, AIM_COMTRADE_URL=server.url, COMTRADE_API_KEY=server.key,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert "[1/2] CAN 2020 to 2023 committed" in said.stdout
    assert "2 commits, 0 unchanged, 2 calls." in said.stdout
    assert server.key not in said.stdout + said.stderr
    again = aim(
        *("fetch", "comtrade", "--reporters", "CAN,USA", "--annual", "--from", "2020", "--to", "2023"),
        store=tmp_path, AIM_COMTRADE_URL=server.url, COMTRADE_API_KEY=server.key,
    )  # fmt: skip
    assert "8 periods not asked for again, 0 calls" in again.stdout


def test_the_command_exits_with_two_where_an_answer_could_not_be_used(server, tmp_path):
    server.faults["202401"].append("400")
    said = aim(
        *("fetch", "comtrade", "--reporters", "CAN", "--from", "2024-01", "--to", "2025-12", "--codes", "7601"),
        store=tmp_path, AIM_COMTRADE_URL=server.url, COMTRADE_API_KEY=server.key,
    )  # fmt: skip
    assert said.returncode == 2
    assert "CAN 2025 committed" in said.stdout
    assert "Invalid cmdCode for (key)" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_killed_fetch_goes_on(server, tmp_path):
    script = "from aimlib.cli import main; main()"
    arguments = ("fetch", "comtrade", "--reporters", "CAN", "--from", "2022-01", "--to", "2025-12", "--codes", "7601")
    environment = {"AIM_STORE": str(tmp_path), "AIM_COMTRADE_URL": server.url, "COMTRADE_API_KEY": server.key}
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments], env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while len(server.asked) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    came = len(Store.open(tmp_path).commits)
    assert 1 <= came < 4
    server.asked.clear()
    said = aim(*arguments, store=tmp_path, AIM_COMTRADE_URL=server.url, COMTRADE_API_KEY=server.key)
    assert said.returncode == 0, said.stderr
    assert len(server.asked) == 4 - came
    assert len(periods_held(tmp_path)) == 48
