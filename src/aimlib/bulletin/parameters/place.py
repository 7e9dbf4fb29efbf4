"""The parameters of the notebooks about U.S. imports from a place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from aimlib.bulletin.parameters.base import Parameters
from aimlib.bulletin.parameters.kinds import AsOf, Country, Measure, Paper, Period, Product, country_list


class PlaceParameters(Parameters):
    """What the notebooks about imports from a place share."""

    country: Country = "all"
    product: Annotated[
        Product,
        Field(
            description=(
                "a category (unwrought), a set (aim, scrap, downstream, chapter76) or a code; unset: the widest held"
            )
        ),
    ] = None
    measure: Annotated[
        Measure,
        Field(description="what is ranked and drawn; unset: quantity where the store holds it, else value"),
    ] = None
    concept: Annotated[
        Literal["consumption", "general"], Field(description="imports for consumption, or general imports")
    ] = "consumption"
    as_of: AsOf = None
    period: Annotated[
        Period,
        Field(description="months drawn: 2024, 2024Q1, 2024-07, 2015:2024, ytd; unset: the last three years"),
    ] = None
    top: Annotated[int, Field(ge=3, le=25, description="how many origins are shown by name")] = 10
    paper: Paper = "letter"


class ImportTrends(PlaceParameters):
    """Import trends: U.S. imports by month, origin and product, from Census data, with the license months after."""


class SmeltOrigin(PlaceParameters):
    """Smelt and cast: where imported aluminum was smelted and last cast, from import licenses."""

    product: Annotated[
        Product, Field(description="a category (unwrought), aim (all that needs a license) or a code of them")
    ] = "aim"
    measure: Annotated[
        Literal["quantity", "value"], Field(description="what shares are of: quantity or customs value")
    ] = "quantity"
    concept: Annotated[
        Literal["consumption"],
        Field(description="imports for consumption; beside general imports the shares would tell zone admissions"),
    ] = "consumption"
    period: Annotated[
        Period,
        Field(description="months the shares rest on: 2024Q1:2025Q4, 2024, ytd; unset: the last twelve Census months"),
    ] = None
    watch: Annotated[
        str,
        AfterValidator(lambda text: country_list("watch", text)),
        Field(description="countries of smelt or cast to watch, with commas between"),
    ] = "CHN,RUS,IRN,BLR"
    primary_only: Annotated[
        bool, Field(description="leave metal without a smelt country (N/A: no primary metal) out of the shares")
    ] = False
    # The kernel works elsewhere, where a relative name would be another file.
    intensities: Annotated[
        str | None,
        AfterValidator(lambda text: text and str(Path(text).expanduser().absolute())),
        Field(description="a CSV of carbon intensities (country, t_co2_t, source) in place of the table's"),
    ] = None
