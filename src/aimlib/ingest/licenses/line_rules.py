"""The rules that rows break together: repeated rows, lines of one license, licenses alike."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from aimlib.ingest.licenses.findings import found
from aimlib.reference.license_rules import rules

EVENT = ["license_number", "line_number", "status", "status_date"]
FIGURES = [
    *("entry_type", "origin", "hts10", "largest_smelt", "second_smelt", "recent_cast", "expected_import_date"),
    *("quantity_kg", "customs_value_usd"),
]
"""What makes two accounts of the same event contradict each other."""
_SHIPMENT = [*FIGURES, "importer", "exporter", "manufacturer", "exportation", "port_of_entry", "line_number"]

REPEATED, CONTRADICTED, SAME_SHIPMENT = "AIM-DUP-01", "AIM-DUP-02", "AIM-DUP-03"
DIFFERS, DIFFERS_A_LITTLE = "AIM-LINE-02", "AIM-LINE-03"
RULES = frozenset((REPEATED, CONTRADICTED, SAME_SHIPMENT, DIFFERS, DIFFERS_A_LITTLE))


def examine_repeats(rows: pd.DataFrame) -> tuple[list[pd.DataFrame], np.ndarray]:
    """Return findings on rows about the same event as an earlier one, and the indexes of those that only repeat."""
    again = rows.duplicated(EVENT)
    if not again.any():
        return [], np.array([], "int64")
    alike = rows[rows.duplicated(EVENT, keep=False)]
    event = alike.groupby(EVENT, sort=False, observed=True, dropna=False).ngroup()
    contradicts = pd.Series(False, index=alike.index)
    for field in FIGURES:
        code = _codes(alike[field])
        contradicts |= code != code.groupby(event).transform("first")
    contradicts = contradicts.reindex(rows.index, fill_value=False) & again
    repeats = again & ~contradicts
    findings = [
        found(rows, repeats, REPEATED, "license_number"),
        found(rows, contradicts, CONTRADICTED, "license_number"),
    ]
    return findings, rows.index[repeats].to_numpy("int64")


def examine_lines(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield findings on lines that differ from the other lines of their license in what all lines share.

    Lines are compared within one event (all filings, or the corrections of one day). The most frequent value is taken
    as meant, the first of those equally frequent; a blank differs from nothing.
    """
    event = ["license_number", "status", "status_date"]
    several = rows[rows.duplicated(event, keep=False).to_numpy() & (rows["status"] != "cancelled").to_numpy()]
    if several.empty:
        return
    group = several.groupby(event, sort=False, observed=True, dropna=False).ngroup()
    for key in (DIFFERS, DIFFERS_A_LITTLE):
        for field in rules()[key].fields:
            code = _codes(several[field])
            given = code >= 0
            first = code.where(given).groupby(group).transform("first")
            mixed = group[given & (code != first)].unique()
            inside = given & group.isin(mixed)
            if inside.any():
                odd = code[inside] != _usual(code[inside], group[inside])
                yield found(several.loc[inside], odd, key, field)


def examine_shipments(rows: pd.DataFrame) -> pd.DataFrame:
    """Return findings on filings that equal an earlier filing under another number in everything.

    A license that is cancelled is no second license for the shipment.
    """
    cancelled = rows.loc[(rows["status"] == "cancelled").to_numpy(), "license_number"].unique()
    filed = rows[(rows["status"] == "filed").to_numpy() & ~rows["license_number"].isin(cancelled).to_numpy()]
    near = filed[filed.duplicated(["quantity_kg", "customs_value_usd", "expected_import_date"], keep=False)]
    if near.empty:
        return found(filed, np.zeros(len(filed), dtype=bool), SAME_SHIPMENT, "license_number")
    return found(near, near.duplicated(_SHIPMENT), SAME_SHIPMENT, "license_number")


def _usual(code: pd.Series, group: pd.Series) -> pd.Series:
    """Return for each row the most frequent code of its group, the first of those equally frequent."""
    table = pd.DataFrame({"group": group, "code": code}).reset_index(drop=True)
    counted = table.groupby(["group", "code"], sort=False).size().reset_index(name="rows")
    best = counted.sort_values("rows", ascending=False, kind="stable").drop_duplicates("group")
    return group.map(best.set_index("group")["code"])


def _codes(values: pd.Series) -> pd.Series:
    """Return a whole number for each value, -1 for a missing one; names count as equal whatever their case."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        folded = [" ".join(str(word).casefold().split()) for word in values.cat.categories]
        numbers, _ = pd.factorize(np.array(folded, dtype=object))
        codes = values.cat.codes.to_numpy()
        return pd.Series(np.where(codes >= 0, numbers[codes] if len(numbers) else -1, -1), index=values.index)
    return pd.Series(pd.factorize(values)[0], index=values.index)
