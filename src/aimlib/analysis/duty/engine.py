"""The engine: which rules of the law apply to classes of entries, and how much of the value each is due on.

It knows the form of a rule (`aimlib.reference.law.model`) and no measure, family or country by name. Everything is
worked out for classes of entries that the law cannot tell apart, one stretch of days without a change at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np

from aimlib.analysis.duty.entries import NONE, NOT_GIVEN
from aimlib.reference.law.model import COVERED, METAL_CONTENT, Law, MetalTest, Rule

_EPOCH = date(1970, 1, 1)
_NONE = -1

InForce: TypeAlias = "Mapping[int, np.ndarray | bool]"
"""Rules by their place in the law, and for which of the classes each is in force (True: for all)."""


@dataclass(frozen=True)
class Classes:
    """Classes of entries on one stretch of days: codes into the tables of values."""

    hts: np.ndarray
    origin: np.ndarray
    largest_smelt: np.ndarray
    second_smelt: np.ndarray
    recent_cast: np.ndarray
    claims: np.ndarray

    def __len__(self) -> int:
        return len(self.hts)


@dataclass(frozen=True)
class Values:
    """The values that the codes stand for."""

    hts: tuple[str, ...]
    origin: tuple[str, ...]
    metal: tuple[str, ...]
    claims: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Applied:
    """What applies to each class: by family the rule (its place in the law, -1 for none), the rate in percent, and
    the part of the value as ``fixed + by_share * metal_share``.

    ``displaced`` has, by family, the place of the yield rule that took something away, -1 for none. ``count`` is that
    of the classes.
    """

    count: int
    chosen: dict[str, np.ndarray]
    rate: dict[str, np.ndarray]
    fixed: dict[str, np.ndarray]
    by_share: dict[str, np.ndarray]
    displaced: dict[str, np.ndarray]

    def total(self, keep: np.ndarray, rates: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return the total in percent as ``fixed + by_share * metal_share``.

        `keep` is a table of rules (by place, the last for none) that count; `rates`, in the place of what they charge,
        a table of percent by rule.
        """
        fixed, by_share = np.zeros(self.count), np.zeros(self.count)
        for family, chosen in self.chosen.items():
            rate = np.where(keep[chosen], self.rate[family] if rates is None else rates[chosen], 0.0)
            fixed += rate * self.fixed[family]
            by_share += rate * self.by_share[family]
        return fixed, by_share

    def taken(self, places: np.ndarray, families: Iterable[str]) -> Applied:
        """Return what applies to some of the classes, in some families."""
        tables = (self.chosen, self.rate, self.fixed, self.by_share, self.displaced)
        return Applied(len(places), *({family: held[family][places] for family in families} for held in tables))


def day_number(day: date) -> int:
    """Return a day as whole days since 1970."""
    return (day - _EPOCH).days


def column_family(law: Law) -> str:
    """Return the family of the column 1 and 2 rates."""
    return law.of_measure(law.coverage.lines_of)[0].family


def boundaries(law: Law, known_on: date | None) -> np.ndarray:
    """Return the first days, as whole numbers since 1970, of the stretches on which the law does not change."""
    firsts = {day_number(law.coverage.first_day), day_number(law.coverage.verified_through) + 1}
    for one in (*law.rules, *law.yields):
        firsts.add(day_number(one.first))
        last = one.last_as_known(known_on)
        if last is not None:
            firsts.add(day_number(last) + 1)
    return np.array(sorted(firsts), dtype=np.int64)


def rules_in_force(law: Law, day: int, known_on: date | None) -> list[int]:
    """Return the places of the rules in force on a day (a whole number since 1970)."""
    when = date.fromordinal(_EPOCH.toordinal() + int(day))
    return [place for place, rule in enumerate(law.rules) if rule.in_force(when, known_on)]


def yields_in_force(law: Law, day: int, known_on: date | None) -> list[int]:
    when = date.fromordinal(_EPOCH.toordinal() + int(day))
    return [place for place, rule in enumerate(law.yields) if rule.in_force(when, known_on)]


