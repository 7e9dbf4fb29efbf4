"""A commit beside what the store held before it: what is new, what is the same, what stays in front."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aimlib.ingest.report import first_few
from aimlib.store.asof import KEY, list_blocks
from aimlib.store.commits import COMPLETE, SELECTION, Commit
from aimlib.store.store import Store


def with_store(before: Store, commit: Commit, warnings: tuple[str, ...]) -> dict[str, Any]:
    """Return blocks_new, blocks_same and the warnings, with those that follow from what was held before."""
    mine = list_blocks([commit])
    then = mine.merge(before.blocks(as_of=commit.known_on), on=KEY, how="left", suffixes=("", "_then"))
    same = (then["content"] == then["content_then"]) & (then["coverage"] == then["coverage_then"])
    now = mine.merge(before.blocks(), on=KEY, how="left", suffixes=("", "_now"))
    return {
        "blocks_new": int((~same).sum()),
        "blocks_same": int(same.sum()),
        "warnings": (*warnings, *_fewer_partners(then), *_behind(now)),
    }


def _fewer_partners(then: pd.DataFrame) -> list[str]:
    replaced = then[(then["coverage"] == SELECTION) & (then["coverage_then"] == SELECTION)]
    gone: dict[str, list[str]] = {}
    for block in replaced.itertuples():
        for partner in set(block.partners_then) - set(block.partners):
            gone.setdefault(partner, []).append(block.period)
    if not gone:
        return []
    told = [f"{partner} ({min(periods)} to {max(periods)})" for partner, periods in sorted(gone.items())]
    return [f"This selection lists fewer partners than the one it replaces; gone are {first_few(told, 5)}."]


def _behind(now: pd.DataFrame) -> list[str]:
    """Say which blocks of the commit are kept without being shown."""
    held = now["coverage_now"].notna()
    outranked = held & (now["coverage"] == SELECTION) & (now["coverage_now"] == COMPLETE)
    older = held & ~outranked & (now["coverage"] == now["coverage_now"]) & (now["known_on"] < now["known_on_now"])
    told = []
    if outranked.any():
        periods = first_few(sorted(now["period"][outranked].unique()))
        told.append(f"The store holds complete answers for {periods}; this selection is kept but not shown.")
    if older.any():
        day = now["known_on_now"][older].max().date()
        told.append(f"Figures known later ({day}) stay in front of these; ask as_of an earlier day to see them.")
    return told
