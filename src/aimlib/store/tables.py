"""The tables that a store holds: their columns, types, keys and checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from aimlib.errors import AimError

LEVELS = ("hs2", "hs4", "hs6", "hts10")
CONCEPTS = ("consumption", "general")
MEASURES = ("customs_value_usd", "cif_value_usd", "duty_usd", "dutiable_value_usd")
QUANTITIES = ("quantity_kg", "quantity_other")

# What makes a block, in every table. `period` is the text YYYY-MM: the month, or the last of a year to date.
# Tables other than Census imports give the words their own sense: see each of them below.
BLOCK_KEY = ("code_level", "concept", "period", "heading")

_CODE_COLUMNS = {
    "code_level": "str",
    "code": "str",
    "heading": "str",
    "origin": "str",
    "census_code": "str",
    "row_kind": "str",
    "concept": "str",
}
_FIGURE_COLUMNS = dict.fromkeys((*MEASURES, *QUANTITIES), "float64") | {"quantity_unit": "str"}


@dataclass(frozen=True)
class Table:
    """A table's name, its columns with their types in order, and the columns that make a row unique.

    ``among`` gives the words that a column may hold, ``matches`` the pattern of its texts; ``nullable`` are the
    columns that may lack a figure. In a log (``is_log``) every commit adds rows and none replaces another's.
    """

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]
    nullable: tuple[str, ...] = ()
    among: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    matches: Mapping[str, str] = field(default_factory=dict)
    is_log: bool = False

    def tidy(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return `frame` with this table's columns, types and row order. Raises AimError on a broken rule."""
        tidy = frame.loc[:, list(self.columns)].astype(dict(self.columns))
        tidy = tidy.sort_values(list(self.key), kind="stable", ignore_index=True)
        self._check(tidy)
        return tidy

    def _check(self, frame: pd.DataFrame) -> None:
        import pandera.pandas as pa

        rules = {name: pa.Column(nullable=name in self.nullable) for name in self.columns}
        rules |= {name: pa.Column(checks=pa.Check.isin(words)) for name, words in self.among.items()}
        rules |= {name: pa.Column(checks=pa.Check.str_matches(rule)) for name, rule in self.matches.items()}
        schema = pa.DataFrameSchema(rules, unique=list(self.key), strict=True, ordered=True)
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as error:
            cases = error.failure_cases[["column", "check", "failure_case"]].drop_duplicates().head(5)
            shown = "; ".join(f"{row.column}: {row.failure_case} ({row.check})" for row in cases.itertuples())
            raise AimError(f"Rows break the rules of the table {self.name}: {shown}.") from None


_ROW = ("code_level", "concept", "code", "row_kind", "census_code")
_CENSUS_RULES = {
    "nullable": (*MEASURES, *QUANTITIES),
    "among": {"code_level": LEVELS, "concept": CONCEPTS, "row_kind": ("country", "total")},
    "matches": {"code": r"^(\d{2}|\d{4}|\d{6}|\d{10})$", "origin": r"^([A-Z]{3}|TOTAL)$"},
}

_ISO3 = r"^[A-Z]{3}$"
METAL_WORDS = ("N/A", "unknown", "not collected")
"""What a smelt field may hold besides a country."""
_METAL = r"^([A-Z]{3}|N/A|unknown|not collected)$"
LICENSE_STATUSES = ("filed", "corrected", "cancelled")
ENTRY_TYPES = ("consumption", "zone", "warehouse")
DASHBOARDS = ("imports", "smelt", "cast")
FREQUENCIES = ("daily", "monthly")
FLOWS = ("export", "import", "re-export", "re-import", "domestic export", "foreign import")

