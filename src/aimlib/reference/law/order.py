"""The order in which rules are tried: of two measures of a family, the one that replaces the other comes first."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from aimlib.errors import AimError
from aimlib.reference.law.model import Rule


def in_order(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules with each measure after those that replace it.

    Raises AimError where measures replace one another in a circle.
    """
    replaced_by: dict[str, set[str]] = {rule.measure: set() for rule in rules}
    for rule in rules:
        for name in rule.replaces:
            replaced_by[name].add(rule.measure)
    try:
        order = {name: place for place, name in enumerate(TopologicalSorter(replaced_by).static_order())}
    except CycleError as circle:
        raise AimError(
            f"These measures replace one another in a circle: {', '.join(circle.args[1])}.",
            "Let one of them no longer say replaces.",
        ) from None
    return tuple(sorted(rules, key=lambda rule: (order[rule.measure], rule.first)))


def precedence(rules: Sequence[Rule]) -> dict[str, set[str]]:
    """Return, by measure, all measures that it comes before, also by way of others."""
    direct: dict[str, set[str]] = {}
    for rule in rules:
        direct.setdefault(rule.measure, set()).update(rule.replaces)
    found: dict[str, set[str]] = {}
    for rule in reversed(in_order(rules)):
        below = direct[rule.measure]
        found[rule.measure] = below.union(*(found[name] for name in below))
    return found
