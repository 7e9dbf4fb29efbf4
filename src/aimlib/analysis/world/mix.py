"""What a country's trade, or the world's, is made of."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aimlib.analysis.totals import TOTAL
from aimlib.analysis.world.amounts import amounts_of, blank, side, tally, with_shares, with_unit_value
from aimlib.analysis.world.spans import Span
from aimlib.analysis.world.standings import complete, over, rows_known, zero_if_absent


def category_mix(
    flows: pd.DataFrame,
    standing: pd.DataFrame,
    *,
    flow: str,
    span: Span,
    countries: Sequence[str] = (TOTAL,),
) -> pd.DataFrame:
    """Return each country's sums by product category, and their shares within the country.

    `flows` are by category. ``TOTAL`` among the countries is the sum of those known in every period of the span.

    Returns
    -------
    pandas.DataFrame
        country (in the order asked for), product (every category of `flows`, by name), amounts (blank if a period of
        the country is missing, 0.0 where it is known and there is no flow), share_quantity and share_value (within the
        country, fractions), unit_value_usd_t, covered_share, standing (blank text for ``TOTAL``), countries (how many
        are summed).
    """
    of = side(flow)
    rests = over(standing, flow, span)
    everyone = list(rests.index[complete(rests)])
    rows = rows_known(flows, standing, flow, of.own, span.periods)
    cells = tally(rows, [of.own, "product"]).reset_index()
    products = sorted(flows["product"].unique())
    made = []
    for country in dict.fromkeys(countries):
        summed = everyone if country == TOTAL else [country]
        mine = over(standing, flow, span, summed)
        index = pd.Index(products, dtype="str", name="product")
        zero = len(mine) > 0 and bool((complete(mine) & zero_if_absent(mine)).all())
        sums = tally(cells[cells[of.own].isin(summed)], "product", index, zero)
        sums = sums if complete(mine).all() else blank(sums)
        out = with_unit_value(with_shares(sums, of, sums[amounts_of(sums)].sum()), of).reset_index()
        out.insert(0, "country", country)
        word = "" if country == TOTAL else mine["standing"].iloc[0]
        made.append(out.assign(standing=word, countries=len(summed)))
    return pd.concat(made, ignore_index=True).astype({"country": "str", "product": "str", "standing": "str"})
