"""The commits and snapshots that a number rests on: who published what, what was asked, when it was taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aimlib.bulletin.explaining.derivation import Sum
from aimlib.store import Store


@dataclass(frozen=True)
class Snapshot:
    """Raw bytes in the store. ``asked`` and ``retrieved_at`` are '' where the store no longer holds them."""

    publisher: str
    title: str
    asked: str
    retrieved_at: str
    sha256: str


@dataclass(frozen=True)
class CommitBehind:
    """A load that put rows of ``table`` into the store, with the day on which they were known."""

    table: str
    name: str
    known_on: str
    snapshots: tuple[Snapshot, ...]


def commits_behind(
    blocks: Sequence[Mapping], tables: Collection[str], store: Store | None, sums: Sequence[Sum], as_of: date
) -> tuple[CommitBehind, ...]:
    """Return the commits behind a number, the newest first.

    `blocks` are the sources that the manifest names, `tables` those of them that count. With a `store` the commits
    are only those whose blocks, as of the day, hold rows of the `sums`.
    """
    used = _used(store, sums, as_of) if store is not None else {}
    held = {commit.name: commit for commit in store.commits} if store is not None else {}
    found: dict[tuple[str, str], CommitBehind] = {}
    for source in blocks:
        if source["table"] not in tables:
            continue
        for name in source["commits"]:
            if source["table"] in used and name not in used[source["table"]]:
                continue
            commit = held.get(name)
            snapshots = tuple(map(_snapshot, commit.sources)) if commit else _from_manifest(source)
            found[source["table"], name] = CommitBehind(source["table"], name, str(source["known_on"]), snapshots)
    return tuple(sorted(found.values(), key=lambda one: (one.known_on, one.table, one.name), reverse=True))


def _used(store: Store, sums: Sequence[Sum], as_of: date) -> dict[str, set[str]]:
    """Return, for each table of the sums, the commits whose blocks may hold their rows."""
    found: dict[str, set[str]] = {}
    for one in sums:
        if not one.table or not one.periods:
            continue
        blocks = store.blocks(one.table, as_of)
        blocks = blocks[blocks["period"].isin(one.periods)]
        if one.concept:
            blocks = blocks[blocks["concept"] == one.concept]
        if one.headings:
            blocks = blocks[blocks["heading"].isin(one.headings)]
        found.setdefault(one.table, set()).update(blocks["commit_name"])
    return found


def _snapshot(source: Mapping) -> Snapshot:
    names = ("publisher", "title", "asked", "retrieved_at", "sha256")
    return Snapshot(*(str(source.get(name, "")) for name in names))


def _from_manifest(source: Mapping) -> tuple[Snapshot, ...]:
    return tuple(
        Snapshot(source["publisher"], source["title"], "", "", digest) for digest in source["snapshots_sha256"]
    )
