"""What an answer could be where the smelt or the cast was not given: every country that a test tells apart is tried."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from aimlib.analysis.duty.engine import Classes, Values, apply
from aimlib.analysis.duty.entries import NOT_GIVEN
from aimlib.reference.law.model import Law

OPEN = ("largest_smelt", "recent_cast")
ELSEWHERE = "elsewhere"
"""A country that no test names."""
_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Ranges:
    """The totals of classes that have more than one: ``fixed + by_share * metal_share``, a column a possibility.

    ``places`` are those classes; ``missing`` says for every class which fields would settle it, joined by ``+``.
    """

    places: np.ndarray
    fixed: np.ndarray
    by_share: np.ndarray
    missing: np.ndarray


def missing_ranges(law: Law, active: list[int], yields: list[int], classes: Classes, values: Values) -> Ranges:
    """Return the ranges of classes on days with these rules in force.

    A second smelt that is blank beside a blank largest smelt is tried too where it can make a difference of its own:
    where a test that all smelts must meet goes before one that any of them meets.
    """
    missing = np.full(len(classes), "", dtype=object)
    tests = [law.rules[place].metal for place in active if law.rules[place].metal is not None]
    lacks = {name: _not_given(values)[getattr(classes, name)] for name in OPEN}
    candidates = (ELSEWHERE, *sorted({country for test in tests for country in test.countries}))
    candidates = _told_apart(candidates, tests)
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    second = ("second_smelt",) if _second_matters(law, active) else ()
    for names in (("largest_smelt",), ("recent_cast",), OPEN):
        is_so = np.logical_and.reduce([lacks[name] == (name in names) for name in OPEN])
        for places in _chunks(np.flatnonzero(is_so), len(candidates) ** (len(names) + len(second))) if tests else ():
            tried = (*names, *(second if "largest_smelt" in names else ()))
            fixed, by_share = _totals(law, active, yields, classes, values, places, tried, candidates)
            varies = {name: _varies(fixed, axis) | _varies(by_share, axis) for axis, name in enumerate(names, start=1)}
            keep = np.logical_or.reduce(list(varies.values()))
            missing[places] = _named(varies, names)
            shape = (int(keep.sum()), len(candidates) ** len(tried))
            found.append((places[keep], fixed[keep].reshape(shape), by_share[keep].reshape(shape)))
    return _joined([part for part in found if len(part[0])], missing)


def _totals(
    law: Law,
    active: list[int],
    yields: list[int],
    classes: Classes,
    values: Values,
    places: np.ndarray,
    names: tuple[str, ...],
    candidates: tuple[str, ...],
) -> tuple[np.ndarray, np.ndarray]:
    """Return the totals of classes with each candidate in the fields not given, one axis a field."""
    base = len(values.metal)
    values = replace(values, metal=(*values.metal, *candidates))
    shape = (len(places), *(len(candidates) for _ in names))
    each = np.indices(shape).reshape(len(shape), -1)
    filled = {name: base + each[axis] for axis, name in enumerate(names, start=1)}
    columns = {name: codes[places][each[0]] for name, codes in vars(classes).items()}
    if "second_smelt" in filled:
        # One that is given beside a blank largest smelt stays, N/A (one source) too.
        given = ~_not_given(values)[columns["second_smelt"]]
        filled["second_smelt"] = np.where(given, columns["second_smelt"], filled["second_smelt"])
    in_force = dict.fromkeys(active, True), dict.fromkeys(yields, True)
    applied = apply(law, *in_force, Classes(**{**columns, **filled}), values)
    counts = np.array([rule.in_total for rule in law.rules] + [False])
    fixed, by_share = applied.total(keep=counts)
    return fixed.reshape(shape), by_share.reshape(shape)


def _second_matters(law: Law, active: list[int]) -> bool:
    """Tell whether a rule that all smelts must meet is tried before one of its family that any smelt meets."""
    families: set[str] = set()
    for rule in (law.rules[place] for place in active if law.rules[place].metal is not None):
        if rule.metal.kind == "smelted_and_cast_in":
            families.add(rule.family)
        elif rule.family in families:
            return True
    return False


def _told_apart(candidates: tuple[str, ...], tests: list) -> tuple[str, ...]:
    """Return one candidate of those that the tests do not tell apart."""
    groups: dict[tuple[bool, ...], str] = {}
    for name in candidates:
        groups.setdefault(tuple(name in test.countries for test in tests), name)
    return tuple(groups.values())


def _varies(totals: np.ndarray, axis: int) -> np.ndarray:
    spread = totals.max(axis=axis) - totals.min(axis=axis)
    return (spread > 1e-9).reshape(len(totals), -1).any(axis=1)


def _named(varies: dict[str, np.ndarray], names: tuple[str, ...]) -> np.ndarray:
    out = np.full(len(varies[names[0]]), "", dtype=object)
    for name in names:
        out = np.where(varies[name], np.where(out == "", name, out + "+" + name), out)
    return out


def _not_given(values: Values) -> np.ndarray:
    return np.array([value == NOT_GIVEN for value in values.metal])


def _chunks(places: np.ndarray, times: int) -> list[np.ndarray]:
    return np.array_split(places, max(1, len(places) * times // _AT_ONCE)) if len(places) else []


def _joined(found: list[tuple[np.ndarray, np.ndarray, np.ndarray]], missing: np.ndarray) -> Ranges:
    """Return all ranges in one table as wide as the widest, each row filled up with a total of its own."""
    if not found:
        return Ranges(np.empty(0, dtype=np.int64), np.empty((0, 1)), np.empty((0, 1)), missing)
    packed = [(places, *_distinct(fixed, by_share)) for places, fixed, by_share in found]
    width = max(fixed.shape[1] for _, fixed, _ in packed)
    wide = [(places, _filled(fixed, width), _filled(by_share, width)) for places, fixed, by_share in packed]
    return Ranges(*(np.concatenate(parts) for parts in zip(*wide, strict=True)), missing)


def _distinct(fixed: np.ndarray, by_share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns that differ from those before."""
    kept: list[int] = []
    for column in range(fixed.shape[1]):
        same = (
            np.array_equal(fixed[:, column], fixed[:, one]) and np.array_equal(by_share[:, column], by_share[:, one])
            for one in kept
        )
        if not any(same):
            kept.append(column)
    return fixed[:, kept], by_share[:, kept]


def _filled(table: np.ndarray, width: int) -> np.ndarray:
    return np.concatenate([table, np.repeat(table[:, :1], width - table.shape[1], axis=1)], axis=1)
