"""All rows of license files, judged: what a load and a check both begin with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from aimlib.ingest.licenses import findings as found
from aimlib.ingest.licenses.history import examine_held, follow
from aimlib.ingest.licenses.line_rules import examine_lines, examine_repeats, examine_shipments
from aimlib.ingest.licenses.row_rules import Known, examine_rows
from aimlib.ingest.licenses.scope import LicenseScope
from aimlib.reference.license_rules import rules
from aimlib.sources.licenses import Chunk, Cleaner, Sheet, open_sheet
from aimlib.store.raw import Snapshot
from aimlib.store.store import Store

MISSHAPEN = "AIM-ROW-01"
_NOT_KEPT = ["row", "expected_export_date", "valid_from", "valid_through", "hts_fault"]
_KEYS = ("license_number", "status", "status_date", "line_number")


@dataclass(frozen=True)
class Examined:
    """What was found in license files.

    ``rows`` are the good ones under the form's names, cancellations with their line's content. ``findings`` have at,
    field, value and rule. ``places`` gives for each ``at`` the file and the row in it; misshapen rows come last in it.
    ``names`` are the license and line number of the rows with findings, by ``at``. ``rows_read`` counts data rows,
    ``notes`` are sentences on what was not read.
    """

    rows: pd.DataFrame
    findings: pd.DataFrame
    places: pd.DataFrame
    names: pd.DataFrame
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]

    @property
    def rows_read(self) -> int:
        return len(self.places)

    def refused(self) -> np.ndarray:
        """Return the indexes of the rows set aside."""
        return found.refused([self.findings])

    def rule_counts(self) -> pd.Series:
        """Return how many rows break each rule, the most broken first; errors before warnings."""
        counts = self.findings.groupby("rule", observed=True)["at"].nunique().rename("rows").reset_index()
        counts["is_error"] = found.is_error(counts)
        ordered = counts.sort_values(["is_error", "rows", "rule"], ascending=[False, False, True])
        return ordered.set_index("rule")["rows"]


def examine(snapshots: Sequence[Snapshot], known: Known, store: Store | None = None) -> Examined:
    """Read and judge files as one. Raises NotLicenses for a file that is none."""
    names = _distinct([snapshot.name for snapshot in snapshots])
    sheets = tuple(open_sheet(snapshot.body, name) for snapshot, name in zip(snapshots, names, strict=True))
    rows, places, findings = _read(sheets, known)

    good = _without(rows, found.refused(findings))
    repeated, drop = examine_repeats(good)
    good = _without(good, np.union1d(drop, found.refused(repeated)))
    told = list(examine_lines(good))
    good = _without(good, found.refused(told))
    contradicted = examine_held(good, store)
    good = _without(good, found.refused([contradicted]))
    told += [contradicted, examine_shipments(good)]
    history = follow(good.drop(columns=_NOT_KEPT), store)
    good = history.rows

    whole = found.together([*findings, *repeated, *told, *history.findings])
    hit = rows.loc[np.intersect1d(rows.index, whole["at"]), ["license_number", "line_number"]]
    return Examined(good, whole, places, hit, sheets, _notes(sheets))


def _without(rows: pd.DataFrame, at: np.ndarray) -> pd.DataFrame:
    return rows[~rows.index.isin(at)] if len(at) else rows


def _read(sheets: Sequence[Sheet], known: Known) -> tuple[pd.DataFrame, pd.DataFrame, list[pd.DataFrame]]:
    """Return all rows, where each of them stands, and the findings on single rows."""
    cleaner, scope = Cleaner(), LicenseScope()
    parts: list[pd.DataFrame] = []
    findings: list[pd.DataFrame] = []
    misshapen: list[tuple[str, int, str]] = []
    read = 0
    for sheet in sheets:
        for chunk in sheet.chunks():
            rows, unread = cleaner.clean(chunk)
            rows = rows.set_axis(pd.RangeIndex(read, read + len(rows)))
            rows["file"] = pd.Categorical([sheet.name] * len(rows))
            unread["at"] += read
            findings.append(_that_count(unread, rows))
            findings.extend(part for part in _judge(rows, scope, known, unread) if len(part))
            parts.append(rows)
            read += len(rows)
        misshapen.extend((sheet.name, row, content) for row, content in sheet.misshapen)
    rows = _laid_together(parts) if parts else _judged_nothing()
    places = rows[["file", "row"]].astype({"file": "object"})
    if misshapen:
        files, numbers, contents = zip(*misshapen, strict=True)
        at = range(read, read + len(misshapen))
        places = pd.concat([places, pd.DataFrame({"file": files, "row": numbers}, index=at)])
        told = {"at": at, "field": "", "value": [text[:80] for text in contents], "rule": MISSHAPEN}
        findings.append(pd.DataFrame(told))
    return rows, places, findings


def _judge(rows: pd.DataFrame, scope: LicenseScope, known: Known, unread: pd.DataFrame):
    rows["product"] = scope.categories(rows["hts10"])
    months = rows["expected_import_date"].dt.to_period("M").dt.to_timestamp()
    rows["hts_fault"] = pd.Categorical(scope.faults(rows["hts10"], months))
    return examine_rows(rows, known, unread)


def _that_count(unread: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out what stands in the other cells of a cancellation: they are the line's, and are not read."""
    is_cancelled = (rows["status"] == "cancelled").loc[unread["at"]].to_numpy(dtype=bool)
    return unread[~is_cancelled | unread["field"].isin(_KEYS).to_numpy()]


