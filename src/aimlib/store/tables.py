"""The tables that a store holds: their columns, types, keys and checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from aimlib.errors import AimError

LEVELS = ("hs2", "hs4", "hs6", "hts10")
CONCEPTS = ("consumption", "general")
MEASURES = ("customs_value_usd", "cif_value_usd", "duty_usd", "dutiable_value_usd")
QUANTITIES = ("quantity_kg", "quantity_other")

# What makes a block, in every table. `period` is the text YYYY-MM: the month, or the last of a year to date.
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
    """A table's name, its columns with their types in order, and the columns that make a row unique."""

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]

    def tidy(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return `frame` with this table's columns, types and row order. Raises AimError on a broken rule."""
        tidy = frame.loc[:, list(self.columns)].astype(dict(self.columns))
        tidy = tidy.sort_values(list(self.key), kind="stable", ignore_index=True)
        self._check(tidy)
        return tidy

    def _check(self, frame: pd.DataFrame) -> None:
        import pandera.pandas as pa

        among = {"code_level": LEVELS, "concept": CONCEPTS, "row_kind": ("country", "total")}
        rules = {name: pa.Column(nullable=name in (*MEASURES, *QUANTITIES)) for name in self.columns}
        rules |= {name: pa.Column(checks=pa.Check.isin(words)) for name, words in among.items()}
        rules["code"] = pa.Column(checks=pa.Check.str_matches(r"^(\d{2}|\d{4}|\d{6}|\d{10})$"))
        rules["origin"] = pa.Column(checks=pa.Check.str_matches(r"^([A-Z]{3}|TOTAL)$"))
        schema = pa.DataFrameSchema(rules, unique=list(self.key), strict=True, ordered=True)
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as error:
            cases = error.failure_cases[["column", "check", "failure_case"]].drop_duplicates().head(5)
            shown = "; ".join(f"{row.column}: {row.failure_case} ({row.check})" for row in cases.itertuples())
            raise AimError(f"Rows break the rules of the table {self.name}: {shown}.") from None


_ROW = ("code_level", "concept", "code", "row_kind", "census_code")

TABLES = {
    "census_imports": Table(
        "census_imports",
        {"month": "datetime64[us]", "period": "str"} | _CODE_COLUMNS | _FIGURE_COLUMNS,
        ("period", *_ROW),
    ),
    "census_imports_ytd": Table(
        "census_imports_ytd",
        {"year": "int64", "through_month": "int64", "period": "str"} | _CODE_COLUMNS | _FIGURE_COLUMNS,
        ("period", *_ROW),
    ),
}
