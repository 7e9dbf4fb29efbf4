"""How far both accounts of each flow are apart in weight, over tables of full size.

The commits are read in pieces that share no period, one after the other, and a flow's exporter, importer, product and
period are one whole number: places and products are numbered in the order of their names, so that the order of the
numbers is the order of the answer. Names come back in the end. That keeps memory to about twice the answer's size.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from aimlib.store import trade_sql as sql
from aimlib.store.commits import COMPLETE
from aimlib.store.store import Store
from aimlib.store.trade import between, listed, opened_rows, rows_of
from aimlib.store.trade_plan import Asked, Plan, plan

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PIECE_ROWS = 1_000_000
EXPORTED, IMPORTED = 1, 2
COLUMNS = ("exporter", "importer", "product", "period", "x_quantity_t", "m_quantity_t", "asymmetry")


@dataclass(frozen=True)
class Numbering:
    """The names that numbers stand for, each in the order of the answer."""

    places: list[str]
    products: list[str]
    periods: pd.DatetimeIndex

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return len(self.places), len(self.places), len(self.products), len(self.periods)


def gaps(
    store: Store,
    asked: Asked,
    as_of: date | None = None,
    *,
    exporters: Collection[str] | None = None,
    importers: Collection[str] | None = None,
) -> pd.DataFrame | None:
    """Return both weights of each flow and their asymmetry, None where no row is held.

    Columns: exporter, importer, product, period, x_quantity_t, m_quantity_t, asymmetry (2 |X - M| / (X + M)); rows,
    order, zeros and blanks as in `aimlib.store.trade.pairs`.
    """
    found = plan(store, asked, as_of)
    if found.parts.empty:
        return None
    with opened_rows(store, found) as (connection, files):
        connection.execute("SET preserve_insertion_order = false")
        numbering = Numbering(_places(connection, files), sorted(set(asked.products.values())), asked.periods)
        among = between(exporters, importers)
        query = sql.PACKED.format(
            places=numbering.places,
            many=len(numbering.places),
            product=_product_number(asked, numbering),
            products=len(numbering.products),
            period=_period_number(asked),
            periods=len(numbering.periods),
            rows="{rows}",
        )
        pieces = [
            _numbers(connection, query.replace("{rows}", rows_of(files, parts, asked, among)))
            for parts in _pieces(found)
        ]
    return _named(pieces, numbering, found.told)


def _places(connection: DuckDBPyConnection, files: dict[str, str]) -> list[str]:
    names = " UNION ".join(
        f"SELECT DISTINCT {column} FROM read_parquet({listed(files.values())})" for column in ("reporter", "partner")
    )
    return sorted(name for (name,) in connection.execute(names).fetchall())


def _product_number(asked: Asked, numbering: Numbering) -> str:
    if len(numbering.products) == 1:
        return "0"
    cases = " ".join(f"WHEN '{hs4}' THEN {numbering.products.index(name)}" for hs4, name in asked.products.items())
    return f"CASE left(code, 4) {cases} END"


def _period_number(asked: Asked) -> str:
    first = asked.periods[0]
    if asked.frequency == "annual":
        return f"year(month) - {first.year}"
    return f"year(month) * 12 + month(month) - {first.year * 12 + first.month}"


def _pieces(found: Plan) -> Iterator[pd.DataFrame]:
    """Yield parts of a plan that share no period with each other, joined up to about `PIECE_ROWS` rows."""
    filled = found.used[found.used["rows"] > 0].groupby("commit_name", sort=False)
    spans = filled.agg(first=("target", "min"), last=("target", "max"), rows=("rows", "sum")).sort_values("first")
    numbers, number, rows, until = [], 0, 0, ""
    for first, last, count in zip(spans["first"], spans["last"], spans["rows"], strict=True):
        if rows and first > until and rows + count > PIECE_ROWS:
            number, rows = number + 1, 0
        numbers.append(number)
        rows, until = rows + count, max(until, last)
    by_commit = found.parts["commit_name"].map(dict(zip(spans.index, numbers, strict=True)))
    for _, parts in found.parts.groupby(by_commit):
        yield parts


def _numbers(connection: DuckDBPyConnection, query: str) -> tuple[np.ndarray, ...]:
    """Return keys, both weights in grams (NaN where there is none), and which sides say anything."""
    table = connection.sql(query).to_arrow_table()
    return tuple(table[name].to_numpy() for name in ("packed", "x_grams", "m_grams", "sides"))


def _named(pieces: list[tuple[np.ndarray, ...]], numbering: Numbering, told: pd.DataFrame) -> pd.DataFrame:
    """Return the answer: ordered, zeros filled in, names in place of numbers.

    Takes `pieces` apart, and lets go of each array once it is used: they are as large as the answer.
    """
    columns = list(zip(*pieces, strict=True))
    pieces.clear()
    packed = np.concatenate(columns[0])
    order = np.argsort(packed, kind="stable")  # each piece is in order by itself
    packed, sides = packed[order], np.concatenate(columns[3])[order]
    weights = []
    for column, side in ((1, EXPORTED), (2, IMPORTED)):
        weight = np.concatenate(columns[column])[order]
        columns[column] = ()
        weight /= 1e6
        silent = np.flatnonzero((sides & side) == 0)
        weight[silent] = np.where(_is_told(told, side, packed[silent], numbering), 0.0, np.nan)
        weights.append(weight)
    columns.clear()
    del order, sides, weight, silent
    figures = {"x_quantity_t": weights[0], "m_quantity_t": weights[1], "asymmetry": _asymmetry(*weights)}
    packed, period = _split(packed, len(numbering.periods))
    figures["period"] = numbering.periods.to_numpy()[period]
    packed, product = _split(packed, len(numbering.products))
    figures["product"] = _spelled(numbering.products, product)
    del period, product
    exporter, importer = _split(packed, len(numbering.places))
    del packed
    figures["importer"] = _spelled(numbering.places, importer)
    del importer
    figures["exporter"] = _spelled(numbering.places, exporter)
    return pd.DataFrame({name: figures.pop(name) for name in COLUMNS}, copy=False)


def _split(packed: np.ndarray, many: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the number before the last, and the last of `many` numbers packed into one."""
    rest = packed // many
    return rest, (packed - rest * many).astype("int32")


