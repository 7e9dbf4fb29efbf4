"""What the law's files must keep between them: no gaps, no overlaps without a precedence, nothing without a ground."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import combinations, pairwise
from typing import Any

from aimlib.errors import AimError
from aimlib.reference.law.model import COVERED, REST, Law, Rule, printed
from aimlib.reference.law.order import precedence

_DAY = timedelta(days=1)


def check_law(law: Law, by_measure: Mapping[str, list[Any]]) -> None:
    """Raise AimError naming the first measure that breaks a rule of the form; `by_measure` are the files' versions."""
    for name, versions in by_measure.items():
        _check_days(name, sorted(versions, key=lambda one: one.from_))
    _check_precedence(law)
    _check_lines(law)
    _check_rest(law)


def _check_days(name: str, versions: list[Any]) -> None:
    for one, after in pairwise(versions):
        if one.revoked_known is not None:
            continue
        if one.until is None or after.from_ <= one.until:
            raise AimError(
                f"{name}: version {after.id} starts on {after.from_}, while version {one.id} "
                + (f"still runs until {one.until}." if one.until else "has no end."),
                "End the earlier one the day before.",
            )
        if after.from_ != one.until + _DAY and not after.gap:
            raise AimError(
                f"{name}: between {one.until} and {after.from_} there is a gap.",
                "Close it, or say in the later version why there is one (gap: ...).",
            )


def _check_precedence(law: Law) -> None:
    below = precedence(law.rules)
    for one, other in combinations(law.rules, 2):
        if one.measure == other.measure or one.family != other.family:
            continue
        declared = other.measure in below[one.measure] or one.measure in below[other.measure]
        if not declared and _may_meet(one, other):
            raise AimError(
                f"{one.measure} ({one.id}) and {other.measure} ({other.id}) of the family {one.family} can apply to "
                "the same entry, and neither says which replaces the other.",
                "Add replaces: [...] to one of them.",
            )


def _may_meet(one: Rule, other: Rule) -> bool:
    """Tell whether both may apply to one entry: days, lines, origins and claims agree. Metal is taken as open."""
    revoked = one.revoked_known is not None or other.revoked_known is not None
    days = (one.last is None or other.first <= one.last) and (other.last is None or one.first <= other.last)
    claims = not (one.needs & other.bars or other.needs & one.bars)
    return not revoked and days and claims and one.origins.overlaps(other.origins) and one.lines.overlaps(other.lines)


def _check_lines(law: Law) -> None:
    """Raise AimError where rates by line leave a line out that is covered and in the scope."""
    for rule in law.rules:
        if rule.rate.by_line is None or rule.measure == law.coverage.lines_of:
            continue
        lacking = sorted(
            line for line in law.column_lines if rule.lines.contains(line) and line not in rule.rate.by_line
        )
        if lacking:
            raise AimError(
                f"{rule.measure} ({rule.id}) has rates by line and none for {printed(lacking[0])}"
                + (f" and {len(lacking) - 1} more lines of its scope." if len(lacking) > 1 else "."),
                "Give a rate for each, or narrow the scope.",
            )


def _check_rest(law: Law) -> None:
    covered = {name for rule in law.yields if rule.part == COVERED for name in rule.measures}
    for rule in law.rules:
        if rule.basis == REST and rule.in_total and rule.measure not in covered:
            raise AimError(
                f"{rule.measure} is due on the rest of the value, and no stacking rule says of what.",
                "Add a stacking rule with part: covered.",
            )
