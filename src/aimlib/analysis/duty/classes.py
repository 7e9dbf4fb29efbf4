"""Classes of entries that the law cannot tell apart, so that ten million entries are worked out once a class.

On each stretch of days without a change, values that no rule in force tells apart stand for one another.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aimlib.analysis.duty.engine import Classes, Values
from aimlib.analysis.duty.entries import METAL, NONE, NOT_GIVEN, Entries
from aimlib.reference.law.model import Law, Rule


@dataclass(frozen=True)
class Grouped:
    """The class of each entry, and each class's stretch of days (-1: before the first), first day seen and codes."""

    class_of: np.ndarray
    stretch: np.ndarray
    first_day: np.ndarray
    hts: np.ndarray
    origin: np.ndarray
    metal: dict[str, np.ndarray]
    claims: np.ndarray
    values: Values

    def classes(self, places: np.ndarray) -> Classes:
        """Return the codes of some classes."""
        metal = {name: self.metal[name][places] for name in METAL}
        return Classes(hts=self.hts[places], origin=self.origin[places], claims=self.claims[places], **metal)


def group(law: Law, entries: Entries, stretch: np.ndarray, active: Mapping[int, Sequence[int]]) -> Grouped:
    """Return entries by class.

    `stretch` is each entry's stretch of days (-1: before the first), `active` the places of the rules in force on each
    of these.
    """
    rules = {at: [law.rules[place] for place in places] for at, places in active.items()}
    metal, metals = _one_table(entries)
    claims = tuple(frozenset(text.split("+")) - {""} for text in entries.claims.values)
    origin = _merged(stretch, entries.origin.codes, entries.origin.values, rules, _origin_sign)
    columns = [
        stretch + 1,
        _merged(stretch, entries.hts.codes, entries.hts.values, rules, _line_sign),
        origin,
        *(_merged(stretch, codes, metals, rules, _metal_sign) for codes in metal.values()),
        _claims(stretch, origin, entries.claims.codes, entries.origin.values, claims, rules),
    ]
    keys, class_of = _combined(columns)
    first = np.full(len(keys[0]), np.iinfo(np.int64).max)
    np.minimum.at(first, class_of, entries.days)
    return Grouped(
        class_of=class_of,
        stretch=keys[0] - 1,
        first_day=first,
        hts=keys[1],
        origin=keys[2],
        metal=dict(zip(METAL, keys[3:6], strict=True)),
        claims=keys[6],
        values=Values(hts=entries.hts.values, origin=entries.origin.values, metal=metals, claims=claims),
    )


def _line_sign(rules: list[Rule]) -> Callable[[str], Hashable]:
    """Tell lines apart: in which lists they are, and at which rate of their own."""
    lists = list(dict.fromkeys(rule.lines for rule in rules))
    rates = [rule.rate.by_line for rule in rules if rule.rate.by_line is not None]

    def sign(code: str) -> Hashable:
        return tuple(held.contains(code) for held in lists), tuple(by.get(code[:8]) for by in rates)

    return sign


def _origin_sign(rules: list[Rule]) -> Callable[[str], Hashable]:
    tests = list(dict.fromkeys(rule.origins for rule in rules))
    return lambda name: tuple(origins.contains(name) for origins in tests)


def _metal_sign(rules: list[Rule]) -> Callable[[str], Hashable]:
    tests = list(dict.fromkeys(rule.metal.countries for rule in rules if rule.metal is not None))
    if not tests:
        return lambda name: ()
    return lambda name: (name in (NOT_GIVEN, NONE) and name, *(name in countries for countries in tests))


def _merged(
    stretch: np.ndarray,
    codes: np.ndarray,
    values: tuple[str, ...],
    rules: dict[int, list[Rule]],
    sign_of: Callable[[list[Rule]], Callable[[str], Hashable]],
) -> np.ndarray:
    """Return codes with those that a stretch's rules do not tell apart made one."""
    table = np.arange(len(values))[None, :].repeat(max(rules, default=-1) + 2, axis=0)
    for row, held in rules.items():
        sign, groups = sign_of(held), {}
        table[row] = [groups.setdefault(sign(value), code) for code, value in enumerate(values)]
    return table[stretch, codes]


def _claims(
    stretch: np.ndarray,
    origin: np.ndarray,
    codes: np.ndarray,
    origins: tuple[str, ...],
    claims: tuple[frozenset[str], ...],
    rules: dict[int, list[Rule]],
) -> np.ndarray:
    """Return codes of claims with those made one that differ only in claims which no rule for the origin knows."""
    rows = max(rules, default=-1) + 2
    table = np.arange(len(claims))[None, None, :].repeat(rows, axis=0).repeat(len(origins), axis=1)
    for row, held in rules.items():
        for column, name in enumerate(origins):
            known = frozenset().union(*(_known_claims(rule) for rule in held if rule.origins.contains(name)))
            groups: dict[frozenset[str], int] = {}
            table[row, column] = [groups.setdefault(made & known, code) for code, made in enumerate(claims)]
    return table[stretch, origin, codes]


def _known_claims(rule: Rule) -> frozenset[str]:
    return rule.needs | rule.bars | ({"in_quota"} if rule.rate.is_quota else frozenset())


def _one_table(entries: Entries) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    """Return the codes of the metal fields in one table of values."""
    every = tuple(dict.fromkeys(value for name in METAL for value in entries.metal[name].values))
    place = {value: at for at, value in enumerate(every)}
    codes = {
        name: np.array([place[value] for value in column.values], dtype=np.int64)[column.codes]
        for name, column in entries.metal.items()
    }
    return codes, every


def _combined(columns: list[np.ndarray]) -> tuple[list[np.ndarray], np.ndarray]:
    """Return the distinct rows of integer columns, and the place of each row among them."""
    sizes = [int(column.max(initial=0)) + 1 for column in columns]
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column, size in zip(columns, sizes, strict=True):
        key = key * size + column
    distinct, place = np.unique(key, return_inverse=True)
    parts = []
    for size in reversed(sizes):
        parts.append(distinct % size)
        distinct = distinct // size
    return parts[::-1], place
