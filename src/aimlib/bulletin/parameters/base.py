"""What every notebook's parameters share: how they are checked, and how a mistake in them is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from aimlib.errors import AimError, did_you_mean


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


class Parameters(BaseModel):
    """What every notebook's parameters share: unknown names and impossible values are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Parameters:
        """Check `given` (text from the command line, or a notebook's variables).

        Raises
        ------
        AimError
            Names every misspelt parameter and impossible value, each with what would be right.
        """
        try:
            stated = {name: _blank_is_none(value) for name, value in given.items()}
            return cls(**{name: value for name, value in stated.items() if value is not None})
        except ValidationError as invalid:
            messages = [cls._explain(error) for error in invalid.errors()]
            raise AimError(" ".join(messages)) from None

    @classmethod
    def _explain(cls, error: dict) -> str:
        name = str(error["loc"][0])
        if error["type"] == "extra_forbidden":
            guess = did_you_mean(name, cls.model_fields)
            return (
                f"There is no parameter {name!r}. {guess or 'The parameters are ' + ', '.join(cls.model_fields) + '.'}"
            )
        value = error["input"]
        if error["type"] == "literal_error":
            choices = choices_of(cls.model_fields[name].annotation)
            guess = did_you_mean(str(value), choices)
            return f"{name}={value} is not possible: choose {' or '.join(choices)}. {guess}".strip()
        if error["type"].startswith("date"):
            return f"{name}={value} is not a day: write it as 2026-11-19."
        if error["type"].startswith("bool"):
            return f"{name}={value} is not possible: choose true or false."
        if error["type"] == "string_type":
            return f"{name}={value} is not text: give one word or code, in a plan in quotes."
        if error["type"].startswith("float"):
            return f"{name}={value} is not a number."
        if error["type"].startswith("int"):
            return f"{name}={value} is not a whole number."
        limits = error.get("ctx", {})
        if "ge" in limits or "le" in limits:
            words = f"take {limits['ge']} or more" if "ge" in limits else f"take {limits['le']} or less"
            return f"{name}={value} is not possible: {words}."
        return f"{name}={value} is not possible: {error['msg'][0].lower()}{error['msg'][1:]}."

    def as_papermill(self) -> dict[str, Any]:
        """Return the values as papermill can inject them: text, numbers and empty text for what is unset."""
        values = self.model_dump(mode="json")
        return {name: "" if value is None else value for name, value in values.items()}


def choices_of(annotation: Any) -> list[str]:
    """Return the values that a Literal (or an optional one) allows."""
    if get_origin(annotation) is Literal:
        return [str(choice) for choice in get_args(annotation)]
    return [choice for part in get_args(annotation) for choice in choices_of(part)]


def describe(model: type[Parameters]) -> list[dict[str, str]]:
    """Return name, type, default and meaning of each parameter, as text."""
    rows = []
    for name, field in model.model_fields.items():
        choices = choices_of(field.annotation)
        types = [part.__name__ for part in (field.annotation, *get_args(field.annotation)) if isinstance(part, type)]
        named = [kind for kind in types if kind != "NoneType"]
        words = {"str": "text", "int": "whole number", "date": "day (YYYY-MM-DD)", "bool": "true or false"}
        rows.append(
            {
                "name": name,
                "type": " or ".join(choices) if choices else words.get(named[0], named[0]),
                "default": "unset" if field.default is None else str(field.default),
                "meaning": field.description or "",
            }
        )
    return rows
