"""Countries and the world period by period, and their growth."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aimlib.analysis.world.amounts import side, tally, with_changes, with_unit_value
from aimlib.analysis.world.standings import MISSING, SELECTION, constant_set, rows_known

_YEAR = pd.DateOffset(years=1)


def series(
    flows: pd.DataFrame,
    standing: pd.DataFrame,
    *,
    countries: Sequence[str],
    flow: str,
    periods: pd.DatetimeIndex,
) -> pd.DataFrame:
    """Return countries period by period, one after the other in the order asked for, every period in its place.

    Columns: country, period, the amounts (blank where the standing is missing, 0.0 where it is known and there is no
    flow, blank too where a selection lists none), unit_value_usd_t, covered_share, standing.
    """
    of = side(flow)
    periods = pd.DatetimeIndex(periods).as_unit("us")
    grid = pd.MultiIndex.from_product([list(dict.fromkeys(countries)), periods], names=["country", "period"])
    words = standing[standing["flow"] == flow].set_index(["country", "period"])["standing"]
    words = words.reindex(grid).fillna(MISSING).astype("str")
    rows = rows_known(flows[flows[of.own].isin(countries)], standing, flow, of.own, periods)
    sums = tally(rows, [of.own, "period"], grid, ~words.isin([MISSING, SELECTION]).to_numpy())
    out = with_unit_value(sums, of).assign(standing=words)
    return out.reset_index().astype({"country": "str"})


def world_series(flows: pd.DataFrame, standing: pd.DataFrame, *, flow: str, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the sums period by period of the countries known in every one of the periods, a constant set.

    Columns: period, the amounts, unit_value_usd_t, covered_share, countries (how many are in the set;
    `standings.constant_set` names them), countries_known (how many are known in the period itself). Blank if the set
    is empty.
    """
    of = side(flow)
    periods = pd.DatetimeIndex(periods).as_unit("us")
    held = constant_set(standing, flow, periods)
    rows = flows[flows[of.own].isin(held) & flows["period"].isin(periods)]
    out = with_unit_value(tally(rows, "period", periods.rename("period"), zero=bool(held)), of)
    known = standing[(standing["flow"] == flow) & (standing["standing"] != MISSING)].groupby("period").size()
    out = out.assign(countries=len(held), countries_known=known.reindex(out.index, fill_value=0))
    return out.reset_index()


def growth(found: pd.DataFrame, *, flow: str) -> pd.DataFrame:
    """Return `series` (or `world_series`) with each period's change on the same period a year before.

    Added columns: the amounts a year before (`<column>_base`), quantity_change, value_change (fractions; blank where
    a year before is not in the frame, blank or zero) and, if there is a standing, standing_base: where it differs, part
    of the change is the change of account.
    """
    keys = [name for name in ("country", "product", "period") if name in found.columns]
    then = found.assign(period=found["period"] + _YEAR).set_index(keys)
    then = then.reindex(pd.MultiIndex.from_frame(found[keys]) if len(keys) > 1 else pd.Index(found["period"]))
    out = with_changes(found, side(flow), then)
    if "standing" in found.columns:
        out["standing_base"] = then["standing"].fillna(MISSING).astype("str").to_numpy()
    return out
