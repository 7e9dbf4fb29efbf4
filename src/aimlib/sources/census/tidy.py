"""Figures from clean rows: one row a concept, dollars by our names, and quantities by their units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import countries
from aimlib.sources.census.clean import Clean
from aimlib.sources.census.errors import NotCensus
from aimlib.sources.census.variables import (
    CONCEPTS,
    KILOGRAMS,
    KNOWN_UNITS,
    NO_FLAG,
    NO_UNIT,
    TABLE_OF_BASIS,
    UNIT_COLUMNS,
    Concept,
)

TOTAL = "TOTAL"


def tidy_tables(clean: Clean) -> dict[str, pd.DataFrame]:
    """Return the rows of each table that an answer holds.

    Columns are the tables' own (see `aimlib.store.tables`), ``file`` and ``row``. Dollars that
    the answer does not hold are NaN, as are quantities that are flagged, or have no unit.

    Raises AimError that shows the row of an unknown country or unit.
    """
    subject = _subject(clean)
    units = _units(clean)
    tables = {}
    for basis, table in TABLE_OF_BASIS.items():
        parts = [
            subject.assign(concept=name, **_dollars(clean, concept, basis), **_quantities(clean, concept, basis, units))
            for name, concept in CONCEPTS.items()
            if f"{concept.customs_value_usd}_{basis}" in clean.numbers
        ]
        if parts:
            tables[table] = _dated(pd.concat(parts, ignore_index=True), basis)
    return tables


def _subject(clean: Clean) -> pd.DataFrame:
    cells = clean.cells
    is_total = cells["kind"] == "total"
    heading = cells["code"].str[:4]
    return pd.DataFrame(
        {
            "file": cells["file"],
            "row": cells["row"],
            "period": cells["period"],
            "code_level": cells["level"],
            "code": cells["code"],
            "heading": heading,
            "origin": _origins(clean, cells["partner"][~is_total]).reindex(cells.index).fillna(TOTAL),
            "census_code": cells["partner"].mask(is_total, "-"),
            "row_kind": cells["kind"],
        }
    )


def _origins(clean: Clean, partners: pd.Series) -> pd.Series:
    try:
        return countries.from_census(partners)
    except AimError:
        for code in partners.unique():
            try:
                countries.from_census(pd.Series([code], dtype="str"))
            except AimError as error:
                cells = clean.cells.loc[partners.index[partners == code][0]]
                called = f" ({cells['CTY_NAME']})" if cells.get("CTY_NAME") else ""
                raise AimError(f"{_where(cells)}{called}: {error.message}", error.advice) from None
        raise


def _where(cells: pd.Series) -> str:
    return f"{cells['file']}, row {cells['row']}"


def _units(clean: Clean) -> pd.DataFrame:
    """Return the two units of every row. Raises AimError on one that is not known."""
    cells = clean.cells
    units = pd.DataFrame(
        {column: cells[column].str.upper() if column in cells else "" for column in UNIT_COLUMNS},
        index=cells.index,
        dtype="str",
    )
    for column in UNIT_COLUMNS:
        unknown = units.index[~units[column].isin(KNOWN_UNITS)]
        if len(unknown):
            row = cells.loc[unknown[0]]
            what = f"has the unit '{row[column]}' in {column}, for code {row['code']}"
            known = ", ".join(unit for unit in KNOWN_UNITS if unit)
            advice = f"Known are {known}; a new one needs its meaning in aimlib.sources.census.variables."
            raise NotCensus(_where(row), what, advice)
    return units


def _dollars(clean: Clean, concept: Concept, basis: str) -> dict[str, pd.Series | float]:
    columns = ("customs_value_usd", "cif_value_usd", "duty_usd", "dutiable_value_usd")
    stems = concept.dollars()
    return {column: _column(clean, f"{stems.get(column)}_{basis}") for column in columns}


def _quantities(clean: Clean, concept: Concept, basis: str, units: pd.DataFrame) -> dict[str, pd.Series]:
    """Return quantity_kg, quantity_other and quantity_unit; never a sum over units."""
    kilograms = pd.Series(np.nan, index=clean.cells.index)
    other, unit_of_other = kilograms.copy(), pd.Series("", index=clean.cells.index, dtype="str")
    for stem, unit_column in zip(concept.quantities, UNIT_COLUMNS, strict=True):
        unit = units[unit_column]
        flag = clean.cells.get(f"{stem}_{basis}_FLAG", pd.Series("", index=unit.index))
        quantity = _column(clean, f"{stem}_{basis}").where(flag.isin(NO_FLAG) & ~unit.isin(NO_UNIT))
        kilograms = kilograms.fillna(quantity * unit.map(KILOGRAMS).astype("float64"))
        is_read = f"{stem}_{basis}" in clean.numbers
        counts = ~unit.isin([*KILOGRAMS, *NO_UNIT]) & (unit_of_other == "") & is_read
        other = other.mask(counts, quantity)
        unit_of_other = unit_of_other.mask(counts, unit)
    return {"quantity_kg": kilograms, "quantity_other": other, "quantity_unit": unit_of_other}


def _column(clean: Clean, name: str) -> pd.Series:
    return clean.numbers[name] if name in clean.numbers else pd.Series(np.nan, index=clean.cells.index)


def _dated(rows: pd.DataFrame, basis: str) -> pd.DataFrame:
    month = pd.to_datetime(rows["period"], format="%Y-%m")
    if basis == "MO":
        return rows.assign(month=month)
    return rows.assign(year=month.dt.year, through_month=month.dt.month)
