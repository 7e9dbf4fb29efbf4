"""The fields of a license (form ITA-4142a) and the rules that its rows must keep, as tables with their dates.

The vocabulary is in ``tables/license_*.csv``; what breaks a rule is told in `aimlib.sources.licenses` (cells that
cannot be read) and `aimlib.ingest.licenses` (rows that contradict themselves or one another).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from aimlib.reference._tables import fold, load

NOT_APPLICABLE, UNKNOWN, NOT_COLLECTED = "N/A", "unknown", "not collected"
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Rule:
    """A rule of the license form.

    `fields` are those that it is about; `severity` is ``error`` (the row is set aside) or ``warning``. It holds for
    licenses filed from `filed_from` through `filed_through`, both included, NaT for open. `limits` are the numbers or
    days that it compares with, as text. `sentence` tells a filer what to do; `basis` says how sure the citation is:
    sourced, recalled (not checked against a source) or ours (made by this project).
    """

    key: str
    fields: tuple[str, ...]
    severity: str
    filed_from: pd.Timestamp
    filed_through: pd.Timestamp
    limits: tuple[str, ...]
    sentence: str
    citation: str
    basis: str

    @property
    def limit(self) -> float:
        """The first limit as a number."""
        return float(self.limits[0])

    @property
    def first_day(self) -> pd.Timestamp:
        """The first limit as a day."""
        return pd.Timestamp(self.limits[0])


@dataclass(frozen=True)
class Field:
    """A field of a license file: its column, whether it must be there, and the names it goes by, folded."""

    key: str
    title: str
    is_required: bool
    names: tuple[str, ...]


@cache
def rules() -> dict[str, Rule]:
    """Return the rules by their identifiers, in the order of their table."""
    return {
        row["rule"]: Rule(
            key=row["rule"],
            fields=tuple(row["fields"].split()),
            severity=row["severity"],
            filed_from=pd.Timestamp(row["filed_from"] or None),
            filed_through=pd.Timestamp(row["filed_through"] or None),
            limits=tuple(row["limit"].split(";")),
            sentence=row["sentence"],
            citation=row["citation"] + (" (recalled, not checked)" if row["basis"] == "recalled" else ""),
            basis=row["basis"],
        )
        for row in load("license_rules").to_dict("records")
    }


@cache
def fields() -> dict[str, Field]:
    """Return the fields by their column names, in the order of the form."""
    return {
        row["field"]: Field(
            row["field"],
            row["title"],
            row["required"] == "yes",
            tuple(
                dict.fromkeys(
                    fold(name) for name in (row["field"].replace("_", " "), row["title"], *row["synonyms"].split(";"))
                )
            ),
        )
        for row in load("license_fields").to_dict("records")
    }


@cache
def entry_types() -> dict[str, tuple[str, str]]:
    """Return folded name or type number -> (entry type, ''), or ('', rule) where such an entry has no license."""
    return {row["name"]: (row["entry_type"], row["rule"]) for row in load("license_entry_types").to_dict("records")}


def is_ambiguous_place(text: str) -> bool:
    """Tell whether more than one country is called `text` (Korea, Congo)."""
    return fold(text) in _ambiguous_places()


@cache
def living_countries() -> frozenset[str]:
    """Return the alpha-3 codes of countries that exist: no former ones, areas or groups."""
    table = load("countries")
    return frozenset(table.loc[table["kind"] == "country", "iso3"])


@cache
def unit_value_limits() -> pd.DataFrame:
    """Return, by product category, lowest, low, high and highest unit value as multiples of the month's price.

    Outside lowest to highest a line is refused, outside low to high it is listed.
    """
    table = load("license_unit_values").set_index("category")
    return table[["lowest", "low", "high", "highest"]].astype(float)


@cache
def yardstick_prices() -> pd.Series:
    """Return a rough price of aluminum by year, USD/t: good to judge plausibility with, and for nothing else."""
    table = load("license_yardstick_prices")
    return pd.Series(table["price_usd_t"].astype(float).to_numpy(), index=table["year"].astype(int), name="price_usd_t")


@cache
def _ambiguous_places() -> frozenset[str]:
    return frozenset(fold(text) for text in load("country_ambiguous")["text"])