def apply(law: Law, active: InForce, yields: InForce, classes: Classes, values: Values) -> Applied:
    """Return what applies to each class with these rules in force, a metal field not given counting as none.

    `active` and `yields` are in the law's order. Of a family the first rule that fits applies; then families yield to
    one another.
    """
    chosen = {family: np.full(len(classes), _NONE, dtype=np.int32) for family in families_of(law, active)}
    for place, where in active.items():
        rule = law.rules[place]
        held = chosen[rule.family]
        held[where & _fits(rule, classes, values) & (held == _NONE)] = place
    rate = _rates(law, active, chosen, classes, values)
    fixed = {family: np.zeros(len(classes)) for family in chosen}
    by_share = {family: np.zeros(len(classes)) for family in chosen}
    for place in active:
        rule = law.rules[place]
        mine = chosen[rule.family] == place
        fixed[rule.family][mine] = 0.0 if rule.basis == METAL_CONTENT else 1.0
        by_share[rule.family][mine] = 1.0 if rule.basis == METAL_CONTENT else 0.0
    displaced = {family: np.full(len(classes), _NONE) for family in chosen}
    found = Applied(len(classes), chosen, rate, fixed, by_share, displaced)
    _yield(law, yields, found)
    return found


def families_of(law: Law, active: Iterable[int]) -> list[str]:
    """Return the families of some rules, in print order."""
    held = {law.rules[place].family for place in active}
    return [family for family in law.families if family in held]


def _fits(rule: Rule, classes: Classes, values: Values) -> np.ndarray:
    lines = _table(values.hts, rule.lines.contains)
    origins = _table(values.origin, rule.origins.contains)
    claims = _table(values.claims, lambda made: rule.needs <= made and not rule.bars & made)
    found = lines[classes.hts] & origins[classes.origin] & claims[classes.claims]
    return found if rule.metal is None else found & _metal(rule.metal, classes, values)


def _metal(test: MetalTest, classes: Classes, values: Values) -> np.ndarray:
    among = _table(values.metal, test.countries.__contains__)
    absent = _table(values.metal, (NOT_GIVEN, NONE).__contains__)
    largest, second, cast = classes.largest_smelt, classes.second_smelt, classes.recent_cast
    if test.kind == "smelted_or_cast_in":
        return among[largest] | among[second] | among[cast]
    if test.kind == "smelted_and_cast_in":
        return among[largest] & (among[second] | absent[second]) & among[cast]
    return ~among[largest] & ~among[second]


def _table(values: tuple, test) -> np.ndarray:
    return np.fromiter((test(value) for value in values), dtype=bool, count=len(values))


def _rates(
    law: Law, active: InForce, chosen: dict[str, np.ndarray], classes: Classes, values: Values
) -> dict[str, np.ndarray]:
    """Return the rate of each family in percent; top-ups last, for they rest on the column 1 or 2 rate."""
    found = {family: np.zeros(len(classes)) for family in chosen}
    column = column_family(law)
    for place in sorted(active, key=lambda at: law.rules[at].rate.top_up_to is not None):
        rule = law.rules[place]
        mine = np.flatnonzero(chosen[rule.family] == place)
        if not len(mine):
            continue
        if rule.rate.by_line is not None:
            rates = np.array([rule.rate.by_line.get(code[:8], np.nan) for code in values.hts])[classes.hts[mine]]
        elif rule.rate.is_quota:
            rates = np.array([rule.rate.of("", made) for made in values.claims])[classes.claims[mine]]
        elif rule.rate.top_up_to is not None:
            rates = np.maximum(0.0, rule.rate.top_up_to - found[column][mine])
        else:
            rates = rule.rate.flat
        found[rule.family][mine] = rates
    return found


def _yield(law: Law, yields: InForce, found: Applied) -> None:
    """Take away what a family does not owe because another applies; what the other covers is as before it yields."""
    before = {family: (found.fixed[family].copy(), found.by_share[family].copy()) for family in found.chosen}
    for place, where in yields.items():
        rule = law.yields[place]
        if rule.to not in found.chosen:
            continue
        winner = found.chosen[rule.to]
        applies = where & (winner != _NONE) & ~_among(law, rule.unless)[winner]
        yielding = _among(law, rule.measures)
        for family in found.chosen:
            loses = applies & yielding[found.chosen[family]]
            if family == rule.to or not loses.any():
                continue
            covers, covers_share = (part[loses] for part in before[rule.to])
            # What another takes the aluminum content of is left with the rest, if it was due on more than that.
            keeps = (rule.part == COVERED) & (covers == 0) & (found.fixed[family][loses] > 0)
            found.fixed[family][loses] = np.where(keeps, 1.0, 0.0)
            found.by_share[family][loses] = np.where(keeps, -covers_share, 0.0)
            found.displaced[family][loses] = place


def _among(law: Law, measures: frozenset[str]) -> np.ndarray:
    """Tell of each rule, by place, whether its measure is among some; the last stands for no rule."""
    return np.array([rule.measure in measures for rule in law.rules] + [False])
