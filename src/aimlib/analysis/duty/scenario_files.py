"""Scenarios by name or from a YAML file."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from aimlib.analysis.duty.scenarios import Scenario
from aimlib.errors import AimError, did_you_mean
from aimlib.reference.law.files import read_yaml

_STEPS = {
    "rate": ("rate", "to", "since"),
    "exempt": ("exempt", "origins", "since"),
    "basis": ("basis", "to", "since"),
    "remove": ("remove",),
    "start": ("start", "on"),
    "end": ("end", "on"),
    "law_of": ("law_of",),
    "as_known": ("as_known",),
    "add": ("add",),
}


def scenario_names() -> dict[str, str]:
    """Return the named scenarios and their titles."""
    return {name: held["title"] for name, held in _named().items()}


def read_scenarios(text: str) -> tuple[Scenario, ...]:
    """Return the scenarios that a text names: names with commas between, or paths of YAML files.

    Raises AimError for a name that is none, and for a file that is not of the form.
    """
    found: list[Scenario] = []
    for word in (part.strip() for part in text.split(",")):
        if not word:
            continue
        if is_file_name(word):
            path = Path(word).expanduser()
            if not path.is_file():
                raise AimError(f"There is no file {word}.", "Name a scenario, or the path of its YAML file.")
            found += [_scenario(name, held, path.parent) for name, held in read_yaml(path).items()]
        elif word in _named():
            found.append(_scenario(word, _named()[word], Path()))
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


def _named() -> dict[str, Any]:
    return read_yaml(files("aimlib.reference") / "law" / "scenarios.yml")


def _scenario(name: str, held: Any, folder: Path) -> Scenario:
    if not isinstance(held, dict) or not isinstance(held.get("changes"), list) or set(held) - {"title", "changes"}:
        raise AimError(f"The scenario {name} needs a title and a list of changes.", "See the README for an example.")
    scenario = Scenario(name, str(held.get("title", name)))
    for change in held["changes"]:
        scenario = _step(scenario, change, folder)
    return scenario


def _step(scenario: Scenario, change: Any, folder: Path) -> Scenario:
    kind = next((word for word in _STEPS if isinstance(change, dict) and word in change), None)
    if kind is None or set(change) - set(_STEPS[kind]):
        raise AimError(
            f"The scenario {scenario.key} has a change that is not known: {change}.",
            f"A change is one of {', '.join(_STEPS)}; see the README for an example.",
        )
    try:
        return _STEP_OF[kind](scenario, change, folder)
    except KeyError as lacking:
        raise AimError(
            f"The scenario {scenario.key}: {kind} lacks {lacking.args[0]}.", f"It takes {', '.join(_STEPS[kind])}."
        ) from None


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise AimError(f"'{value}' is no day.", "Write days as 2026-01-01.")
    return value


def _since(change: dict[str, Any]) -> date | None:
    return _day(change["since"]) if "since" in change else None


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AimError(f"'{value}' is no rate.", "Give a number in percent, such as 25.")
    return float(value)


_STEP_OF = {
    "rate": lambda one, change, _: one.set_rate(change["rate"], _number(change["to"]), since=_since(change)),
    "exempt": lambda one, change, _: one.exempt(change["exempt"], change["origins"], since=_since(change)),
    "basis": lambda one, change, _: one.set_basis(change["basis"], change["to"], since=_since(change)),
    "remove": lambda one, change, _: one.remove(change["remove"]),
    "start": lambda one, change, _: one.start(change["start"], _day(change["on"])),
    "end": lambda one, change, _: one.end(change["end"], _day(change["on"])),
    "law_of": lambda one, change, _: one.law_of(_day(change["law_of"])),
    "as_known": lambda one, change, _: one.as_known(_day(change["as_known"])),
    "add": lambda one, change, folder: one.add(folder / change["add"]),
}
