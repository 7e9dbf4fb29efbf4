"""How concentrated the world's exporters or importers are, or one country's partners."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import ratio
from aimlib.analysis.totals import TOTAL
from aimlib.analysis.world.amounts import side, tally
from aimlib.analysis.world.spans import Span
from aimlib.analysis.world.standings import constant_set, rows_known


def concentration(
    flows: pd.DataFrame,
    standing: pd.DataFrame,
    *,
    flow: str,
    span: Span,
    country: str | None = None,
    by_period: bool = False,
) -> pd.DataFrame:
    """Return the Herfindahl-Hirschman index and the shares of the largest.

    Of the partners of `country`, or without one of the exporters (importers) of the world: those known in every period
    of the span, also with `by_period`, so that a late reporter does not read as concentration.

    Returns
    -------
    pandas.DataFrame
        first, last (the periods summed: the span, or each period of it), country (``TOTAL`` for the world), measure
        (``quantity``, ``value``), herfindahl (sum of squared shares, 0 to 1 for a single one), number_equivalent (its
        inverse: as many of equal size are as concentrated), countries (how many trade), top_country, share_top,
        share_top3, share_top5. Blank where the country's standing is missing in a period, or nothing is traded.
    """
    of = side(flow)
    complete = constant_set(standing, flow, span.periods)
    shown, key = (complete, of.own) if country is None else ((country,), of.other)
    rows = rows_known(flows[flows[of.own].isin(shown)], standing, flow, of.own, span.periods)
    if by_period:
        cells = tally(rows, ["period", key]).reset_index("period")
        pieces = {Span(day, day, span.frequency): cells[cells["period"] == day] for day in span.periods}
    else:
        known = country is None or country in complete
        pieces = {span: tally(rows if known else rows.iloc[:0], key)}
    made = []
    for piece, sums in pieces.items():
        for measure in ("quantity", "value"):
            column = of.column(measure)
            if column in sums.columns:
                place = {"first": piece.first, "last": piece.last, "country": country or TOTAL, "measure": measure}
                made.append(place | _of_amounts(sums[column]))
    days = dict.fromkeys(("first", "last"), "datetime64[us]")
    return pd.DataFrame(made).astype(days | {"countries": "Int64", "top_country": "str"})


def _of_amounts(amounts: pd.Series) -> dict[str, object]:
    traded = amounts[amounts > 0].sort_index().sort_values(ascending=False, kind="stable")
    shares = traded / traded.sum()
    index = float((shares**2).sum()) if len(shares) else np.nan
    largest = {
        f"share_top{count if count > 1 else ''}": min(shares.iloc[:count].sum(), 1.0) if len(shares) else np.nan
        for count in (1, 3, 5)
    }
    return {
        "herfindahl": index,
        "number_equivalent": float(ratio(1.0, index)),
        "countries": len(shares) or pd.NA,
        "top_country": shares.index[0] if len(shares) else "",
        **largest,
    }
