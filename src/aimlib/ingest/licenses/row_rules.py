"""The rules that one row alone can break."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.ingest.licenses import scope
from aimlib.ingest.licenses.findings import found
from aimlib.ingest.licenses.yardstick import price_of
from aimlib.reference.license_rules import NOT_APPLICABLE, UNKNOWN, Rule, rules, unit_value_limits

_DAY = pd.Timedelta(days=1)
_BLANKS = ("AIM-BLANK-01", "AIM-SMELT-06")
_NAMELESS = ("unknown", "n/a", "na", "none", "tbd", "-", "not applicable")


@dataclass(frozen=True)
class Known:
    """What rows are judged by besides themselves: the day on which the file was known, and prices by month."""

    on: pd.Timestamp
    prices: pd.Series | None = None


Broken = Callable[[pd.DataFrame, Known, Rule], pd.Series]


def _blank(field: str) -> Broken:
    return lambda rows, known, rule: (rows[field] == "") | rows[field].isna()


def _is(field: str, word: str) -> Broken:
    return lambda rows, known, rule: rows[field] == word


def _nameless(field: str) -> Broken:
    def broken(rows: pd.DataFrame, known: Known, rule: Rule) -> pd.Series:
        words = [name for name in rows[field].cat.categories if name.casefold() in _NAMELESS]
        return rows[field].isin(words)

    return broken


def _too_large(field: str, place: int) -> Broken:
    return lambda rows, known, rule: rows[field] > float(rule.limits[place])


def _is_country(metal: pd.Series) -> pd.Series:
    return metal.notna() & ~metal.isin([NOT_APPLICABLE, UNKNOWN])


def _second_without_first(rows: pd.DataFrame, known: Known, rule: Rule) -> pd.Series:
    return (
        (rows["largest_smelt"] == NOT_APPLICABLE)
        & (rows["second_smelt"] != NOT_APPLICABLE)
        & rows["second_smelt"].notna()
    )


def _same_smelt(rows: pd.DataFrame, known: Known, rule: Rule) -> pd.Series:
    same = rows["largest_smelt"].astype("object") == rows["second_smelt"].astype("object")
    return same & _is_country(rows["largest_smelt"])


def _unit_value_ratio(rows: pd.DataFrame, known: Known) -> pd.Series:
    kilograms = rows["quantity_kg"].where(rows["quantity_kg"] > 0)
    dollars = rows["customs_value_usd"].where(rows["customs_value_usd"] > 0)
    months = rows["expected_import_date"].dt.to_period("M").dt.to_timestamp()
    return dollars / kilograms * 1000 / price_of(months, known.prices)


def _limits(rows: pd.DataFrame, which: str) -> np.ndarray:
    """Return a limit of each row's product, NaN where it has none."""
    by_word = unit_value_limits()[which].reindex(rows["product"].cat.categories).to_numpy()
    return np.append(by_word, np.nan)[rows["product"].cat.codes]


def _absurd(rows: pd.DataFrame, known: Known, rule: Rule) -> pd.Series:
    """A few kilograms of samples may cost anything: the upper limit binds from a value on."""
    ratio = _unit_value_ratio(rows, known)
    dear = (ratio > _limits(rows, "highest")) & (rows["customs_value_usd"] >= rule.limit)
    return (ratio < _limits(rows, "lowest")) | dear


def _unusual(rows: pd.DataFrame, known: Known, rule: Rule) -> pd.Series:
    ratio = _unit_value_ratio(rows, known)
    outside = (ratio < _limits(rows, "low")) | (ratio > _limits(rows, "high"))
    return outside & ~_absurd(rows, known, rules()["AIM-UNIT-01"])


def _outside_validity(rows: pd.DataFrame, known: Known, rule: Rule) -> pd.Series:
    day = rows["expected_import_date"]
    return ~rows["low_value"] & ((day < rows["valid_from"]) | (day > rows["valid_through"]))


ALWAYS: tuple[tuple[str, str, Broken], ...] = (
    ("AIM-BLANK-01", "license_number", _blank("license_number")),
    (
        "AIM-STATUS-02",
        "status_date",
        lambda rows, known, rule: rows["status_date"].isna() & (rows["status"] != "filed"),
    ),
    ("AIM-STATUS-03", "status_date", lambda rows, known, rule: rows["status_date"] < rows["application_date"]),
    ("AIM-STATUS-04", "status_date", lambda rows, known, rule: rows["status_date"] > known.on),
)
"""What a row of any status must keep: rule, the field that a finding names, and what breaks it."""

