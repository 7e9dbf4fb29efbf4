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
    query: str = sql.PAIRS,
) -> pd.DataFrame | None:
    """Return both accounts of each flow, None where no row is held.

    The columns are those of `aimlib.ingest.global_trade.frames.PAIRS`. With the `query` GAPS: exporter, importer,
    product, period, x_quantity_t, m_quantity_t, asymmetry.
    """
    found = plan(store, asked, as_of)
    exported = [_among("reporter", exporters), _among("partner", importers)]
    imported = [_among("partner", exporters), _among("reporter", importers)]
    either = " OR ".join(
        f"(concept = '{flow}' AND {' AND '.join(filter(None, conditions))})"
        for flow, conditions in (("export", exported), ("import", imported))
        if any(conditions)
    )
    with _rows(store, asked, found, [f"({either})" if either else ""]) as (connection, told):
        if not told:
            return None
        complete = found.told[found.told["coverage"] == COMPLETE]
        names = {"reporter": "who", "product": "what", "period": "at"}
        connection.register("complete", complete[["flow", *names]].rename(columns=names))
        return _fetched(connection, query.format(lines=sql.LINES.format(**told), **told))


def flows(store: Store, table: str, used: pd.DataFrame, products: Mapping[str, str]) -> pd.DataFrame:
    """Return reconciled flows of the blocks `used`, summed; `products` maps HS4 headings to what they are told as.

    Columns: exporter, importer, product, period, quantity_t, fob_value_usd, covered_fob_value_usd (of rows with a
    weight), doubtful_value_usd and doubtful_quantity_t (of rows marked doubtful).
    """
    with opened(store, table, used["commit_name"].unique()) as (connection, files):
        connection.register("used", used[["commit_name", *BLOCK_KEY]])
        rows = f"SELECT * FROM read_parquet({_listed(files.values())}) {sql.ONLY_USED}"
        return _fetched(connection, sql.RECONCILED.format(rows=rows, product=_product(products)))


def _fetched(connection: DuckDBPyConnection, query: str) -> pd.DataFrame:
    return connection.sql(query).to_arrow_table().to_pandas(split_blocks=True, self_destruct=True)


def _listed(files: Iterable[str]) -> str:
    quoted = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"[{quoted}]"


def _among(column: str, wanted: Collection[str] | None) -> str:
    if wanted is None:
        return ""
    codes = ", ".join(f"'{code}'" for code in sorted(set(wanted)) if code.isalnum())
    return f"{column} IN ({codes})" if codes else "FALSE"


@contextmanager
def _rows(
    store: Store, asked: Asked, found: Plan, among: Sequence[str], row_kind: str = "country"
) -> Iterator[tuple[DuckDBPyConnection | None, dict[str, str]]]:
    """Yield a connection and the rows on it: queries of rows, product, period; nothing where there is nothing."""
    if found.parts.empty:
        yield None, {}
        return
    with opened(store, TABLE, found.parts["commit_name"].unique()) as (connection, files):
        if not found.parts["is_whole"].all():
            connection.register("used", found.used[["commit_name", *BLOCK_KEY]])
        flags = trade_reporting.valuations().rename(columns={"reporter": "who"})
        connection.register("flagged", flags)
        conditions = [condition for condition in (*_conditions(asked), *among) if condition]
        parts = [
            _part(files, group, level, is_month, is_whole, [*conditions, f"row_kind = '{row_kind}'"])
            for (level, is_month, is_whole), group in found.parts.groupby(["code_level", "is_month", "is_whole"])
        ]
        period = "month" if asked.frequency == "monthly" else "date_trunc('year', month)::TIMESTAMP"
        told = {"rows": " UNION ALL ".join(parts), "product": _product(asked.products), "period": period}
        yield connection, told


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
        files=_listed(files[name] for name in group["commit_name"]),
        only="" if is_whole else sql.ONLY_USED,
        conditions=" AND ".join([*conditions, f"code_level = '{level}'", shape]),
    )


def _conditions(asked: Asked) -> list[str]:
    """Return what a row must meet besides belonging to a block that counts."""
    first, last = asked.periods[0], asked.last
    if asked.frequency == "annual":
        last = pd.Timestamp(last.year, 12, 1)
    headings = ", ".join(f"'{heading}'" for heading in sorted(asked.products))
    return [
        f"month BETWEEN TIMESTAMP '{first:%Y-%m-%d}' AND TIMESTAMP '{last:%Y-%m-%d}'",
        _flows(asked),
        f"code = '{asked.code}'" if asked.code else f"left(code, 4) IN ({headings})",
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
