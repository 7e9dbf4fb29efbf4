"""The worked cases of duty: the total, what is refunded, and which programs make it up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from aimlib.analysis.duty.rate import rate_entries

CASES = pd.read_csv(Path(__file__).with_name("duty_cases.csv"), dtype="str", keep_default_na=False).set_index("id")
FACTS = ["entry_date", "origin", "largest_smelt", "second_smelt", "recent_cast", "claims", "metal_share"]

PROGRAMS = {
    "T01": {"mfn_col1": 0},
    "T03a": {"mfn_col1": 0, "s232_al": 0},
    "T03b": {"mfn_col1": 0, "s232_al": 10},
    "T04a": {"mfn_col1": 0, "s232_al": 10},
    "T04b": {"mfn_col1": 0, "s232_al": 0},
    "T06": {"mfn_col1": 0, "s232_al": 0},
    "T08a": {"mfn_col1": 3, "s232_al": 0},
    "T08b": {"mfn_col1": 3, "s232_al": 10},
    "T09a": {"mfn_col2_ru": 35, "s232_al": 10},
    "T09b": {"mfn_col2_ru": 35, "s232_al_ru": 200},
    "T09c": {"mfn_col2_ru": 70, "s232_al_ru": 200},
    "T11a": {"usmca": 0, "s232_al": 0},
    "T11b": {"usmca": 0, "s232_al_mx": 10},
    "T13": {"mfn_col1": 0, "ieepa_ca": 25},
    "T13k": {"mfn_col1": 0, "ieepa_ca": 25, "s232_al": 25},
    "T13l": {"mfn_col1": 0, "ieepa_ca": 25},
    "T14": {"usmca": 0, "s232_al": 25},
    "T15a": {"mfn_col1": 0, "s232_al": 25},
    "T15b": {"mfn_col1": 0, "s232_al": 50},
    "T17a": {"mfn_col1": 2.6, "s232_al": 50, "s301_cn": 25, "ieepa_cn_fent": 20},
    "T17b": {"mfn_col1": 2.6, "s232_al": 50, "s301_cn": 25, "ieepa_cn_fent": 10},
    "T19a": {"mfn_col1": 2.5, "s232_al": 20, "s122": 6},
    "T19b": {"mfn_col1": 2.5, "s232_al": 50},
    "T21a": {"usmca": 0, "s232_al": 25},
    "T21b": {"usmca": 0, "s232_al": 50},
    "T24": {"mfn_col1": 0, "s232_al": 50},
}
"""By case, what each program comes to, as the case's reason says it."""


def rated(cases: pd.DataFrame, line: str = "hts10"):
    """Return the answer to cases that are known on the same day."""
    (known_on,) = cases["known_on"].unique()
    return rate_entries(
        cases[FACTS].assign(hts=cases[line]), known_on=date.fromisoformat(known_on) if known_on else None
    )


@pytest.mark.parametrize("case", CASES.index)
def test_total_and_refund(case):
    wanted = CASES.loc[case]
    answer = rated(CASES.loc[[case]]).frame.loc[case]
    if not wanted["expected_total_pct"]:
        assert answer["refused"]
        assert answer[["total_pct", "low_pct", "high_pct", "refundable_pct", "after_refund_pct"]].isna().all()
        return
    total, refundable = float(wanted["expected_total_pct"]), float(wanted["expected_refundable_pct"] or 0)
    assert answer["total_pct"] == answer["low_pct"] == answer["high_pct"] == total
    assert (answer["missing"], answer["refused"]) == ("", "")
    assert answer["refundable_pct"] == refundable
    assert answer["after_refund_pct"] == total - refundable


@pytest.mark.parametrize("case", PROGRAMS)
def test_the_programs_of_the_total(case):
    parts = rated(CASES.loc[[case]]).parts()
    counted = parts[parts["in_total"]]
    assert counted["program"].is_unique
    assert dict(zip(counted["program"], counted["pct"], strict=True)) == pytest.approx(PROGRAMS[case])


def test_every_case_has_its_programs_or_a_refusal():
    assert set(CASES.index) == set(PROGRAMS) | {"T26"}


def test_a_day_beyond_verified_coverage_is_refused():
    assert rated(CASES.loc[["T26"]]).frame["refused"].tolist() == ["beyond verified coverage"]


def test_all_cases_of_today_in_one_frame():
    cases = CASES[CASES["known_on"] == ""]
    totals = rated(cases).frame["total_pct"]
    pd.testing.assert_series_equal(totals, pd.to_numeric(cases["expected_total_pct"]), check_names=False)


def test_eight_digits_do_but_where_the_suffix_decides():
    cases = CASES[(CASES["known_on"] == "") & (CASES["expected_total_pct"] != "")]
    answers = rated(cases, "hts8").frame
    split = cases["hts8"] == "76169951"
    assert (answers.loc[split, "refused"] == "ten digits").all()
    assert answers.loc[~split, "total_pct"].tolist() == cases.loc[~split, "expected_total_pct"].astype(float).tolist()
    assert split.sum() == 2
