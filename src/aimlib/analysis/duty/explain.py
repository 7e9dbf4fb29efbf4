"""One entry explained: what it pays, by which measures, which do not apply and why, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import pandas as pd

from aimlib.analysis.duty import coverage
from aimlib.analysis.duty.entries import METAL, NOT_GIVEN
from aimlib.analysis.duty.facts import Facts, entries_of
from aimlib.analysis.duty.metal_ranges import OPEN
from aimlib.analysis.duty.rate import Rated, rate_entries
from aimlib.analysis.duty.reasons import concerns, metal_name, steps_passed
from aimlib.errors import AimError
from aimlib.reference.law import Law, Rule
from aimlib.reference.law import law as law_in_force
from aimlib.reference.law.model import CLAIMS, METAL_CONTENT, REST


@dataclass(frozen=True)
class Due:
    """A measure that applies: its rate and the share of the value it is due on (a fraction), together `pct`."""

    rule: Rule
    rate_pct: float
    share_of_value: float
    pct: float
    is_refundable: bool


@dataclass(frozen=True)
class NotDue:
    """A measure that does not apply, and why; `concerns` says whether it is about this line and origin at all."""

    rule: Rule
    why: str
    concerns: bool


@dataclass(frozen=True)
class Change:
    """A fact that would change the answer, and the total (percent) it would give; `low` to `high` where a range.

    ``after_refund`` is what would remain, NaN for a range; ``claims`` are the words of claims that it adds.
    """

    fact: str
    low: float
    high: float
    after_refund: float
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The answer for one entry.

    ``total_pct`` is None for a range (`low_pct` to `high_pct`), and `missing` names what would settle it; the
    measures are then those of metal from elsewhere. ``besides`` are fees, deposits and duties outside the total, and
    ``may_add_pct`` what such duties may add to it at most.
    """

    facts: Facts
    known_on: date | None
    law: Law
    extended: bool
    total_pct: float | None
    low_pct: float
    high_pct: float
    refundable_pct: float | None
    after_refund_pct: float | None
    missing: tuple[str, ...]
    due: tuple[Due, ...]
    besides: tuple[Due, ...]
    may_add_pct: float
    not_due: tuple[NotDue, ...]
    changes: tuple[Change, ...]
    cautions: tuple[str, ...]


def explain(facts: Facts, *, law: Law | None = None, known_on: date | None = None, extend: bool = False) -> Answer:
    """Return the answer for one entry.

    Raises AimError where there is none: a day or a line that the law held does not cover, or eight digits where ten
    are needed.
    """
    law = law_in_force() if law is None else law
    rated = rate_entries(entries_of([facts]), law=law, known_on=known_on, extend=extend)
    row = rated.frame.iloc[0]
    if row["refused"]:
        raise AimError(coverage.sentence(law, row["refused"], facts.hts, facts.on), _advice(row["refused"]))
    lines = _lines(rated, known_on)
    due = tuple(line for line in lines if line.rule.in_total)
    besides = tuple(line for line in lines if not line.rule.in_total)
    is_range = pd.isna(row["total_pct"])
    return Answer(
        facts=facts,
        known_on=known_on,
        law=law,
        extended=extend and facts.on > law.coverage.verified_through,
        total_pct=None if is_range else float(row["total_pct"]),
        low_pct=float(row["low_pct"]),
        high_pct=float(row["high_pct"]),
        refundable_pct=None if is_range else float(row["refundable_pct"]),
        after_refund_pct=None if is_range else float(row["after_refund_pct"]),
        missing=tuple(name for name in row["missing"].split("+") if name),
        due=due,
        besides=besides,
        may_add_pct=float(row["may_add_pct"]),
        not_due=_not_due(law, facts, known_on, rated),
        changes=_changes(law, facts, known_on, extend, rated),
        cautions=(*_cautions(facts, lines), *_idle_claims(law, facts, rated)),
    )


def _advice(kind: str) -> str:
    if kind == coverage.BEYOND:
        return "Ask for a day in it, or extend the law as last verified (--extend, or -p extend=true), and say so."
    return "Give all ten digits." if kind == coverage.TEN_DIGITS else ""


def _lines(rated: Rated, known_on: date | None) -> tuple[Due, ...]:
    found = []
    for part in rated.parts().itertuples():
        rule = rated.law.rules[part.place]
        voided = rule.voided
        refundable = voided is not None and voided.refundable and (known_on is None or voided.known <= known_on)
        found.append(
            Due(
                rule,
                float(part.rate_pct),
                round(float(part.share_of_value), 10),
                round(float(part.pct), 10),
                refundable,
            )
        )
    return tuple(found)


