"""A second, literal implementation of the duty: one entry at a time, from the YAML files, in plain Python.

It shares nothing with the engine but the files themselves and the names of countries. A version of a measure is the
mapping as it stands in its file, with what the file says above it filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import yaml

from aimlib.reference import countries

DAY = timedelta(days=1)
ONE_SOURCE = ""
NOBODY_NAMES = "a country that no test names"
SAME = 1e-9


@dataclass(frozen=True)
class Answer:
    """In percent of the customs value; None for a range or a refusal."""

    total: float | None = None
    low: float | None = None
    high: float | None = None
    refundable: float | None = None
    missing: str = ""
    refused: str = ""


def digits(code) -> str:
    return str(code).replace(".", "")


def members(names) -> set[str]:
    """ISO codes of countries and groups; `unknown` stays a word of its own."""
    found = {"unknown"} & set(names)
    for name in set(names) - {"unknown"}:
        found.update(countries.resolve(name).members)
    return found


class Literal:
    """The law as its files tell it."""

    def __init__(self, folder: Path, extra: tuple[Path, ...] = ()) -> None:
        self.scopes = self.read(folder / "scopes.yml")
        self.coverage = self.read(folder / "coverage.yml")
        self.versions, self.stacking = [], []
        for path in [*sorted((folder / "measures").rglob("*.yml")), *extra]:
            self.take(self.read(path))
        self.name_ends()
        self.column = self.of(self.coverage["lines_of"])[0]["family"]
        self.kept = {}

    @staticmethod
    def read(path: Path) -> dict:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)

    # Reading

    def take(self, file: dict) -> None:
        """Take a file's measures: what a version does not say, its measure says, and else the file."""
        shared = {key: value for key, value in file.items() if key not in ("measures", "stacking", "versions")}
        for measure in file.get("measures") or [{"versions": file["versions"]}]:
            own = {key: value for key, value in measure.items() if key != "versions"}
            for version in measure["versions"]:
                self.versions.append(self.prepared(shared | own | version))
        for rule in file.get("stacking") or []:
            family = shared.get("family") or self.versions[-1]["family"]
            self.stacking.append(rule | {"family": family})

    @staticmethod
    def prepared(version: dict) -> dict:
        """A version with its countries looked up and its tariff codes as digits."""
        origins = version["origins"]
        origins = {} if origins == "all" else origins
        kind, countries_named = next(iter((version.get("metal") or {"": []}).items()))
        return version | {
            "only": members(origins["only"]) if "only" in origins else None,
            "except": members(origins.get("except", [])),
            "metal_kind": kind,
            "metal_countries": members(countries_named),
            "by_line": {digits(line): rate for line, rate in (version.get("by_line") or {}).items()},
        }

    def name_ends(self) -> None:
        """An end became known on the day that the file says, else when what follows on the next day became known."""
        for measure in {version["measure"] for version in self.versions}:
            own = sorted(self.of(measure), key=lambda version: version["from"])
            for version, following in pairwise([*own, None]):
                if version.get("until") and not version.get("until_known"):
                    assert following["from"] == version["until"] + DAY, version["id"]
                    version["until_known"] = following["known"]

    def of(self, measure: str) -> list[dict]:
        return [version for version in self.versions if version["measure"] == measure]

    # Days

    @staticmethod
    def ended(held: dict, last: date | None, day: date, known_on: date | None) -> bool:
        """Tell whether the last day has passed, as far as it was known."""
        if last is None or day <= last:
            return False
        return known_on is None or held["until_known"] <= known_on

    def running(self, version: dict, day: date, known_on: date | None) -> bool:
        """Tell whether a version is payable on a day, as known on another."""
        revoked = version.get("revoked_known")
        if revoked is not None and (known_on is None or known_on >= revoked):
            return False
        if known_on is not None and version["known"] > known_on:
            return False
        first = version.get("collected_from") or version["from"]
        last = version.get("collected_until") or version.get("until")
        return first <= day and not self.ended(version, last, day, known_on)

    def yielding(self, rule: dict, day: date, known_on: date | None) -> bool:
        if known_on is not None and rule["known"] > known_on:
            return False
        return rule["from"] <= day and not self.ended(rule, rule.get("until"), day, known_on)

    def on(self, day: date, known_on: date | None) -> tuple[list[dict], list[dict]]:
        """The versions and the stacking rules of a day."""
        key = (day, known_on)
        if key not in self.kept:
            self.kept[key] = (
                [version for version in self.versions if self.running(version, day, known_on)],
                [rule for rule in self.stacking if self.yielding(rule, day, known_on)],
            )
        return self.kept[key]

    # Lines

    def listed(self, version: dict, running: list[dict]) -> list[tuple[list[str], list[str]]]:
        """The lists of prefixes and exceptions that a version covers: its own, or those of what it follows."""
        if version.get("scope_of"):
            followed = [other for other in running if other["measure"] in version["scope_of"]]
            return [held for other in followed for held in self.listed(other, running)]
        scope = version["scope"]
        scope = {"lines": scope} if isinstance(scope, list) else self.scopes[scope]
        return [([digits(line) for line in scope["lines"]], [digits(line) for line in scope.get("except", [])])]

    def covers(self, version: dict, code: str, running: list[dict]) -> bool:
        for lines, exceptions in self.listed(version, running):
            inside = any(code.startswith(line) for line in lines)
            if inside and not any(code.startswith(line) for line in exceptions):
                return True
        return False

    def lines_below(self, code: str) -> list[str]:
        """The ten-digit lines below eight digits that some version names, and one that none does; none if none is."""
        if len(code) != 8:
            return []
        counted = [version for version in self.versions if version.get("in_total", True)]
        lists = [lines for version in counted if version.get("scope") for lines in self.listed(version, [])]
        named = sorted(
            {line for both in lists for lines in both for line in lines if line[:8] == code and len(line) == 10}
        )
        return (
            [*named, next(code + f"{end:02d}" for end in range(100) if code + f"{end:02d}" not in named)]
            if named
            else []
        )

    # Facts

    @staticmethod
    def is_of(version: dict, origin: str) -> bool:
        return (version["only"] is None or origin in version["only"]) and origin not in version["except"]

    @staticmethod
    def is_claimed(version: dict, claims: set[str]) -> bool:
        asked = version.get("claims") or {}
        return set(asked.get("needs", [])) <= claims and not set(asked.get("bars", [])) & claims

    @staticmethod
    def metal_fits(version: dict, largest: str, second: str, cast: str) -> bool:
        kind, named = version["metal_kind"], version["metal_countries"]
        if kind == "smelted_or_cast_in":
            return largest in named or second in named or cast in named
        if kind == "smelted_and_cast_in":
            return largest in named and (second in ("", "N/A") or second in named) and cast in named
        if kind == "not_smelted_in":
            return largest not in named and second not in named
        assert kind == "", kind
        return True

    # Precedence

    def names_as_lower(self, upper: dict, lower: dict) -> bool:
        """Tell whether the files say that one measure takes the place of another."""
        if upper["measure"] == lower["measure"]:
            return False
        if upper["measure"] in self.replacers(lower):
            return True
        if upper.get("replaces") == "*":
            return lower.get("replaces") != "*" and lower["measure"] not in self.replacers(upper)
        return lower["measure"] in (upper.get("replaces") or [])

    @staticmethod
    def replacers(version: dict) -> list[str]:
        return version.get("replaced_by") or []

    def precedes(self, upper: dict, lower: dict) -> bool:
        """Tell whether one measure takes the place of another, also by way of others."""
        key = ("precedes", upper["measure"], lower["measure"])
        if key not in self.kept:
            family = {one["measure"]: one for one in self.versions if one["family"] == upper["family"]}
            reached, waiting = set(), [upper]
            while waiting:
                one = waiting.pop()
                for name, other in family.items():
                    if name not in reached and self.names_as_lower(one, other):
                        reached.add(name)
                        waiting.append(other)
            self.kept[key] = lower["measure"] in reached
        return self.kept[key]

    def winner(self, fitting: list[dict]) -> dict:
        """The version that takes the place of all others that fit; several may stay only if they come to the same."""
        best = [one for one in fitting if not any(self.precedes(other, one) for other in fitting)]
        assert len({(one.get("rate"), one["basis"]) for one in best}) == 1, [one["id"] for one in best]
        return best[0]

    # Amounts

    @staticmethod
    def rate(version: dict, code: str, claims: set[str], column: float) -> float:
        if version["by_line"]:
            return max(version["by_line"][code[:8]], version.get("least", 0))
        if version.get("quota"):
            return version["quota"]["in" if "in_quota" in claims else "over"]
        if version.get("top_up_to") is not None:
            return max(0.0, version["top_up_to"] - column)
        return version["rate"]

    def charged(self, entry: dict, fitting: list[dict], stacking: list[dict]) -> list[tuple[dict, float]]:
        """The measure of each family with what it comes to, in percent of the value."""
        chosen = {
            family: self.winner([version for version in fitting if version["family"] == family])
            for family in {version["family"] for version in fitting}
        }
        share = {name: entry["metal_share"] if one["basis"] == "metal_content" else 1 for name, one in chosen.items()}
        left = dict(share)
        for rule in stacking:
            loser, other = chosen.get(rule["family"]), chosen.get(rule["yields_to"])
            if loser is None or other is None or other["measure"] in rule.get("unless", []):
                continue
            if rule["measures"] == "all" or loser["measure"] in rule["measures"]:
                rest = share[rule["family"]] - share[rule["yields_to"]] if rule["part"] == "covered" else 0
                left[rule["family"]] = max(0, min(left[rule["family"]], rest))
        column = self.rate(chosen[self.column], entry["hts"], entry["claims"], 0)
        return [
            (one, self.rate(one, entry["hts"], entry["claims"], column) * left[family])
            for family, one in chosen.items()
            if one.get("in_total", True)
        ]

    @staticmethod
    def is_refunded(version: dict, known_on: date | None) -> bool:
        voided = version.get("voided")
        return bool(voided and voided["refundable"]) and (known_on is None or voided["known"] <= known_on)

    # The answer

    def refusal(self, entry: dict) -> str:
        if entry["day"] < self.coverage["first_day"]:
            return "before coverage"
        if entry["day"] > self.coverage["verified_through"]:
            return "beyond verified coverage"
        if all(entry["hts"][:8] not in version["by_line"] for version in self.of(self.coverage["lines_of"])):
            return "not covered"
        return ""

    def possible(self, entry: dict) -> list[tuple[str, str, str]]:
        """What smelts and cast there may be: all, where a field is not given. A second smelt blank beside a given
        largest smelt is one source."""
        every = sorted({name for version in self.versions for name in version["metal_countries"]} | {"unknown"})
        every.append(NOBODY_NAMES)
        largest, second, cast = entry["largest_smelt"], entry["second_smelt"], entry["recent_cast"]
        return [
            (one, other, last)
            for one in ([largest] if largest else every)
            for other in ([second] if second or largest else [ONE_SOURCE, *every])
            for last in ([cast] if cast else every)
        ]

    def answer(self, entry: dict, known_on: date | None = None) -> Answer:
        """The duty on an entry: day, hts (digits), origin, largest_smelt, second_smelt, recent_cast ('' where not
        given), claims (a set), metal_share."""
        running, stacking = self.on(entry["day"], known_on)
        refused = self.refusal(entry)
        if refused:
            return Answer(refused=refused)
        lines = self.lines_below(entry["hts"])
        if lines:
            every = [self.answer({**entry, "hts": line}, known_on) for line in lines]
            return every[0] if all(alike(one, every[0]) for one in every) else Answer(refused="ten digits")
        mine = [
            version
            for version in running
            if self.covers(version, entry["hts"], running)
            and self.is_of(version, entry["origin"])
            and self.is_claimed(version, entry["claims"])
        ]
        metals = self.possible(entry)
        if not any(version["metal_kind"] for version in mine):
            metals = metals[:1]
        found = {}
        for metal in metals:
            fitting = [version for version in mine if self.metal_fits(version, *metal)]
            charged = self.charged(entry, fitting, stacking)
            back = sum(amount for version, amount in charged if self.is_refunded(version, known_on))
            found[metal] = (sum(amount for _, amount in charged), back)
        return self.summed_up(found)

    @staticmethod
    def summed_up(found: dict[tuple[str, str, str], tuple[float, float]]) -> Answer:
        totals = [total for total, _ in found.values()]
        low, high = min(totals), max(totals)
        if high - low <= SAME:
            return Answer(total=low, low=low, high=high, refundable=next(iter(found.values()))[1])
        missing = [name for place, name in ((0, "largest_smelt"), (2, "recent_cast")) if matters(found, place)]
        return Answer(low=low, high=high, missing="+".join(missing))


def matters(found: dict[tuple[str, str, str], tuple[float, float]], place: int) -> bool:
    """Tell whether the answer changes with one of the metal's fields while the others stay."""
    others: dict[tuple, list[float]] = {}
    for metal, (total, _) in found.items():
        others.setdefault((*metal[:place], *metal[place + 1 :]), []).append(total)
    return any(max(totals) - min(totals) > SAME for totals in others.values())


def alike(one: Answer, other: Answer) -> bool:
    """Tell whether two answers say the same."""
    numbers = ("total", "low", "high", "refundable")
    pairs = [(getattr(one, name), getattr(other, name)) for name in numbers]
    same = all(a == b or (a is not None and b is not None and abs(a - b) <= SAME) for a, b in pairs)
    return same and (one.missing, one.refused) == (other.missing, other.refused)
