"""The columns of intltrade/imports/hs, and the units and flags in them.

Names from the service's own list of variables. In it ``_MO`` is the month and ``_YR`` the year to date; GEN
are general imports (arrivals), CON imports for consumption, to which the duty belongs.
"""

from __future__ import annotations

from dataclasses import dataclass

PUBLISHER = "U.S. Census Bureau"
TITLE = "U.S. imports by HS code and country, International Trade API (intltrade/imports/hs)"
LICENSE = "Public domain (work of the U.S. government, 17 U.S.C. 105)"


@dataclass(frozen=True)
class Concept:
    """The stems of one concept's columns, without ``_MO`` or ``_YR``; None where the service has none."""

    customs_value_usd: str
    cif_value_usd: str
    duty_usd: str | None
    dutiable_value_usd: str | None
    quantities: tuple[str, str]

    def dollars(self) -> dict[str, str]:
        """Return our column name for each stem in dollars that the concept has."""
        stems = {name: stem for name, stem in vars(self).items() if name != "quantities"}
        return {name: stem for name, stem in stems.items() if stem is not None}


CONCEPTS = {
    "consumption": Concept("CON_VAL", "CON_CIF", "CAL_DUT", "DUT_VAL", ("CON_QY1", "CON_QY2")),
    "general": Concept("GEN_VAL", "GEN_CIF", None, None, ("GEN_QY1", "GEN_QY2")),
}
TABLE_OF_BASIS = {"MO": "census_imports", "YR": "census_imports_ytd"}
LEVELS = {"HS2": "hs2", "HS4": "hs4", "HS6": "hs6", "HS10": "hts10"}
LEVEL_OF_LENGTH = {2: "hs2", 4: "hs4", 6: "hs6", 10: "hts10"}

NO_FLAG = ("", "-")
UNIT_COLUMNS = ("UNIT_QY1", "UNIT_QY2")
KILOGRAMS = {"KG": 1.0, "T": 1000.0}
NO_UNIT = ("", "-", "X")
OTHER_UNITS = ("NO", "DOZ", "PCS", "PRS", "THS", "M", "M2")
KNOWN_UNITS = (*KILOGRAMS, *NO_UNIT, *OTHER_UNITS)

# A column of these with more than one value breaks lines down further, so that each is there several times.
BREAKDOWNS = {
    "DISTRICT": "customs district",
    "RP": "rate provision",
    "CTY_SUBCODE": "country subcode",
    "PORT": "port",
    "STATE": "state",
}


def value_columns() -> list[str]:
    """Return the columns of customs value, one of which an answer must have."""
    return [f"{concept.customs_value_usd}_{basis}" for basis in TABLE_OF_BASIS for concept in CONCEPTS.values()]


def number_columns() -> list[str]:
    """Return every column of numbers that is read."""
    stems = [stem for concept in CONCEPTS.values() for stem in (*concept.dollars().values(), *concept.quantities)]
    return [f"{stem}_{basis}" for basis in TABLE_OF_BASIS for stem in stems]


def asked_variables() -> list[str]:
    """Return what a monthly question puts into ``get=``; the predicates bring time, level and code."""
    monthly = [name for name in number_columns() if name.endswith("_MO")]
    flags = [f"{name}_FLAG" for name in monthly if "_QY" in name]
    return ["CTY_CODE", "CTY_NAME", "SUMMARY_LVL", *UNIT_COLUMNS, "LAST_UPDATE", *monthly, *flags]