UNLESS_CANCELLED: tuple[tuple[str, str, Broken], ...] = (
    *(("AIM-BLANK-01", field, _blank(field)) for field in rules()["AIM-BLANK-01"].fields if field != "license_number"),
    (
        "AIM-STATUS-05",
        "status_date",
        lambda rows, known, rule: (rows["status"] == "filed") & (rows["status_date"] > rows["application_date"]),
    ),
    (
        "AIM-LOW-02",
        "customs_value_usd",
        lambda rows, known, rule: rows["low_value"] & (rows["customs_value_usd"] >= rule.limit),
    ),
    ("AIM-PARTY-01", "importer", _nameless("importer")),
    ("AIM-PARTY-02", "exporter", _nameless("exporter")),
    ("AIM-ORIGIN-01", "origin", _is("origin", "USA")),
    ("AIM-SMELT-01", "largest_smelt", _is("largest_smelt", UNKNOWN)),
    ("AIM-SMELT-01", "second_smelt", _is("second_smelt", UNKNOWN)),
    ("AIM-SMELT-02", "largest_smelt", _is("largest_smelt", UNKNOWN)),
    ("AIM-SMELT-02", "second_smelt", _is("second_smelt", UNKNOWN)),
    ("AIM-SMELT-03", "second_smelt", _second_without_first),
    ("AIM-SMELT-04", "second_smelt", _same_smelt),
    (
        "AIM-SMELT-05",
        "second_smelt",
        lambda rows, known, rule: (rows["largest_smelt"] == UNKNOWN) & _is_country(rows["second_smelt"]),
    ),
    ("AIM-SMELT-06", "largest_smelt", _blank("largest_smelt")),
    ("AIM-SMELT-06", "second_smelt", _blank("second_smelt")),
    ("AIM-CAST-01", "recent_cast", _is("recent_cast", NOT_APPLICABLE)),
    ("AIM-CAST-02", "recent_cast", _is("recent_cast", UNKNOWN)),
    *((key, "hts10", lambda rows, known, rule: rows["hts_fault"] == rule.key) for key in sorted(scope.RULES)),
    (
        "AIM-SCOPE-01",
        "expected_import_date",
        lambda rows, known, rule: rows["expected_import_date"] < rule.first_day,
    ),
    ("AIM-SCOPE-02", "application_date", lambda rows, known, rule: rows["application_date"] < rule.first_day),
    (
        "AIM-TIME-01",
        "expected_export_date",
        lambda rows, known, rule: rows["expected_export_date"] > rows["expected_import_date"],
    ),
    (
        "AIM-TIME-02",
        "expected_export_date",
        lambda rows, known, rule: _days_ahead(rows, "expected_export_date") > rule.limit,
    ),
    (
        "AIM-TIME-03",
        "application_date",
        lambda rows, known, rule: _days_ahead(rows, "application_date").between(
            rule.limit, rules()["AIM-TIME-04"].limit, inclusive="right"
        ),
    ),
    ("AIM-TIME-04", "application_date", lambda rows, known, rule: _days_ahead(rows, "application_date") > rule.limit),
    ("AIM-TIME-05", "application_date", lambda rows, known, rule: _days_ahead(rows, "application_date") < -rule.limit),
    ("AIM-VALID-01", "valid_through", lambda rows, known, rule: rows["valid_through"] < rows["valid_from"]),
    (
        "AIM-VALID-02",
        "valid_through",
        lambda rows, known, rule: ~rows["low_value"] & (rows["valid_through"] - rows["valid_from"] > rule.limit * _DAY),
    ),
    ("AIM-VALID-03", "expected_import_date", _outside_validity),
    ("AIM-KG-01", "quantity_kg", lambda rows, known, rule: rows["quantity_kg"] <= 0),
    ("AIM-KG-02", "quantity_kg", _too_large("quantity_kg", 0)),
    ("AIM-VALUE-01", "customs_value_usd", lambda rows, known, rule: rows["customs_value_usd"] <= 0),
    ("AIM-NUMBER-03", "quantity_kg", _too_large("quantity_kg", 0)),
    ("AIM-NUMBER-03", "customs_value_usd", _too_large("customs_value_usd", 1)),
    ("AIM-UNIT-01", "customs_value_usd", _absurd),
    ("AIM-UNIT-02", "customs_value_usd", _unusual),
)
"""What a filing or a correction must keep."""

RULES = frozenset(rule for rule, _, _ in (*ALWAYS, *UNLESS_CANCELLED))


def examine_rows(rows: pd.DataFrame, known: Known, unread: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the findings of clean rows that also have ``product`` and ``hts_fault``.

    `unread` are the faults of reading, as at (index of the row) and field: a cell that could not be read is not blank.
    """
    yield from _apply(ALWAYS, rows, known, unread)
    yield from _apply(UNLESS_CANCELLED, rows[(rows["status"] != "cancelled").to_numpy()], known, unread)


def _apply(checks: tuple, rows: pd.DataFrame, known: Known, unread: pd.DataFrame) -> Iterator[pd.DataFrame]:
    filed_on = rows["application_date"].fillna(rows["status_date"])
    for key, field, breaks in checks:
        rule = rules()[key]
        broken = np.asarray(breaks(rows, known, rule).fillna(False), dtype=bool)
        if broken.any():
            broken = broken & _holds(rule, filed_on)
            if key in _BLANKS:
                broken = broken & ~rows.index.isin(unread.loc[unread["field"] == field, "at"])
            yield found(rows, broken, key, field)


def _holds(rule: Rule, filed_on: pd.Series) -> np.ndarray:
    """Tell for each row whether the rule held on the day of filing."""
    holds = np.ones(len(filed_on), dtype=bool)
    if rule.filed_from is not pd.NaT:
        holds &= (filed_on >= rule.filed_from).to_numpy()
    if rule.filed_through is not pd.NaT:
        holds &= (filed_on <= rule.filed_through).to_numpy()
    return holds


def _days_ahead(rows: pd.DataFrame, field: str) -> pd.Series:
    """Return the days from a date to the expected import."""
    return (rows["expected_import_date"] - rows[field]) / _DAY
