"""Reading a store: which blocks win on a day, their rows through DuckDB, and what is held."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from aimlib.errors import AimError
from aimlib.store.asof import list_blocks, pick
from aimlib.store.commits import Commit
from aimlib.store.files import obstacles_explained
from aimlib.store.reads import Read, note
from aimlib.store.tables import BLOCK_KEY, TABLES
from aimlib.store.writing import table_file

SAMPLE = "sample"
MEND = "Restore the store's folder from a copy, or load the same files again: that puts back what is missing."


@dataclass(frozen=True)
class Store:
    """The commits that a folder held when it was opened. A folder that does not exist is an empty store."""

    root: Path
    commits: tuple[Commit, ...] = field(repr=False)

    @classmethod
    def open(cls, root: Path | str) -> Store:
        """Read the commits below `root`, unless they are as they were when this process read them last.

        Raises AimError for a file or a damaged commit.
        """
        root = Path(root)
        if root.exists() and not root.is_dir():
            raise AimError("The store is a file, not a folder.", "Set AIM_STORE to a folder.")
        with obstacles_explained("read"):
            files = _commit_files(root / "commits")
            held = _opened.get(root)
            if held is not None and held[0] == files:
                return held[1]
            commits = [Commit.read(path) for path in files]
        ordered = sorted(commits, key=lambda commit: (commit.known_on, commit.captured_at, commit.name))
        store = cls(root, tuple(ordered))
        _opened[root] = (files, store)
        return store

    @property
    def is_empty(self) -> bool:
        return not self.commits

    @property
    def is_sample(self) -> bool:
        """Whether the figures are the synthetic sample."""
        return any(commit.sample for commit in self.commits)

    def is_whole(self, commit: Commit) -> bool:
        """Return whether the tables of a commit are there and can be opened."""
        from pyarrow import ArrowInvalid, parquet

        try:
            for table in commit.tables():
                parquet.read_metadata(self.root / table_file(table, commit.name))
        except (OSError, ArrowInvalid):
            return False
        return True

    @cached_property
    def all_blocks(self) -> pd.DataFrame:
        """Every block of every vintage; columns as `aimlib.store.asof.list_blocks` tells."""
        return list_blocks(self.commits)

    def blocks(self, table: str | None = None, as_of: date | None = None) -> pd.DataFrame:
        """Return the winning blocks as of a day, of one table or of all; columns as `list_blocks` tells."""
        for name in [table] if table else TABLES:
            note(name)
        if (table, as_of) not in self._picked:
            self._picked[table, as_of] = pick(self.all_blocks if table is None else self.every_block(table), as_of)
        return self._picked[table, as_of].copy(deep=False)

    def every_block(self, table: str) -> pd.DataFrame:
        """Return every block of every vintage of one table; columns as `aimlib.store.asof.list_blocks` tells."""
        note(table)
        if table not in self._by_table:
            self._by_table[table] = list_blocks(self.commits, table)
        return self._by_table[table]

    @cached_property
    def _by_table(self) -> dict[str, pd.DataFrame]:
        return {}

    @cached_property
    def block_digests(self) -> dict[tuple[Read, date | None], bytes]:
        """Digests worked out so far, kept by `aimlib.store.reads`."""
        return {}

    @cached_property
    def commits_digests(self) -> dict[tuple[tuple[str, ...], date | None], str]:
        """The same of whole tables, kept by `aimlib.store.reads`."""
        return {}

    @cached_property
    def _picked(self) -> dict[tuple[str | None, date | None], pd.DataFrame]:
        """The winning blocks asked for so far: picking them takes time where there are hundreds of thousands."""
        return {}

    def known_days(self, table: str | None = None) -> list[date]:
        """Return the days on which vintages of `table` were known, oldest first."""
        if table is not None:
            note(table)
        commits = (commit for commit in self.commits if table is None or table in commit.tables())
        return sorted({commit.known_on for commit in commits})

    def read(
        self,
        table: str,
        as_of: date | None = None,
        *,
        code_level: str | None = None,
        concept: str | None = None,
        headings: Collection[str] | None = None,
        periods: Collection[str] | None = None,
        row_kind: str | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Return the rows of the winning blocks of `table` as of a day, filtered, in the table's key order.

        Columns are the table's own (see `aimlib.store.tables`) without ``period``, or `columns`.
        ``periods`` are texts ``YYYY-MM``, ``row_kind`` is country or total.
        """
        blocks = self.blocks(table, as_of)
        for column, wanted in (("code_level", code_level), ("concept", concept)):
            blocks = blocks if wanted is None else blocks[blocks[column] == wanted]
        for column, among in (("heading", headings), ("period", periods)):
            blocks = blocks if among is None else blocks[blocks[column].isin(list(among))]
        shown = list(columns or (name for name in TABLES[table].columns if name != "period"))
        return self._rows(table, blocks[blocks["rows"] > 0], shown, row_kind)

    def _rows(self, table: str, winners: pd.DataFrame, columns: list[str], row_kind: str | None) -> pd.DataFrame:
        shape = TABLES[table]
        types = {name: shape.columns[name] for name in columns}
        if winners.empty:
            return pd.DataFrame(columns=columns).astype(types)
        import duckdb

        files = [self.root / table_file(table, name) for name in winners["commit_name"].unique()]
        missing = [file.stem for file in files if not file.is_file()]
        if missing:
            raise AimError(f"The store lacks the rows of the commit {missing[0]}.", MEND)
        key = ", ".join(["commit_name", *BLOCK_KEY])
        of_kind = "TRUE" if row_kind is None else "row_kind = $row_kind"
        query = (
            f"SELECT {', '.join(columns)} FROM read_parquet($files) SEMI JOIN winners USING ({key}) "
            f"WHERE {of_kind} ORDER BY {', '.join(shape.key)}"
        )
        with duckdb.connect(":memory:") as connection:
            connection.register("winners", winners[["commit_name", *BLOCK_KEY]])
            names = {"files": [literal(file) for file in files]} | ({"row_kind": row_kind} if row_kind else {})
            try:
                rows = connection.sql(query, params=names).to_arrow_table()
            except duckdb.Error:
                raise AimError(
                    f"The rows of {table} in the store cannot be read; a file of it is damaged.", MEND
                ) from None
            return rows.to_pandas().astype(types)

    def tables_summary(self) -> pd.DataFrame:
        """Return what is held, one row a table, code level and concept.

        Columns: table, code_level, concept, first, last (periods ``YYYY-MM``), periods, rows (in the newest
        view), vintages (days), known_on (the last), coverage, publisher, sample.
        """
        publishers = {commit.name: commit.sources[0]["publisher"] for commit in self.commits if commit.sources}
        days = self.all_blocks.groupby(["table", "code_level", "concept"])["known_on"].nunique()
        rows = [
            {
                **dict(zip(("table", "code_level", "concept"), key, strict=True)),
                "first": blocks["period"].min(),
                "last": blocks["period"].max(),
                "periods": blocks["period"].nunique(),
                "rows": int(blocks["rows"].sum()),
                "vintages": int(days[key]),
                "known_on": blocks["known_on"].max().date(),
                "coverage": " and ".join(sorted(blocks["coverage"].unique())),
                "publisher": ", ".join(sorted(set(blocks["commit_name"].map(publishers).dropna()))),
                "sample": self.is_sample,
            }
            for key, blocks in self.blocks().groupby(["table", "code_level", "concept"])
        ]
        return pd.DataFrame(rows)

    def vintages(self) -> pd.DataFrame:
        """The commits, oldest first: commit_name, known_on, captured_at, tables, blocks, rows, asked."""
        rows = [
            {
                "commit_name": commit.name,
                "known_on": commit.known_on,
                "captured_at": commit.captured_at,
                "tables": ", ".join(commit.tables()),
                "blocks": sum(len(group.headings) for group in commit.groups),
                "rows": commit.rows(),
                "asked": ", ".join(str(source["asked"]) for source in commit.sources[:3]),
            }
            for commit in self.commits
        ]
        return pd.DataFrame(rows)


def resolve_store(root: Path | str) -> Store:
    """Return the store to read: the real one at `root` when it holds anything, else the sample's below it.

    An empty store at `root` comes back when neither holds a commit. Real data and sample never mix.
    """
    real = Store.open(root)
    if not real.is_empty:
        return real
    sample = Store.open(Path(root) / SAMPLE)
    return real if sample.is_empty else sample


_opened: dict[Path, tuple[dict[Path, tuple[int, int]], Store]] = {}
"""By folder what was opened last, with the state of its files: a report opens its store more than once."""


def _commit_files(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return the commits' files, each with its time and size.

    Unlike a glob, a folder that cannot be read is an error and not an empty one.
    """
    if not folder.exists():
        return {}
    with os.scandir(folder) as entries:
        stats = {Path(entry.path): entry.stat() for entry in entries if entry.name.endswith(".json")}
    return {path: (stat.st_mtime_ns, stat.st_size) for path, stat in stats.items()}


def literal(file: Path) -> str:
    """Return the file's name so that DuckDB does not take a bracket or a star in it for a pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(file))
