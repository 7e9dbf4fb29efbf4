"""The parameters of each notebook: one typed model serves papermill, the command line and JupyterLab."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from aimlib.errors import AimError, did_you_mean
from aimlib.reference import countries, periods, products


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
            choices = _choices(cls.model_fields[name].annotation)
            guess = did_you_mean(str(value), choices)
            return f"{name}={value} is not possible: choose {' or '.join(choices)}. {guess}".strip()
        if error["type"].startswith("date"):
            return f"{name}={value} is not a day: write it as 2026-11-19."
        if error["type"].startswith("bool"):
            return f"{name}={value} is not possible: choose true or false."
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


def _choices(annotation: Any) -> list[str]:
    """Return the values that a Literal (or an optional one) allows."""
    if get_origin(annotation) is Literal:
        return [str(choice) for choice in get_args(annotation)]
    return [choice for part in get_args(annotation) for choice in _choices(part)]


class PlaceParameters(Parameters):
    """What the notebooks about imports from a place share."""

    country: Annotated[str, Field(description="origin: a country (CAN, Canada), a group (EU27, USMCA, ...) or all")] = (
        "all"
    )
    product: Annotated[
        str | None,
        Field(
            description=(
                "a category (unwrought), a set (aim, scrap, downstream, chapter76) or a code; unset: the widest held"
            )
        ),
    ] = None
    measure: Annotated[
        Literal["quantity", "value"] | None,
        Field(description="what is ranked and drawn; unset: quantity where the store holds it, else value"),
    ] = None
    concept: Annotated[
        Literal["consumption", "general"], Field(description="imports for consumption, or general imports")
    ] = "consumption"
    as_of: Annotated[
        dt.date | None, Field(description="what was known on this day; unset: the newest vintage held")
    ] = None
    period: Annotated[
        str | None,
        Field(description="months drawn: 2024, 2024Q1, 2024-07, 2015:2024, ytd; unset: the last three years"),
    ] = None
    top: Annotated[int, Field(ge=3, le=25, description="how many origins are shown by name")] = 10
    paper: Annotated[Literal["letter", "a4"], Field(description="the PDF's paper")] = "letter"

    @field_validator("country")
    @classmethod
    def _known_country(cls, text: str) -> str:
        return countries.resolve(text).key

    @field_validator("as_of", mode="before")
    @classmethod
    def _written_as_a_day(cls, value: Any) -> Any:
        # A bare number is a moment to pydantic, and 0 the first day of 1970.
        if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise AimError(f"as_of={value} is not a day: write it as 2026-11-19.")
        return value

    @field_validator("product")
    @classmethod
    def _known_product(cls, text: str | None) -> str | None:
        return text and products.resolve(text).key

    @field_validator("period")
    @classmethod
    def _readable_period(cls, text: str | None) -> str | None:
        if text:
            periods.parse(text)
        return text


class ImportTrends(PlaceParameters):
    """Import trends: U.S. imports by month, origin and product, from Census data, with the license months after."""


class SmeltOrigin(PlaceParameters):
    """Smelt and cast: where imported aluminum was smelted and last cast, from import licenses."""

    product: Annotated[
        str, Field(description="a category (unwrought), aim (all that needs a license) or a code of them")
    ] = "aim"
    measure: Annotated[
        Literal["quantity", "value"], Field(description="what shares are of: quantity or customs value")
    ] = "quantity"
    concept: Annotated[
        Literal["consumption"],
        Field(description="imports for consumption; beside general imports the shares would tell zone admissions"),
    ] = "consumption"
    period: Annotated[
        str | None,
        Field(description="months the shares rest on: 2024Q1:2025Q4, 2024, ytd; unset: the last twelve Census months"),
    ] = None
    watch: Annotated[str, Field(description="countries of smelt or cast to watch, with commas between")] = (
        "CHN,RUS,IRN,BLR"
    )
    primary_only: Annotated[
        bool, Field(description="leave metal without a smelt country (N/A: no primary metal) out of the shares")
    ] = False
    intensities: Annotated[
        str | None, Field(description="a CSV of carbon intensities (country, t_co2_t, source) in place of the table's")
    ] = None

    @field_validator("watch")
    @classmethod
    def _known_countries(cls, text: str) -> str:
        found = [countries.resolve(name) for name in text.split(",") if name.strip()]
        wrong = [place.name for place in found if place.kind != "country"]
        if wrong or not found:
            raise AimError(
                f"watch={text} names {wrong[0] if wrong else 'no country'}.", "Name countries, such as CHN,RUS."
            )
        return ",".join(dict.fromkeys(place.key for place in found))


NOTEBOOKS: dict[str, type[Parameters]] = {"import_trends": ImportTrends, "smelt_origin": SmeltOrigin}


def model_of(notebook: str) -> type[Parameters]:
    """Return the parameter model of a notebook, or raise :class:`AimError` with a suggestion."""
    if notebook not in NOTEBOOKS:
        guess = did_you_mean(notebook, NOTEBOOKS)
        raise AimError(f"There is no notebook {notebook!r}.", guess or "See aim list.")
    return NOTEBOOKS[notebook]


def describe(model: type[Parameters]) -> list[dict[str, str]]:
    """Return name, type, default and meaning of each parameter, as text."""
    rows = []
    for name, field in model.model_fields.items():
        choices = _choices(field.annotation)
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
