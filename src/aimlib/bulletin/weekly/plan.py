"""What is published: ``reports/bulletins.yml`` as typed bulletins, each with its reports."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aimlib.bulletin.parameters import NOTEBOOKS, Parameters, model_of
from aimlib.bulletin.weekly.plan_faults import FORM, fault_words, read_yaml
from aimlib.errors import AimError, did_you_mean
from aimlib.reference import countries
from aimlib.reference.countries import Place

_LABEL = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True)
class PlannedReport:
    """A notebook with its parameters, as of a day. ``label`` names it inside its bulletin."""

    label: str
    notebook: str
    parameters: Parameters
    where_held: bool = False


@dataclass(frozen=True)
class PlannedBulletin:
    """A bulletin to make: ``name`` is its folder and file name, ``place`` the country or group it is about, or ''."""

    name: str
    title: str
    place: str
    reports: tuple[PlannedReport, ...]


@dataclass(frozen=True)
class Limits:
    """What a report may take: seconds a cell and in all, and bytes of memory."""

    cell_seconds: int = 600
    report_seconds: int = 1800
    report_bytes: int = 3 * 2**30


@dataclass(frozen=True)
class Plan:
    """All that is published on a Thursday. ``address`` is where the folder will be, ``keep`` for how many weeks.

    With ``compare`` each bulletin begins with what changed since the edition before.
    """

    title: str
    address: str
    keep: int
    compare: bool
    limits: Limits
    bulletins: tuple[PlannedBulletin, ...]

    def chosen(self, only: Sequence[str] = (), limit: int | None = None) -> tuple[PlannedBulletin, ...]:
        """Return the bulletins of the countries or names in `only` (all where empty), at most `limit`.

        Raises AimError for a word that names none.
        """
        wanted = [self._named(word) for word in only]
        found = tuple(one for one in self.bulletins if not wanted or one.name in set().union(*wanted))
        return found if limit is None else found[:limit]

    def _named(self, word: str) -> set[str]:
        told = slug(word)
        found = {one.name for one in self.bulletins if told in (one.name, one.place.casefold())}
        if not found:
            try:
                key = countries.resolve(word).key
            except AimError:
                key = ""
            found = {one.name for one in self.bulletins if key and one.place == key}
        if not found:
            names = [name for one in self.bulletins for name in (one.name, one.place) if name]
            guess = did_you_mean(word, names) or f"They are {', '.join(one.name for one in self.bulletins)}."
            raise AimError(f"No bulletin is named {word!r}.", guess)
        return found


class _Report(BaseModel):
    model_config = ConfigDict(extra="allow")

    notebook: str
    label: str = ""
    where_held: bool = False

    def parameters(self, place: Place | None, day: date) -> Parameters:
        given = {name: _filled(value, place) for name, value in (self.model_extra or {}).items()}
        known = model_of(self.notebook).model_fields
        for name in given.keys() - known.keys():
            # A key of the report itself is misspelt, where it is none of the notebook's.
            if not did_you_mean(name, known) and (guess := did_you_mean(name, _Report.model_fields)):
                raise AimError(f"A report of {self.notebook} has {name}, which is nothing that a plan has.", guess)
        if "as_of" in given:
            raise AimError(
                f"A report of {self.notebook} sets as_of.", "Leave it away: all bulletins are as of the Thursday."
            )
        return model_of(self.notebook).parse({**given, "as_of": str(day)})


class _Bulletin(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    title: str
    reports: list[_Report] = Field(min_length=1)
    for_: list[str] | None = Field(default=None, alias="for")


class _Limits(BaseModel):
    model_config = ConfigDict(extra="forbid")

    cell_seconds: int = Field(default=600, ge=1)
    report_seconds: int = Field(default=1800, ge=1)
    report_memory_gb: float = Field(default=3.0, ge=0.5)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    address: str = Field(default="", pattern=r"^(https?://\S+/)?$")
    keep: int = Field(default=53, ge=1)
    compare: bool = True
    limits: _Limits = _Limits()
    bulletins: list[_Bulletin] = Field(min_length=1)


_PARTS = {"": _File, "limits": _Limits, "bulletins": _Bulletin, "reports": _Report}
"""What stands under which key."""


@dataclass
class _Names:
    """The names given so far, so that two bulletins do not share a folder."""

    used: set[str] = field(default_factory=set)

    def new(self, text: str) -> str:
        name = slug(text)
        if not name or name in self.used:
            raise AimError(
                f"Two bulletins would be named {name!r}." if name else f"{text!r} makes no name of a folder.",
                "Give each bulletin a name of its own; with `for`, let it hold {name} or {code}.",
            )
        self.used.add(name)
        return name


def read_plan(path: Path, day: date) -> Plan:
    """Read a plan and fill it in for a day.

    Raises
    ------
    AimError
        If the file is missing, is no YAML, gives a key twice, or asks for what does not exist: each with the file and
        what to do.
    """
    told = read_yaml(path)
    if not isinstance(told, dict):
        what = {list: "a list", type(None): "empty"}.get(type(told), "plain text")
        raise AimError(f"{path.name} is {what}, and no plan.", f"It takes title: and bulletins:; {FORM}")
    try:
        read = _File.model_validate(told)
    except ValidationError as invalid:
        raise AimError(*fault_words(path.name, invalid, _PARTS)) from None
    names = _Names()
    try:
        bulletins = tuple(
            _planned(bulletin, place, day, names) for bulletin in read.bulletins for place in _places(bulletin)
        )
    except AimError as error:
        raise AimError(f"{path.name}: {error.message}", error.advice) from None
    told = read.limits
    limits = Limits(told.cell_seconds, told.report_seconds, int(told.report_memory_gb * 2**30))
    return Plan(read.title, read.address, read.keep, read.compare, limits, bulletins)


def _places(bulletin: _Bulletin) -> list[Place | None]:
    return [None] if bulletin.for_ is None else [countries.resolve(word) for word in bulletin.for_]


def _planned(bulletin: _Bulletin, place: Place | None, day: date, names: _Names) -> PlannedBulletin:
    counts = Counter(report.notebook for report in bulletin.reports)
    reports = []
    for report in bulletin.reports:
        label = report.label or report.notebook
        if not report.label and counts[report.notebook] > 1:
            raise AimError(
                f"The bulletin {bulletin.name!r} runs {report.notebook} more than once.", "Give each a label."
            )
        if not _LABEL.fullmatch(label) or label in [one.label for one in reports]:
            raise AimError(f"{label!r} cannot be a label here.", "Take small letters, digits and hyphens, each once.")
        if report.notebook not in NOTEBOOKS:
            model_of(report.notebook)
        reports.append(PlannedReport(label, report.notebook, report.parameters(place, day), report.where_held))
    return PlannedBulletin(
        names.new(_filled(bulletin.name, place)),
        _filled(bulletin.title, place),
        place.key if place else "",
        tuple(reports),
    )


def _filled(value: Any, place: Place | None) -> Any:
    if place is None or not isinstance(value, str):
        return value
    for word, told in (("{code}", place.key), ("{name}", place.name), ("{phrase}", place.phrase)):
        value = value.replace(word, told)
    if left := re.search(r"\{[^}]*\}?", value):
        raise AimError(f"{left[0]} stands for nothing.", "Take {code}, {name} or {phrase}.")
    return value


def slug(text: str) -> str:
    """Return a text as lower-case ASCII words with hyphens: Côte d'Ivoire is cote-d-ivoire."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
