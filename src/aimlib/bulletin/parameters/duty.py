"""The parameters of the duty scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from aimlib.analysis.duty.assumptions import named_numbers, parse_shares
from aimlib.analysis.duty.entries import parse_claims
from aimlib.analysis.duty.scenario_files import is_file_name, read_scenarios
from aimlib.bulletin.parameters.base import Parameters
from aimlib.bulletin.parameters.kinds import AsOf, Country, Day, Paper, Period, Product, country_list
from aimlib.errors import AimError
from aimlib.present import style
from aimlib.reference import countries
from aimlib.reference.law.model import digits, printed

ORIGIN = "origin"
"""The metal fields' word for: the same as the origin."""


class DutyScenarios(Parameters):
    """Duty: the rate in force and how it was reached, the P1020 series, and scenarios on actual imports."""

    country: Country = "all"
    product: Annotated[
        Product, Field(description="the imports of the scenarios: a category, aim, chapter76 or a code")
    ] = "aim"
    line: Annotated[str, Field(description="the tariff line of the rate, 8 or 10 digits; P1020 is 7601.10.60")] = (
        "7601.10.60"
    )
    origin: Annotated[
        str | None, Field(description="the origin of the rate; unset: the country, or the line's largest supplier")
    ] = None
    smelt: Annotated[
        str, Field(description="largest smelt of the rate: a country, unknown, N/A, or origin (the same)")
    ] = ORIGIN
    cast: Annotated[str, Field(description="most recent cast of the rate: a country, unknown, or origin")] = ORIGIN
    claim: Annotated[
        str,
        AfterValidator(lambda text: "+".join(parse_claims(text))),
        Field(description="claims of the rate, joined by +: usmca+commerce_authorisation"),
    ] = ""
    on: Annotated[Day, Field(description="the day of the law; unset: as_of, or the last day verified if earlier")] = (
        None
    )
    extend: Annotated[bool, Field(description="take the law as last verified to later days; every page says so")] = (
        False
    )
    scenario: Annotated[
        str, Field(description="scenarios to compare with the law, with commas between: names, YAML files, or none")
    ] = "no_section_232,canada_exempt,half_rate,law_of_march_11_2025"
    claims: Annotated[str, Field(description="shares of imports that make a claim, such as usmca=0.9,in_quota=0.5")] = (
        ""
    )
    watch: Annotated[
        str,
        AfterValidator(lambda text: country_list("watch", text)),
        Field(description="countries whose smelt a rule might name, with commas between"),
    ] = "RUS,CHN"
    freight: Annotated[float | None, Field(ge=0, le=100, description="freight factor in c/lb where none is held")] = (
        None
    )
    freights: Annotated[
        str, Field(description="freight by origin in c/lb for the wider origin basis, such as CAN=3,ARE=6")
    ] = ""
    sea_freight: Annotated[
        float | None, Field(ge=0, le=500, description="freight and insurance by sea to New Orleans, US$/t")
    ] = None
    port_freight: Annotated[
        float | None, Field(ge=0, le=500, description="freight from New Orleans to the Midwest, US$/t")
    ] = None
    fob_canada: Annotated[
        float | None, Field(ge=-50, le=200, description="an assessed premium FOB Canada, duty unpaid, c/lb")
    ] = None
    base_day: Annotated[
        Day,
        Field(description="the day that pass-through starts from; unset: the last before the first change of factor"),
    ] = None
    weight_canada: Annotated[
        float | None, Field(ge=0, le=1, description="Canada's weight in the net-forward method; unset: not computed")
    ] = None
    elasticity: Annotated[
        str, Field(description="import demand elasticities, such as -0.5,-1,-2; unset: no response is shown")
    ] = ""
    pass_through: Annotated[
        float | None, Field(ge=0, le=1, description="pass-through of duty into price; needed with elasticity")
    ] = None
    concept: Annotated[Literal["consumption"], Field(description="imports for consumption: duty belongs to them")] = (
        "consumption"
    )
    as_of: AsOf = None
    period: Annotated[
        Period, Field(description="months drawn: 2024, 2024Q1:2025Q4, ytd; unset: the last three years")
    ] = None
    top: Annotated[int, Field(ge=3, le=25, description="how many origins are shown by name")] = 10
    paper: Paper = "letter"

    @field_validator("line")
    @classmethod
    def _a_line(cls, text: str) -> str:
        code = digits(text)
        if not code.isdecimal() or len(code) not in (8, 10):
            raise AimError(f"line={text} is no tariff number of 8 or 10 digits.", "Write it as 7601.10.60.")
        return printed(code)

    @field_validator("origin")
    @classmethod
    def _one_origin(cls, text: str | None) -> str | None:
        return text and countries.resolve_one(text, f"origin={text}")

    @field_validator("smelt", "cast")
    @classmethod
    def _metal(cls, text: str, info: ValidationInfo) -> str:
        word = text.strip()
        if word.casefold() in (ORIGIN, "unknown", "n/a"):
            return "N/A" if word.casefold() == "n/a" else word.casefold()
        return countries.resolve_one(word, f"{info.field_name}={word}")

    @field_validator("scenario")
    @classmethod
    def _known_scenarios(cls, text: str) -> str:
        for scenario in read_scenarios(text):
            lacking = style.lacking(scenario.name)
            if lacking:
                raise AimError(
                    f"The title of the scenario {scenario.key} has characters that the font lacks: {lacking}.",
                    "Write it with others.",
                )
        # The kernel works elsewhere, where a relative name would be another file.
        words = [word.strip() for word in text.split(",") if word.strip()]
        return ",".join(str(Path(word).expanduser().absolute()) if is_file_name(word) else word for word in words)

    @field_validator("claims")
    @classmethod
    def _possible_shares(cls, text: str) -> str:
        parse_shares(text)
        return text

    @field_validator("freights")
    @classmethod
    def _possible_freights(cls, text: str) -> str:
        freights_by_origin(text)
        return text

    @field_validator("elasticity")
    @classmethod
    def _possible_elasticities(cls, text: str) -> str:
        elasticities(text)
        return text


def freights_by_origin(text: str) -> dict[str, float]:
    """Return freight in c/lb by ISO code from text such as ``CAN=3,ARE=6``."""
    found = {}
    for part, name, freight in named_numbers(text):
        if not 0 <= freight <= 100:
            raise AimError(f"freights={text}: '{part}' is no freight in c/lb.", "Write it as CAN=3,ARE=6.")
        origin = countries.resolve_one(name, f"freights={name}")
        if origin in found:
            raise AimError(f"freights={text} names {origin} twice.", "Name each origin once.")
        found[origin] = freight
    return found


def elasticities(text: str) -> tuple[float, ...]:
    """Return elasticities from text such as ``-0.5,-1``."""
    try:
        found = tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise AimError(f"elasticity={text} is no list of numbers.", "Write it as -0.5,-1,-2.") from None
    wrong = [one for one in found if not -20 <= one <= 0]
    if wrong:
        raise AimError(f"elasticity={wrong[0]:g} is not possible.", "It is zero or negative, such as -1.")
    return found