TABLES = {
    "census_imports": Table(
        "census_imports",
        {"month": "datetime64[us]", "period": "str"} | _CODE_COLUMNS | _FIGURE_COLUMNS,
        ("period", *_ROW),
        **_CENSUS_RULES,
    ),
    "census_imports_ytd": Table(
        "census_imports_ytd",
        {"year": "int64", "through_month": "int64", "period": "str"} | _CODE_COLUMNS | _FIGURE_COLUMNS,
        ("period", *_ROW),
        **_CENSUS_RULES,
    ),
    # A log of what happened to license lines: each row is a line as filed, as corrected, or its cancellation.
    # period is the month of the expected import, heading the HS4, code_level hts10, concept license.
    # The figures of a cancellation are those of the line that it takes away.
    "licenses": Table(
        "licenses",
        {
            **dict.fromkeys(BLOCK_KEY, "str"),
            "month": "datetime64[us]",
            "license_number": "str",
            "line_number": "int64",
            "status": "str",
            "status_date": "datetime64[us]",
            "entry_type": "str",
            "low_value": "bool",
            "importer": "str",
            "exporter": "str",
            "manufacturer": "str",
            "origin": "str",
            "exportation": "str",
            "port": "str",
            "expected_import": "datetime64[us]",
            "application_date": "datetime64[us]",
            "code": "str",
            "product": "str",
            "largest_smelt": "str",
            "second_smelt": "str",
            "recent_cast": "str",
            "quantity_kg": "float64",
            "customs_value_usd": "float64",
        },
        ("license_number", "line_number", "status_date", "status"),
        among={"status": LICENSE_STATUSES, "entry_type": ENTRY_TYPES},
        matches={
            "code": r"^\d{10}$",
            "origin": _ISO3,
            "recent_cast": _ISO3,
            "largest_smelt": _METAL,
            "second_smelt": _METAL,
        },
        is_log=True,
    ),
    # What the public monitor's dashboards let anyone download, in kilograms and dollars, or as fractions.
    # period is the month, code_level category or hs6, concept monitor, heading the dashboard. largest_smelt and
    # recent_cast are '' where the dashboard does not tell them, origin is TOTAL in a row over all origins,
    # product a category's slug, or aim over all of them.
    "aim_monitor": Table(
        "aim_monitor",
        {
            **dict.fromkeys(BLOCK_KEY, "str"),
            "month": "datetime64[us]",
            "data_basis": "str",
            "code": "str",
            "product": "str",
            "origin": "str",
            "largest_smelt": "str",
            "recent_cast": "str",
            "quantity_kg": "float64",
            "customs_value_usd": "float64",
            "share_quantity": "float64",
            "share_value": "float64",
        },
        ("period", "code_level", "heading", "code", "product", "origin", "largest_smelt", "recent_cast"),
        nullable=("quantity_kg", "customs_value_usd", "share_quantity", "share_value"),
        among={"data_basis": ("license", "census"), "heading": DASHBOARDS, "code_level": ("category", "hs6")},
        matches={
            "origin": r"^([A-Z]{3}|TOTAL)$",
            "largest_smelt": r"^([A-Z]{3}|N/A|unknown|)$",
            "recent_cast": r"^([A-Z]{3}|)$",
        },
    ),
    # Prices, premiums and exchange rates. period is the month, code_level the frequency, concept the series
    # (see reference.price_series), heading price. price_usd_t is blank for a rate, rate (units of the currency for one
    # US dollar) for a price; as_given and unit_given keep what the file said.
    "prices": Table(
        "prices",
        {
            **dict.fromkeys(BLOCK_KEY, "str"),
            "day": "datetime64[us]",
            "price_usd_t": "float64",
            "rate": "float64",
            "as_given": "float64",
            "unit_given": "str",
        },
        ("concept", "code_level", "day"),
        nullable=("price_usd_t", "rate"),
        among={"code_level": FREQUENCIES},
    ),
    # What countries report to UN Comtrade. period is the month, or YYYY for a year; concept is the flow, heading the
    # reporter and the HS4 heading (CAN 7601). row_kind is country, or total for the partner WLD. primary_value_usd is
    # what the reporter declared; the other two are blank where it does not give them. A weight that is null or zero
    # beside a value is missing. quantity_estimated marks weights that the United Nations estimated.
    "comtrade": Table(
        "comtrade",
        {
            **dict.fromkeys(BLOCK_KEY, "str"),
            "month": "datetime64[us]",
            "reporter": "str",
            "partner": "str",
            "code": "str",
            "row_kind": "str",
            "edition": "str",
            "primary_value_usd": "float64",
            "cif_value_usd": "float64",
            "fob_value_usd": "float64",
            "quantity_kg": "float64",
            "quantity_estimated": "bool",
        },
        ("concept", "period", "heading", "code_level", "code", "partner"),
        nullable=("cif_value_usd", "fob_value_usd", "quantity_kg"),
        among={"code_level": ("hs4", "hs6"), "concept": FLOWS, "row_kind": ("country", "total")},
        matches={"reporter": _ISO3, "partner": _ISO3, "code": r"^76(\d{2}|\d{4})$", "edition": r"^H\d$"},
    ),
    # CEPII's reconciled flows. period is the year, concept the edition of the HS (HS92), heading the HS6 code, of
    # which a block holds all flows. doubtful marks unit values beyond reason.
    "baci": Table(
        "baci",
        {
            **dict.fromkeys(BLOCK_KEY, "str"),
            "month": "datetime64[us]",
            "exporter": "str",
            "importer": "str",
            "code": "str",
            "fob_value_usd": "float64",
            "quantity_kg": "float64",
            "doubtful": "bool",
        },
        ("concept", "period", "code", "exporter", "importer"),
        nullable=("quantity_kg",),
        among={"code_level": ("hs6",)},
        matches={"exporter": _ISO3, "importer": _ISO3, "code": r"^76\d{4}$", "concept": r"^HS\d{2}$"},
    ),
}
