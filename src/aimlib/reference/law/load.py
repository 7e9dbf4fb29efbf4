"""The law out of its files: versions become rules, references are looked up, and the whole is checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from aimlib.errors import AimError, did_you_mean
from aimlib.reference import countries
from aimlib.reference.law.checks import check_law
from aimlib.reference.law.files import (
    CoverageFile,
    MetalFile,
    OriginsFile,
    ScopeFile,
    VersionFile,
    YieldFile,
    checked,
    law_files,
    read_yaml,
    versions_in,
)
from aimlib.reference.law.model import Coverage, Law, Lines, MetalTest, Origins, Rate, Rule, Voided, Yield
from aimlib.reference.law.order import in_order

UNKNOWN = "unknown"
_DAY = timedelta(days=1)
_Ended = tuple[VersionFile, date | None]


@cache
def law() -> Law:
    """Return the law as it stands in the package. Shared: it cannot be changed, only edited into another."""
    return load_law()


@cache
def law_digest() -> str:
    """Return the hexadecimal SHA-256 of the package's law files, by which a bulletin says which law it used."""
    root = files("aimlib.reference") / "law"
    digest = hashlib.sha256()
    for path in law_files(root):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def load_law(extra: Sequence[Path | str] = ()) -> Law:
    """Return the law of the package with the measures of `extra` files added.

    Raises AimError for a file that is not of the form, a measure whose versions leave a gap, an overlap without a
    declared precedence, a reference to nothing, a rate without a basis, or an end before a start.
    """
    root = files("aimlib.reference") / "law"
    scopes = {
        name: checked(ScopeFile, held, f"scopes.yml, {name}") for name, held in read_yaml(root / "scopes.yml").items()
    }
    versions: list[VersionFile] = []
    stacking: list[tuple[str, YieldFile]] = []
    for path in [*law_files(root / "measures"), *map(Path, extra)]:
        found, rules = versions_in(read_yaml(path), path.name)
        versions += found
        stacking += rules
    coverage = checked(CoverageFile, read_yaml(root / "coverage.yml"), "coverage.yml")
    families = dict(read_yaml(root / "families.yml"))
    for version in versions:
        if version.family not in families and not version.family_title:
            raise AimError(
                f"{version.measure} is of the family '{version.family}', which is not known.",
                did_you_mean(version.family, families) or "Say family_title for a new family.",
            )
        families.setdefault(version.family, version.family_title)
    return build(versions, stacking, scopes, families, Coverage(**coverage.model_dump()))


def build(
    versions: Sequence[VersionFile],
    stacking: Iterable[tuple[str, YieldFile]],
    scopes: dict[str, ScopeFile],
    families: dict[str, str],
    coverage: Coverage,
) -> Law:
    """Return the law made of versions and stacking rules."""
    by_measure: dict[str, list[VersionFile]] = {}
    for version in versions:
        by_measure.setdefault(version.measure, []).append(version)
    _check_names(by_measure, families)
    ended = {measure: _ends(held) for measure, held in by_measure.items()}
    rules = [rule for measure in ended for rule in _rules(measure, ended, scopes)]
    found = Law(
        rules=in_order(rules),
        yields=tuple(_yield(family, rule, by_measure, families) for family, rule in stacking),
        families=families,
        coverage=coverage,
    )
    check_law(found, by_measure)
    return found


def _rules(measure: str, ended: dict[str, list[_Ended]], scopes: dict[str, ScopeFile]) -> list[Rule]:
    """Return the rules of one measure; where it covers what others cover, one for each version of theirs."""
    found = []
    for version, until_known in ended[measure]:
        rule = _rule(version, until_known, {name: [one for one, _ in held] for name, held in ended.items()})
        if not version.scope_of:
            found.append(replace(rule, lines=_lines(version, scopes)))
            continue
        for name in version.scope_of:
            _must_be(name, ended, version)
            if any(other.scope_of for other, _ in ended[name]):
                raise AimError(
                    f"{version.measure}, version {version.id}: scope_of names {name}, which has a scope_of itself.",
                    "Name the measures that have a scope of their own.",
                )
            spans = [(_together(rule, *other), other[0]) for other in ended[name]]
            found += [replace(span, lines=_lines(other, scopes)) for span, other in spans if span is not None]
    return found


def _ends(versions: list[VersionFile]) -> list[_Ended]:
    """Return versions in order of time with the day on which their end became known: their own, or the next's."""
    versions = sorted(versions, key=lambda one: one.from_)
    found = []
    for version, follower in zip(versions, [*versions[1:], None], strict=True):
        follows = follower is not None and version.until is not None and follower.from_ == version.until + _DAY
        until_known = version.until_known or (follower.known if follows else None)
        if version.until is not None and until_known is None:
            raise AimError(
                f"{version.measure}, version {version.id}: when its end on {version.until} became known is missing.",
                "Say until_known, or let a version follow on the day after.",
            )
        found.append((version, until_known))
    return found


def _rule(version: VersionFile, until_known: date | None, by_measure: dict[str, list[VersionFile]]) -> Rule:
    first = version.collected_from or version.from_
    last = version.collected_until or version.until
    return Rule(
        id=version.id,
        measure=version.measure,
        program=version.program,
        family=version.family,
        title=version.title,
        lines=Lines(()),
        origins=_origins(version.origins, version.measure),
        metal=_metal(version.metal, version.measure),
        needs=frozenset(version.claims.needs),
        bars=frozenset(version.claims.bars),
        rate=_rate(version),
        basis=version.basis,
        first=first,
        last=last,
        effective_from=version.from_,
        effective_until=version.until,
        collected_until=last,
        known=version.known,
        published=version.known,
        known_basis=version.known_basis,
        until_known=until_known,
        revoked_known=version.revoked_known,
        heading=version.heading,
        citation=version.citation,
        link=version.link,
        confidence=version.confidence,
        replaces=_replaced(version, by_measure),
        voided=Voided(**version.voided.model_dump()) if version.voided else None,
        in_total=version.in_total,
        amount=version.amount,
        may_add=version.may_add,
        note=version.note,
        caution=version.caution,
        caution_lines=Lines(version.caution_lines) if version.caution_lines else None,
    )


