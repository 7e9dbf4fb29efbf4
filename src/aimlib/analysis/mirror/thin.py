"""Countries built from partners of which too many are left out: their total would read as a fall."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from aimlib.analysis.mirror.board import ENDS
from aimlib.analysis.mirror.settle import Settled
from aimlib.analysis.mirror.standing import breaks_in
from aimlib.errors import AimError

THIN = ("country", "share_left_out", "left_out")


def without_thin(settled: Settled, most: float = 0.05) -> tuple[Settled, pd.DataFrame]:
    """Return the settled flows with thin countries' standing missing where it was ``mirror``, and who they are.

    A partner that did not report in every period is left out, so that the partners are the same in all of them. Where
    it is a large one (China three months late, for exports of Russia) the rest is no measure of the country. A country
    is thin if partners left out told of more than ``most`` (a fraction) of the quantity that all partners told of it
    in its periods of standing ``mirror``. Flows without a weight have no part in that share.

    Of a thin country those periods become ``missing``, and breaks are taken anew; n and N stay and say how many
    partners there were. Flows, ``left_out`` and ``counted`` stay, so that what is known can still be shown by partner.
    Periods of any other standing (its own reports in a spliced series, ``both``) are not touched.

    The frame has a row for each thin country, in order: country, ``share_left_out`` (a fraction), ``left_out`` (codes
    of the partners left out that told of any, largest first, with a space between).

    Raises: AimError for a share that is not between 0 and 1.
    """
    if not 0 <= most <= 1:
        raise AimError(f"The largest share left out is between 0 and 1; this is {most}.", "Give 0.05 for 5 percent.")
    mirror = settled.standing["standing"] == "mirror"
    told = settled.left_out[settled.left_out["mirror_quantity_t"] > 0]
    built = settled.standing.loc[mirror & settled.standing["country"].isin(told["country"])]
    if built.empty:
        return settled, _frame(told, pd.Series(dtype="float64"))
    lost = told.groupby("country")["mirror_quantity_t"].sum().reindex(built["country"].unique())
    share = lost / (lost + _counted_quantity(settled, built).reindex(lost.index).fillna(0.0))
    share = share[share > most].sort_index()
    thin = mirror & settled.standing["country"].isin(share.index)
    standing = settled.standing.assign(standing=settled.standing["standing"].mask(thin, "missing"))
    return replace(settled, standing=standing, breaks=breaks_in(standing)), _frame(told, share)


def _counted_quantity(settled: Settled, built: pd.DataFrame) -> pd.Series:
    """Return by country the quantity (t) of the flows in the periods that are built from partners."""
    country = ENDS[built["flow"].iloc[0]][0]
    flows = settled.flows.loc[settled.flows[country].isin(built["country"].unique()), [country, "period", "quantity_t"]]
    periods = built[["country", "period"]].rename(columns={"country": country})
    return flows.merge(periods, on=[country, "period"]).groupby(country)["quantity_t"].sum()


def _frame(told: pd.DataFrame, share: pd.Series) -> pd.DataFrame:
    order = told[told["country"].isin(share.index)].sort_values(
        ["country", "mirror_quantity_t", "partner"], ascending=[True, False, True]
    )
    named = order.groupby("country")["partner"].agg(" ".join).reindex(share.index)
    made = {"country": share.index, "share_left_out": share.to_numpy(), "left_out": named.to_numpy()}
    return pd.DataFrame(made, columns=list(THIN)).astype({"country": "str", "left_out": "str"})
