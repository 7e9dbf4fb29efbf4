"""The law's files hold every row of the researched timeline and every rate of the researched lines."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from places import ROOT

from aimlib.analysis.duty.rate import rate_entries
from aimlib.reference.law import law

FACTS = ROOT.parent / "shared" / "facts"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FACTS.is_dir(), reason="the shared facts are not beside this checkout"),
]


def table(name: str) -> pd.DataFrame:
    held = FACTS / name
    return pd.read_csv(held, dtype="str", keep_default_na=False) if held.exists() else pd.DataFrame({"id": []})


TIMELINE = table("duty_timeline.csv").set_index("id")

OUTSIDE = {
    "D08": "Annex III: no line of chapter 76",
    "D10": "Annex I-C: mobile equipment, plates of heading 3701, heating and farm goods; no line of chapter 76",
    "I08": "an event: the end of I02, I03, I06 and I07, which say it themselves",
    "P01": "a price reporter's factor, no law",
    "P02": "a price reporter's factor, no law",
    "P03": "a price reporter's factor, no law",
}
"""Rows of the timeline that are no measure on a line of chapter 76, with the reason."""

HELD = [row for row in TIMELINE.index if row not in OUTSIDE]
EMERGENCY = ("I02", "I03", "I06", "I07")
NEVER_EFFECTIVE = "A08"
ONLY_STEEL = "D05"
ELSEWHERE = {"A02": "the reservation is about Korea, and stands in the note of its exemption"}
"""Rows whose reservation stands elsewhere in the law."""


def rules(row: str):
    return [rule for rule in law().rules if rule.id == row]


def test_every_row_is_held_or_has_a_reason_not_to_be():
    assert {rule.id for rule in law().rules} >= set(HELD)
    assert set(OUTSIDE) <= set(TIMELINE.index)
    assert not {rule.id for rule in law().rules} & set(OUTSIDE)


@pytest.mark.parametrize("row", HELD)
def test_the_program(row):
    programs = {rule.program for rule in rules(row)}
    assert programs == {TIMELINE.loc[row, "programme"]}


@pytest.mark.parametrize("row", HELD)
def test_the_days(row):
    """The timeline has the last day of collection, which is later than the legal end of the emergency duties."""
    first, last = TIMELINE.loc[row, ["eff_from", "eff_to"]]
    found = rules(row)
    if row == NEVER_EFFECTIVE:
        assert {(str(rule.first), rule.revoked_known < rule.first) for rule in found} == {(first, True)}
        return
    assert str(min(rule.first for rule in found)) == first
    assert {str(rule.effective_from) for rule in found if str(rule.first) == first} == {first}
    ends = {"" if rule.last is None else str(rule.last) for rule in found}
    assert ("" if "" in ends else max(ends)) == last
    legal = {str(rule.effective_until) for rule in found if str(rule.last) == last}
    assert legal == ({"2026-02-19"} if row in EMERGENCY else {last} if last else set())


@pytest.mark.parametrize("row", HELD)
def test_the_rate(row):
    told = TIMELINE.loc[row, "rate"]
    percents = [float(number) for number in re.findall(r"[\d.]+(?=%)", told)]
    rates = [rule.rate for rule in rules(row)]
    if row in (NEVER_EFFECTIVE, ONLY_STEEL):
        assert {rate.flat for rate in rates} == {0}  # the one exempts, the other stands beside the total
    elif "in quota" in told:
        assert {(rate.in_quota, rate.over_quota) for rate in rates} == {tuple(percents)}
    elif row in ("C02", "C03"):
        # Raised, never lowered: a column 2 rate that was higher already stands.
        assert {min(rate.by_line.values()) for rate in rates} == {percents[0]}
    elif row == "C01":
        assert all(rate.by_line for rate in rates)
    elif row == "K05":
        assert {rate.flat for rate in rates} == {12.5}  # of Russia; which others pay 10% is not held
    else:
        assert {rate.flat for rate in rates} == {percents[0]}


@pytest.mark.parametrize(("row", "britain"), [("D04", "s232_united_kingdom_2025"), ("D07", "s232_united_kingdom_1b")])
def test_the_rate_of_the_united_kingdom_in_a_row_of_all(row, britain):
    (told,) = re.findall(r"GB ([\d.]+)%", TIMELINE.loc[row, "rate"])
    assert {rule.rate.flat for rule in law().of_measure(britain)} == {float(told)}


BASES = {
    "full": {"full"},
    "full customs value": {"full"},
    "FULL customs value regardless of metal content": {"full"},
    "as A15": {"metal_content"},
    "content": {"metal_content"},
    "non-metal content": {"rest"},
    "part of import not covered by 232": {"rest"},
    ".04/.07 full value; .08 aluminium content only": {"full"},  # of heading .08 chapter 76 has the cans, D03
}


@pytest.mark.parametrize("row", HELD)
def test_the_basis(row):
    told = TIMELINE.loc[row, "value_basis"]
    bases = {rule.basis for rule in rules(row)}
    if row == ONLY_STEEL:
        assert bases == {"rest"}
    elif told.startswith(("ch.76: aluminium content", "aluminium content")):
        assert bases == {"metal_content"}
    elif told != "n/a":
        assert bases == BASES[told]


@pytest.mark.parametrize("row", HELD)
def test_the_confidence(row):
    """What is only recalled or not verified there is not called plainly sourced here."""
    told = TIMELINE.loc[row, "confidence"]
    found = {rule.confidence for rule in rules(row)}
    if re.search("memory|not verified|verified only", told) and row not in ELSEWHERE:
        assert "sourced" not in found or row == "C03"
        assert any(re.search("memory|not verified|recalled", one) for one in found)
    else:
        assert any("sourced" in one for one in found)


def test_of_the_raised_column_2_only_heading_7601_is_called_sourced():
    raised = {rule.confidence == "sourced": rule.lines.prefixes for rule in [*rules("C02"), *rules("C03")]}
    assert raised[True] == ("7601",)
    assert "7601" not in raised[False]


@pytest.mark.parametrize("row", HELD)
def test_the_citation(row):
    """Every page of the Federal Register, order, proclamation and message named there is named in the measure's
    versions or in a stacking rule."""
    named = re.findall(r"\d+ FR \d+|CSMS \d+|(?<!-)\b1\d{4}\b", TIMELINE.loc[row, "citation"])
    measures = {rule.measure for rule in rules(row)}
    here = [rule.citation for rule in law().rules if rule.measure in measures]
    here += [rule.citation for rule in law().yields]
    assert [name for name in named if not any(name in citation for citation in here)] == []


# Lines


LINES = table("mfn_ch76.csv")


def only(measure: str) -> dict[str, float]:
    (rule,) = law().of_measure(measure)
    return dict(rule.rate.by_line)


@pytest.mark.parametrize(("column", "measure"), [("col1_general_pct", "column_1"), ("col2_pct", "column_2")])
def test_the_rates_of_all_lines(column, measure):
    wanted = dict(zip(LINES["hts8"].str.replace(".", ""), LINES[column].astype(float), strict=True))
    assert only(measure) == wanted


def test_column_2_of_all_its_countries_is_the_same():
    assert only("column_2_cuba_north_korea") == only("column_2")


def of_family(origin: str, family: str) -> list[tuple[float, str]]:
    """Return rate and heading of a family's measure on each line, October 2026; (0, '') where there is none."""
    suffix = LINES["hts8"].eq("7616.10.90").map({True: ".90", False: ""})
    entries = pd.DataFrame({"hts": LINES["hts8"] + suffix, "entry_date": "2026-10-01", "origin": origin})
    entries = entries.assign(largest_smelt="NOR", recent_cast="NOR")
    rated = rate_entries(entries)
    parts = rated.parts()
    parts = parts[[law().rules[place].family == family for place in parts["place"]]].set_index("entry")
    return [
        (parts.loc[at, "pct"], law().rules[parts.loc[at, "place"]].heading) if at in parts.index else (0.0, "")
        for at in range(len(entries))
    ]


