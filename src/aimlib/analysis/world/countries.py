"""Exporters or importers of a span, side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.world.amounts import (
    amounts_of,
    ordered,
    ranks,
    side,
    tally,
    with_changes,
    with_shares,
    with_unit_value,
)
from aimlib.analysis.world.spans import Span
from aimlib.analysis.world.standings import complete, over, rows_known, zero_if_absent


def by_country(flows: pd.DataFrame, standing: pd.DataFrame, *, flow: str, span: Span) -> pd.DataFrame:
    """Return the sums of a span, one row a country that FLOWS or STANDING names for the flow, by name.

    Returns
    -------
    pandas.DataFrame
        country; quantity_t, fob_value_usd, import_value_usd (as far as FLOWS has them): blank if a period of the span
        is missing, 0.0 if all are known and there is no flow, and a lower bound for the quantity where rows lack a
        weight, which covered_share tells; unit_value_usd_t and covered_share (see `amounts.with_unit_value`);
        quantity_t_so_far, the sum over the known periods; standing, periods_known, periods, partners_reporting and
        partners (see `standings.over`).
    """
    of = side(flow)
    inside = flows["period"].isin(span.periods)
    named = [*standing.loc[standing["flow"] == flow, "country"].unique(), *flows.loc[inside, of.own].unique()]
    rests = over(standing, flow, span, named)
    rows = rows_known(flows, standing, flow, of.own, span.periods)
    sums = tally(rows, of.own, rests.index, zero_if_absent(rests))
    so_far = sums["quantity_t"].copy()
    sums.loc[~complete(rests)] = np.nan
    out = with_unit_value(sums, of).assign(quantity_t_so_far=so_far).join(rests)
    return out.rename_axis("country").reset_index()


def ranking(
    flows: pd.DataFrame,
    standing: pd.DataFrame,
    *,
    flow: str,
    span: Span,
    measure: str = "quantity",
    base: Span | None = None,
) -> pd.DataFrame:
    """Return the countries of a flow by size, the largest first.

    Countries with a missing period come last, without rank. Shares are fractions of what the complete countries have
    together. `base` is the span to compare with, as ``span.before()``.

    Returns
    -------
    pandas.DataFrame
        rank (Int64, by `measure`, ``quantity`` or ``value``; blank where nothing is traded or known), country, the
        columns of `by_country`, share_quantity, share_value; with a base also the amounts, unit value, covered share
        and standing of the base with `_base` behind the name, quantity_change and value_change (blank where one of
        the spans is incomplete; where standing and standing_base differ, part of it is the change of account).
    """
    of = side(flow)
    column = of.column(measure)
    out = by_country(flows, standing, flow=flow, span=span)
    rested = ["quantity_t_so_far", "standing", "periods_known", "periods", "partners_reporting", "partners"]
    figures = with_shares(out.drop(columns=rested), of, out[amounts_of(out)].sum())
    if base is not None:
        then = by_country(flows, standing, flow=flow, span=base).set_index("country").reindex(out["country"])
        figures = with_changes(figures, of, then)
        for name in ("unit_value_usd_t", "covered_share", "standing"):
            figures[f"{name}_base"] = then[name].to_numpy()
        figures["standing_base"] = figures["standing_base"].fillna("missing").astype("str")
    out = ordered(figures.join(out[rested]), column, "country")
    out.insert(0, "rank", ranks(out[column]))
    return out
