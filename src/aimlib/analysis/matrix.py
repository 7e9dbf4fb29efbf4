"""Products by origin over a window, as one tidy table in the order of print."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aimlib.analysis.blocks import ratio, remainder, series_of
from aimlib.analysis.grid import over_products
from aimlib.analysis.measures import Measure, measure
from aimlib.analysis.months import Window
from aimlib.analysis.shares import largest
from aimlib.analysis.totals import REST, TOTAL
from aimlib.analysis.windows import unlisted, window_sum


def product_by_origin(
    cells: pd.DataFrame,
    by_product: pd.DataFrame,
    whole: pd.DataFrame,
    window: Window,
    which: str | Measure = "value",
    *,
    top: int = 10,
    keep: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the sums over a window by origin and product, tidy, for a matrix of the largest origins.

    `cells` is the grid by origin and product; `by_product` and `whole` are the totals of the products and of
    all (`totals.total`), or the grids of one group whose members the cells are.

    Columns: origin (the largest, those of `keep`, then ``REST`` and ``TOTAL``), row_kind, product (then
    ``TOTAL``), the measure's column with the window's suffix, share_of_total (in the figure of all origins
    and products), not_listed (see `tables.window_table`). Rows are in the order of print, the products by
    name.
    """
    what = measure(which)
    by_origin = over_products(cells)
    chosen = largest(by_origin, window_sum(by_origin, what.source, window.months), top, keep)
    origins = series_of(by_origin)["origin"].to_numpy()[chosen]
    shown = pd.concat(
        [
            _sums(cells, what, window),
            _sums(by_origin, what, window, product=TOTAL),
        ]
    )
    shown = shown[shown["origin"].isin(origins)]
    of_all = pd.concat(
        [
            _sums(by_product, what, window, origin=TOTAL),
            _sums(whole, what, window, origin=TOTAL, product=TOTAL),
        ]
    )
    printed = shown.groupby("product")["amount"].sum().reindex(of_all["product"]).fillna(0.0)
    selection = whole["coverage"][whole["month"].isin(window.months)].eq("selection").any()
    left = of_all.assign(origin=REST, amount=remainder(of_all["amount"], printed.to_numpy()), not_listed=selection)
    out = pd.concat([shown.assign(row_kind="origin"), left.assign(row_kind="rest"), of_all.assign(row_kind="total")])
    place = pd.Index([*origins, REST, TOTAL]).get_indexer(out["origin"])
    column = pd.Index([*sorted(set(out["product"]) - {TOTAL}), TOTAL]).get_indexer(out["product"])
    out = out.assign(place=place, column=column).sort_values(["place", "column"], ignore_index=True)
    out["share_of_total"] = ratio(out["amount"], out["amount"].iloc[-1])
    c = f"{what.column}{window.suffix}"
    return out.rename(columns={"amount": c})[["origin", "row_kind", "product", c, "share_of_total", "not_listed"]]


def _sums(frame: pd.DataFrame, what: Measure, window: Window, **keys: str) -> pd.DataFrame:
    """Return one row a series: its keys, those given for all, the sum in the measure's unit, not_listed."""
    return series_of(frame).assign(
        **keys,
        amount=window_sum(frame, what.source, window.months) / what.divisor,
        not_listed=unlisted(frame, window.months),
    )