def _not_due(law: Law, facts: Facts, known_on: date | None, rated: Rated) -> tuple[NotDue, ...]:
    """Return every measure that does not apply, each by its version that comes nearest."""
    (stretch,) = rated.stretches
    chosen = {family: int(places[0]) for family, places in stretch.applied.chosen.items()}
    given_up = {family: int(places[0]) for family, places in stretch.applied.displaced.items()}
    parts = rated.parts()
    applying = set(parts["measure"])
    nearest: dict[str, tuple[int, date, Rule, str]] = {}
    for rule in law.rules:
        if rule.measure in applying:
            continue
        passed, why = steps_passed(rule, facts, known_on)
        if not why:
            why = _displaced_by(law, rule, chosen, given_up)
        # Of versions that fail alike, one that is over says less than the one nearest to the day.
        distance = min(abs((rule.first - facts.on).days), abs(((rule.last or date.max) - facts.on).days))
        held = nearest.get(rule.measure)
        if held is None or (passed, -distance) > (held[0], held[1]):
            nearest[rule.measure] = (passed, -distance, rule, why)
    order = {family: place for place, family in enumerate(law.families)}
    found = [NotDue(rule, why, concerns(passed)) for passed, _, rule, why in nearest.values()]
    return tuple(sorted(found, key=lambda one: (not one.concerns, order[one.rule.family])))


def _displaced_by(law: Law, rule: Rule, chosen: dict[str, int], given_up: dict[str, int]) -> str:
    place = chosen.get(rule.family, -1)
    if place >= 0 and law.rules[place].measure != rule.measure:
        return f"is replaced by {law.rules[place].title} ({law.rules[place].heading})"
    given = law.yields[given_up[rule.family]]
    heading = f", reported under {given.heading}" if given.heading else ""
    return f"yields to {law.families[given.to]}: {given.reason} ({given.citation}){heading}"


def _changes(law: Law, facts: Facts, known_on: date | None, extend: bool, rated: Rated) -> tuple[Change, ...]:
    """Return what else could be so and would give another total: claims, metal history, aluminum content."""
    variants = _variants(law, facts, rated)
    if not variants:
        return ()
    frame = rate_entries(entries_of([other for _, other in variants]), law=law, known_on=known_on, extend=extend).frame
    now = rated.frame.iloc[0]
    columns = ["low_pct", "high_pct", "after_refund_pct"]
    differs = (frame[columns].fillna(-1.0) - now[columns].astype(float).fillna(-1.0)).abs().max(axis=1) > 1e-9
    return tuple(
        Change(fact, *(float(row[name]) for name in columns), claims=tuple(sorted(other.claims - facts.claims)))
        for (fact, other), (_, row), is_other in zip(variants, frame.iterrows(), differs, strict=True)
        if is_other
    )


def _variants(law: Law, facts: Facts, rated: Rated) -> list[tuple[str, Facts]]:
    (stretch,) = rated.stretches
    rules = [
        law.rules[place]
        for place in stretch.active
        if law.rules[place].lines.contains(facts.hts) and law.rules[place].origins.contains(facts.origin)
    ]
    found = []
    for rule in rules:
        needs = sorted(rule.needs - facts.claims)
        if needs:
            claimed = " and ".join(CLAIMS[word] for word in needs)
            found.append((f"claimed: {claimed}", replace(facts, claims=facts.claims | rule.needs)))
    quota = any(rule.rate.is_quota for rule in rules)
    words = sorted(facts.claims | {word for rule in rules for word in rule.bars} | ({"in_quota"} if quota else set()))
    for word in words:
        made = word in facts.claims
        claims = facts.claims - {word} if made else facts.claims | {word}
        found.append((f"{'not claimed' if made else 'claimed'}: {CLAIMS[word]}", replace(facts, claims=claims)))
    found += _metal_variants(rules, facts)
    if facts.metal_share is None and any(rule.basis in (METAL_CONTENT, REST) for rule in rules):
        half = replace(facts, metal_share=0.5)
        found.append(("aluminum content: at half of the value", half))
    return list(dict(found).items())


def _metal_variants(rules: list[Rule], facts: Facts) -> list[tuple[str, Facts]]:
    tests = [rule.metal for rule in rules if rule.metal is not None]
    named = sorted({country for test in tests for country in test.countries})
    found = []
    for name, country in product(METAL, named):
        if name == "second_smelt" and facts.largest_smelt == NOT_GIVEN:
            continue
        if getattr(facts, name) != country:
            told = f"{name.replace('_', ' ')}: {metal_name(country)}"
            found.append((told, replace(facts, **{name: country})))
    for country in named:
        if facts.largest_smelt in ("", country) and facts.recent_cast in ("", country):
            continue
        same = {name: country for name in OPEN}
        found.append((f"smelt and cast: {metal_name(country)}", replace(facts, second_smelt="", **same)))
    return found


def _idle_claims(law: Law, facts: Facts, rated: Rated) -> tuple[str, ...]:
    """Say which claims no measure in force on the line and origin takes notice of."""
    (stretch,) = rated.stretches
    rules = [law.rules[place] for place in stretch.active]
    mine = [rule for rule in rules if rule.lines.contains(facts.hts) and rule.origins.contains(facts.origin)]
    taken = {word for rule in mine for word in (*rule.needs, *rule.bars, *(["in_quota"] if rule.rate.is_quota else []))}
    return tuple(
        f"The claim {word} has no effect: no measure in force for this line and origin asks for it."
        for word in sorted(facts.claims - taken)
    )


def _cautions(facts: Facts, lines: tuple[Due, ...]) -> tuple[str, ...]:
    told = [
        line.rule.caution
        for line in lines
        if line.rule.caution and (line.rule.caution_lines is None or line.rule.caution_lines.contains(facts.hts))
    ]
    return tuple(dict.fromkeys(told))
