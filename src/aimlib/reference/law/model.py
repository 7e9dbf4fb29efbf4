"""What the law is made of, once its files are read: rules, each a measure over one stretch of days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType

from aimlib.reference import products

FULL, METAL_CONTENT, REST = "full", "metal_content", "rest"
BASES = (FULL, METAL_CONTENT, REST)
WHOLE, COVERED = "whole", "covered"

CLAIMS = MappingProxyType(
    {
        "usmca": "USMCA preference",
        "nafta": "NAFTA preference (until June 2020)",
        "fta": "preference of another trade agreement",
        "in_quota": "room in the tariff-rate quota",
        "commerce_authorisation": "authorization of the Commerce Department for heading 9903.82.19",
        "onshoring_quota": "quota of an approved U.S. smelter project",
        "uk_95": "at least 95% of the metal smelted or most recently cast in the United Kingdom",
        "us_95": "at least 95% of the metal smelted and cast in the United States (85% from June 8, 2026)",
        "exclusion": "product exclusion of Section 232",
        "general_exclusion": "general approved exclusion of Section 232",
    }
)
"""The facts that an importer may declare. What is not claimed is not made."""


@dataclass(frozen=True)
class Lines:
    """Tariff lines by prefix, digits only: those that start with a prefix and with none of ``excluded``."""

    prefixes: tuple[str, ...]
    excluded: tuple[str, ...] = ()

    def contains(self, code: str) -> bool:
        return code.startswith(self.prefixes) and not (self.excluded and code.startswith(self.excluded))

    def overlaps(self, other: Lines) -> bool:
        """Tell whether a line may be in both; exclusions that take all of an overlap away are seen."""
        return any(
            self.contains(longer) and other.contains(longer)
            for mine in self.prefixes
            for theirs in other.prefixes
            if (longer := max(mine, theirs, key=len)).startswith(min(mine, theirs, key=len))
        )


@dataclass(frozen=True)
class Origins:
    """Countries of origin, ISO alpha-3: only these, or all except these."""

    only: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()

    def contains(self, origin: str) -> bool:
        return (self.only is None or origin in self.only) and origin not in self.excluded

    def overlaps(self, other: Origins) -> bool:
        if self.only is None and other.only is None:
            return True
        if self.only is None or other.only is None:
            one, rest = (self, other) if self.only is not None else (other, self)
            return bool(one.only - one.excluded - rest.excluded)
        return bool((self.only - self.excluded) & (other.only - other.excluded))


@dataclass(frozen=True)
class MetalTest:
    """A test of where the metal was smelted and cast; ``unknown`` among the countries is the reported fact.

    ``smelted_or_cast_in``: the largest or the second smelt, or the most recent cast, is among the countries.
    ``smelted_and_cast_in``: largest smelt, second smelt (where there is one) and cast all are.
    ``not_smelted_in``: neither smelt is.
    """

    kind: str
    countries: frozenset[str]


@dataclass(frozen=True)
class Rate:
    """A rate in percent ad valorem: flat, by tariff line (eight digits), a quota's two, or up to a total.

    ``top_up_to`` is what the column 1 or 2 rate and this one reach together; the rate is never below zero.
    """

    flat: float | None = None
    by_line: Mapping[str, float] | None = None
    in_quota: float | None = None
    over_quota: float | None = None
    top_up_to: float | None = None

    @property
    def is_quota(self) -> bool:
        return self.in_quota is not None

    def of(self, line: str, claims: frozenset[str] | set[str], column: float = 0.0) -> float:
        """Return the rate of a line (eight digits or more), given the claims and the column 1 or 2 rate."""
        if self.by_line is not None:
            return self.by_line[line[:8]]
        if self.is_quota:
            return self.in_quota if "in_quota" in claims else self.over_quota
        if self.top_up_to is not None:
            return max(0.0, self.top_up_to - column)
        return self.flat


@dataclass(frozen=True)
class Voided:
    """What a court or an order voided later, and whether the duty is refunded."""

    by: str
    known: date
    link: str
    refundable: bool


@dataclass(frozen=True)
class Rule:
    """A measure over one stretch of days.

    Attributes
    ----------
    id
        The row of the timeline, such as A14; versions of one row share it.
    measure, program, family, title
        What it is. Of a family one measure applies to an entry.
    lines, origins, metal, needs, bars
        To which entries: tariff lines, origins, metal history, claims that must be and claims that must not be made.
    rate, basis
        How much, on the full value, the aluminum content, or the rest (what the family yielded to does not cover).
    first, last
        The entry dates on which it is payable, `last` included and None while open.
    effective_from, effective_until, collected_until
        The legal dates of the measure, and the last day of collection, which may lag.
    known, until_known
        The days on which start and end became known.
    published, known_basis
        The day on which the measure itself became known, and how that was worked out; `known` is later where it covers
        what another measure came to cover.
    revoked_known
        The day on which it became known that it would never take effect.
    replaces
        The measures of its family that it takes the place of, all of them named.
    in_total
        False for fees, deposits and duties whose rate is not held, which stand beside the total; `amount` says them in
        words, and `may_add` is what such a duty may add to it at most, percent.
    """

    id: str
    measure: str
    program: str
    family: str
    title: str
    lines: Lines
    origins: Origins
    metal: MetalTest | None
    needs: frozenset[str]
    bars: frozenset[str]
    rate: Rate
    basis: str
    first: date
    last: date | None
    effective_from: date
    effective_until: date | None
    collected_until: date | None
    known: date
    published: date
    known_basis: str
    until_known: date | None
    revoked_known: date | None
    heading: str
    citation: str
    link: str
    confidence: str
    replaces: frozenset[str] = frozenset()
    voided: Voided | None = None
    in_total: bool = True
    amount: str = ""
    may_add: float = 0.0
    note: str = ""
    caution: str = ""
    caution_lines: Lines | None = None

    def last_as_known(self, known_on: date | None) -> date | None:
        """Return the last day as known on a day: an end that was not known yet leaves the rule open."""
        if self.last is None or known_on is None or self.until_known is None:
            return self.last
        return self.last if self.until_known <= known_on else None

    def is_known(self, known_on: date | None) -> bool:
        """Tell whether the rule was known on a day (None: today's knowledge) and not revoked by then."""
        if known_on is None:
            return self.revoked_known is None
        return self.known <= known_on and (self.revoked_known is None or known_on < self.revoked_known)

    def in_force(self, day: date, known_on: date | None = None) -> bool:
        """Tell whether it is payable on entries of a day, as known on another."""
        last = self.last_as_known(known_on)
        return self.is_known(known_on) and self.first <= day and (last is None or day <= last)


@dataclass(frozen=True)
class Yield:
    """One family's measures yield to another family where that one applies.

    ``whole``: they are not due at all. ``covered``: they are due on the part of the value that the other does not
    cover. ``unless`` names measures of the other family that leave them due.
    """

    measures: frozenset[str]
    to: str
    part: str
    first: date
    last: date | None
    known: date
    until_known: date | None
    heading: str
    reason: str
    citation: str
    link: str
    unless: frozenset[str] = frozenset()

    def last_as_known(self, known_on: date | None) -> date | None:
        if self.last is None or known_on is None or self.until_known is None:
            return self.last
        return self.last if self.until_known <= known_on else None

    def in_force(self, day: date, known_on: date | None = None) -> bool:
        last = self.last_as_known(known_on)
        known = known_on is None or self.known <= known_on
        return known and self.first <= day and (last is None or day <= last)


@dataclass(frozen=True)
class Coverage:
    """From when on the law is told whole, up to when it was verified, and the measure whose lines are covered."""

    first_day: date
    verified_through: date
    verified_against: str
    chapter: str
    lines_of: str


@dataclass(frozen=True)
class Law:
    """The law: rules in the order in which they are tried (what replaces comes before what it replaces).

    ``families`` maps a family to its title in print order. ``edits`` says in words what a scenario changed; it is
    empty for the law as it stands.
    """

    rules: tuple[Rule, ...]
    yields: tuple[Yield, ...]
    families: Mapping[str, str]
    coverage: Coverage
    edits: tuple[str, ...] = field(default=())

    @cached_property
    def column_lines(self) -> frozenset[str]:
        """Return the lines of eight digits that are covered: those with a column 1 rate."""
        return frozenset(
            line
            for rule in self.rules
            if rule.measure == self.coverage.lines_of and rule.rate.by_line is not None
            for line in rule.rate.by_line
        )

    def of_measure(self, measure: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.measure == measure)

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.measure for rule in self.rules))


def digits(text: str) -> str:
    """Return a tariff code without points."""
    return text.replace(".", "").strip()


def printed(code: str) -> str:
    """Return a tariff code with its points: 7601.10.60.30."""
    return products.dotted(code)