def _is_told(told: pd.DataFrame, side: int, packed: np.ndarray, numbering: Numbering) -> np.ndarray:
    """Tell for each key whether the reporter of its `side` told all of the product in the period."""
    flow = "export" if side == EXPORTED else "import"
    complete = told[(told["coverage"] == COMPLETE) & (told["flow"] == flow)]
    at = (
        pd.Index(numbering.places).get_indexer(complete["reporter"]),
        pd.Index(numbering.products).get_indexer(complete["product"]),
        numbering.periods.get_indexer(complete["period"]),
    )
    known = np.min(at, axis=0) >= 0
    is_told = np.zeros(numbering.shape[1:], dtype=bool)
    is_told[tuple(number[known] for number in at)] = True
    exporter, importer, product, period = np.unravel_index(packed, numbering.shape)
    return is_told[exporter if side == EXPORTED else importer, product, period]


def _spelled(names: list[str], numbers: np.ndarray) -> pd.api.extensions.ExtensionArray:
    import pyarrow

    return pd.array(pyarrow.array(names, pyarrow.large_string()).take(pyarrow.array(numbers)), dtype="str")


def _asymmetry(x: np.ndarray, m: np.ndarray) -> np.ndarray:
    both, apart = x + m, x - m
    np.abs(apart, out=apart)
    apart *= 2
    is_known = both > 0
    np.divide(apart, both, out=apart, where=is_known)
    apart[~is_known] = np.nan
    return apart
