"""What a load did, for the command line to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from aimlib.store.commits import BlockGroup


@dataclass(frozen=True)
class TableLoaded:
    """One table, code level and concept of a load. ``first`` and ``last`` are periods ``YYYY-MM``."""

    table: str
    code_level: str
    concept: str
    coverage: str
    first: str
    last: str
    periods: int
    blocks: int
    rows: int


@dataclass(frozen=True)
class ShareOfTotal:
    """What the listed partners of a selection make up of the published customs value; fractions.

    ``share`` is that of ``period``, the latest with a total. All three are None where the files hold no
    totals: then totals and shares are blank, and the reader must be told so.
    """

    table: str
    code_level: str
    concept: str
    period: str
    share: float | None
    lowest: float | None
    highest: float | None


@dataclass(frozen=True)
class LoadReport:
    """A load's outcome.

    ``rows_read`` are data rows of the files, ``aggregates`` those of country groups, which are left out.
    ``blocks_same`` counts blocks whose figures the store held already as of that day. ``already_held`` says
    that the same bytes were loaded before: then nothing was changed.
    """

    commit_name: str
    known_on: date
    already_held: bool
    files: tuple[str, ...]
    tables: tuple[TableLoaded, ...]
    rows_read: int = 0
    rows_rejected: int = 0
    rejects_file: Path | None = None
    reasons: tuple[str, ...] = ()
    aggregates: int = 0
    blocks_new: int = 0
    blocks_same: int = 0
    shares: tuple[ShareOfTotal, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def exit_status(self) -> int:
        """1 where rows were set apart, else 0."""
        return 1 if self.rows_rejected else 0


def tables_of(groups: Iterable[BlockGroup]) -> tuple[TableLoaded, ...]:
    """Return a commit's blocks by table, code level and concept."""
    rows = [
        {
            **{name: getattr(group, name) for name in ("table", "code_level", "concept", "coverage", "period")},
            "blocks": len(group.headings),
            "rows": sum(count for count, _ in group.headings.values()),
        }
        for group in groups
    ]
    summed = (
        pd.DataFrame(rows)
        .groupby(["table", "code_level", "concept", "coverage"], as_index=False)
        .agg(
            first=("period", "min"),
            last=("period", "max"),
            periods=("period", "nunique"),
            blocks=("blocks", "sum"),
            rows=("rows", "sum"),
        )
    )
    return tuple(TableLoaded(**row) for row in summed.to_dict("records"))


def first_few(texts: Sequence[str], shown: int = 3) -> str:
    """Return the first few texts in a row, and how many more there are."""
    more = f" and {len(texts) - shown:,} more" if len(texts) > shown else ""
    return ", ".join(texts[:shown]) + more