def _together(rule: Rule, other: VersionFile, other_end_known: date | None) -> Rule | None:
    """Return the rule over the days that it shares with another version, None where there are none."""
    begins, ends = other.collected_from or other.from_, other.collected_until or other.until
    first = max(rule.first, begins)
    last, until_known = rule.last, rule.until_known
    if ends is not None and (last is None or ends < last):
        last, until_known = ends, other_end_known
    if last is not None and last < first:
        return None
    return replace(rule, first=first, last=last, until_known=until_known, known=max(rule.known, other.known))


def _lines(version: VersionFile, scopes: dict[str, ScopeFile]) -> Lines:
    if isinstance(version.scope, tuple):
        return Lines(version.scope)
    if version.scope not in scopes:
        raise AimError(
            f"{version.measure}, version {version.id}: there is no scope '{version.scope}'.",
            did_you_mean(str(version.scope), scopes) or f"The scopes are {', '.join(scopes)}.",
        )
    held = scopes[version.scope]
    return Lines(held.lines, held.excluded)


def _origins(held: str | OriginsFile, measure: str) -> Origins:
    if held == "all":
        return Origins()
    only = None if held.only is None else _countries(held.only, measure)
    return Origins(only, _countries(held.excluded or (), measure))


def _metal(held: MetalFile | None, measure: str) -> MetalTest | None:
    if held is None:
        return None
    ((kind, names),) = held.model_dump(exclude_none=True).items()
    named = _countries([name for name in names if name != UNKNOWN], measure)
    return MetalTest(kind, named | ({UNKNOWN} if UNKNOWN in names else set()))


def _countries(names: Iterable[str], measure: str) -> frozenset[str]:
    """Return ISO codes; a group stands for its members."""
    found: set[str] = set()
    for name in names:
        try:
            place = countries.resolve(name)
        except AimError as unknown:
            raise AimError(f"{measure}: {unknown.message}", unknown.advice) from None
        found.update(place.members)
    return frozenset(found)


def _rate(version: VersionFile) -> Rate:
    if version.quota is not None:
        return Rate(in_quota=version.quota.inside, over_quota=version.quota.over)
    by_line = version.by_line and {line: max(rate, version.least) for line, rate in version.by_line.items()}
    return Rate(flat=version.rate, by_line=by_line, top_up_to=version.top_up_to)


def _replaced(version: VersionFile, by_measure: dict[str, list[VersionFile]]) -> frozenset[str]:
    """Return the measures that this one takes the place of, those named and those that name it."""
    family = {name for name, held in by_measure.items() if held[0].family == version.family and name != version.measure}
    for name in (*(version.replaces if version.replaces != "*" else ()), *version.replaced_by):
        _must_be(name, by_measure, version)
        if name not in family:
            other = by_measure[name][0].family
            raise AimError(
                f"{version.measure}, version {version.id}: {name} is of another family, {other}.",
                "Between families use stacking (yields_to).",
            )
    if version.replaces == "*":
        over = {
            name
            for name in family
            if by_measure[name][0].replaces == "*" and version.measure not in by_measure[name][0].replaced_by
        }
        found = family - over
    else:
        found = set(version.replaces)
    found |= {name for name in family if version.measure in by_measure[name][0].replaced_by}
    return frozenset(found - set(version.replaced_by))


def _yield(family: str, held: YieldFile, by_measure: dict[str, list[VersionFile]], families: dict[str, str]) -> Yield:
    if held.yields_to not in families:
        raise AimError(
            f"The stacking of {family} yields to '{held.yields_to}', which is no family.",
            did_you_mean(held.yields_to, families) or f"The families are {', '.join(families)}.",
        )
    named = [name for name, own in by_measure.items() if own[0].family == family]
    measures = named if held.measures == "all" else held.measures
    for name in (*measures, *held.unless):
        if name not in by_measure:
            raise AimError(
                f"The stacking of {family} names '{name}', which is no measure.", did_you_mean(name, by_measure)
            )
    if held.until is not None and held.until_known is None:
        raise AimError(f"The stacking of {family} says no until_known for its end on {held.until}.", "Say it.")
    return Yield(
        measures=frozenset(measures),
        to=held.yields_to,
        part=held.part,
        first=held.from_,
        last=held.until,
        known=held.known,
        until_known=held.until_known,
        heading=held.heading,
        reason=held.reason,
        citation=held.citation,
        link=held.link,
        unless=frozenset(held.unless),
    )


def _check_names(by_measure: dict[str, list[VersionFile]], families: dict[str, Any]) -> None:
    for name, held in by_measure.items():
        if len({version.family for version in held}) > 1:
            raise AimError(f"The measure {name} stands in two families.", "Give each measure a name of its own.")


def _must_be(name: str, by_measure: dict[str, Any], version: VersionFile) -> None:
    if name not in by_measure:
        raise AimError(
            f"{version.measure}, version {version.id}: there is no measure '{name}'.", did_you_mean(name, by_measure)
        )
