"""What happened to a line before: corrections and cancellations need an earlier filing, in the file or in the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.ingest.licenses.findings import found
from aimlib.ingest.licenses.line_rules import EVENT, FIGURES
from aimlib.reference.license_rules import NOT_COLLECTED
from aimlib.store.store import Store

STORE_NAMES = {"hts10": "code", "expected_import_date": "expected_import", "port_of_entry": "port"}
"""The columns that the store calls otherwise than the form."""

UNFILED, NOTHING_TO_CANCEL, BROUGHT_BACK, HELD_OTHERWISE = (
    "AIM-STATUS-06",
    "AIM-STATUS-07",
    "AIM-STATUS-08",
    "AIM-DUP-04",
)
RULES = frozenset((UNFILED, NOTHING_TO_CANCEL, BROUGHT_BACK, HELD_OTHERWISE))
_LINE = ["license_number", "line_number"]
_CONTENT = [
    *FIGURES,
    *("product", "low_value", "importer", "exporter", "manufacturer", "exportation", "port_of_entry"),
    "application_date",
]


COLUMNS = (*_LINE, "status", "status_date", *_CONTENT)
_ROWS_AT_ONCE = 200_000


@dataclass(frozen=True)
class History:
    """``rows`` as they go into the store, a cancellation with the content of the line that it takes away."""

    rows: pd.DataFrame
    findings: list[pd.DataFrame]


def held_events(store: Store | None, columns: Sequence[str] = COLUMNS) -> Iterator[pd.DataFrame]:
    """Yield the store's events under the form's names, some months at a time, as memory allows."""
    if store is None:
        return
    months = store.blocks("licenses").groupby("period")["rows"].sum()
    asked = [STORE_NAMES.get(name, name) for name in columns]
    for _, some in months.groupby((months.cumsum() - 1) // _ROWS_AT_ONCE):
        rows = store.read("licenses", periods=list(some.index), columns=asked)
        yield rows.rename(columns={ours: form for form, ours in STORE_NAMES.items()})


def examine_held(rows: pd.DataFrame, store: Store | None) -> pd.DataFrame:
    """Return findings on events that the store holds with other figures."""
    filed = rows[(rows["status"] != "cancelled").to_numpy()]
    differs = np.zeros(len(filed), dtype=bool)
    keys = None
    for held in held_events(store, [*EVENT, *FIGURES]):
        if keys is None:  # worked out where a store holds anything, and once
            keys = _event_keys(filed)
            order = np.argsort(keys)
            keys = keys[order]
        wanted = _event_keys(held)
        near = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        hit = np.flatnonzero(keys[near] == wanted) if len(keys) else []
        ours, theirs = filed.iloc[order[near[hit]]], held.iloc[hit]
        for field in FIGURES:
            differs[order[near[hit]]] |= _compared(ours[field]) != _compared(theirs[field])
    return found(filed, differs, HELD_OTHERWISE, "license_number")


def _event_keys(rows: pd.DataFrame) -> np.ndarray:
    """Return a number for each event: a merge on four columns of a million rows would take many times as long."""
    return pd.util.hash_pandas_object(rows[EVENT].astype({"status": "str"}), index=False).to_numpy()


def _compared(figures: pd.Series) -> np.ndarray:
    """Return figures so that the file's and the store's compare; a smelt that was left blank is stored in words."""
    if figures.dtype == "category" or figures.dtype == "str":
        return figures.astype("object").fillna(NOT_COLLECTED).to_numpy()
    return figures.to_numpy()


def follow(rows: pd.DataFrame, store: Store | None) -> History:
    """Give every cancellation the content of its line, and find corrections and cancellations without a filing.

    The filing may be in `rows` or in the store. A cancellation without a line number is one of every line.
    """
    is_cancelled = (rows["status"] == "cancelled").to_numpy()
    is_changed = is_cancelled | (rows["status"] == "corrected").to_numpy()
    if not is_changed.any():
        return History(rows, [])
    changed = rows.loc[is_changed, "license_number"].unique()
    concerned = rows["license_number"].isin(changed).to_numpy()
    parts = [held[held["license_number"].isin(changed)] for held in held_events(store)]
    held = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    accounts = _accounts(rows[concerned & ~is_cancelled], held)
    cancels, findings = _filled(rows[is_cancelled], accounts)
    findings.append(_unfiled(rows[(rows["status"] == "corrected").to_numpy()], accounts))
    findings.append(_brought_back(rows[concerned & ~is_cancelled], cancels, held))
    kept = rows[~is_cancelled]
    if len(cancels):
        kept = pd.concat([_open(kept, cancels), _open(cancels, kept)], ignore_index=False)
    return History(kept, findings)


def _accounts(rows: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Return filings and corrections of the file and the store, oldest first, as text where words are."""
    columns = list(COLUMNS)
    parts = [rows[columns]]
    if len(held):
        parts.insert(0, held.loc[held["status"] != "cancelled", columns])
    plain = [part.astype({name: "object" for name in part if part[name].dtype == "category"}) for part in parts]
    return pd.concat(plain, ignore_index=True).sort_values("status_date", kind="stable", ignore_index=True)


