"""Files and answers of Comtrade into the store, as one commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from aimlib.ingest import compared
from aimlib.ingest.commit import Declaration
from aimlib.ingest.comtrade.asked import Asked, parse_codes
from aimlib.ingest.comtrade.findings import check_known_on, check_whole, shares_of, told_by_control, told_by_editions
from aimlib.ingest.comtrade.scopes import LEVELS, TABLE, scopes_of
from aimlib.ingest.comtrade.unusable import none_usable
from aimlib.ingest.files import read_snapshots
from aimlib.ingest.rejects import write_rejects
from aimlib.ingest.report import LoadReport, first_few
from aimlib.ingest.vintage import held_already, once, report_of
from aimlib.sources.comtrade import control
from aimlib.sources.comtrade.clean import Cleaned, clean
from aimlib.sources.comtrade.fields import LICENSE, PUBLISHER, TITLE, WORLD
from aimlib.sources.comtrade.problems import NoRows
from aimlib.sources.comtrade.read import read
from aimlib.store.commits import commit_name
from aimlib.store.raw import Snapshot
from aimlib.store.store import Store
from aimlib.store.writing import Draft, write_commit


def load_comtrade(
    store_root: Path,
    paths: Sequence[Path | str],
    *,
    known_on: date | None = None,
    selection: bool = False,
    codes: Sequence[str] | None = None,
    today: date | None = None,
    rejects_path: Path | None = None,
) -> LoadReport:
    """Load files of Comtrade as one commit; `aimlib.sources.comtrade.read` tells the forms.

    Parameters
    ----------
    known_on
        The day on which the figures were known; today unless said.
    selection
        The files list some partners only.
    codes
        HS4 or HS6 codes that were asked for: what is absent is then zero, for every reporter and period that the
        files hold anything of.
    today
        The day that counts as today.
    rejects_path
        Where rows that break a rule are written; ``rejects`` in the store's folder unless said.

    Raises
    ------
    AimError
        A file is not there, or holds no figures of chapter 76; an area or flow is not known; the partners do not add
        up to the world; an answer was cut short; `known_on` is in the future or before the last period ended. The
        store is then as it was.
    """
    now = datetime.now(UTC)
    today = today or date.today()
    told = parse_codes(codes)
    snapshots = read_snapshots(paths, now, publisher=PUBLISHER, title=TITLE, license=LICENSE)
    declared = Declaration(known_on=known_on or today, captured_at=now, today=today, selection=selection, codes=told)
    asked = Asked(codes=told) if told else None
    return commit_comtrade(Path(store_root), snapshots, declared, asked=asked, rejects_path=rejects_path)


def commit_comtrade(
    root: Path,
    snapshots: Sequence[Snapshot],
    declared: Declaration,
    *,
    asked: Asked | None = None,
    rejects_path: Path | None = None,
    own_store: bool = False,
) -> LoadReport:
    """Put files or answers of Comtrade, as bytes, into the store at `root`; see `load_comtrade`.

    `asked` says what the question was: its headings, flows and periods without a row are then zero, for reporters and
    periods that have any record; a reporter and period without one has not reported, and gets no block. `own_store` is
    as in `aimlib.ingest.commit.commit_census`. Raises NoRows where nothing is in the scope.
    """
    root, known_on = Path(root), declared.known_on
    store = Store(root, ()) if own_store else Store.open(root)
    files = once(snapshots)
    told = {"table": TABLE, "selection": declared.selection, "sample": declared.sample}
    told["asked"] = asdict(asked) if asked else None
    name = commit_name(known_on, [snapshot.sha256 for snapshot in files], told)
    held = held_already(store, declared, name)
    if held:
        return report_of(held, files, already_held=True)

    found = [read(snapshot.body, snapshot.name) for snapshot in files]
    records = pd.concat([part.rows for part in found], ignore_index=True)
    cleaned = clean(records)
    _check_any(cleaned, records, files)
    check_known_on(cleaned.rows, known_on)
    lines = control.compare(cleaned.rows)
    check_whole(lines, [snapshot.name for snapshot, part in zip(files, found, strict=True) if part.at_limit])
    notes = told_by_control(lines, cleaned, declared.selection)
    scopes, on_blocks = scopes_of(cleaned, lines, declared.selection, asked)
    rows = _tidy(cleaned.rows)
    rejects_file = write_rejects(root, name, cleaned.rejects, rejects_path)
    draft = Draft(name, known_on, declared.captured_at, declared.sample, files, scopes, {TABLE: rows})
    commit, is_new = write_commit(root, draft)
    report = report_of(
        commit,
        files,
        already_held=not is_new,
        rows_read=len(records),
        rejects=cleaned.rejects,
        rejects_file=rejects_file,
    )
    report = replace(
        report,
        shares=shares_of(lines, TABLE) if declared.selection else (),
        warnings=(*cleaned.notes, *on_blocks, *notes, *told_by_editions(cleaned.rows)),
    )
    return report if own_store else replace(report, **compared.with_store(store, commit, report.warnings))


def _check_any(cleaned: Cleaned, records: pd.DataFrame, files: Sequence[Snapshot]) -> None:
    """Raise NoRows, saying what the files hold, where no row can be used."""
    if len(cleaned.rows):
        return
    names = first_few([snapshot.name for snapshot in files])
    if records.empty:
        raise NoRows(f"{names}: no rows.", "The reporter may not have reported yet; nothing was loaded.")
    if len(cleaned.rejects):
        raise NoRows(*none_usable(names, cleaned.rejects))
    codes = first_few(list(cleaned.outside.index), 5) or "flows that are left out"
    held = sorted(cleaned.answered)
    reporters = first_few(sorted({reporter for reporter, _ in held}), 5)
    span = f", {min(p for _, p in held)} to {max(p for _, p in held)}" if held else ""
    raise NoRows(
        f"{names}: none of the {len(records):,} rows is at a heading or HS6 code of chapter 76. "
        f"It holds {codes} of {reporters}{span}.",
        "Ask Comtrade for cmdCode 7601, 7604 and so on, or their HS6 codes.",
    )


def _tidy(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.rename(columns={"flow": "concept"}).assign(
        code_level=rows["code"].str.len().map(LEVELS),
        heading=rows["reporter"] + " " + rows["code"].str[:4],
        row_kind=(rows["partner"] == WORLD).map({True: "total", False: "country"}),
    )
