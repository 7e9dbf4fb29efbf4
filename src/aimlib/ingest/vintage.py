"""What loads have in common, whatever the table: held already, never beside the sample, the report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest.commit import Declaration, check_kept_apart
from aimlib.ingest.report import LoadReport, tables_of
from aimlib.store.commits import Commit
from aimlib.store.raw import Snapshot
from aimlib.store.store import Store


def once(snapshots: Sequence[Snapshot]) -> tuple[Snapshot, ...]:
    """Return the snapshots without those that hold the bytes of another, their names made different."""
    seen: dict[str, int] = {}
    kept = []
    for snapshot in {snapshot.sha256: snapshot for snapshot in reversed(snapshots)}.values():
        kept.append(snapshot)
    named = []
    for snapshot in reversed(kept):
        seen[snapshot.name] = count = seen.get(snapshot.name, 0) + 1
        name = f"{snapshot.name} ({count})" if count > 1 else snapshot.name
        named.append(Snapshot(snapshot.body, snapshot.origin, name))
    return tuple(named)


def held_already(store: Store, declared: Declaration, name: str) -> Commit | None:
    """Return the commit of this name where the store holds it whole.

    Raises AimError for a day in the future, and for real data beside the sample or the sample beside real data.
    """
    check_kept_apart(store, declared)
    if declared.today is not None and declared.known_on > declared.today:
        raise AimError(
            f"known_on {declared.known_on} is in the future; today is {declared.today}.",
            "Give the day on which the figures were known.",
        )
    held = next((commit for commit in store.commits if commit.name == name), None)
    return held if held is not None and store.is_whole(held) else None


def report_of(
    commit: Commit,
    snapshots: Sequence[Snapshot],
    *,
    already_held: bool,
    rows_read: int = 0,
    rejects: pd.DataFrame | None = None,
    rejects_file: Path | None = None,
) -> LoadReport:
    """Return the report of a commit; `rejects` have file, row and reason."""
    set_apart = [] if rejects is None else list(rejects.itertuples())
    return LoadReport(
        commit_name=commit.name,
        known_on=commit.known_on,
        already_held=already_held,
        files=tuple(snapshot.name for snapshot in snapshots),
        tables=tables_of(commit.groups),
        rows_read=rows_read,
        rows_rejected=len(set_apart),
        rejects_file=rejects_file,
        reasons=tuple(f"{row.file} row {row.row}: {row.reason}" for row in set_apart),
    )
