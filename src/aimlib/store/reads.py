"""What a piece of work read from a store: so that its result is known to stand, or to be out of date, without it.

A read is a table and, where the reader knows them, the concept and the headings that it keeps to. Its digest tells
the blocks that the store holds of it by a day: equal digests, equal rows.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Collection, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from aimlib.store.tables import TABLES

if TYPE_CHECKING:
    from aimlib.store.store import Store


@dataclass(frozen=True, order=True)
class Read:
    """Blocks of `table`; of one `concept` and some `headings` where they are given."""

    table: str
    concept: str = ""
    headings: tuple[str, ...] = ()


_noted: ContextVar[set[Read] | None] = ContextVar("reads", default=None)


@contextlib.contextmanager
def recording() -> Iterator[set[Read]]:
    """Yield the set that grows by what is read meanwhile; what is outside, if it records too, gets it in the end."""
    outer, mine = _noted.get(), set()
    token = _noted.set(mine)
    try:
        yield mine
    finally:
        _noted.reset(token)
        if outer is not None:
            outer |= mine


def note(table: str, concept: str | None = None, headings: Collection[str] | None = None) -> None:
    """Say that blocks are read; nothing happens where nobody records."""
    found = _noted.get()
    if found is not None:
        found.add(Read(table, concept or "", tuple(sorted(headings or ()))))


def digest(store: Store, reads: Collection[Read], as_of: date | None) -> str:
    """Return a digest of all vintages, known by the day, of the blocks that `reads` name."""
    told = hashlib.sha256(f"sample={store.is_sample}\n".encode())
    for read in sorted(reads):
        told.update(f"{read}\n".encode())
        told.update(_blocks_digest(store, read, as_of))
    return told.hexdigest()


def commits_digest(store: Store, tables: Collection[str], as_of: date | None) -> str:
    """Return a digest of the loads of `tables` known by the day, as the store has them now.

    It takes no time, and tells more apart than `digest` does: a load's other tables too.
    """
    key = (tuple(sorted(tables)), as_of)
    if key not in store.commits_digests:
        known = [commit for commit in store.commits if as_of is None or commit.known_on <= as_of]
        mine = sorted((commit.name, commit.digest) for commit in known if set(tables) & set(commit.tables()))
        told = f"sample={store.is_sample} {mine}"
        store.commits_digests[key] = hashlib.sha256(told.encode()).hexdigest()
    return store.commits_digests[key]


def _blocks_digest(store: Store, read: Read, as_of: date | None) -> bytes:
    key = (read, as_of)
    if key not in store.block_digests:
        blocks = store.every_block(read.table)
        # A log's later loads may tell of earlier days.
        if as_of is not None and not TABLES[read.table].is_log:
            blocks = blocks[blocks["known_on"] <= pd.Timestamp(as_of)]
        if read.concept:
            blocks = blocks[blocks["concept"] == read.concept]
        if read.headings:
            blocks = blocks[blocks["heading"].isin(read.headings)]
        # A commit's name tells its day and its bytes; the content tells a block that was withdrawn from it.
        rows = blocks[["commit_name", "code_level", "concept", "period", "heading", "coverage", "content"]]
        hashes = pd.util.hash_pandas_object(rows, index=False).sort_values().to_numpy()
        store.block_digests[key] = hashlib.sha256(hashes.tobytes()).digest()
    return store.block_digests[key]
