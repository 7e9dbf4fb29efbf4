"""Where figures come from: the publications and vintages behind a set of blocks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from aimlib.store.store import Store
from aimlib.store.tables import BLOCK_KEY

_KEYS = ("table", "publisher", "title", "known_on", "captured_on", "license", "sample", "blocks", "commits")
_KEYS += ("snapshots_sha256", "blocks_sha256")
_LISTS = ("commits", "snapshots_sha256")


def sources_of(store: Store, table: str, blocks: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    """Return where `blocks` of `table` come from: one dict a publication and vintage, oldest first.

    Keys: table, publisher, title, known_on, captured_on, license, sample, blocks (how many), commits (names),
    snapshots_sha256, blocks_sha256 (of the blocks' contents).
    """
    told_by = blocks.sort_values([*BLOCK_KEY, "content"])[["commit_name", *BLOCK_KEY, "content"]]
    by_commit = dict(tuple(told_by.groupby("commit_name", sort=False)))
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for commit in store.commits:
        if commit.name not in by_commit:
            continue
        origin = commit.sources[0]
        told = {
            "table": table,
            "publisher": origin["publisher"],
            "title": origin["title"],
            "known_on": commit.known_on,
            "captured_on": commit.captured_at.date(),
            "license": origin["license"],
            "sample": commit.sample,
        }
        entry = found.setdefault(tuple(told.values()), told | {"blocks": 0, "commits": (), "snapshots_sha256": ()})
        entry["blocks"] += len(by_commit[commit.name])
        entry["commits"] += (commit.name,)
        entry["snapshots_sha256"] += tuple(source["sha256"] for source in commit.sources)
    for entry in found.values():
        contents = pd.concat([by_commit[name] for name in entry["commits"]]).drop(columns="commit_name")
        lines = contents.sort_values(list(contents)).to_numpy().tolist()
        entry["blocks_sha256"] = hashlib.sha256("".join(f"{','.join(line)}\n" for line in lines).encode()).hexdigest()
    return tuple(found.values())


def sources_framed(sources: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return sources as a frame, one row each, their lists as text: what `sources_unframed` turns back."""
    rows = [{**source, **{name: " ".join(source[name]) for name in _LISTS}} for source in sources]
    return pd.DataFrame(rows, columns=list(_KEYS))


def sources_unframed(frame: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    """Return the sources that `sources_framed` made a frame of."""
    return tuple(
        {**row, **{name: tuple(row[name].split()) for name in _LISTS}}
        for row in frame.astype("object").to_dict("records")
    )
