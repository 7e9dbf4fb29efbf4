"""Origin by smelt or cast, as amounts and shares, over a period and over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.metal.cube import Cube
from aimlib.analysis.metal.fields import NOT_APPLICABLE, NOT_COLLECTED, SMELT, UNKNOWN
from aimlib.analysis.metal.spans import GROUP, PERIOD_CAST, PERIOD_SMELT
from aimlib.analysis.totals import TOTAL

AMOUNTS = {"quantity_kg": "share_quantity", "customs_value_usd": "share_value"}
WORDS = (NOT_APPLICABLE, UNKNOWN, NOT_COLLECTED, TOTAL)


def matrix(cube: Cube, origins: Sequence[str], *, primary_only: bool = False) -> pd.DataFrame:
    """Return origin by metal over the period, tidy, in the order of print, with margins.

    Parameters
    ----------
    cube
        The protected cube of smelt or of cast.
    origins
        The countries to show, beside the total of all and, if there is one, their sum.
    primary_only
        Shares are of metal that has a country of smelt, with *N/A* outside of the denominator. Blank where *N/A*
        is hidden, since its amount would follow.

    Returns
    -------
    pandas.DataFrame
        origin, row_kind (``origin``, ``group``, ``total``); largest_smelt or recent_cast, column_kind
        (``country``, ``N/A``, ``unknown``, ``not collected``, ``total``); quantity_kg, customs_value_usd,
        share_quantity, share_value (of the origin's total; they sum to one over the columns that are not
        ``total``), suppressed. Origins and columns by quantity, largest first; those hidden come last, by name.
    """
    rows, columns = nodes_of(cube, origins), np.arange(cube.metals.size)
    when = cube.time.at(period_of(cube))
    origin, metal = (found.ravel() for found in np.meshgrid(rows, columns, indexing="ij"))
    name = cube.field.name
    out = _named(cube, origin, metal, cube.read(origin, metal, np.array([when]))).rename(columns={"metal": name})
    out = with_shares(out, name, ["origin"], primary_only=primary_only)
    of_all = out[out["origin"] == TOTAL].set_index(name)["quantity_kg"]
    of_origin = out[out[name] == TOTAL].set_index("origin")["quantity_kg"]
    last = {word: place for place, word in enumerate(WORDS, start=1)}
    order = np.lexsort(
        (
            out[name],
            -out[name].map(of_all).fillna(-1.0),
            out[name].map(last).fillna(0),
            out["origin"],
            -out["origin"].map(of_origin).fillna(-1.0),
            out["row_kind"].map({"origin": 0, "group": 1, "total": 2}),
        )
    )
    return out.iloc[order].reset_index(drop=True)


def over_time(cube: Cube, origins: Sequence[str], *, primary_only: bool = False) -> pd.DataFrame:
    """Return origin by metal by month and by quarter.

    Columns: field (the cube's), by (``month`` or ``quarter``), period (its first month), then as `matrix` with
    the column ``metal``. Only metals that an origin has had in the period are listed. A quarter cut by the ends of
    the period holds the months inside. An origin whose total is hidden over the whole period has its totals only.
    """
    rows = nodes_of(cube, origins)
    over = cube.time.at(period_of(cube))
    cells = cube.pattern.cells
    nodes = cells.nodes()
    # An origin blank over the whole period has all its metals blank: none of them is named here.
    open_ = ~cube.row_hidden(nodes[0], nodes[2]) | (nodes[1] == cube.metals.at(TOTAL))
    there = np.flatnonzero((nodes[2] == over) & np.isin(nodes[0], rows) & open_)
    times = cube.months_and_quarters()
    origin, metal = np.repeat(nodes[0][there], len(times)), np.repeat(nodes[1][there], len(times))
    when = np.tile(times, len(there))
    out = _named(cube, origin, metal, cube.read(origin, metal, when))
    kinds = np.array([node[0] for node in cube.time.nodes], dtype=object)
    starts = pd.DatetimeIndex([node[1] for node in cube.time.nodes]).as_unit("us")
    out.insert(0, "field", pd.Series(cube.field.name, index=out.index, dtype="str"))
    out.insert(1, "by", pd.Series(kinds[when], dtype="str"))
    out.insert(2, "period", starts[when])
    return with_shares(out, "metal", ["by", "period", "origin"], primary_only=primary_only)


def with_shares(out: pd.DataFrame, column: str, row: list[str], *, primary_only: bool = False) -> pd.DataFrame:
    """Return cells with their shares of the row's total, from figures that are shown and nothing else."""
    total = (out[column] == TOTAL).to_numpy()
    secondary = (out[column] == NOT_APPLICABLE).to_numpy()
    row_at = out.groupby(row, sort=False).ngroup().to_numpy()
    rows = int(row_at.max(initial=-1)) + 1
    out = out.copy()
    for amount, share in AMOUNTS.items():
        shown = out[amount].to_numpy()
        whole = np.full(rows, np.nan)
        whole[row_at[total]] = shown[total]
        if primary_only:
            taken = np.zeros(rows)
            taken[row_at[secondary]] = shown[secondary]
            whole = whole - taken
        of = np.where(whole > 0, whole, np.nan)[row_at]
        out[share] = shown / of
        if primary_only:
            out[share] = np.where(secondary, np.nan, np.where(total, of / of, out[share]))
    return out[[*(name for name in out.columns if name != "suppressed"), "suppressed"]]


def period_of(cube: Cube) -> tuple:
    """Return the node of a cube's whole period."""
    return PERIOD_SMELT if cube.field is SMELT else PERIOD_CAST


def kind_of_origin(origin: pd.Series) -> pd.Series:
    """Return ``origin``, ``group`` or ``total``."""
    return origin.map({GROUP: "group", TOTAL: "total"}).fillna("origin").astype("str")


def nodes_of(cube: Cube, origins: Sequence[str]) -> np.ndarray:
    """Return the nodes of the origins to show, of all origins and of the group."""
    at = pd.Index(cube.origins.nodes)
    names = [*(name for name in origins if name in at), TOTAL, *([GROUP] if GROUP in at else [])]
    return at.get_indexer(names)


def _named(cube: Cube, origin: np.ndarray, metal: np.ndarray, figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures with the names of their origins and metals."""
    names = pd.Series(cube.origins.nodes, dtype="str")
    metals = pd.Series(cube.metals.nodes, dtype="str")
    kinds = metals.where(metals.isin(WORDS), "country").replace(TOTAL, "total")
    out = pd.DataFrame(
        {
            "origin": names.array.take(origin),
            "row_kind": kind_of_origin(names).array.take(origin),
            "metal": metals.array.take(metal),
            "column_kind": kinds.array.take(metal),
        }
    )
    return pd.concat([out, figures], axis=1)