def test_section_301_of_all_lines():
    wanted = [(float(told.split()[1].rstrip("%")), told.split()[0]) for told in LINES["s301_china_from_2024_09_27"]]
    assert of_family("CHN", "s301_china") == wanted


def test_section_338_of_all_lines():
    wanted = [50.0 if told else 0.0 for told in LINES["s338_canada"]]
    assert [rate for rate, _ in of_family("CAN", "s338")] == wanted


def test_section_232_of_all_lines():
    wanted = [50.0 if told.startswith("I-A") else 25.0 if told.startswith("I-B") else 0.0 for told in LINES.iloc[:, 3]]
    found = [rate for rate, _ in of_family("NOR", "s232")]
    split = LINES["hts8"].eq("7616.99.51").tolist()
    assert [rate for rate, is_split in zip(found, split, strict=True) if not is_split] == [
        rate for rate, is_split in zip(wanted, split, strict=True) if not is_split
    ]


@pytest.mark.parametrize("suffix", [20, 50, 60, 70, 75, 90, 10, 30, 40])
def test_section_232_of_the_suffixes_of_the_divided_line(suffix):
    (told,) = LINES.loc[LINES["hts8"].eq("7616.99.51"), "s232_from_2026_04_06"]
    listed = {int(number) for number in re.findall(r"\.(\d\d)|/\.?(\d\d)", told) for number in number if number}
    entry = pd.DataFrame([{"hts": f"76169951{suffix}", "entry_date": "2026-10-01", "origin": "NOR"}])
    answer = rate_entries(entry.assign(largest_smelt="NOR", recent_cast="NOR")).frame.iloc[0]
    assert answer["total_pct"] == 2.5 + (50 if suffix in listed else 25)
