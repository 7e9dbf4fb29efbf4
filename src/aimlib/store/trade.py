"""Declared trade out of the store: accounts, both accounts of a flow side by side, and BACI's flows, through DuckDB."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from aimlib.reference import trade_reporting
from aimlib.store import trade_sql as sql
from aimlib.store.commits import COMPLETE
from aimlib.store.scan import opened
from aimlib.store.store import Store
from aimlib.store.tables import BLOCK_KEY
from aimlib.store.trade_plan import TABLE, Asked, Plan, plan

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEYS = ("reporter", "partner", "flow", "product", "period")


def accounts(
    store: Store,
    asked: Asked,
    as_of: date | None = None,
    *,
    by: Sequence[str] = KEYS,
    reporters: Collection[str] | None = None,
    partners: Collection[str] | None = None,
    row_kind: str = "country",
    with_values: bool = True,
) -> pd.DataFrame | None:
    """Return what reporters declare, summed by some of `KEYS`, in their order; None where no row is held.

    Columns: `by`, quantity_t, fob_value_usd, cif_value_usd, covered_fob_value_usd, covered_cif_value_usd. With the
    `row_kind` total the rows are those for the world as a whole.
    """
    found = plan(store, asked, as_of)
    among = [_among("reporter", reporters), _among("partner", partners)]
    with _rows(store, asked, found, among, row_kind) as (connection, told):
        if not told:
            return None
        query = sql.ACCOUNTS if with_values else sql.WEIGHTS
        return _fetched(connection, query.format(keys=", ".join(by), lines=sql.LINES.format(**told), **told))


def pairs(
    store: Store,
    asked: Asked,
    as_of: date | None = None,
    *,
    exporters: Collection[str] | None = None,
    importers: Collection[str] | None = None,
) -> pd.DataFrame | None:
    """Return both accounts of each flow in the columns of `aimlib.ingest.global_trade.frames.PAIRS`.

    None where no row is held.
    """
    found = plan(store, asked, as_of)
    with _rows(store, asked, found, between(exporters, importers)) as (connection, told):
        if not told:
            return None
        complete = found.told[found.told["coverage"] == COMPLETE]
        names = {"reporter": "who", "product": "what", "period": "at"}
        connection.register("complete", complete[["flow", *names]].rename(columns=names))
        return _fetched(connection, sql.PAIRS.format(lines=sql.LINES.format(**told), **told))


def flows(store: Store, table: str, used: pd.DataFrame, products: Mapping[str, str]) -> pd.DataFrame:
    """Return reconciled flows of the blocks `used`, summed; `products` maps HS4 headings to what they are told as.

    Columns: exporter, importer, product, period, quantity_t, fob_value_usd, covered_fob_value_usd (of rows with a
    weight), doubtful_value_usd and doubtful_quantity_t (of rows marked doubtful).
    """
    with opened(store, table, used["commit_name"].unique()) as (connection, files):
        connection.register("used", used[["commit_name", *BLOCK_KEY]])
        rows = f"SELECT * FROM read_parquet({listed(files.values())}) {sql.ONLY_USED}"
        return _fetched(connection, sql.RECONCILED.format(rows=rows, product=_product(products)))


def _fetched(connection: DuckDBPyConnection, query: str) -> pd.DataFrame:
    return connection.sql(query).to_arrow_table().to_pandas(split_blocks=True, self_destruct=True)


def listed(files: Iterable[str]) -> str:
    """Return the names of files as a list in SQL."""
    quoted = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"[{quoted}]"


def _among(column: str, wanted: Collection[str] | None) -> str:
    if wanted is None:
        return ""
    codes = ", ".join(f"'{code}'" for code in sorted(set(wanted)) if code.isalnum())
    return f"{column} IN ({codes})" if codes else "FALSE"


def between(exporters: Collection[str] | None, importers: Collection[str] | None) -> list[str]:
    """Return the conditions that rows of either side meet where only flows between some places are asked for."""
    exported = [_among("reporter", exporters), _among("partner", importers)]
    imported = [_among("partner", exporters), _among("reporter", importers)]
    either = " OR ".join(
        f"(concept = '{flow}' AND {' AND '.join(filter(None, conditions))})"
        for flow, conditions in (("export", exported), ("import", imported))
        if any(conditions)
    )
    return [f"({either})"] if either else []


@contextmanager
def opened_rows(store: Store, found: Plan) -> Iterator[tuple[DuckDBPyConnection, dict[str, str]]]:
    """Yield a connection that knows the blocks that count, and the files of the commits to read."""
    with opened(store, TABLE, found.parts["commit_name"].unique()) as (connection, files):
        if not found.parts["is_whole"].all():
            connection.register("used", found.used[["commit_name", *BLOCK_KEY]])
        yield connection, files


def rows_of(
    files: dict[str, str], parts: pd.DataFrame, asked: Asked, among: Sequence[str], row_kind: str = "country"
) -> str:
    """Return the query of the rows that count, in these parts of a plan."""
    conditions = [condition for condition in (*_conditions(asked), *among) if condition]
    return " UNION ALL ".join(
        _part(files, group, level, is_month, is_whole, [*conditions, f"row_kind = '{row_kind}'"])
        for (level, is_month, is_whole), group in parts.groupby(["code_level", "is_month", "is_whole"])
    )


@contextmanager
def _rows(
    store: Store, asked: Asked, found: Plan, among: Sequence[str], row_kind: str = "country"
) -> Iterator[tuple[DuckDBPyConnection | None, dict[str, str]]]:
    """Yield a connection and the rows on it: queries of rows, product, period; nothing where there is nothing."""
    if found.parts.empty:
        yield None, {}
        return
    with opened_rows(store, found) as (connection, files):
        flags = trade_reporting.valuations().rename(columns={"reporter": "who"})
        connection.register("flagged", flags)
        period = "month" if asked.frequency == "monthly" else "date_trunc('year', month)::TIMESTAMP"
        rows = rows_of(files, found.parts, asked, among, row_kind)
        yield connection, {"rows": rows, "product": _product(asked.products), "period": period}


def _part(
    files: dict[str, str],
    group: pd.DataFrame,
    level: str,
    is_month: bool,
    is_whole: bool,
    conditions: Sequence[str],
) -> str:
    shape = f"length(period) = {7 if is_month else 4}"
    return sql.PART.format(
        columns=", ".join(sql.COLUMNS),
        files=listed(files[name] for name in group["commit_name"]),
        only="" if is_whole else sql.ONLY_USED,
        conditions=" AND ".join([*conditions, f"code_level = '{level}'", shape]),
    )


def _conditions(asked: Asked) -> list[str]:
    """Return what a row must meet besides belonging to a block that counts."""
    first, last = asked.periods[0], asked.last
    if asked.frequency == "annual":
        last = pd.Timestamp(last.year, 12, 1)
    headings = " ".join(f"WHEN '{heading}' THEN TRUE" for heading in sorted(asked.products))
    return [
        f"month BETWEEN TIMESTAMP '{first:%Y-%m-%d}' AND TIMESTAMP '{last:%Y-%m-%d}'",
        _flows(asked),
        # A CASE is worked out once for each code that a file holds, an IN once for each row.
        f"code = '{asked.code}'" if asked.code else f"CASE left(code, 4) {headings} ELSE FALSE END",
    ]


def _flows(asked: Asked) -> str:
    return f"concept IN ({', '.join(repr(flow) for flow in asked.flows)})"


def _product(products: Mapping[str, str]) -> str:
    """Return the expression of a row's product."""
    names = set(products.values())
    if len(names) == 1:
        return f"'{names.pop()}'"
    cases = " ".join(f"WHEN '{heading}' THEN '{name}'" for heading, name in products.items())
    return f"CASE left(code, 4) {cases} END"