def _laid_together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Lay chunks together; words stay categories, although each chunk has its own."""
    columns = {}
    for name in list(parts[0].columns):
        pieces = [part.pop(name) for part in parts]
        if isinstance(pieces[0].dtype, pd.CategoricalDtype):
            columns[name] = union_categoricals(pieces, ignore_order=True)
        else:
            columns[name] = pd.concat(pieces, ignore_index=True)
    return pd.DataFrame(columns)


def _judged_nothing() -> pd.DataFrame:
    """Return no rows, with the columns that rows have."""
    import pyarrow as pa

    from aimlib.sources.licenses.clean import field_names

    nothing = {name: pa.array([], pa.string()) for name in field_names()}
    rows, _ = Cleaner().clean(Chunk(np.array([], "int64"), nothing))
    empty = pd.Categorical([])
    return rows.assign(file=empty, product=empty, hts_fault=empty)


def _notes(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """Say which columns are not read."""
    others = sorted({heading for sheet in sheets for heading in sheet.others} - set(_REPORTED))
    if not others:
        return ()
    more = f" and {len(others) - 5} more" if len(others) > 5 else ""
    return (f"Columns that are no field of the license were not read: {', '.join(others[:5])}{more}.",)


_REPORTED = ("file", "row", "rule", "fields", "found", "sentence", "content")
"""The columns that a rejects file has besides the form's, so that it can be corrected and loaded as it is."""


def _distinct(names: Sequence[str]) -> list[str]:
    """Return the names so that none comes twice, as two files of different folders may be called alike."""
    seen: Counter[str] = Counter()
    distinct = []
    for name in names:
        seen[name] += 1
        distinct.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return distinct


def sentences(examined: Examined, severity: str) -> tuple[str, ...]:
    """Return, for each broken rule of a severity, how many rows break it, where the first is, and what to do."""
    first = examined.findings.drop_duplicates("rule").set_index("rule")
    told = []
    for key, count in examined.rule_counts().items():
        rule = rules()[key]
        if rule.severity == severity:
            place = examined.places.loc[first.loc[key, "at"]]
            rows = "1 row" if count == 1 else f"{count:,} rows, the first"
            told.append(f"{key}: {rule.sentence} ({rows}: {place['file']} row {place['row']})")
    return tuple(told)
