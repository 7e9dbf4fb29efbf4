"""The better reporter: Gehlhar's reliability indices on quantities.

AL = |M - X| / M of every flow that both report; RIM of an importer = 100 * (sum of M with AL <= 0.20) / (sum of M),
RIX of an exporter likewise on X; the side with the higher index is taken. Gehlhar (1996), GTAP Technical Paper 10,
as used for aluminum by Milovanoff, Posen and MacLean (2020).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

ACCURATE = 0.20
"""A flow is told accurately if the accounts differ by no more than this share of the importer's."""


def indices(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the index of every exporter and importer: country, flow, product, index_percent, flows.

    Over the flows for which both sides report with a known quantity, per product, over all periods: a side does not
    change from one period to the next. Blank where the country's own quantities sum to nothing.
    """
    x, m = pairs["x_quantity_t"].to_numpy(), pairs["m_quantity_t"].to_numpy()
    known = ~(np.isnan(x) | np.isnan(m))
    # |M - X| <= 0.2 M is the rule without the division, so that M = 0 beside X > 0 is no accurate flow.
    accurate = np.abs(m - x) <= ACCURATE * m
    products, product_names = pd.factorize(pairs["product"])
    frames = []
    for flow, end, quantity in (("export", "exporter", x), ("import", "importer", m)):
        countries, names = pd.factorize(pairs[end])
        cells = (countries * len(product_names) + products)[known]
        size = len(names) * len(product_names)
        flows, total = np.bincount(cells, minlength=size), np.bincount(cells, quantity[known], size)
        told_well = np.bincount(cells, np.where(accurate, quantity, 0.0)[known], size)
        made = {
            "country": np.repeat(np.asarray(names), len(product_names)),
            "flow": flow,
            "product": np.tile(np.asarray(product_names), len(names)),
            "index_percent": 100 * told_well / np.where(total > 0, total, np.nan),
            "flows": flows,
        }
        frames.append(pd.DataFrame(made)[flows > 0])
    text = dict.fromkeys(("country", "flow", "product"), "str")
    return pd.concat(frames, ignore_index=True).astype(text)


def exporter_is_better(pairs: pd.DataFrame, reliability: pd.DataFrame) -> np.ndarray:
    """Return the rows for which the exporter has the higher index. At a tie the importer is taken.

    Imports are usually the more accurate account, since duty is levied on them (WITS). No index counts as lowest.
    """
    products, product_names = pd.factorize(pairs["product"])
    scores = []
    for flow, end in (("export", "exporter"), ("import", "importer")):
        of_flow = reliability[reliability["flow"] == flow]
        countries, names = pd.factorize(pairs[end])
        table = of_flow.pivot(index="country", columns="product", values="index_percent")
        table = table.reindex(index=names, columns=product_names).fillna(-1.0).to_numpy()
        scores.append(table[countries, products])
    return scores[0] > scores[1]
