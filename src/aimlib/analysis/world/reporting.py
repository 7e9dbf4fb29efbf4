"""Who has reported up to when, so that a late reporter is not read as a fall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.world.amounts import side
from aimlib.analysis.world.spans import Span

STATES = ("reported", "selection", "from months", "not reported")


def coverage(reporting: pd.DataFrame, *, flow: str | None = None) -> pd.DataFrame:
    """Return how far each reporter has reported, of one flow or of all, by flow and reporter.

    Returns
    -------
    pandas.DataFrame
        reporter, flow, first_reported and last_reported (NaT if never), periods_reported, periods (that REPORTING
        asks for), periods_selection (reported for some partners only), gaps (periods not reported between the first
        and the last), behind (periods behind the newest reporter of the flow; blank if never reported).
    """
    taken = _of_flow(reporting, flow)
    periods = pd.DatetimeIndex(sorted(taken["period"].unique()))
    keys = ["flow", "reporter"]
    place = pd.Series(periods.get_indexer(taken["period"]), index=taken.index)
    told = taken.assign(place=place)[taken["reported"]]
    by = told.groupby(keys)
    asked = taken.groupby(keys)["period"].nunique()
    out = pd.DataFrame({"periods": asked})
    out["first_reported"], out["last_reported"] = by["period"].min(), by["period"].max()
    out["periods_reported"] = by["period"].nunique().reindex(out.index, fill_value=0)
    chosen = told[told["coverage"] == "selection"].groupby(keys)["period"].nunique()
    out["periods_selection"] = chosen.reindex(out.index, fill_value=0)
    first, last = by["place"].min().reindex(out.index), by["place"].max().reindex(out.index)
    newest = last.groupby(level="flow").transform("max")
    out["gaps"] = (last - first + 1).fillna(0).astype("int64") - out["periods_reported"]
    out["behind"] = (newest - last).astype("Int64")
    order = ["first_reported", "last_reported", "periods_reported", "periods", "periods_selection", "gaps", "behind"]
    out = out[order].reset_index()
    return out[["reporter", "flow", *order]]


def reporting_grid(reporting: pd.DataFrame, *, flow: str | None = None) -> pd.DataFrame:
    """Return reporter, flow, period and ``state``, every reporter by every period, for a heat chart.

    state is one of ``STATES``: ``from months`` is a year that is the sum of its twelve reported months.
    """
    taken = _of_flow(reporting, flow)
    keys = ["flow", "reporter", "period"]
    pairs = taken[["flow", "reporter"]].drop_duplicates()
    grid = pairs.merge(taken[["period"]].drop_duplicates(), how="cross").sort_values(keys, ignore_index=True)
    told = taken.drop_duplicates(keys, keep="last").set_index(keys).reindex(pd.MultiIndex.from_frame(grid[keys]))
    yes = told["reported"].eq(True).to_numpy()
    choices = [~yes, told["coverage"].eq("selection").to_numpy(), told["from_months"].eq(True).to_numpy()]
    state = np.select(choices, ["not reported", "selection", "from months"], default="reported")
    return grid.assign(state=pd.Series(state, dtype="str"))[["reporter", "flow", "period", "state"]]


def comparable_last(
    reporting: pd.DataFrame, flows: pd.DataFrame, *, flow: str, share: float = 0.95
) -> pd.Timestamp | None:
    """Return the newest period that enough has been reported of to compare it, or None if there is none.

    Enough is when those who have reported the period had at least `share` of the quantity of the calendar year before,
    among the reporters who had reported in that year. Who does not report at all (and is taken from the mirror) is
    neither late nor counted.
    """
    own = side(flow).own
    told = reporting[(reporting["flow"] == flow) & reporting["reported"]]
    years = flows["period"].dt.year.rename("year")
    weights = flows["quantity_t"].groupby([years, flows[own]]).sum()
    by_period = {period: set(rows) for period, rows in told.groupby("period")["reporter"]}
    for period in sorted(by_period, reverse=True):
        year = period.year - 1
        if year not in weights.index.get_level_values("year"):
            continue
        in_year = set(told.loc[told["period"].dt.year == year, "reporter"])
        of_year = weights.loc[year]
        of_year = of_year[of_year.index.isin(in_year)]
        reported = of_year[of_year.index.isin(by_period[period])].sum()
        if of_year.sum() > 0 and reported >= share * of_year.sum():
            return period
    return None


def constant_partners(reporting: pd.DataFrame, *, flow: str, spans: Sequence[Span]) -> tuple[str, ...]:
    """Return the reporters of a flow in every period of all the spans, by name.

    Flows built from partners compare over time only if the same partners tell them: keep the flows with these.
    """
    periods = {day for span in spans for day in span.periods}
    told = reporting[(reporting["flow"] == flow) & reporting["reported"] & reporting["period"].isin(periods)]
    count = told.groupby("reporter")["period"].nunique()
    return tuple(sorted(count.index[count == len(periods)]))


def _of_flow(reporting: pd.DataFrame, flow: str | None) -> pd.DataFrame:
    if flow is None:
        return reporting
    side(flow)
    return reporting[reporting["flow"] == flow]
