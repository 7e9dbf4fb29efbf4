"""One country's partners over a span."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from aimlib.analysis.totals import TOTAL
from aimlib.analysis.world.amounts import (
    blank,
    ordered,
    ranks,
    side,
    tally,
    whole,
    with_changes,
    with_shares,
    with_unit_value,
)
from aimlib.analysis.world.spans import Span
from aimlib.analysis.world.standings import complete, over, rows_known, zero_if_absent


def partner_sums(
    flows: pd.DataFrame,
    standing: pd.DataFrame,
    *,
    country: str,
    flow: str,
    span: Span,
    named: Iterable[str] = (),
) -> tuple[pd.DataFrame, pd.Series]:
    """Return the sums of each partner, then of all (``TOTAL``), by partner; and what they rest on.

    `flows` and `standing` are the country's own (`of_country`). All sums are blank where a period of the country is
    missing. Partners of `named` have their row without trade too.
    """
    of = side(flow)
    rests = over(standing, flow, span, [country])
    rows = rows_known(flows, standing, flow, of.own, span.periods)
    names = pd.Index(sorted({*rows[of.other].unique(), *named}), dtype="str", name="partner")
    zero = bool(zero_if_absent(rests)[0])
    sums = tally(rows, of.other, names, zero)
    sums.loc[TOTAL] = whole(rows, zero=zero)
    told = rests.iloc[0].copy()
    told["quantity_t_so_far"] = sums.at[TOTAL, "quantity_t"]
    return (sums if complete(rests)[0] else blank(sums)), told


def of_country(
    flows: pd.DataFrame, standing: pd.DataFrame, country: str, flow: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the flows that are a country's own, and its standing."""
    return flows[flows[side(flow).own] == country], standing[standing["country"] == country]


def trading(flows: pd.DataFrame, *, country: str, flow: str, spans: Iterable[Span]) -> list[str]:
    """Return all partners that a country has flows with in one of the spans, by name."""
    of = side(flow)
    inside = flows["period"].isin([day for span in spans for day in span.periods])
    return sorted(flows.loc[inside & (flows[of.own] == country), of.other].unique())


def partners(
    flows: pd.DataFrame,
    standing: pd.DataFrame,
    *,
    country: str,
    flow: str,
    span: Span,
    measure: str = "quantity",
    base: Span | None = None,
) -> pd.DataFrame:
    """Return one country's partners by size: where its exports go, or where its imports come from.

    Returns
    -------
    pandas.DataFrame
        rank (by `measure`), partner, row_kind (``partner``, and ``total`` for the last row, whose partner is
        ``TOTAL``), amounts, share_quantity and share_value (of the total), unit_value_usd_t, covered_share; with a
        base the same with `_base` behind the name, quantity_change, value_change (blank for a partner new since).
        All amounts are blank where a period of the country is missing: standing, periods_known and periods say so
        (and standing_base), and quantity_t_so_far of the total holds what is known.
    """
    of = side(flow)
    column = of.column(measure)
    spans = [span] if base is None else [span, base]
    flows, standing = of_country(flows, standing, country, flow)
    named = trading(flows, country=country, flow=flow, spans=spans)
    sums, rests = partner_sums(flows, standing, country=country, flow=flow, span=span, named=named)
    out = with_unit_value(with_shares(sums, of, sums.loc[TOTAL]), of)
    if base is not None:
        then, rested = partner_sums(flows, standing, country=country, flow=flow, span=base, named=named)
        out = with_changes(out, of, then)
        for name, figures in with_unit_value(then, of)[["unit_value_usd_t", "covered_share"]].items():
            out[f"{name}_base"] = figures
        out["standing_base"] = rested["standing"]
    for name in ("standing", "periods_known", "periods"):
        out[name] = rests[name]
    out["quantity_t_so_far"] = pd.Series({TOTAL: rests["quantity_t_so_far"]}, dtype="float64").reindex(out.index)
    out = out.rename_axis("partner").reset_index()
    total = out["partner"] == TOTAL
    listed = ordered(out[~total], column, "partner")
    listed.insert(0, "rank", ranks(listed[column]))
    out = pd.concat([listed, out[total]], ignore_index=True)
    kind = pd.Series("partner", index=out.index, dtype="str").mask(out["partner"] == TOTAL, "total")
    out.insert(2, "row_kind", kind)
    return out.astype({"rank": "Int64", "partner": "str"})
