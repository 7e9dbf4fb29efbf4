"""The law changed: scenarios as small objects, each step a new one that says in words what it did.

Scenario("half").set_rate("s232_articles", 25, since=date(2026, 1, 1)).exempt("s232_articles", ["CAN"])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from aimlib.analysis.duty.reasons import day_words, named
from aimlib.errors import AimError, did_you_mean
from aimlib.reference import countries
from aimlib.reference.law import Law, Origins, Rate, Rule, load_law
from aimlib.reference.law import law as law_in_force
from aimlib.reference.law.model import BASES

_DAY = timedelta(days=1)
_BASIS_WORDS = {"full": "the full value", "metal_content": "the aluminum content", "rest": "the rest of the value"}


@dataclass(frozen=True)
class Scenario:
    """A law to compare with the law.

    Attributes
    ----------
    key, title
        Its name, and how it reads in print.
    law
        The law as changed.
    on
        The day whose law applies to all entries, whatever their own; None for each entry's own day.
    known_on
        The day whose knowledge counts; None for today's.
    steps
        What was changed, in words.
    """

    key: str
    title: str = ""
    law: Law = field(default_factory=law_in_force, repr=False)
    on: date | None = None
    known_on: date | None = None
    steps: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.title or self.key

    def set_rate(self, what: str, percent: float, *, since: date | None = None) -> Scenario:
        """Set a measure's rate, percent ad valorem, on all its days or from a day on.

        A quota's two rates become one.
        """
        if isinstance(percent, str) or not 0 <= percent <= 1000:
            raise AimError(f"A rate of {percent}% is not possible.", "Take a number in percent from 0 to 1000.")
        return self._edit(
            what,
            lambda rule: replace(rule, rate=Rate(flat=float(percent))),
            since,
            f"{self._title(what)} at {percent:g}%{_since(since)}",
        )

    def exempt(self, what: str, origins: Iterable[str], *, since: date | None = None) -> Scenario:
        """Exempt countries or groups (CAN, EU27) from a measure, a program or a family."""
        origins = [origins] if isinstance(origins, str) else origins
        out = frozenset(iso for name in origins for iso in countries.resolve(name).members)
        if not out:
            raise AimError(f"Scenario {self.key}: no country is exempt from {what}.", "Name some, such as CAN or EU27.")

        def without(rule: Rule) -> Rule:
            return replace(rule, origins=Origins(rule.origins.only, rule.origins.excluded | out))

        return self._edit(what, without, since, f"{named(out)} exempt from {self._title(what)}{_since(since)}")

    def set_basis(self, what: str, basis: str, *, since: date | None = None) -> Scenario:
        """Set the value that a measure is due on: full or metal_content."""
        if basis not in BASES[:2]:
            raise AimError(
                f"'{basis}' is no value basis for this.",
                did_you_mean(basis, BASES[:2]) or "Take full or metal_content.",
            )
        return self._edit(
            what,
            lambda rule: replace(rule, basis=basis),
            since,
            f"{self._title(what)} on {_BASIS_WORDS[basis]}{_since(since)}",
        )

    def start(self, what: str, on: date) -> Scenario:
        """Let a measure start on another day: what it was on its first day holds from then on."""
        rules, on = self._named(what), _a_day(on)
        first = min(rule.first for rule in rules)

        def moved(rule: Rule) -> list[Rule]:
            if rule.last is not None and rule.last < on:
                return []
            return [replace(rule, first=on if rule.first == first else max(rule.first, on))]

        return self._with(what, moved, f"{self._title(what)} from {day_words(on)}")

    def end(self, what: str, on: date) -> Scenario:
        """Let a measure end on a day, the last on which it is due; what it replaced comes back."""
        _a_day(on)

        def cut(rule: Rule) -> list[Rule]:
            if rule.first > on:
                return []
            return [rule if rule.last is not None and rule.last <= on else replace(rule, last=on, until_known=None)]

        return self._with(what, cut, f"{self._title(what)} until {day_words(on)}")

    def remove(self, what: str) -> Scenario:
        """Take a measure, a program or a family away."""
        return self._with(what, lambda rule: [], f"{self._title(what)} removed")

    def add(self, *files: Path) -> Scenario:
        """Add measures from YAML files (see CONTRIBUTING.md); only to the law as it stands."""
        if self.steps:
            raise AimError(f"Scenario {self.key}: measures can be added only before other changes.", "Add them first.")
        told = f"with {', '.join(Path(file).stem for file in files)}"
        return replace(self, law=load_law([Path(file) for file in files]), steps=(told,))

    def law_of(self, day: date) -> Scenario:
        """Apply the law of one day to all entries; AimError for a day that the law held does not cover."""
        self._covered(day)
        return replace(self, on=day, steps=(*self.steps, f"the law of {day_words(day)} on all entries"))

    def as_known(self, day: date) -> Scenario:
        """Apply the law as it was known on a day."""
        self._covered(day)
        return replace(self, known_on=day, steps=(*self.steps, f"the law as known on {day_words(day)}"))

    def _covered(self, day: date) -> None:
        held = self.law.coverage
        if not held.first_day <= _a_day(day) <= held.verified_through:
            raise AimError(
                f"Scenario {self.key}: the law held does not cover {day}.",
                f"Take a day from {held.first_day} through {held.verified_through}.",
            )

    def _edit(self, what: str, change: Callable[[Rule], Rule], since: date | None, words: str) -> Scenario:
        since = None if since is None else _a_day(since)

        def edited(rule: Rule) -> list[Rule]:
            if since is None or rule.first >= since:
                return [change(rule)]
            if rule.last is not None and rule.last < since:
                return [rule]
            before = replace(rule, last=since - _DAY, until_known=None)
            return [before, change(replace(rule, first=since))]

        return self._with(what, edited, words)

    def _with(self, what: str, change: Callable[[Rule], list[Rule]], words: str) -> Scenario:
        chosen = set(map(id, self._named(what)))
        rules = [new for rule in self.law.rules for new in (change(rule) if id(rule) in chosen else [rule])]
        steps = (*self.steps, words)
        return replace(self, law=replace(self.law, rules=tuple(rules), edits=steps), steps=steps)

    def _named(self, what: str) -> list[Rule]:
        """Return the rules of a measure, a program or a family; AimError with the nearest name where there is none."""
        found = [rule for rule in self.law.rules if what in (rule.measure, rule.program, rule.family)]
        if not found:
            names = {name for rule in self.law.rules for name in (rule.measure, rule.program, rule.family)}
            raise AimError(
                f"Scenario {self.key}: the law has no measure, program or family '{what}'.",
                did_you_mean(what, names) or f"The families are {', '.join(self.law.families)}.",
            )
        return found

    def _title(self, what: str) -> str:
        rules = self._named(what)
        if what in self.law.families:
            return self.law.families[what]
        titles = tuple(dict.fromkeys(rule.title for rule in rules))
        return titles[0] if len(titles) == 1 else f"{len(titles)} measures of the program {what}"


def _a_day(day: date) -> date:
    if not isinstance(day, date):
        raise AimError(f"'{day}' is no day.", "Give a datetime.date, such as date(2026, 1, 1).")
    return day


def the_law() -> Scenario:
    """Return the law as it stands, as a scenario to compare with."""
    return Scenario("law", "The law")


def _since(day: date | None) -> str:
    return f" from {day_words(day)}" if day else ""
