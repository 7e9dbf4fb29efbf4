"""The vectorized engine and a literal second implementation agree, on entries at random and on one big frame."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from aimlib.analysis.duty.rate import rate_entries

TODAY = None


@pytest.fixture(scope="module")
def drawn(random_entries):
    """Return the strategies of entries and of the days of knowledge; days near changes come as often as all others."""
    changes = some.sampled_from(random_entries.change_days())
    days = changes | some.dates(random_entries.FIRST, random_entries.LAST)
    metal = some.sampled_from(random_entries.metals())
    rows = some.fixed_dictionaries(
        {
            "entry_date": days,
            "hts": some.sampled_from(random_entries.lines()),
            "origin": some.sampled_from(random_entries.origins()),
            "largest_smelt": metal,
            "second_smelt": metal,
            "recent_cast": metal,
            "claims": some.sampled_from(random_entries.claims()),
            "metal_share": some.sampled_from(random_entries.SHARES) | some.floats(0, 1),
        }
    )
    return rows, some.none() | days


def test_an_entry_at_random(drawn, literal, differences):
    rows, days = drawn

    @settings(max_examples=400, derandomize=True, database=None)
    @given(row=rows, known_on=days)
    def agree(row, known_on):
        assert differences([row], literal, known_on) == []

    agree()


def test_thousands_of_entries_row_by_row(literal, random_entries, differences):
    rows = random_entries.entries(seed=20261009, count=3000)
    assert differences(rows, literal, TODAY) == []


@pytest.mark.parametrize(
    "known_on", [date(2018, 4, 1), date(2020, 9, 15), date(2021, 1, 25), date(2025, 4, 20), date(2025, 6, 3)]
)
def test_hundreds_of_entries_as_known_on_a_day(known_on, literal, random_entries, differences):
    rows = random_entries.entries(seed=known_on.toordinal(), count=300)
    assert differences(rows, literal, known_on) == []


def test_the_entries_at_random_meet_all_that_can_happen(literal, random_entries):
    """What the comparison above rests on: totals, ranges with each field, every refusal but days outside, refunds."""
    answers = [literal.answer(random_entries.as_asked(row)) for row in random_entries.entries(20261009, 3000)]
    assert {answer.missing for answer in answers} == {
        "", "largest_smelt", "recent_cast", "largest_smelt+recent_cast",
    }  # fmt: skip
    assert {answer.refused for answer in answers} == {"", "not covered", "ten digits"}
    assert any(answer.refundable for answer in answers)
    assert len({answer.total for answer in answers}) > 100


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        (date(2017, 12, 31), "before coverage"),
        (date(2018, 1, 1), ""),
        (date(2026, 10, 9), ""),
        (date(2026, 10, 10), "beyond verified coverage"),
    ],
)
@pytest.mark.parametrize("hts", ["76011060", "76151020"])
def test_days_outside(day, refused, hts, literal, random_entries, differences):
    row = random_entries.entries(1, 1)[0] | {"entry_date": day, "hts": hts, "origin": "CAN"}
    assert differences([row], literal, TODAY) == []
    assert literal.answer(random_entries.as_asked(row)).refused == (refused or ("not covered" if "15" in hts else ""))


def test_lines_of_eight_digits_that_are_answered_have_one_answer(literal, random_entries):
    """The refusal is wide enough: where eight digits do, every line below that a rule names comes to the same."""
    named = [code for code in random_entries.lines() if len(code) == 10]
    rows = [
        row | {"hts": row["hts"][:8], "largest_smelt": "ARE", "recent_cast": "ARE", "second_smelt": ""}
        for row in random_entries.entries(seed=8, count=3000)
        if row["hts"][:8] in {code[:8] for code in named if not code.endswith("01")}
    ]
    whole = rate_entries(pd.DataFrame(rows)).frame
    for row, answer in zip(rows, whole.to_dict("records"), strict=True):
        if not answer["refused"]:
            below = [row | {"hts": code} for code in named if code.startswith(row["hts"])]
            totals = rate_entries(pd.DataFrame(below)).frame["total_pct"]
            assert totals.tolist() == pytest.approx([answer["total_pct"]] * len(below)), row
