"""`aim duty rate`: what an entry pays under the law of a day, and why."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from aimlib.analysis.duty.entries import METAL, NONE, NOT_GIVEN, UNKNOWN, parse_claims
from aimlib.analysis.duty.explain import Answer, Change, Due, NotDue, explain
from aimlib.analysis.duty.facts import Facts
from aimlib.analysis.duty.reasons import metal_name
from aimlib.cli.messages import say, table, warn
from aimlib.errors import AimError
from aimlib.present import numbers
from aimlib.reference import countries
from aimlib.reference.law.model import CLAIMS, METAL_CONTENT, REST, Rule, digits, printed

__all__ = ["CLAIMS", "rate"]

_SHOWN_CHANGES = 12
_BASES = {"full": "full value", METAL_CONTENT: "aluminum content", REST: "rest of the value"}


def rate(
    hts: str,
    *,
    on: date,
    origin: str,
    smelt: str,
    second_smelt: str,
    cast: str,
    claims: list[str],
    metal_share: float | None,
    known_on: date | None,
    extend: bool,
    as_json: bool,
) -> None:
    """Print the answer for one entry, as lines or as JSON."""
    facts = Facts(
        on=on,
        hts=_code(hts),
        origin=countries.resolve_one(origin, f"--origin {origin}"),
        largest_smelt=_metal("--smelt", smelt),
        second_smelt=_metal("--second-smelt", second_smelt),
        recent_cast=_metal("--cast", cast),
        claims=frozenset(parse_claims("+".join(claims))),
        metal_share=metal_share,
    )
    answer = explain(facts, known_on=known_on, extend=extend)
    if as_json:
        # Plain print: nothing in it is wrapped to a terminal's width.
        print(json.dumps(_as_json(answer), indent=2, ensure_ascii=False))
    else:
        _print(answer)


def _code(text: str) -> str:
    code = digits(text)
    if not (code.isascii() and code.isdigit()) or len(code) not in (8, 10):
        raise AimError(f"'{text}' is no tariff number of 8 or 10 digits.", "Write it as 7601.10.60 or 7601.10.60.30.")
    return code


def _metal(option: str, text: str) -> str:
    word = text.strip()
    if word.casefold() in ("", "unknown", "un"):
        return UNKNOWN if word else NOT_GIVEN
    return NONE if word.casefold() in ("n/a", "na") else countries.resolve_one(word, f"{option} {word}")


def _print(answer: Answer) -> None:
    facts = answer.facts
    say(f"{printed(facts.hts)}, product of {countries.phrase(facts.origin)}, entered on {numbers.day_name(facts.on)}")
    metal = {"largest smelt": facts.largest_smelt, "second smelt": facts.second_smelt, "cast": facts.recent_cast}
    say(
        "Metal: "
        + ", ".join(f"{word} {metal_name(value)}" for word, value in metal.items() if word != "second smelt" or value)
    )
    say(f"Claims: {', '.join(sorted(facts.claims)) or 'none'}" + _share(facts.metal_share))
    if answer.known_on:
        say(f"As known on {numbers.day_name(answer.known_on)}")
    say("")
    _print_total(answer)
    say("")
    _print_due(answer.due, answer.known_on)
    if answer.besides:
        say("")
        say("Besides the total:")
        for line in answer.besides:
            say(f"  {line.rule.title}: {line.rule.amount} ({line.rule.citation}; {line.rule.confidence})")
    _print_not_due(answer.not_due)
    _print_changes(answer.changes)
    for caution in answer.cautions:
        say("")
        warn(caution)
    held = answer.law.coverage
    say("")
    say(f"Law verified through {held.verified_through} ({held.verified_against}), whole from {held.first_day}.")
    if answer.extended:
        warn("The day is beyond verified coverage: the law is taken as last verified.")


def _share(share: float | None) -> str:
    return "" if share is None else f"; aluminum content {_pct(share * 100)} of the value"


def _print_total(answer: Answer) -> None:
    if answer.total_pct is None:
        total = f"{_pct(answer.low_pct)} to {_pct(answer.high_pct)}"
        say(f"Total payable at entry: {total} of the customs value{_more(answer)}")
        names = [name.replace("_", " ") for name in answer.missing]
        say(f"  It hangs on {' and '.join(names)}, which {'are' if len(names) > 1 else 'is'} not given.")
        say("  Measures of metal from elsewhere:")
        return
    say(f"Total payable at entry: {_pct(answer.total_pct)} of the customs value{_more(answer)}")
    if answer.refundable_pct:
        say(f"  voided later and refundable: {_pct(answer.refundable_pct)}")
        say(f"  after refund: {_pct(answer.after_refund_pct)}")


def _more(answer: Answer) -> str:
    if not answer.may_add_pct:
        return ""
    return f", and up to {_pct(answer.may_add_pct)} more of duties whose rate is not held (below)"


def _print_due(due: tuple[Due, ...], known_on: date | None) -> None:
    table(
        ["Measure", "Rate", "On", "Of value", "Heading", "In force", "Known", "Source", "How sure"],
        (
            [
                line.rule.title + (" (refundable)" if line.is_refundable else ""),
                _pct(line.rate_pct),
                _basis(line),
                _pct(line.pct),
                line.rule.heading,
                _span(line.rule, known_on),
                str(line.rule.published),
                line.rule.citation,
                line.rule.confidence,
            ]
            for line in due
        ),
        right=("Rate", "Of value"),
    )
    for line in due:
        if line.rule.note:
            say(f"  {line.rule.title}: {line.rule.note}")
    for line in due:
        if line.is_refundable:
            say(f"  {line.rule.title} was voided by {line.rule.voided.by}.")


def _basis(line: Due) -> str:
    if line.share_of_value < 1 and line.rule.basis == "full":
        return f"rest of the value ({_pct(line.share_of_value * 100)})"
    share = "" if line.share_of_value == 1 else f" ({_pct(line.share_of_value * 100)})"
    return _BASES[line.rule.basis] + share


def _span(rule: Rule, known_on: date | None) -> str:
    until, last = _ends(rule, known_on)
    collected = f" (collected to {last})" if until and last and last > until else ""
    return f"{rule.effective_from} to {until or 'now'}{collected}"


def _ends(rule: Rule, known_on: date | None) -> tuple[date | None, date | None]:
    """Return the last legal day and the last day of collection, as known: an end not known yet is none."""
    if rule.collected_until is None or (known_on is not None and rule.last_as_known(known_on) is None):
        return None, None
    return rule.effective_until, rule.collected_until


def _print_not_due(not_due: tuple[NotDue, ...]) -> None:
    near = [one for one in not_due if one.concerns]
    say("")
    say("Considered, and not due:")
    for one in near:
        say(f"  {one.rule.title} ({one.rule.id}): {one.why}")
    say(f"  {len(not_due) - len(near)} other measures are for other tariff lines or origins (--json lists them).")


def _print_changes(changes: tuple[Change, ...]) -> None:
    if not changes:
        return
    say("")
    say("What would change it:")
    for change in changes[:_SHOWN_CHANGES]:
        total = _pct(change.low) if change.low == change.high else f"{_pct(change.low)} to {_pct(change.high)}"
        words = "".join(f" --claim {word}" for word in change.claims)
        is_same = numbers.is_missing(change.after_refund) or change.after_refund == change.low
        refund = "" if is_same else f" ({_pct(change.after_refund)} after refund)"
        say(f"  {change.fact}: {total}{refund}" + (f"  [{words.strip()}]" if words else ""))
    if len(changes) > _SHOWN_CHANGES:
        say(f"  and {len(changes) - _SHOWN_CHANGES} more (--json lists them)")


def _pct(number: float | None) -> str:
    return "" if number is None else f"{number:g}%"


def _as_json(answer: Answer) -> dict[str, Any]:
    facts = answer.facts
    return {
        "hts": printed(facts.hts),
        "origin": facts.origin,
        "entry_date": str(facts.on),
        "known_on": str(answer.known_on) if answer.known_on else None,
        **{name: getattr(facts, name) or None for name in METAL},
        "claims": sorted(facts.claims),
        "metal_share": facts.metal_share,
        "total_pct": answer.total_pct,
        "refundable_pct": answer.refundable_pct,
        "after_refund_pct": answer.after_refund_pct,
        "may_add_pct": answer.may_add_pct,
        "range_pct": None if answer.total_pct is not None else [answer.low_pct, answer.high_pct],
        "missing": list(answer.missing),
        "measures": [_due_json(line, answer.known_on) for line in answer.due],
        "not_in_total": [
            {**_rule_json(line.rule, answer.known_on), "amount": line.rule.amount} for line in answer.besides
        ],
        "considered": [{**_rule_json(one.rule, answer.known_on), "why_not": one.why} for one in answer.not_due],
        "would_change": [
            {"fact": one.fact, "range_pct": [one.low, one.high], "after_refund_pct": _number(one.after_refund)}
            for one in answer.changes
        ],
        "cautions": list(answer.cautions),
        "coverage": {
            "first_day": str(answer.law.coverage.first_day),
            "verified_through": str(answer.law.coverage.verified_through),
            "verified_against": answer.law.coverage.verified_against,
            "extended": answer.extended,
        },
    }


def _due_json(line: Due, known_on: date | None) -> dict[str, Any]:
    voided = line.rule.voided if line.is_refundable else None
    return {
        **_rule_json(line.rule, known_on),
        "rate_pct": line.rate_pct,
        "value_basis": REST if line.rule.basis == "full" and line.share_of_value < 1 else line.rule.basis,
        "share_of_value": line.share_of_value,
        "pct": line.pct,
        "refundable": line.is_refundable,
        "voided_by": voided.by if voided else None,
        "voided_known": str(voided.known) if voided else None,
    }


def _rule_json(rule: Rule, known_on: date | None) -> dict[str, Any]:
    until, last = _ends(rule, known_on)
    return {
        "id": rule.id,
        "program": rule.program,
        "measure": rule.measure,
        "title": rule.title,
        "heading": rule.heading,
        "effective_from": str(rule.effective_from),
        "effective_until": str(until) if until else None,
        "collected_until": str(last) if last else None,
        "known_on": str(rule.published),
        "known_basis": rule.known_basis,
        "citation": rule.citation,
        "link": rule.link,
        "confidence": rule.confidence,
    }


def _number(value: float) -> float | None:
    return None if numbers.is_missing(value) else value
