"""Exporters by importers, with the rest and the totals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import ratio
from aimlib.analysis.totals import REST, TOTAL
from aimlib.analysis.world.amounts import amounts_of, side, tally
from aimlib.analysis.world.spans import Span
from aimlib.analysis.world.standings import complete, over


def matrix(
    flows: pd.DataFrame,
    *,
    span: Span,
    exporters: Sequence[str] | None = None,
    importers: Sequence[str] | None = None,
    measure: str = "quantity",
    top: int = 10,
    standing: pd.DataFrame | None = None,
    flow: str = "export",
) -> pd.DataFrame:
    """Return exporters by importers, tidy, in the order of print: by size, then ``REST``, then ``TOTAL``.

    Each row and column adds up to its total, for the cells are the sums of the known flows as they stand. Countries
    not given are the `top` largest. With `standing` (that of `flow`) the cells without a flow of a country of which
    periods are missing are blank, and a column tells; without it they are 0.0.

    Returns
    -------
    pandas.DataFrame
        exporter, importer, the amounts, share_of_exporter and share_of_importer (fractions of the exporter's and the
        importer's total in `measure`; of ``value`` the former in FOB, the latter in import values); with `standing`
        also standing, of the exporter for exports and of the importer for imports, blank for the sums.
    """
    rows = flows[flows["period"].isin(span.periods)]
    columns = {"exporter": side("export").column(measure), "importer": side("import").column(measure)}
    wanted = {"exporter": exporters, "importer": importers}
    shown = {key: _largest(rows, key, columns[key], wanted[key], top) for key in wanted}
    named = rows.assign(**{key: rows[key].where(rows[key].isin(shown[key]), REST) for key in shown})
    cells = tally(named, list(shown)).reset_index()
    spread = pd.concat(
        [
            cells.assign(**dict.fromkeys(totals, TOTAL))
            for totals in ((), ("exporter",), ("importer",), ("exporter", "importer"))
        ]
    )
    grid = pd.MultiIndex.from_product([[*shown[key], REST, TOTAL] for key in shown], names=list(shown))
    rests = None if standing is None else over(standing, flow, span, shown[side(flow).own])
    own = grid.get_level_values(side(flow).own)
    unknown = own.isin(rests.index[~complete(rests)]) if rests is not None else np.zeros(len(grid), dtype=bool)
    sums = tally(spread, list(shown), grid, ~unknown)
    out = sums[amounts_of(sums)].reset_index()
    for key, other in (("exporter", "importer"), ("importer", "exporter")):
        of_all = out[out[other] == TOTAL].set_index(key)[columns[key]]
        out[f"share_of_{key}"] = ratio(out[columns[key]], out[key].map(of_all).astype("float64"))
    if rests is not None:
        out["standing"] = rests["standing"].reindex(own).fillna("").astype("str").to_numpy()
    return out.astype({"exporter": "str", "importer": "str"})


def _largest(rows: pd.DataFrame, key: str, column: str, wanted: Sequence[str] | None, top: int) -> list[str]:
    """Return the countries to show, by size and then by name: those wanted, or the largest that trade."""
    amounts = rows.groupby(key)[column].sum()
    if wanted is not None:
        amounts = amounts.reindex(pd.Index(list(dict.fromkeys(wanted)), dtype="str"), fill_value=0.0)
    amounts = amounts.sort_index().sort_values(ascending=False, kind="stable")
    return list(amounts.index if wanted is not None else amounts.index[amounts > 0][:top])
