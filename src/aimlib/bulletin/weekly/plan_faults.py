"""What is wrong with a plan file, in words: which key, where, and what it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from aimlib.errors import AimError, did_you_mean
from aimlib.reference.unique_keys import KeyTwice, UniqueKeys

FORM = "see reports/bulletins.yml for the form."
_WANTED = {
    "string_type": "text: put it in quotes",
    "string_pattern_mismatch": "an address such as https://example.org/monitor/, with a slash at the end",
    "list_type": "a list: begin each entry with a hyphen",
    "model_type": "keys with their values",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
}


def read_yaml(path: Path) -> Any:
    """Return what a plan file holds; AimError where it cannot be read, is no YAML, or gives a key twice."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=UniqueKeys)
    except OSError as obstacle:
        raise AimError(f"{path.name} cannot be read ({obstacle.strerror}).", "Name a plan with --plan.") from None
    except KeyTwice as fault:
        line = fault.problem_mark.line + 1
        raise AimError(f"{path.name}: {fault.problem}, again in line {line}.", "Give it once.") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise AimError(f"{path.name} is no YAML{where}.", "Mend it there; texts with a colon need quotes.") from None


def fault_words(file: str, invalid: ValidationError, parts: Mapping[str, type[BaseModel]]) -> tuple[str, str]:
    """Return message and advice for the fault to mend first: a misspelt key is why another one is missing.

    `parts` are the models by the key that they stand under, '' for the file's own.
    """
    fault = min(invalid.errors(), key=lambda one: one["type"] != "extra_forbidden")
    *above, last = fault["loc"] or ("",)
    names = [part for part in above if isinstance(part, str)]
    known = _keys(parts[names[-1] if names else ""]) if not names or names[-1] in parts else ()
    where = _place((*above, last)) or "the file"
    if fault["type"] == "extra_forbidden":
        guess = did_you_mean(str(last), known) or f"The keys there are {', '.join(known)}."
        return f"{file}: {where} is nothing that a plan has.", guess
    if fault["type"] == "missing":
        given = fault["input"] if isinstance(fault["input"], Mapping) else {}
        strange = [str(key) for key in given if key not in known]
        misspelt = next((key for key in strange if did_you_mean(key, [str(last)])), None)
        if misspelt is not None:
            return f"{file}: {_place((*above, misspelt))} is nothing that a plan has.", f"Did you mean {last}?"
        return f"{file}: {where} is missing.", f"Add it; {FORM}"
    return f"{file}: {where} {_value_words(fault)}.", f"Mend it there; {FORM}"


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _place(parts: Iterable[str | int]) -> str:
    """Return a place in the file; those in lists count from 1, as people do."""
    return ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in parts)


def _value_words(fault: Mapping[str, Any]) -> str:
    value, limits = fault["input"], fault.get("ctx", {})
    if fault["type"] == "too_short":
        return "is empty: give it one or more"
    shown = {type(None): "empty", list: "a list", dict: "a group of keys", bool: str(value).lower()}
    told = f"is {shown.get(type(value), value)}"
    if "ge" in limits:
        return f"{told}: take {limits['ge']} or more"
    wanted = _WANTED.get(fault["type"], "something else")
    # Bare words such as NO and on are false and true in YAML.
    quoted = " (no, off, yes and on are words of YAML's own)" if isinstance(value, bool) and "text" in wanted else ""
    return f"{told}, and takes {wanted}{quoted}"
