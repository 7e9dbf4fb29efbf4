"""The as-of view: block by block, the newest figures known on or before a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from aimlib.store.commits import COMPLETE, Commit
from aimlib.store.tables import BLOCK_KEY, TABLES

KEY = ["table", *BLOCK_KEY]
_COLUMNS = [*KEY, "coverage", "rows", "content", "partners", "commit_name", "known_on", "captured_at"]


def list_blocks(commits: Iterable[Commit], table: str | None = None) -> pd.DataFrame:
    """Return every block of every commit, of one table or of all: one row a block and vintage.

    Columns: table, code_level, concept, period, heading, coverage, rows, content (hash), partners (tuple),
    commit_name, known_on (datetime64), captured_at (UTC).
    """
    rows = [
        (
            *(group.table, group.code_level, group.concept, group.period, heading, group.coverage),
            *(count, content, group.partners, commit.name, commit.known_on, commit.captured_at),
        )
        for commit in commits
        for group in commit.groups
        if table in (None, group.table)
        for heading, (count, content) in group.headings.items()
    ]
    blocks = pd.DataFrame(rows, columns=_COLUMNS)
    text = dict.fromkeys([*KEY, "coverage", "content", "commit_name"], "str")
    times = {"known_on": "datetime64[us]", "captured_at": "datetime64[us, UTC]", "rows": "int64"}
    return blocks.astype(text | times)


def pick(blocks: pd.DataFrame, as_of: date | None = None) -> pd.DataFrame:
    """Return the winning blocks: for each key the newest complete known on or before `as_of`.

    Where no complete answer was known, the newest selection wins. Of two known on the same day, the one
    captured later wins. Without `as_of` every vintage counts. Ordered by key. In a log every block wins, for
    it adds to the others.
    """
    known = blocks if as_of is None else blocks[blocks["known_on"] <= pd.Timestamp(as_of)]
    ranked = known.assign(is_complete=known["coverage"] == COMPLETE).sort_values(
        ["is_complete", "known_on", "captured_at", "commit_name"], kind="stable"
    )
    is_log = ranked["table"].isin([name for name, table in TABLES.items() if table.is_log])
    keeps = is_log | ~ranked.duplicated(KEY, keep="last")
    winners = ranked[keeps].drop(columns="is_complete")
    return winners.sort_values(KEY, ignore_index=True)
