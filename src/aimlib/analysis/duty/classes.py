"""Classes of entries that the law cannot tell apart, so that ten million entries are worked out once a class."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np

from aimlib.analysis.duty.engine import Classes, Values
from aimlib.analysis.duty.entries import METAL, NONE, NOT_GIVEN, Coded, Entries
from aimlib.reference.law.model import Law


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


def group(law: Law, entries: Entries, stretch: np.ndarray) -> Grouped:
    """Return entries by class; origins and metal countries that no rule tells apart are one."""
    origin, origins = _merged(entries.origin, _origin_signature(law))
    metal, metals = _metal(law, entries)
    columns = [stretch + 1, entries.hts.codes, origin, *metal.values(), entries.claims.codes]
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
        values=Values(
            hts=entries.hts.values,
            origin=origins,
            metal=metals,
            claims=tuple(frozenset(text.split("+")) - {""} for text in entries.claims.values),
        ),
    )


def metal_signature(law: Law) -> Callable[[str], Hashable]:
    """Return the function that tells metal countries apart: in which tests' countries they are."""
    tests = list(dict.fromkeys(rule.metal.countries for rule in law.rules if rule.metal is not None))
    return lambda name: (name in (NOT_GIVEN, NONE) and name, *(name in countries for countries in tests))


def _origin_signature(law: Law) -> Callable[[str], Hashable]:
    tests = list(dict.fromkeys(rule.origins for rule in law.rules))
    return lambda name: tuple(origins.contains(name) for origins in tests)


def _metal(law: Law, entries: Entries) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    """Return the codes of the metal fields in one table of values."""
    every = tuple(dict.fromkeys(value for name in METAL for value in entries.metal[name].values))
    place = {value: at for at, value in enumerate(every)}
    joined = {
        name: np.array([place[value] for value in column.values], dtype=np.int64)[column.codes]
        for name, column in entries.metal.items()
    }
    table, values = _table(every, metal_signature(law))
    return {name: table[codes] for name, codes in joined.items()}, values


def _merged(column: Coded, signature: Callable[[str], Hashable]) -> tuple[np.ndarray, tuple[str, ...]]:
    table, values = _table(column.values, signature)
    return table[column.codes], values


def _table(values: tuple[str, ...], signature: Callable[[str], Hashable]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return, for each value, the place of its group, and a member of each group."""
    groups: dict[Hashable, int] = {}
    members: list[str] = []
    table = np.empty(len(values), dtype=np.int64)
    for at, value in enumerate(values):
        sign = signature(value)
        if sign not in groups:
            groups[sign] = len(members)
            members.append(value)
        table[at] = groups[sign]
    return table, tuple(members)


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
