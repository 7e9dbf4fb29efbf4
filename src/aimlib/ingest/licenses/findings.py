"""Findings: which row breaks which rule with what, one row a finding."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from aimlib.reference.license_rules import ERROR, rules

COLUMNS = ["at", "field", "value", "rule"]


def found(rows: pd.DataFrame, broken: np.ndarray | pd.Series, rule: str, field: str) -> pd.DataFrame:
    """Return a finding for each of `rows` where `broken`; ``at`` is the row's index, ``value`` the field's."""
    mask = np.asarray(broken, dtype=bool)
    if not mask.any():
        return none()
    hit = rows.loc[mask, field]
    told = {"at": hit.index.to_numpy("int64"), "field": field, "value": as_text(hit).to_numpy(), "rule": rule}
    return pd.DataFrame(told)[COLUMNS]


def none() -> pd.DataFrame:
    """Return no findings."""
    return pd.DataFrame({"at": np.array([], "int64"), "field": [], "value": [], "rule": []}, columns=COLUMNS)


def together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return all findings in the order of rows, with few bytes a finding."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return none()
    whole = pd.concat(filled, ignore_index=True).astype({"field": "category", "rule": "category", "value": "str"})
    return whole.sort_values(["at", "rule", "field"], kind="stable", ignore_index=True)


def is_error(findings: pd.DataFrame) -> pd.Series:
    """Tell for each finding whether it sets its row aside."""
    errors = [key for key, rule in rules().items() if rule.severity == ERROR]
    return findings["rule"].isin(errors)


def refused(parts: Iterable[pd.DataFrame]) -> np.ndarray:
    """Return the indexes of the rows that an error sets aside, in order."""
    places = [part.loc[is_error(part), "at"].to_numpy("int64") for part in parts if len(part)]
    return np.unique(np.concatenate(places)) if places else np.array([], "int64")


def as_text(values: pd.Series) -> pd.Series:
    """Return values as a filer would write them: days in ISO form, numbers without a needless point."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").fillna("")
    if pd.api.types.is_float_dtype(values):
        return values.map(lambda number: "" if number != number else f"{number:.10g}").astype("str")
    if pd.api.types.is_bool_dtype(values):
        return values.map({True: "yes", False: "no"}).astype("str")
    return values.astype("object").fillna("").astype("str")
