"""License files into the store, as one commit: read, judge, write, report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest.commit import Declaration
from aimlib.ingest.files import read_snapshots
from aimlib.ingest.licenses.examine import Examined, examine, sentences
from aimlib.ingest.licenses.history import STORE_NAMES
from aimlib.ingest.licenses.rejects import rejected_rows
from aimlib.ingest.licenses.row_rules import Known
from aimlib.ingest.licenses.yardstick import held_prices
from aimlib.ingest.rejects import write_rejects
from aimlib.ingest.report import LoadReport, tables_of
from aimlib.ingest.vintage import held_already
from aimlib.reference.license_rules import ERROR, NOT_COLLECTED, WARNING
from aimlib.sources.licenses import LICENSE, PUBLISHER, TITLE
from aimlib.store.commits import COMPLETE, Commit, commit_name
from aimlib.store.raw import Snapshot
from aimlib.store.store import Store
from aimlib.store.tables import TABLES
from aimlib.store.writing import Draft, Scope, write_commit

TABLE = "licenses"
_LEVEL, _CONCEPT = "hts10", "license"


def load_licenses(
    store_root: Path,
    paths: Sequence[Path | str],
    *,
    known_on: date | None = None,
    today: date | None = None,
    rejects_path: Path | None = None,
) -> LoadReport:
    """Load license files, CSV or Excel, one or many, as one commit.

    Parameters
    ----------
    store_root
        The store's folder; made when it does not exist.
    known_on
        The day on which the files' events were known, today unless said.
    today
        The day that counts as today.
    rejects_path
        Where rows that break a rule are written; ``rejects`` in the store's folder unless said.

    Raises
    ------
    AimError
        A file is not there or is no license file, no row of it can be used, or the day is in the future. The store is
        then as it was.
    """
    now = datetime.now(UTC)
    today = today or date.today()
    snapshots = read_snapshots(paths, now, publisher=PUBLISHER, title=TITLE, license=LICENSE)
    declared = Declaration(known_on=known_on or today, captured_at=now, today=today)
    return commit_licenses(Path(store_root), snapshots, declared, rejects_path)


def commit_licenses(
    root: Path, snapshots: Sequence[Snapshot], declared: Declaration, rejects_path: Path | None = None
) -> LoadReport:
    """Put license files (bytes of CSV or Excel) into the store at `root`, as one commit.

    It is named by the bytes and the declaration: the same again change nothing. Rows that break a rule go to a rejects
    file, with its identifier. Raises AimError with the store as it was.
    """
    root = Path(root)
    store = Store.open(root)
    once = tuple({snapshot.sha256: snapshot for snapshot in snapshots}.values())
    told = {"table": TABLE, "sample": declared.sample}
    name = commit_name(declared.known_on, [snapshot.sha256 for snapshot in once], told)
    files = tuple(snapshot.name for snapshot in snapshots)
    held = held_already(store, declared, name)
    if held is not None:
        return _held(root, held, files)

    examined = examine(once, Known(pd.Timestamp(declared.known_on), held_prices(store)), store)
    if examined.rows.empty:
        raise _nothing(examined, once[0].name)
    rejects_file = write_rejects(root, name, rejected_rows(examined), rejects_path)
    rows = _of_the_store(examined.rows)
    commit, is_new = write_commit(
        root,
        Draft(name, declared.known_on, declared.captured_at, declared.sample, once, _scopes(rows), {TABLE: rows}),
    )
    return LoadReport(
        commit_name=name,
        known_on=declared.known_on,
        already_held=not is_new,
        files=files,
        tables=tables_of(commit.groups),
        rows_read=examined.rows_read,
        rows_rejected=len(examined.refused()),
        rejects_file=rejects_file,
        reasons=sentences(examined, ERROR),
        warnings=(*examined.notes, *sentences(examined, WARNING)),
    )


def _held(root: Path, held: Commit, files: tuple[str, ...]) -> LoadReport:
    """Return the report of files that are held already; rows set aside then are still set aside."""
    report = LoadReport(held.name, held.known_on, True, files, tables_of(held.groups))
    kept = root / "rejects" / f"{held.name}.rejects.csv"
    if not kept.is_file():
        return report
    again = (
        f"Rows were set aside when these files were first loaded, and still are: rejects, {kept.name}, in the store's "
        "folder. Load that file to try them again."
    )
    return replace(report, warnings=(again,))


def _nothing(examined: Examined, name: str) -> AimError:
    reasons = sentences(examined, ERROR)
    why = f": {reasons[0]}" if reasons else "; below its header it is empty."
    return AimError(
        f"{name} has no row that can be used{why}",
        "Nothing was loaded. `aim licenses check` lists what each row breaks." if reasons else "Nothing was loaded.",
    )


def _of_the_store(rows: pd.DataFrame) -> pd.DataFrame:
    """Return good rows with the columns of the table ``licenses``; words stay categories, which are small."""
    out = rows.rename(columns=STORE_NAMES)
    out["month"] = out["expected_import"].dt.to_period("M").dt.to_timestamp()
    out["period"] = _derived(out["month"], lambda month: f"{month:%Y-%m}")
    out["heading"] = _derived(out["code"], lambda code: code[:4])
    for name, word in (("code_level", _LEVEL), ("concept", _CONCEPT)):
        out[name] = pd.Categorical([word]).repeat(len(out))
    for name in ("largest_smelt", "second_smelt"):
        out[name] = _filled(out[name], NOT_COLLECTED)
    for name in ("manufacturer", "importer", "exporter", "port"):
        out[name] = _filled(out[name], "")
    return out[list(TABLES[TABLE].columns)]


def _derived(values: pd.Series, text) -> pd.Categorical:
    codes, distinct = pd.factorize(values)
    words, places = pd.factorize(pd.Index([text(value) for value in distinct], dtype="object"))[::-1]
    return pd.Categorical.from_codes(places[codes], categories=words)


def _filled(values: pd.Series, word: str) -> pd.Series:
    if not values.isna().any():
        return values
    if isinstance(values.dtype, pd.CategoricalDtype) and word not in values.cat.categories:
        values = values.cat.add_categories([word])
    return values.fillna(word)


def _scopes(rows: pd.DataFrame) -> tuple[Scope, ...]:
    """Return the blocks of the rows: one group a month, its headings those that have rows."""
    headings = rows[["period", "heading"]].drop_duplicates().astype("str").sort_values(["period", "heading"])
    return tuple(
        Scope(TABLE, _LEVEL, _CONCEPT, period, COMPLETE, tuple(of_month["heading"]))
        for period, of_month in headings.groupby("period")
    )
