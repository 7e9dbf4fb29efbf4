"""Committing: everything is written and synced first, the commit's own file last, by an exclusive link."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from aimlib.store.commits import BlockGroup, Commit
from aimlib.store.files import obstacles_explained, sweep, write_once, write_whole
from aimlib.store.raw import Snapshot, keep
from aimlib.store.tables import BLOCK_KEY, TABLES


@dataclass(frozen=True)
class Scope:
    """What an answer is about, whether or not it has rows there: blocks that differ by heading only."""

    table: str
    code_level: str
    concept: str
    period: str
    coverage: str
    headings: tuple[str, ...]
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A commit before it is written. ``tables`` maps a table's name to rows, all inside ``scopes``."""

    name: str
    known_on: date
    captured_at: datetime
    sample: bool
    snapshots: tuple[Snapshot, ...]
    scopes: tuple[Scope, ...]
    tables: Mapping[str, pd.DataFrame]


def write_commit(root: Path, draft: Draft) -> tuple[Commit, bool]:
    """Write `draft` into the store at `root`; return the commit, and False where it was held already.

    A process killed before the last step leaves files that no commit names, which are never read.
    """
    tidy = {name: TABLES[name].tidy(rows) for name, rows in draft.tables.items() if len(rows)}
    commit = Commit(
        name=draft.name,
        known_on=draft.known_on,
        captured_at=draft.captured_at,
        sample=draft.sample,
        sources=tuple(snapshot.record() for snapshot in draft.snapshots),
        groups=_groups(draft, tidy),
    )
    with obstacles_explained("written"):
        sweep(root)
        for snapshot in draft.snapshots:
            keep(root, snapshot)
        for name, rows in tidy.items():
            write_whole(root, table_file(name, draft.name), _parquet(rows.assign(commit_name=draft.name)))
        is_new = write_once(root, f"commits/{draft.name}.json", commit.to_json())
    return commit, is_new


def table_file(table: str, commit_name: str) -> str:
    """Return where a commit's rows of `table` are, below the store's folder."""
    return f"tables/{table}/{commit_name}.parquet"


def _groups(draft: Draft, tidy: Mapping[str, pd.DataFrame]) -> tuple[BlockGroup, ...]:
    held = {name: _content(rows) for name, rows in tidy.items()}
    groups = []
    for scope in draft.scopes:
        of_table = held.get(scope.table, {})
        keys = {heading: (scope.code_level, scope.concept, scope.period, heading) for heading in scope.headings}
        headings = {heading: of_table.pop(key, (0, "")) for heading, key in keys.items()}
        fields = {name: value for name, value in vars(scope).items() if name != "headings"}
        groups.append(BlockGroup(headings=headings, **fields))
    outside = [key for of_table in held.values() for key in of_table]
    if outside:
        raise ValueError(f"rows outside the declared scope: {outside[:3]}")
    return tuple(groups)


def _content(rows: pd.DataFrame) -> dict[tuple[str, ...], tuple[int, str]]:
    """Return, for each block, its row count and a hash of its rows, which are sorted."""
    ordered = rows.sort_values([*BLOCK_KEY], kind="stable", ignore_index=True)
    hashes = pd.util.hash_pandas_object(ordered, index=False).to_numpy()
    groups = ordered.groupby(list(BLOCK_KEY), sort=False).indices
    return {
        key: (len(places), hashlib.sha256(hashes[places].tobytes()).hexdigest()[:16]) for key, places in groups.items()
    }


def _parquet(rows: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    rows.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()