def _filled(cancels: pd.DataFrame, accounts: pd.DataFrame) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return the cancellations by line, filled, and findings on those that take nothing away."""
    asked = cancels[[*_LINE, "status_date"]].reset_index(names="at")
    lines = accounts[_LINE].drop_duplicates()
    whole = asked[asked["line_number"] == 0].drop(columns="line_number").merge(lines, on="license_number")
    by_line = pd.concat([asked[asked["line_number"] != 0], whole[asked.columns]], ignore_index=True)
    filled = pd.merge_asof(
        by_line.sort_values("status_date", kind="stable"),
        accounts.drop(columns="status").assign(told=True),
        on="status_date",
        by=_LINE,
    )
    filled = filled[filled["told"].notna()].drop(columns="told")
    missing = ~cancels.index.isin(filled["at"])
    findings = [found(cancels, missing, NOTHING_TO_CANCEL, "license_number")]
    filled = filled.sort_values("at", kind="stable").drop_duplicates([*_LINE, "status_date"])
    filled["status"] = "cancelled"
    return filled.set_index("at").rename_axis(None), findings


def _unfiled(corrected: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    filed = accounts[accounts["status"] == "filed"].groupby(_LINE)["status_date"].min().rename("filed_on")
    first = corrected[_LINE].merge(filed, left_on=_LINE, right_index=True, how="left")["filed_on"]
    early = first.to_numpy() <= corrected["status_date"].to_numpy()
    return found(corrected, ~early, UNFILED, "license_number")


def _brought_back(rows: pd.DataFrame, cancels: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    gone = [cancels[[*_LINE, "status_date"]]]
    if len(held):
        gone.append(held.loc[held["status"] == "cancelled", [*_LINE, "status_date"]])
    first = pd.concat(gone, ignore_index=True).groupby(_LINE)["status_date"].min().rename("gone_on")
    gone_on = rows[_LINE].merge(first, left_on=_LINE, right_index=True, how="left")["gone_on"]
    return found(rows, rows["status_date"].to_numpy() > gone_on.to_numpy(), BROUGHT_BACK, "status")


def _open(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose categories also hold the words of others, so that both can be laid together as categories."""
    out = rows.copy()
    for name in out.columns:
        if name in others and isinstance(rows[name].dtype, pd.CategoricalDtype):
            words = rows[name].cat.categories.union(_words(others[name]), sort=False)
            out[name] = rows[name].cat.set_categories(words)
        elif name in others and isinstance(others[name].dtype, pd.CategoricalDtype):
            words = others[name].cat.categories.union(_words(rows[name]), sort=False)
            out[name] = pd.Categorical(rows[name], categories=words)
    return out


def _words(values: pd.Series) -> pd.Index:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.categories
    return pd.Index(values.dropna().unique(), dtype="object")
