"""Rows of many commits at once, through DuckDB: for what asks about all vintages, and not about one day."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pandas as pd

from aimlib.errors import AimError
from aimlib.settings import read_settings
from aimlib.store.asof import KEY
from aimlib.store.commits import COMPLETE
from aimlib.store.reads import note
from aimlib.store.store import MEND, Store, literal
from aimlib.store.writing import table_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def changes(blocks: pd.DataFrame) -> pd.DataFrame:
    """Return the complete blocks that changed a figure, each with ``until``, the day from which another stands.

    `blocks` are vintages as `aimlib.store.asof.list_blocks` tells. A block that repeats what stood already is
    left out; of several known on a day the last captured counts. ``until`` is NaT for what still stands.
    """
    complete = blocks[blocks["coverage"] == COMPLETE]
    ordered = complete.sort_values([*KEY, "known_on", "captured_at", "commit_name"], kind="stable")
    ordered = ordered.drop_duplicates([*KEY, "known_on"], keep="last")
    before = ordered.groupby(KEY)[["content", "rows"]].shift()
    is_change = (ordered["content"] != before["content"]) | (ordered["rows"] != before["rows"])
    changed = ordered[is_change].reset_index(drop=True)
    return changed.assign(until=changed.groupby(KEY)["known_on"].shift(-1))


@contextlib.contextmanager
def scanning(store: Store, table: str, commit_names: Iterable[str]) -> Iterator[DuckDBPyConnection]:
    """Yield a connection on which ``rows`` are the rows of `table` in these commits, with ``commit_name``.

    Raises AimError where a file of theirs is missing or damaged.
    """
    with opened(store, table, commit_names) as (connection, files):
        connection.read_parquet(list(files.values())).create_view("rows")
        yield connection


@contextlib.contextmanager
def opened(
    store: Store, table: str, commit_names: Iterable[str]
) -> Iterator[tuple[DuckDBPyConnection, dict[str, str]]]:
    """Yield a connection, and by commit the name of the file with its rows of `table`, as DuckDB takes it.

    The connection keeps to the memory set by AIM_MEMORY; what is more goes to a folder that is removed in the end.
    Raises AimError where a file of theirs is missing or damaged, or where that memory is too little.
    """
    import duckdb

    note(table)
    files = {name: store.root / table_file(table, name) for name in commit_names}
    missing = [file.stem for file in files.values() if not file.is_file()]
    if missing:
        raise AimError(f"The store lacks the rows of the commit {missing[0]}.", MEND)
    memory = read_settings().memory
    with tempfile.TemporaryDirectory(prefix="aimlib-") as folder, duckdb.connect(":memory:") as connection:
        connection.execute("SET temp_directory = $folder", {"folder": folder})
        if memory:
            connection.execute("SET memory_limit = $memory", {"memory": memory})
        try:
            yield connection, {name: literal(file) for name, file in files.items()}
        except duckdb.OutOfMemoryException:
            raise AimError(
                f"The rows of {table} do not fit into the memory of {memory or 'this machine'}.",
                "Ask for fewer periods or products, or set AIM_MEMORY to more.",
            ) from None
        except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException):  # a query of ours
            raise
        except duckdb.Error:
            raise AimError(f"The rows of {table} in the store cannot be read; a file of it is damaged.", MEND) from None
