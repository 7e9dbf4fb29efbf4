"""Imports whose country of origin is not the country of smelt, or of cast, by product.

It is ordinary that metal smelted in one country is rolled or extruded in another: a row here says what was
declared, and nothing about why.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality.cells import build, dimension
from aimlib.analysis.confidentiality.suppression import suppress
from aimlib.analysis.metal.cube import Cube
from aimlib.analysis.metal.fields import is_country, rows_of
from aimlib.analysis.metal.shares import AMOUNTS, period_of
from aimlib.analysis.metal.steps import Frame, Pattern
from aimlib.analysis.totals import TOTAL

KEYS = ["field", "origin", "metal", "product"]
RISE = 2.0
LEAST_KG = 1_000_000.0


def differs(detail: pd.DataFrame, frame: Frame, cube: Cube, origins: Sequence[str]) -> pd.DataFrame:
    """Return the cells origin, metal, product whose metal is of another country than the origin.

    DETAIL needs the column ``who``; `cube` is the protected cube of the field over the period of `frame`. Its cells
    are shown or hidden as there, and products within them so that none follows from the others. Origins whose total
    is hidden are left out.

    Returns
    -------
    pandas.DataFrame
        field, origin, metal (a country), product (a category, or ``TOTAL``), quantity_kg, customs_value_usd,
        share_quantity, share_value (of all that comes from the origin), suppressed.
    """
    name = cube.field.name
    rows = rows_of(detail, cube.field, frame.first, frame.last)
    rows = rows[is_country(rows[name]) & (rows[name] != rows["origin"])]
    names = sorted(rows["product"].unique())
    spans = [dimension(cube.origins.nodes, {}), dimension(cube.metals.nodes, {}), dimension(names, {TOTAL: names})]
    keys = ("origin", name, "product")
    cells = build(
        spans,
        [pd.Index(span.nodes).get_indexer(rows[key]) for span, key in zip(spans, keys, strict=True)],
        rows["who"].to_numpy(np.int64),
        *(rows[amount].to_numpy(float) for amount in AMOUNTS),
    )
    origin, metal, product = cells.nodes()
    when = np.array([cube.time.at(period_of(cube))])
    whole = product == spans[2].at(TOTAL)
    blank = cube.row_hidden(origin, when)
    sensitive = cells.sensitive(frame.rule)
    begin = sensitive | blank | (whole & cube.pattern.hides(origin, metal, when))
    pattern = Pattern(cells, suppress(cells, begin, frame.rule, eligible=~whole), sensitive)
    wanted = pd.Index(cube.origins.nodes).get_indexer([name for name in origins if name in cube.origins.nodes])
    shown = np.flatnonzero(~blank & np.isin(origin, wanted))
    figures = pattern.read(shown, blank[shown])
    total = cube.read(origin[shown], np.array([cube.metals.at(TOTAL)]), when)
    for amount, share in AMOUNTS.items():
        figures[share] = figures[amount] / total[amount].where(total[amount] > 0)
    named = {
        key: pd.Series(span.nodes, dtype="str").array.take(found[shown])
        for key, span, found in zip(("origin", "metal", "product"), spans, (origin, metal, product), strict=True)
    }
    out = pd.concat([pd.DataFrame(named), figures], axis=1)
    out.insert(0, "field", pd.Series(name, index=out.index, dtype="str"))
    return out[[*KEYS, *AMOUNTS, *AMOUNTS.values(), "suppressed"]]


def with_year_before(now: pd.DataFrame, before: pd.DataFrame | None, hidden: Sequence[str]) -> pd.DataFrame:
    """Return `differs` of a period with that of the same months a year before, ranked.

    Parameters
    ----------
    now, before
        Two results of `differs`; None where the field was not collected in all months of the year before.
    hidden
        The origins whose totals are hidden in the year before; their cells of then are blank, others zero.

    Returns
    -------
    pandas.DataFrame
        As `differs`, with base_quantity_kg, base_customs_value_usd, base_suppressed, quantity_yoy,
        customs_value_yoy (fractions; blank where there was nothing, or either is hidden), new_or_doubled (both
        are shown, the quantity is at least twice that of the year before and 1,000 t), and rank (by quantity, among
        the products' rows and among the totals' apart; none where hidden). In order of rank, the hidden last.
    """
    out = now.copy()
    if before is None:
        out = out.assign(base_quantity_kg=np.nan, base_customs_value_usd=np.nan, base_suppressed="")
    else:
        base = before[[*KEYS, *AMOUNTS, "suppressed"]].rename(columns={name: f"base_{name}" for name in AMOUNTS})
        out = out.merge(base.rename(columns={"suppressed": "base_suppressed"}), on=KEYS, how="left")
        blank = out["origin"].isin(list(hidden))
        absent = out["base_suppressed"].isna()
        for name in AMOUNTS:
            out[f"base_{name}"] = out[f"base_{name}"].astype("float64").mask(absent & ~blank, 0.0)
        out["base_suppressed"] = out["base_suppressed"].mask(absent & blank, "secondary").fillna("")
    for name, change in (("quantity_kg", "quantity_yoy"), ("customs_value_usd", "customs_value_yoy")):
        then = out[f"base_{name}"]
        out[change] = out[name] / then.where(then > 0) - 1
    kg, then = out["quantity_kg"], out["base_quantity_kg"]
    out["new_or_doubled"] = (kg >= LEAST_KG) & (kg >= RISE * then)
    level = out["product"] == TOTAL
    out["rank"] = kg.groupby([out["field"], level]).rank(ascending=False, method="min")
    out = out.sort_values(["rank", *KEYS], kind="stable", ignore_index=True)
    return out.sort_values("field", ascending=False, kind="stable", ignore_index=True)
