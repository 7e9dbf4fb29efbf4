"""Files of the public monitor into the store: all that one Thursday showed, as one commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar

from aimlib.errors import AimError
from aimlib.ingest import compared
from aimlib.ingest.commit import Declaration
from aimlib.ingest.files import read_snapshots
from aimlib.ingest.rejects import write_rejects
from aimlib.ingest.report import LoadReport, first_few
from aimlib.ingest.vintage import held_already, once, report_of
from aimlib.sources.monitor import control
from aimlib.sources.monitor.clean import Cleaned, clean
from aimlib.sources.monitor.read import read_dashboards
from aimlib.store.asof import list_blocks
from aimlib.store.commits import COMPLETE, Commit, commit_name
from aimlib.store.raw import Snapshot
from aimlib.store.store import Store
from aimlib.store.writing import Draft, Scope, write_commit

TABLE = "aim_monitor"
CONCEPT = "monitor"
PUBLISHER = "U.S. International Trade Administration"
TITLE = "Aluminum Import Monitor, public dashboards"
LICENSE = "U.S. Government work, public domain"
_THURSDAY = 3


def load_monitor(
    store_root: Path,
    paths: Sequence[Path | str],
    *,
    known_on: date | None = None,
    today: date | None = None,
    rejects_path: Path | None = None,
) -> LoadReport:
    """Load what was downloaded from the public monitor, CSV or Excel; `aimlib.sources.monitor` tells the columns.

    The files are one vintage: what the monitor showed on `known_on`, a Thursday; today unless said.

    Raises
    ------
    AimError
        A file is not there or has not the monitor's columns; a country, product or status is not known; parts
        do not meet their totals; two rows contradict each other; `known_on` is in the future. The store is then
        as it was.
    """
    now = datetime.now(UTC)
    today = today or date.today()
    snapshots = read_snapshots(paths, now, publisher=PUBLISHER, title=TITLE, license=LICENSE)
    declared = Declaration(known_on=known_on or today, captured_at=now, today=today)
    return commit_monitor(Path(store_root), snapshots, declared, rejects_path)


def commit_monitor(
    root: Path,
    snapshots: Sequence[Snapshot],
    declared: Declaration,
    rejects_path: Path | None = None,
    *,
    own_store: bool = False,
) -> LoadReport:
    """Put files of the public monitor, as bytes, into the store at `root`; see `load_monitor`.

    `own_store` is as in `aimlib.ingest.commit.commit_census`: what is held is neither looked at nor compared with.
    """
    root, known_on = Path(root), declared.known_on
    store = Store(root, ()) if own_store else Store.open(root)
    files = once(snapshots)
    name = commit_name(known_on, [snapshot.sha256 for snapshot in files], {"table": TABLE, "sample": declared.sample})
    held = held_already(store, declared, name)
    if held:
        return report_of(held, files, already_held=True)
    boards = [board for snapshot in files for board in read_dashboards(snapshot.body, snapshot.name)]
    cleaned = [clean(board, known_on) for board in boards]
    rejects = pd.concat([part.rejects for part in cleaned], ignore_index=True)
    rows, notes = _checked(cleaned, rejects, files[0].name)
    first = ["file", "row", "reason"]
    rejects = rejects[[*first, *(column for column in rejects if column not in first)]]
    rejects_file = write_rejects(root, name, rejects, rejects_path)
    commit, is_new = write_commit(
        root, Draft(name, known_on, declared.captured_at, declared.sample, files, _scopes(rows), {TABLE: rows})
    )
    report = report_of(
        commit,
        files,
        already_held=not is_new,
        rows_read=sum(len(board.cells) for board in boards),
        rejects=rejects,
        rejects_file=rejects_file,
    )
    report = replace(report, aggregates=sum(part.groups for part in cleaned), warnings=(*_day_note(known_on), *notes))
    if own_store:
        return report
    return replace(report, **compared.with_store(store, commit, (*report.warnings, *_narrower(store, commit, rows))))


def _checked(cleaned: Sequence[Cleaned], rejects: pd.DataFrame, name: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows of all dashboards in the table's columns, after the checks that they pass together."""
    every = pd.concat([part.rows.assign(heading=part.heading) for part in cleaned], ignore_index=True)
    if every.empty:
        why = rejects["reason"].value_counts().index[0] if len(rejects) else "there are none"
        raise AimError(f"{name} has no row that can be used: {why}.", "Nothing was loaded.")
    notes = [note for part in cleaned for note in part.notes]
    rows, repeated = control.once(every)
    if repeated:
        notes.append(f"Rows given twice alike, counted once: {repeated:,}.")
    notes += control.check_basis(rows)
    step: dict[str, dict[str, float]] = {}
    for part in cleaned:
        for figure, unit in part.step.items():
            of_board = step.setdefault(part.heading, {})
            of_board[figure] = max(unit, of_board.get(figure, 0.0))
    notes += control.check_totals(rows, step, _loose(cleaned))
    rows, totals = control.without_totals_over_metal(rows)
    if totals:
        notes.append(f"Rows over all smelt or cast countries, checked and left out: {totals:,}.")
    tidy = rows.assign(concept=CONCEPT, period=rows["month"].dt.strftime("%Y-%m")).drop(columns=["file", "row"])
    return tidy, notes


def _loose(cleaned: Sequence[Cleaned]) -> pd.DataFrame:
    """Return dashboard and month of the rows set apart, NaT where the month is not known."""
    pairs = [(part.heading, month) for part in cleaned for month in part.set_apart]
    return pd.DataFrame(pairs, columns=["heading", "month"])


def _scopes(rows: pd.DataFrame) -> tuple[Scope, ...]:
    blocks = rows.groupby(["code_level", "period"])["heading"].agg(lambda names: control.headings(names))
    return tuple(Scope(TABLE, level, CONCEPT, period, COMPLETE, found) for (level, period), found in blocks.items())


def _day_note(known_on: date) -> list[str]:
    """Say that the day is not one on which the monitor comes out: a Thursday, or next to one that is a holiday."""
    if known_on.weekday() == _THURSDAY:
        return []
    around = [known_on + timedelta(days=step) for step in (-1, 1)]
    holidays = USFederalHolidayCalendar().holidays(known_on - timedelta(days=2), known_on + timedelta(days=2))
    if any(day.weekday() == _THURSDAY and pd.Timestamp(day) in holidays for day in around):
        return []
    return [f"{known_on} is a {known_on:%A}; the monitor comes out on Thursdays. Say its day with --known-on."]


def _narrower(store: Store, commit: Commit, rows: pd.DataFrame) -> list[str]:
    """Say where the file lists fewer products or origins than the block that it replaces."""
    key = ["code_level", "period", "heading"]
    mine = list_blocks([commit])[key]
    before = store.read(TABLE, commit.known_on, concept=CONCEPT, periods=mine["period"].unique())
    if before.empty:
        return []
    before = before.assign(period=before["month"].dt.strftime("%Y-%m"))
    counts = [frame.groupby(key)[["code", "origin"]].nunique() for frame in (rows, before)]
    both = counts[0].join(counts[1].add_suffix("_before"), how="inner")
    fewer = both[(both["code"] * 2 <= both["code_before"]) | (both["origin"] * 2 <= both["origin_before"])]
    if fewer.empty:
        return []
    told = [f"{heading} {period}" for _, period, heading in fewer.index]
    return [
        f"Half or fewer of the products or origins held before are in {first_few(told)}; the newer file replaces the "
        "whole month, so load all that the dashboard shows."
    ]
