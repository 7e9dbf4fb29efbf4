"""One entry explained: the total, every measure accounted for, the reasons, and what would change it."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from aimlib.analysis.duty.explain import Answer, explain
from aimlib.analysis.duty.facts import Facts, entries_of
from aimlib.analysis.duty.rate import rate_entries
from aimlib.analysis.duty.scenarios import Scenario
from aimlib.errors import AimError
from aimlib.reference.law import CLAIMS, law

P1020, PROFILE, SHEET, CAN_BODY, OTHER = "7601106030", "7604291010", "7606123045", "7612901000", "7616995190"


def asked(day: str, hts: str, origin: str, *claims: str, metal: str | None = None, **given) -> Facts:
    """Return an entry, of metal from its own origin unless said otherwise."""
    metal = origin if metal is None else metal
    facts = {"largest_smelt": metal, "recent_cast": metal} | given
    return Facts(date.fromisoformat(day), hts, origin, claims=frozenset(claims), **facts)


def why_not(answer: Answer) -> dict[str, str]:
    return {one.rule.measure: one.why for one in answer.not_due}


def at_random(count: int) -> list[Facts]:
    """Return entries near days of change, of lines, origins, metal and claims that the law names."""
    draw = random.Random(232)
    rules = law().rules
    days = sorted({rule.first for rule in rules} | {rule.last or date(2026, 10, 9) for rule in rules})
    lines = [line + "01" for line in sorted(law().column_lines)] + ["7616995160", "7616995190", "7616109090"]
    origins = sorted({name for rule in rules for name in (rule.origins.only or set()) | rule.origins.excluded})
    metals = [*sorted({name for rule in rules if rule.metal for name in rule.metal.countries}), "ARE", "N/A", "", ""]
    found = []
    while len(found) < count:
        day = draw.choice(days) + timedelta(days=draw.choice((-1, 0, 1)))
        if law().coverage.first_day <= day <= law().coverage.verified_through:
            origin = draw.choice(origins)
            found.append(
                Facts(
                    on=day,
                    hts=draw.choice(lines),
                    origin=origin,
                    largest_smelt=draw.choice((origin, *metals)),
                    second_smelt=draw.choice(("", "", "RUS", "CAN")),
                    recent_cast=draw.choice((origin, *metals)),
                    claims=frozenset(draw.sample(sorted(CLAIMS), draw.choice((0, 0, 1, 2)))),
                    metal_share=draw.choice((None, None, 0.4, 0.0)),
                )
            )
    return found


@pytest.fixture(scope="module")
def explained() -> list[Answer]:
    return [explain(facts) for facts in at_random(150)]


# The whole


def test_the_total_is_the_engines_and_the_sum_of_its_measures(explained):
    frame = rate_entries(entries_of([answer.facts for answer in explained])).frame
    for answer, row in zip(explained, frame.to_dict("records"), strict=True):
        assert (answer.low_pct, answer.high_pct) == (row["low_pct"], row["high_pct"])
        assert "+".join(answer.missing) == row["missing"]
        if answer.total_pct is None:
            assert pd.isna(row["total_pct"])
            assert answer.missing
            assert answer.refundable_pct is answer.after_refund_pct is None
            continue
        assert answer.total_pct == row["total_pct"] == answer.low_pct == answer.high_pct
        assert sum(line.pct for line in answer.due) == pytest.approx(answer.total_pct)
        refundable = sum(line.pct for line in answer.due if line.is_refundable)
        assert answer.refundable_pct == pytest.approx(refundable)
        assert answer.after_refund_pct == pytest.approx(answer.total_pct - refundable)
        assert all(line.pct == pytest.approx(line.rate_pct * line.share_of_value) for line in answer.due)
    assert {answer.total_pct is None for answer in explained} == {True, False}


def test_every_measure_is_due_besides_or_not_due_just_once(explained):
    for answer in explained:
        told = Counter(line.rule.measure for line in (*answer.due, *answer.besides, *answer.not_due))
        assert set(told) == set(law().measures), answer.facts
        assert set(told.values()) == {1}, (answer.facts, told.most_common(2))
        assert all(line.rule.in_total for line in answer.due)
        assert not any(line.rule.in_total for line in answer.besides)


def test_every_reason_is_words_and_what_concerns_the_entry_comes_first(explained):
    for answer in explained:
        assert all(one.why.strip() and "None" not in one.why for one in answer.not_due), answer.facts
        order = [one.concerns for one in answer.not_due]
        assert order == sorted(order, reverse=True)
        for one in answer.not_due:
            is_about = one.rule.lines.contains(answer.facts.hts) and one.rule.origins.contains(answer.facts.origin)
            assert one.concerns == is_about


def test_families_pay_once(explained):
    for answer in explained:
        families = [line.rule.family for line in answer.due]
        assert len(families) == len(set(families))
        assert families == [family for family in law().families if family in families]


# What would change it


def as_told(facts: Facts, fact: str) -> Facts:
    """Return the entry with a change made, read back from its words."""
    field, _, value = fact.partition(": ")
    by_name = {"Russia": "RUS", "Canada": "CAN", "Mexico": "MEX", "unknown": "unknown", "China": "CHN", "Iran": "IRN",
               "Belarus": "BLR", "United Kingdom": "GBR", "United States": "USA"}  # fmt: skip
    if field in ("claimed", "not claimed"):
        words = {claim for claim in CLAIMS if CLAIMS[claim] in value.split(" and ") or CLAIMS[claim] == value}
        return replace(facts, claims=facts.claims | words if field == "claimed" else facts.claims - words)
    if field == "smelt and cast":
        metal = by_name[value]
        return replace(facts, largest_smelt=metal, second_smelt="", recent_cast=metal)
    if field == "aluminum content":
        return replace(facts, metal_share=0.5)
    return replace(facts, **{field.replace(" ", "_"): by_name[value]})


def test_changes_give_what_they_say(explained):
    told = [(answer, change) for answer in explained for change in answer.changes]
    assert len(told) > 300
    frame = rate_entries(entries_of([as_told(answer.facts, change.fact) for answer, change in told])).frame
    for (answer, change), row in zip(told, frame.to_dict("records"), strict=True):
        assert (row["low_pct"], row["high_pct"]) == (change.low, change.high), (answer.facts, change)
        before = (answer.low_pct, answer.high_pct, answer.after_refund_pct)
        assert (change.low, change.high, change.after_refund) != before


def test_changes_of_canadian_profiles_today():
    answer = explain(asked("2026-10-01", PROFILE, "CAN"))
    told = {change.fact: (change.low, change.high) for change in answer.changes}
    assert answer.total_pct == 105
    assert told[f"claimed: {CLAIMS['usmca']}"] == (100, 100)
    assert told["smelt and cast: Russia"] == (255, 255)
    assert told["largest smelt: unknown"] == (255, 255)
    assert explain(asked("2018-01-02", P1020, "CAN")).changes == ()


# Reasons


@pytest.mark.parametrize(
    ("facts", "measure", "why"),
    [
        (asked("2026-10-01", P1020, "CAN"), "s232_russian_metal",
         "is for metal smelted or cast in Russia; largest smelt Canada, most recent cast Canada"),
        (asked("2026-10-01", P1020, "CAN", metal="USA"), "s232_authorized_north_america",
         f"must be claimed: {CLAIMS['commerce_authorisation']} and {CLAIMS['usmca']}"),
        (asked("2026-10-01", P1020, "ARE"), "s338_canada_extrusions_and_tubes", "covers other tariff lines"),
        (asked("2026-10-01", PROFILE, "ARE"), "s338_canada_extrusions_and_tubes", "is for products of Canada"),
        (asked("2026-09-14", PROFILE, "CAN"), "s338_canada_extrusions_and_tubes", "starts on September 15, 2026"),
        (asked("2026-10-01", P1020, "CAN"), "s232_canada_2020", "ended on August 31, 2020"),
        (asked("2020-08-20", P1020, "CAN"), "s232_articles",
         "is replaced by Section 232 duty on Canadian non-alloyed unwrought aluminum (9903.85.21)"),
        (asked("2026-10-01", P1020, "CAN", "usmca"), "column_1",
         "is replaced by USMCA preference (the line itself, special column (S))"),
    ],
)  # fmt: skip
def test_reasons_of_cases(facts, measure, why):
    assert why_not(explain(facts))[measure] == why


def test_what_yields_says_to_what_and_by_which_law():
    answer = explain(asked("2025-05-01", P1020, "CAN"))
    assert [line.rule.measure for line in answer.due if line.pct] == ["ieepa_canada"]
    assert why_not(answer)["s232_articles"] == (
        "yields to Emergency powers (IEEPA), Canada: articles under the emergency duty on Canada are not subject to "
        "the metals duty (EO 14289 sec. 3(a)(ii))"
    )
    first = explain(asked("2026-09-01", P1020, "CAN"))
    assert why_not(first)["s338_canada_lists"].endswith(
        "(Procs 11046 to 11048; CSMS 69606660), reported under 9903.03.15"
    )


def test_what_was_not_known_then_and_what_was_revoked():
    then = explain(asked("2020-09-15", P1020, "CAN"), known_on=date(2020, 9, 20))
    assert then.total_pct == 10
    known = explain(asked("2025-05-01", P1020, "CAN"), known_on=date(2025, 2, 1))
    assert "was not known on February 1, 2025 (known from February 10, 2025)" not in why_not(known).get(
        "s232_articles", ""
    )
    assert why_not(known)["s232_united_kingdom"].startswith("is for products of")
    emirates = explain(asked("2021-02-03", P1020, "ARE"))
    revoked = [why for why in why_not(emirates).values() if "before it took effect" in why]
    assert revoked == ["was revoked on February 1, 2021, before it took effect"]


# Ranges, refusals, cautions


def test_a_range_names_what_would_settle_it():
    answer = explain(asked("2026-10-01", P1020, "ARE", metal=""))
    assert (answer.total_pct, answer.low_pct, answer.high_pct) == (None, 50, 200)
    assert answer.missing == ("largest_smelt", "recent_cast")
    # The measures are those of metal from elsewhere.
    assert sum(line.pct for line in answer.due) == 50
    cast = explain(asked("2026-10-01", P1020, "ARE", largest_smelt="ARE", recent_cast=""))
    assert cast.missing == ("recent_cast",)


def test_what_is_refundable_is_named():
    answer = explain(asked("2025-05-01", P1020, "CAN"))
    (line,) = [line for line in answer.due if line.pct]
    assert line.is_refundable
    assert (answer.total_pct, answer.refundable_pct, answer.after_refund_pct) == (25, 25, 0)
    before = explain(asked("2025-05-01", P1020, "CAN"), known_on=date(2025, 5, 1))
    assert (before.total_pct, before.refundable_pct) == (25, 0)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (asked("2026-10-10", P1020, "CAN"), "beyond verified coverage: the law was verified through 2026-10-09"),
        (asked("2017-12-31", P1020, "CAN"), "before the first day covered, 2018-01-01"),
        (asked("2026-10-01", "7615102015", "CAN"), "7615.10.20.15 is not covered"),
        (asked("2026-10-01", "8708103030", "CAN"), "is not in chapter 76; the law held covers no other."),
        (asked("2026-10-01", "76169951", "CHN"), "7616.99.51 needs ten digits: on 2026-10-01"),
    ],
)
def test_no_answer_is_one_message(facts, told):
    with pytest.raises(AimError) as caught:
        explain(facts)
    assert told in str(caught.value)


def test_beyond_coverage_if_asked_and_it_says_so():
    answer = explain(asked("2026-11-19", P1020, "CAN"), extend=True)
    assert (answer.total_pct, answer.extended) == (50, True)
    assert not explain(asked("2026-10-09", P1020, "CAN"), extend=True).extended


def test_a_caution_stands_with_the_lines_it_is_about():
    (caution,) = explain(asked("2026-10-01", "7610900080", "CHN")).cautions
    assert "Of 7610.90 only a part is on list 3" in caution
    assert explain(asked("2026-10-01", CAN_BODY, "CHN")).cautions == ()


def test_deposits_and_fees_stand_besides():
    answer = explain(asked("2026-10-01", SHEET, "CHN"))
    besides = {line.rule.measure: line.rule.amount for line in answer.besides}
    assert any(name.startswith("ad_cvd") for name in besides)
    assert all(besides.values())
    assert sum(line.pct for line in answer.due) == answer.total_pct


def test_another_law_is_explained_alike():
    changed = Scenario("mine").set_rate("s232_articles", 30).remove("s338")
    answer = explain(asked("2026-10-01", PROFILE, "CAN", "usmca"), law=changed.law)
    assert answer.total_pct == 30
    assert set(changed.law.measures) == {one.rule.measure for one in (*answer.due, *answer.besides, *answer.not_due)}
