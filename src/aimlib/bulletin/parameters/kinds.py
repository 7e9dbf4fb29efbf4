"""Kinds of parameters that several notebooks have."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from aimlib.errors import AimError
from aimlib.reference import countries, periods, products


def a_day(value: Any, info: ValidationInfo) -> Any:
    """Return the value, or raise AimError where a text is not of the form of a day."""
    # A bare number is a moment to pydantic, and 0 the first day of 1970.
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise AimError(f"{info.field_name}={value} is not a day: write it as 2026-11-19.")
    return value


def _a_period(text: str | None) -> str | None:
    if text:
        periods.parse(text)
    return text


def country_list(name: str, text: str) -> str:
    """Return the ISO codes of countries named with commas between, or raise AimError for what is no country."""
    found = [countries.resolve(part) for part in text.split(",") if part.strip()]
    wrong = [place.name for place in found if place.kind != "country"]
    if wrong or not found:
        raise AimError(
            f"{name}={text} names {wrong[0] if wrong else 'no country'}.", "Name countries, such as CHN,RUS."
        )
    return ",".join(dict.fromkeys(place.key for place in found))


Country = Annotated[
    str,
    AfterValidator(lambda text: countries.resolve(text).key),
    Field(description="origin: a country (CAN, Canada), a group (EU27, USMCA, ...) or all"),
]
Day = Annotated[dt.date | None, BeforeValidator(a_day)]
Product = Annotated[str | None, AfterValidator(lambda text: text and products.resolve(text).key)]
Measure = Literal["quantity", "value"] | None
Period = Annotated[str | None, AfterValidator(_a_period)]
AsOf = Annotated[
    dt.date | None,
    BeforeValidator(a_day),
    Field(description="what was known on this day; unset: the newest vintage held"),
]
Paper = Annotated[Literal["letter", "a4"], Field(description="the PDF's paper")]
