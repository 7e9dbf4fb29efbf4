"""License months as they may be shown: by origin, product and kind of entry, protected together.

A license month is published for every country, for the whole scope and for each product, with zone admissions apart
in one concept and counted in the other. So the pattern of hidden cells is found over all of these at once: none
follows from the others, in whichever bulletins they stand.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality.cells import Cells, Dimension, build, dimension
from aimlib.analysis.confidentiality.rule import Rule
from aimlib.analysis.confidentiality.suppression import suppress
from aimlib.analysis.totals import TOTAL

GROUP = "GROUP"
KINDS = ("entry", "zone")
COLUMNS = ("month", "origin", "product", "kind", "quantity_kg", "customs_value_usd", "hidden")


def license_months(detail: pd.DataFrame, rule: Rule, group: Sequence[str] = ()) -> pd.DataFrame:
    """Return the license totals of each month with all margins; what would tell too much is blank.

    Parameters
    ----------
    detail
        month, origin, product, kind (``entry``, for consumption or out of a warehouse, or ``zone``), importer
        (Int64), quantity_kg, customs_value_usd; of all origins and products.
    rule
        Which figures rest on too few importers.
    group
        Origins whose sum is wanted too; its key is ``GROUP``. The pattern of the others does not depend on it.

    Returns
    -------
    pandas.DataFrame
        month, origin (or ``TOTAL``, ``GROUP``), product (or ``TOTAL``), kind (or ``TOTAL``: both), quantity_kg,
        customs_value_usd (blank where hidden), hidden. Cells without licenses have no row: they are zeros.
    """
    found = [_of_month(rows, rule, group).assign(month=month) for month, rows in detail.groupby("month")]
    if not found:
        types = dict.fromkeys(("quantity_kg", "customs_value_usd"), "float64") | {"hidden": "bool"}
        return pd.DataFrame(columns=list(COLUMNS)).astype(types)
    return pd.concat(found, ignore_index=True)[list(COLUMNS)]


def _of_month(detail: pd.DataFrame, rule: Rule, group: Sequence[str]) -> pd.DataFrame:
    origins = sorted(detail["origin"].unique())
    products = sorted(detail["product"].unique())
    inside = [origin for origin in origins if origin in set(group)]
    base = dimension(origins, {TOTAL: origins})
    rest = dimension(products, {TOTAL: products}), dimension(KINDS, {TOTAL: KINDS})
    cells = _cells(detail, (base, *rest))
    hidden = _pattern(cells, rule)
    if inside:
        wide = _cells(detail, (dimension(origins, {TOTAL: origins, GROUP: inside}), *rest))
        in_group = wide.nodes()[0] >= base.size
        begin = wide.sensitive(rule) & in_group
        begin[wide.places(*cells.nodes())] = hidden
        cells, hidden = wide, suppress(wide, begin, rule, eligible=in_group)
    nodes = [
        pd.Series(span.nodes, dtype="str").array.take(at)
        for span, at in zip(cells.dimensions, cells.nodes(), strict=True)
    ]
    out = pd.DataFrame(dict(zip(("origin", "product", "kind"), nodes, strict=True)))
    for name in ("quantity_kg", "customs_value_usd"):
        out[name] = np.where(hidden, np.nan, getattr(cells, name))
    return out.assign(hidden=hidden)


def _pattern(cells: Cells, rule: Rule) -> np.ndarray:
    """Return which cells to hide: sums of both kinds go before entries do, and totals of an origin go last."""
    spans = cells.dimensions
    origin, product, kind = cells.nodes()
    sensitive = cells.sensitive(rule)
    zone, both = spans[2].at("zone"), spans[2].at(TOTAL)
    exposed = cells.places(origin, product, np.full(len(cells), zone))
    begin = sensitive | ((kind == both) & (exposed >= 0) & sensitive[exposed])
    wanted = (product == spans[1].at(TOTAL)) & (kind == spans[2].at("entry"))
    found = suppress(cells, begin, rule, eligible=~wanted)
    return suppress(cells, found, rule)


def _cells(detail: pd.DataFrame, spans: tuple[Dimension, ...]) -> Cells:
    leaves = [
        pd.Index(span.nodes).get_indexer(detail[name])
        for name, span in zip(("origin", "product", "kind"), spans, strict=True)
    ]
    who = pd.factorize(detail["importer"], sort=True)[0].astype(np.int64)
    return build(spans, leaves, who, detail["quantity_kg"].to_numpy(), detail["customs_value_usd"].to_numpy())
