"""Why a measure does not apply to an entry, in words: the first of its conditions that fails."""

from __future__ import annotations

from datetime import date

from aimlib.analysis.duty.entries import NONE, NOT_GIVEN, UNKNOWN
from aimlib.analysis.duty.facts import Facts
from aimlib.reference import countries
from aimlib.reference.law.model import CLAIMS, MetalTest, Rule

_TESTS = {
    "smelted_or_cast_in": "is for metal smelted or cast in {}",
    "smelted_and_cast_in": "is for metal smelted and cast in {}",
    "not_smelted_in": "is not for metal smelted in {}",
}


def steps_passed(rule: Rule, facts: Facts, known_on: date | None) -> tuple[int, str]:
    """Return how many of a rule's conditions an entry meets, in order, and why it fails the next ('' for none)."""
    conditions = (_line, _origin, _known, _days, _claims, _metal)
    for place, condition in enumerate(conditions):
        why = condition(rule, facts, known_on)
        if why:
            return place, why
    return len(conditions), ""


def concerns(passed: int) -> bool:
    """Tell whether a rule that fails after so many conditions is about the entry's line and origin at all."""
    return passed >= 2


def day_words(day: date) -> str:
    """Return ``March 11, 2025``."""
    return f"{day:%B} {day.day}, {day.year}"


def _line(rule: Rule, facts: Facts, known_on: date | None) -> str:
    return "" if rule.lines.contains(facts.hts) else "covers other tariff lines"


def _origin(rule: Rule, facts: Facts, known_on: date | None) -> str:
    if rule.origins.contains(facts.origin):
        return ""
    if rule.origins.only is not None and facts.origin not in rule.origins.only:
        return f"is for products of {named(rule.origins.only)}"
    return f"is not for products of {countries.phrase(facts.origin)}"


def _known(rule: Rule, facts: Facts, known_on: date | None) -> str:
    if rule.is_known(known_on):
        return ""
    if rule.revoked_known is not None and (known_on is None or known_on >= rule.revoked_known):
        return f"was revoked on {day_words(rule.revoked_known)}, before it took effect"
    return f"was not known on {day_words(known_on)} (known from {day_words(rule.published)})"


def _days(rule: Rule, facts: Facts, known_on: date | None) -> str:
    if rule.in_force(facts.on, known_on):
        return ""
    if facts.on < rule.first:
        return f"starts on {day_words(rule.first)}"
    return f"ended on {day_words(rule.last_as_known(known_on))}"


def _claims(rule: Rule, facts: Facts, known_on: date | None) -> str:
    lacking = sorted(rule.needs - facts.claims)
    if lacking:
        return f"must be claimed: {' and '.join(CLAIMS[word] for word in lacking)}"
    barred = sorted(rule.bars & facts.claims)
    return f"is not due with a {CLAIMS[barred[0]]}" if barred else ""


def _metal(rule: Rule, facts: Facts, known_on: date | None) -> str:
    if rule.metal is None or meets(rule.metal, facts):
        return ""
    is_unknown = rule.metal.countries == {UNKNOWN}
    told = (
        "is for metal whose smelt or cast is reported as unknown"
        if is_unknown
        else _TESTS[rule.metal.kind].format(named(rule.metal.countries))
    )
    return f"{told}; {_reported(facts)}"


def meets(test: MetalTest, facts: Facts) -> bool:
    """Tell whether an entry's metal meets a test; what is not given meets none but the absence of a smelt."""
    smelts = [name for name in (facts.largest_smelt, facts.second_smelt) if name not in (NOT_GIVEN, NONE)]
    if test.kind == "smelted_or_cast_in":
        return any(name in test.countries for name in (*smelts, facts.recent_cast))
    if test.kind == "smelted_and_cast_in":
        whole = facts.largest_smelt in test.countries and facts.recent_cast in test.countries
        return whole and all(name in test.countries for name in smelts)
    return not any(name in test.countries for name in smelts)


def _reported(facts: Facts) -> str:
    parts = []
    for word, value in (
        ("largest smelt", facts.largest_smelt),
        ("second smelt", facts.second_smelt),
        ("most recent cast", facts.recent_cast),
    ):
        if value == NOT_GIVEN and word == "second smelt":
            continue
        parts.append(f"{word} {metal_name(value)}")
    return ", ".join(parts)


def metal_name(value: str) -> str:
    """Return how a metal field reads: Canada, unknown, N/A (no primary metal, or one source), not given."""
    words = {NOT_GIVEN: "not given", UNKNOWN: "unknown", NONE: "N/A"}
    return words.get(value) or countries.print_name(value)


def _in_sentence(value: str) -> str:
    return countries.phrase(value) if countries.is_country_key(value) else metal_name(value)


def named(codes: frozenset[str]) -> str:
    """Return countries as sentences name them (the United Kingdom), in the order of their names, long lists cut."""
    names = [_in_sentence(code) for code in sorted(codes, key=metal_name)]
    shown = names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} others"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
