"""The parameters of the global comparison."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from aimlib.bulletin.parameters.base import Parameters
from aimlib.bulletin.parameters.kinds import AsOf, Measure, Paper, Period, Product, country_list
from aimlib.errors import AimError
from aimlib.reference import countries

ESTIMATE = "estimate"
"""The factor's word for: from the data."""


class GatmComparison(Parameters):
    """Global comparison: exporters and importers of the world, from what they and their partners report."""

    reporters: Annotated[
        str, Field(description="the countries compared, with commas between (CAN,ARE,RUS), a group, or all")
    ] = "all"
    flow: Annotated[
        Literal["export", "import"], Field(description="whose trade is compared: exporters' or importers'")
    ] = "export"
    product: Annotated[
        Product,
        Field(description="a category (unwrought), gatm (all seven) or a code (7601, 760110); unset: the widest held"),
    ] = None
    measure: Annotated[Measure, Field(description="what is ranked and drawn: quantity or value")] = "quantity"
    period: Annotated[
        Period,
        Field(description="what is drawn: 2015:2024, 2023Q1:2025Q4; unset: the last three years, ten where annual"),
    ] = None
    base: Annotated[Period, Field(description="what the end of the period is compared with; unset: its first year")] = (
        None
    )
    focus: Annotated[
        str | None, Field(description="the country whose partners are shown; unset: the first, or the largest")
    ] = None
    source: Annotated[
        Literal["comtrade", "baci"] | None,
        Field(description="what it rests on: reports to UN Comtrade, or CEPII's BACI; unset: comtrade where held"),
    ] = None
    frequency: Annotated[
        Literal["monthly", "annual"] | None, Field(description="unset: monthly where held, else annual")
    ] = None
    method: Annotated[
        Literal["reported", "reverse", "better", "weighted"] | None,
        Field(
            description="own reports; the monitor's reverse flow; the better reporter (Gehlhar); the weighted mean of "
            "both accounts (BACI's); unset: reverse, none for BACI"
        ),
    ] = None
    mirrored: Annotated[
        str | None,
        Field(description="countries built from their partners' reports under reverse; unset: the monitor's eight"),
    ] = None
    splice: Annotated[
        bool, Field(description="use such a country's own reports while they last, and draw the break")
    ] = False
    factor: Annotated[str, Field(description="CIF over FOB: 1.00, 1.06, 1.08 or another, or estimate")] = "1.06"
    top: Annotated[int, Field(ge=3, le=25, description="how many countries are shown by name")] = 10
    as_of: AsOf = None
    paper: Paper = "letter"

    @field_validator("reporters")
    @classmethod
    def _known_reporters(cls, text: str) -> str:
        named = [countries.resolve(part) for part in text.split(",") if part.strip()]
        if not named or (len(named) > 1 and any(place.kind == "all" for place in named)):
            raise AimError(f"reporters={text} names no list of countries.", "Name countries, a group, or all.")
        areas = [place.name for place in named if place.kind == "country" and not countries.is_country(place.key)]
        if areas:
            raise AimError(
                f"reporters={text} names {areas[0]}, which is no country.", "Name countries, a group, or all."
            )
        return ",".join(dict.fromkeys(place.key for place in named))

    @field_validator("mirrored")
    @classmethod
    def _known_mirrored(cls, text: str | None) -> str | None:
        return text and country_list("mirrored", text)

    @field_validator("focus")
    @classmethod
    def _known_focus(cls, text: str | None) -> str | None:
        if text is None:
            return None
        place = countries.resolve(text)
        if place.kind != "country":
            raise AimError(f"focus={text} is not one country.", "Name one, such as focus=RUS.")
        return place.key

    @field_validator("factor")
    @classmethod
    def _possible_factor(cls, text: str) -> str:
        if text.strip().lower() == ESTIMATE:
            return ESTIMATE
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not 1.0 <= number <= 1.5:
            raise AimError(f"factor={text} is not possible.", "Take a number from 1.00 to 1.50, or estimate.")
        return f"{number:.2f}" if round(number, 2) == number else f"{number:g}"
