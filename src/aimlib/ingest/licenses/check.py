"""License files examined without loading: what a filer would have to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from aimlib.ingest.files import read_snapshots
from aimlib.ingest.licenses.examine import Examined, examine
from aimlib.ingest.licenses.row_rules import Known
from aimlib.ingest.licenses.yardstick import held_prices
from aimlib.reference.license_rules import ERROR, WARNING, rules
from aimlib.sources.licenses import LICENSE, PUBLISHER, TITLE
from aimlib.store.store import Store


@dataclass(frozen=True)
class CheckReport:
    """What a check found.

    ``findings`` has one row a finding, in the order of the files: file, row, license_number, line_number (Int64,
    missing where the file gives none), field, value, rule, severity, sentence, citation. ``rows_refused`` are rows
    with an error, which a load would set aside. ``notes`` are sentences on what was not read.
    """

    files: tuple[str, ...]
    on: date
    rows_read: int
    rows_refused: int
    findings: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return int((self.findings["severity"] == ERROR).sum())

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return int((self.findings["severity"] == WARNING).sum())

    @property
    def exit_status(self) -> int:
        """1 with errors, 0 with warnings only or nothing."""
        return 1 if self.rows_refused else 0

    def counts(self) -> pd.DataFrame:
        """Return the broken rules, errors first, the most frequent first: rule, severity, rows, sentence, citation."""
        rows = self.findings[["rule", "file", "row"]].drop_duplicates()
        counted = rows.groupby("rule", observed=True).size().rename("rows").reset_index()
        for name in ("severity", "sentence", "citation"):
            counted[name] = [getattr(rules()[key], name) for key in counted["rule"]]
        ordered = counted.sort_values(["severity", "rows", "rule"], ascending=[True, False, True], ignore_index=True)
        return ordered[["rule", "severity", "rows", "sentence", "citation"]]


def check_licenses(
    paths: Sequence[Path | str],
    on: date | None = None,
    prices: pd.Series | None = None,
    store_root: Path | None = None,
) -> CheckReport:
    """Examine license files as a load would, without loading them.

    Parameters
    ----------
    paths
        CSV or Excel files in the fields of form ITA-4142a.
    on
        The day on which the files were known, today unless said.
    prices
        The price of aluminum by month, month -> USD/t, to judge unit values by; those of the store unless given, else
        rough ones by year.
    store_root
        A store whose licenses count as filed earlier, for corrections and cancellations.

    Raises
    ------
    AimError
        A file is not there or is no license file.
    """
    on = on or date.today()
    snapshots = read_snapshots(paths, datetime.now(UTC), publisher=PUBLISHER, title=TITLE, license=LICENSE)
    store = Store.open(store_root) if store_root is not None else None
    known = Known(pd.Timestamp(on), prices if prices is not None else held_prices(store))
    examined = examine(snapshots, known, store)
    return CheckReport(
        files=tuple(sheet.name for sheet in examined.sheets),
        on=on,
        rows_read=examined.rows_read,
        rows_refused=len(examined.refused()),
        findings=_told(examined),
        notes=examined.notes,
    )


def _told(examined: Examined) -> pd.DataFrame:
    found = examined.findings
    places = examined.places.loc[found["at"]].reset_index(drop=True)
    names = examined.names.reindex(found["at"]).reset_index(drop=True)
    lines = names["line_number"].astype("Int64")
    told = pd.DataFrame(
        {
            "file": pd.Categorical(places["file"]),
            "row": places["row"].astype("int64"),
            "license_number": names["license_number"].fillna("").astype("str"),
            "line_number": lines.mask(lines == 0),
            "field": found["field"].to_numpy(),
            "value": found["value"].astype("str").to_numpy(),
            "rule": found["rule"].to_numpy(),
        }
    )
    for name in ("severity", "sentence", "citation"):
        words = {key: getattr(rules()[key], name) for key in told["rule"].unique()}
        told[name] = told["rule"].map(words).astype("category")
    order = {sheet.name: at for at, sheet in enumerate(examined.sheets)}
    told["_file"] = told["file"].map(order).astype("int64")
    return told.sort_values(["_file", "row"], kind="stable", ignore_index=True).drop(columns="_file")
