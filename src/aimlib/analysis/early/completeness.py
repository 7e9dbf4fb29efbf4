"""How full a license month is, Thursday by Thursday, of what it comes to in the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.early.evidence import Evidence, evidence
from aimlib.analysis.early.thursdays import as_months, day_numbers, thursday
from aimlib.analysis.measures import Measure

SETTLED = 6
"""Weeks after which a month counts as settled where Census has not printed it: about when Census does."""
HORIZONS = tuple(range(-8, SETTLED + 1))


def settled_days(held: Evidence, day: int) -> np.ndarray:
    """Return the day number of the panel day on which each month had settled, -1 where it has not by `day`.

    A month is settled on the last panel day before Census first printed it, but not later than the Thursday six
    weeks after its end: figures that Census printed long after (or that were loaded long after) would otherwise
    be compared with licenses purged more often than others.
    """
    limit = thursday(held.months, SETTLED)
    printed = held.census.first_days(held.months)
    in_print = (printed >= 0) & (printed <= day)
    last = np.where(in_print, np.minimum(printed - 1, limit), limit)
    seen = held.licenses.latest_days(held.months, last)
    # A month whose licenses were last seen before its end says nothing of what it settled at.
    return np.where((in_print | (limit <= day)) & (seen >= thursday(held.months)), seen, -1)


def settled(held: Evidence, day: int) -> np.ndarray:
    """Return months by parts: the settled license totals as of a day, NaN where a month has not settled."""
    return held.licenses.exact(held.months, settled_days(held, day))


def completeness_by_month(
    panel: pd.DataFrame,
    prints: pd.DataFrame,
    filings: pd.DataFrame | None,
    day: pd.Timestamp,
    which: str | Measure = "quantity",
    *,
    origins: Sequence[str] | None = None,
    horizons: Sequence[int] = HORIZONS,
) -> pd.DataFrame:
    """Return licenses at each horizon over settled licenses, month by month, as known on a day.

    Columns: month, part_kind, part, horizon, completeness (a fraction; above one before purges), front_loaded,
    left_out (an outage touched the month before the horizon or before it settled). Only months that have settled.
    """
    return completeness_from(evidence(panel, prints, filings, which, origins=origins, day=day), day, horizons=horizons)


def completeness_from(held: Evidence, day: pd.Timestamp, *, horizons: Sequence[int] = HORIZONS) -> pd.DataFrame:
    """Return what `completeness_by_month` does from the evidence known on the day."""
    whole = settled(held, int(day_numbers(pd.DatetimeIndex([day]))[0]))
    licensed = np.stack([held.licensed(weeks) for weeks in horizons])
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(whole > 0, licensed / whole, np.nan)
    left_out = np.stack([held.left_out(max(weeks, SETTLED)) for weeks in horizons])
    horizon, month, part = np.nonzero(~np.isnan(share))
    return pd.DataFrame(
        {
            "month": as_months(held.months)[month],
            "part_kind": held.parts.get_level_values(0).take(part),
            "part": held.parts.get_level_values(1).take(part),
            "horizon": np.asarray(horizons)[horizon],
            "completeness": share[horizon, month, part],
            "front_loaded": held.front_loaded[month],
            "left_out": left_out[horizon, month],
        }
    )


def completeness(by_month: pd.DataFrame) -> pd.DataFrame:
    """Return what `completeness_by_month` gives, summed up by part and horizon; months left out are not in it.

    Columns: part_kind, part, horizon, months (n), months_front_loaded, mean, median, sd, low, high (the least and
    the greatest month).
    """
    kept = by_month[~by_month["left_out"]]
    groups = kept.groupby(["part_kind", "part", "horizon"], sort=False)
    out = groups["completeness"].agg(months="size", mean="mean", median="median", sd="std", low="min", high="max")
    out.insert(1, "months_front_loaded", groups["front_loaded"].sum().astype(int))
    return out.reset_index()
