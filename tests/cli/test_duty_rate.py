"""What an entry pays, as a user asks for it: lines, JSON, one message for a mistake."""

from __future__ import annotations

import csv
import json
import re
import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from places import ROOT

from aimlib.analysis.duty.explain import explain
from aimlib.analysis.duty.facts import Facts
from aimlib.cli import main
from aimlib.reference.law import CLAIMS, law

CASES_FILE = ROOT / "tests" / "cases" / "duty_cases.csv"
CASES = list(csv.DictReader(CASES_FILE.open(encoding="utf-8"))) if CASES_FILE.is_file() else []
MEXICO = ("7601.10.60", "--origin", "MEX", "--smelt", "RUS", "--cast", "MEX", "--on", "2026-10-01")


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str


@pytest.fixture
def rate(monkeypatch, capsys, tmp_path):
    """Run ``aim duty rate`` in this process, in a terminal of 200 columns, on a store of the test's own."""
    monkeypatch.setenv("AIM_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["aim", "duty", "rate", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return Said(int(stopped.value.code or 0), said.out, said.err)

    run.store = tmp_path / "store"
    return run


def words(text: str) -> str:
    return " ".join(text.split())


def answered(said: Said) -> dict[str, Any]:
    assert said.status == 0, said.err
    return json.loads(said.out)


# Lines


def test_total_measures_reasons_and_changes(rate):
    said = rate(*MEXICO)
    assert (said.status, said.err) == (0, "")
    text = words(said.out)
    assert text.startswith("7601.10.60, product of Mexico, entered on October 1, 2026")
    assert "Metal: largest smelt Russia, cast Mexico" in text
    assert "Claims: none" in text
    assert "Total payable at entry: 200% of the customs value" in text
    assert "Proc 10522 (88 FR 13267)" in text
    assert "Considered, and not due:" in text
    assert "What would change it:" in text
    assert "Law verified through 2026-10-09 (HTS 2026 Revision 21)" in text
    assert not re.search(r"\b(None|nan|inf)\b", text)
    assert not rate.store.exists()


def test_a_refund_is_said(rate):
    text = words(rate("7601.10.60", "--origin", "CAN", "--smelt", "CAN", "--cast", "CAN", "--on", "2025-05-01").out)
    assert "Total payable at entry: 25% of the customs value" in text
    assert "voided later and refundable: 25%" in text
    assert "after refund: 0%" in text
    assert "yields to Emergency powers (IEEPA), Canada" in text


def test_a_range_says_what_it_hangs_on(rate):
    text = words(rate("7601.10.60", "--origin", "ARE", "--on", "2026-10-01").out)
    assert "Total payable at entry: 50% to 200% of the customs value" in text
    assert "It hangs on largest smelt and recent cast, which are not given." in text


def test_the_law_as_known_then(rate):
    canada = ("7601.10.60", "--origin", "CAN", "--smelt", "CAN", "--cast", "CAN", "--on", "2020-09-15")
    then = words(rate(*canada, "--known-on", "2020-09-20").out)
    assert "As known on September 20, 2020" in then
    assert "Total payable at entry: 10%" in then
    # An end that was not known yet is none.
    assert "2020-08-16 to now" in then
    assert "Total payable at entry: 0%" in words(rate(*canada).out)


def test_beyond_coverage_only_if_asked_and_it_warns(rate):
    late = ("7601.10.60", "--origin", "ARE", "--smelt", "ARE", "--cast", "ARE", "--on", "2026-11-19")
    refused = rate(*late)
    assert (refused.status, refused.out) == (2, "")
    assert "beyond verified coverage" in words(refused.err)
    assert "--extend" in refused.err
    extended = rate(*late, "--extend")
    assert extended.status == 0
    assert "50% of the customs value" in words(extended.out)
    assert "the law is taken as last verified" in words(extended.err)


# JSON


def test_json_is_one_object_with_all_of_it(rate):
    found = answered(rate(*MEXICO, "--claim", "usmca", "--json"))
    assert {"total_pct", "refundable_pct", "after_refund_pct", "range_pct", "missing", "measures", "not_in_total",
            "considered", "would_change", "cautions", "coverage"} <= set(found)  # fmt: skip
    assert (found["hts"], found["origin"], found["entry_date"]) == ("7601.10.60", "MEX", "2026-10-01")
    assert (found["largest_smelt"], found["second_smelt"], found["recent_cast"]) == ("RUS", None, "MEX")
    assert (found["claims"], found["total_pct"], found["range_pct"], found["missing"]) == (["usmca"], 200, None, [])
    assert sum(measure["pct"] for measure in found["measures"]) == found["total_pct"]
    due = next(measure for measure in found["measures"] if measure["pct"])
    assert {"id", "heading", "citation", "link", "effective_from", "known_on", "confidence", "value_basis"} <= set(due)
    assert due["link"].startswith("https://")
    told = {one["measure"] for key in ("measures", "not_in_total", "considered") for one in found[key]}
    assert told == set(law().measures)
    assert all(one["why_not"] for one in found["considered"])
    assert found["coverage"]["verified_through"] == "2026-10-09"


def test_json_of_a_range(rate):
    found = answered(rate("7601.10.60", "--origin", "ARE", "--cast", "ARE", "--on", "2026-10-01", "--json"))
    assert (found["total_pct"], found["refundable_pct"], found["range_pct"]) == (None, None, [50, 200])
    assert found["missing"] == ["largest_smelt"]


def test_json_is_whole_in_a_narrow_terminal(rate, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    assert answered(rate(*MEXICO, "--json"))["total_pct"] == 200


def test_json_is_the_answer_of_the_library(rate):
    facts = Facts(date(2025, 9, 1), "7610900080", "CHN", "CHN", "", "CHN", frozenset(), 0.4)
    answer = explain(facts)
    found = answered(
        rate("7610.90.00.80", "--origin", "China", "--smelt", "CHN", "--cast", "CHN", "--on", "2025-09-01",
             "--metal-share", "0.4", "--json")
    )  # fmt: skip
    assert found["total_pct"] == answer.total_pct
    assert found["cautions"] == list(answer.cautions)
    assert [measure["pct"] for measure in found["measures"]] == [line.pct for line in answer.due]
    assert [tuple(one["range_pct"]) for one in found["would_change"]] == [(one.low, one.high) for one in answer.changes]


@pytest.mark.skipif(not CASES, reason="there is no file of worked cases")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_worked_case(rate, case):
    arguments = [case["hts10"], "--origin", case["origin"], "--on", case["entry_date"]]
    for option, column in (("--smelt", "largest_smelt"), ("--second-smelt", "second_smelt"), ("--cast", "recent_cast"),
                           ("--metal-share", "metal_share"), ("--known-on", "known_on")):  # fmt: skip
        arguments += [option, case[column]] if case[column] else []
    for claim in filter(None, case["claims"].split("+")):
        arguments += ["--claim", claim]
    said = rate(*arguments, "--json")
    if not case["expected_total_pct"]:
        assert (said.status, said.out) == (2, "")
        return
    found = answered(said)
    assert found["total_pct"] == float(case["expected_total_pct"])
    assert found["refundable_pct"] == float(case["expected_refundable_pct"] or 0)
    assert found["after_refund_pct"] == found["total_pct"] - found["refundable_pct"]


# Mistakes


GOOD = ("--origin", "CAN", "--on", "2026-10-01")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("7601", *GOOD), "'7601' is no tariff number of 8 or 10 digits. Write it as 7601.10.60"),
        (("aluminum", *GOOD), "is no tariff number"),
        (("7601.10.60", "--origin", "Canda", "--on", "2026-10-01"), "Did you mean Canada?"),
        (("7601.10.60", "--origin", "EU27", "--on", "2026-10-01"), "--origin EU27 is not one country."),
        (("7601.10.60", *GOOD, "--smelt", "Rusia"), "Did you mean Russia?"),
        (("7601.10.60", *GOOD, "--cast", "GCC"), "--cast GCC is not one country."),
        (("7601.10.60", *GOOD, "--claim", "usmac"), "Did you mean usmca?"),
        (("7601.10.60", *GOOD, "--metal-share", "40"), "--metal-share"),
        (("7601.10.60", "--origin", "CAN", "--on", "2026-02-30"), "--on"),
        (("7601.10.60", "--origin", "CAN"), "Missing option '--on'"),
        (("7601.10.60", "--on", "2026-10-01"), "Missing option '--origin'"),
        (("7601.10.60", *GOOD, "--known-on", "soon"), "--known-on"),
        (("7601.10.60", "--origin", "CAN", "--on", "2017-12-31"), "before the first day covered, 2018-01-01"),
        (("7615.10.20.15", *GOOD), "7615.10.20.15 is not covered"),
        (("8708.10.30", *GOOD), "is not in chapter 76"),
        (("7616.99.51", "--origin", "CHN", "--on", "2026-10-01"), "needs ten digits"),
        (("7601.10.60", *GOOD, "--extended"), "--extend"),
    ],
)
def test_mistakes_have_one_message_and_exit_status_2(rate, arguments, told):
    said = rate(*arguments)
    assert said.status == 2, said.out
    assert told in words(re.sub(r"[│╭╰─╮╯]", " ", said.err))
    assert said.out == ""
    assert "Traceback" not in said.err
    assert not re.search(r"\bFile \"|\.py\b", said.err)


def test_a_metal_share_that_is_no_number(rate):
    said = rate("7601.10.60", *GOOD, "--metal-share", "nan")
    assert said.status == 2
    assert said.out == ""


def test_help_names_every_claim_and_an_example(rate):
    said = rate("--help")
    assert said.status == 0
    text = re.sub(r"[\s│]+", "", said.out)
    assert all(claim in text for claim in CLAIMS)
    assert "Example" in said.out
    for option in (
        "--origin",
        "--on",
        "--smelt",
        "--second-smelt",
        "--cast",
        "--metal-share",
        "--known-on",
        "--extend",
    ):
        assert option in said.out
