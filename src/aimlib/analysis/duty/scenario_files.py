"""Scenarios by name or from a YAML file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, StrictStr

from aimlib.analysis.duty.scenarios import Scenario
from aimlib.errors import AimError, did_you_mean
from aimlib.reference.law.files import Countries, Part, Percent, checked, read_yaml


def _day(value: Any) -> Any:
    if type(value) is not date:
        raise ValueError(f"'{value}' is no day; write days as 2026-01-01")
    return value


Day = Annotated[date, BeforeValidator(_day)]


class _Rate(Part):
    rate: StrictStr
    to: Percent
    since: Day | None = None


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        raise ValueError(f"takes a list of countries: [{value}]")
    return value


class _Exempt(Part):
    exempt: StrictStr
    origins: Annotated[Countries, BeforeValidator(_listed)]
    since: Day | None = None


class _Basis(Part):
    basis: StrictStr
    to: Literal["full", "metal_content"]
    since: Day | None = None


class _Remove(Part):
    remove: StrictStr


class _Start(Part):
    start: StrictStr
    on: Day


class _End(Part):
    end: StrictStr
    on: Day


class _LawOf(Part):
    law_of: Day


class _AsKnown(Part):
    as_known: Day


class _Add(Part):
    add: StrictStr


class _ScenarioFile(Part):
    title: StrictStr | None = None
    changes: tuple[dict[StrictStr, Any], ...] = Field(min_length=1)


_Step = Callable[[Scenario, Any, Path], Scenario]
_STEPS: dict[str, tuple[type[BaseModel], _Step]] = {
    "rate": (_Rate, lambda one, change, _: one.set_rate(change.rate, change.to, since=change.since)),
    "exempt": (_Exempt, lambda one, change, _: one.exempt(change.exempt, change.origins, since=change.since)),
    "basis": (_Basis, lambda one, change, _: one.set_basis(change.basis, change.to, since=change.since)),
    "remove": (_Remove, lambda one, change, _: one.remove(change.remove)),
    "start": (_Start, lambda one, change, _: one.start(change.start, change.on)),
    "end": (_End, lambda one, change, _: one.end(change.end, change.on)),
    "law_of": (_LawOf, lambda one, change, _: one.law_of(change.law_of)),
    "as_known": (_AsKnown, lambda one, change, _: one.as_known(change.as_known)),
    "add": (_Add, lambda one, change, folder: one.add(folder / change.add)),
}


NONE = "none"
_TAKEN = ("law", "today", NONE)
"""Names that the bulletin has for the law itself."""


def scenario_names() -> dict[str, str]:
    """Return the named scenarios and their titles."""
    return {name: held["title"] for name, held in _named().items()}


def read_scenarios(text: str) -> tuple[Scenario, ...]:
    """Return the scenarios that a text names: names with commas between, or paths of YAML files; ``none`` for none.

    Raises AimError for a name that is none, and for a file that is not of the form.
    """
    found: list[Scenario] = []
    if text.strip().casefold() == NONE:
        return ()
    for word in (part.strip() for part in text.split(",")):
        if not word:
            continue
        if is_file_name(word):
            path = Path(word).expanduser()
            if not path.is_file():
                raise AimError(f"There is no file {word}.", "Name a scenario, or the path of its YAML file.")
            found += [_scenario(name, held, path.parent) for name, held in read_yaml(path).items()]
        elif word in _named():
            found.append(_named_scenario(word))
        else:
            raise AimError(
                f"There is no scenario '{word}'.",
                did_you_mean(word, _named()) or f"The scenarios are {', '.join(_named())}, or a YAML file.",
            )
    keys = [one.key for one in found]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice:
        raise AimError(f"The scenario {twice} is named twice.", "Name each once.")
    return tuple(found)


def is_file_name(word: str) -> bool:
    """Tell whether a word names a file of scenarios and not a scenario."""
    return Path(word).suffix in (".yml", ".yaml")


@cache
def _named() -> dict[str, Any]:
    return read_yaml(files("aimlib.reference") / "law" / "scenarios.yml")


@cache
def _named_scenario(name: str) -> Scenario:
    return _scenario(name, _named()[name], Path())


def _scenario(name: Any, held: Any, folder: Path) -> Scenario:
    name = str(name)
    if name in _TAKEN:
        raise AimError(f"A scenario cannot be called '{name}', which names the law itself.", "Give it another name.")
    # The name becomes a part of file names.
    if not re.fullmatch(r"[\w-]+", name):
        raise AimError(f"A scenario cannot be called '{name}'.", "Name it with letters, digits, - and _.")
    if not isinstance(held, dict):
        raise AimError(f"The scenario {name} needs a title and a list of changes.", "See the README for an example.")
    told = checked(_ScenarioFile, held, f"The scenario {name}", "See the README for an example.")
    scenario = Scenario(name, told.title or name)
    for change in told.changes:
        scenario = _step(scenario, change, folder)
    return scenario


def _step(scenario: Scenario, change: dict[str, Any], folder: Path) -> Scenario:
    kind = next((word for word in _STEPS if word in change), None)
    if kind is None:
        raise AimError(
            f"The scenario {scenario.key} has a change that is not known: {change}.",
            f"A change is one of {', '.join(_STEPS)}; see the README for an example.",
        )
    form, step = _STEPS[kind]
    told = checked(form, change, f"The scenario {scenario.key}, {kind}", "See the README for an example.")
    return step(scenario, told, folder)
