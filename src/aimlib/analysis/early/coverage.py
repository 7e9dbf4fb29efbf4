"""What licenses miss or overstate: settled license totals over Census."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality import Rule
from aimlib.analysis.early.completeness import SETTLED, settled, settled_days
from aimlib.analysis.early.evidence import Evidence, evidence
from aimlib.analysis.early.protection import hidden_parts
from aimlib.analysis.early.thursdays import as_months, day_numbers, last_days
from aimlib.analysis.measures import Measure

FIRST_PRINT_DAYS = 75
"""A Census figure that came later after the month's end is no first print."""
FIRST, LATEST = "first", "latest"
AGAINST = (FIRST, LATEST)


def first_print(held: Evidence) -> np.ndarray:
    """Return months by parts: Census as first printed, NaN where that was more than 75 days after the month's end."""
    days = held.census.first_days(held.months)
    in_time = (days >= 0) & (days <= last_days(held.months) + FIRST_PRINT_DAYS)
    return np.where(in_time[:, None], held.census.exact(held.months, days), np.nan)


def coverage_by_month(
    panel: pd.DataFrame,
    prints: pd.DataFrame,
    filings: pd.DataFrame | None,
    day: pd.Timestamp,
    which: str | Measure = "quantity",
    *,
    origins: Sequence[str] | None = None,
    rule: Rule | None = None,
) -> pd.DataFrame:
    """Return settled licenses over Census, month by month, as known on a day, for the concept of `panel` and `prints`.

    Columns: month, part_kind, part, against ('first' print or 'latest' figure), ``c_license`` (settled licenses),
    ``c_census``, coverage (a fraction), front_loaded, left_out (an outage touched the month before it settled).
    Rows are the months that have both; blank coverage where Census is zero. With a `rule` of confidentiality, parts
    whose settled licenses are sensitive have no row for the month: coverage times Census would tell them.
    """
    return coverage_from(evidence(panel, prints, filings, which, origins=origins, day=day), day, rule=rule)


def coverage_from(held: Evidence, day: pd.Timestamp, *, rule: Rule | None = None) -> pd.DataFrame:
    """Return what `coverage_by_month` does from the evidence known on the day."""
    today = int(day_numbers(pd.DatetimeIndex([day]))[0])
    c, divisor, licensed = held.measure.column, held.measure.divisor, _shown(held, today, rule)
    census = np.stack([first_print(held), held.known(today)])
    against, month, part = np.nonzero(~np.isnan(licensed) & ~np.isnan(census))
    whole, amount = census[against, month, part], licensed[month, part]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(whole > 0, amount / whole, np.nan)
    return pd.DataFrame(
        {
            "month": as_months(held.months)[month],
            "part_kind": held.parts.get_level_values(0).take(part),
            "part": held.parts.get_level_values(1).take(part),
            "against": pd.Index(AGAINST).take(against),
            f"{c}_license": amount / divisor,
            f"{c}_census": whole / divisor,
            "coverage": share,
            "front_loaded": held.front_loaded[month],
            "left_out": held.left_out(SETTLED)[month],
        }
    )


def _shown(held: Evidence, day: int, rule: Rule | None) -> np.ndarray:
    """Return the settled license totals, months by parts, without those that the rule protects."""
    values = settled(held, day)
    if rule is not None:
        days = settled_days(held, day)
        at = np.flatnonzero(days >= 0)
        values[at] = np.where(hidden_parts(held, held.months[at], days[at], rule), np.nan, values[at])
    return values


def coverage(by_month: pd.DataFrame) -> pd.DataFrame:
    """Return what `coverage_by_month` gives, summed up by part; months left out are not in it.

    Columns: part_kind, part, against, months (n), months_front_loaded, mean, median, sd, low, high (the least and the
    greatest month), last, last_month.
    """
    kept = by_month[~by_month["left_out"] & by_month["coverage"].notna()].sort_values("month", kind="stable")
    groups = kept.groupby(["against", "part_kind", "part"], sort=False)
    out = groups["coverage"].agg(
        months="size", mean="mean", median="median", sd="std", low="min", high="max", last="last"
    )
    out["last_month"] = groups["month"].last()
    out.insert(1, "months_front_loaded", groups["front_loaded"].sum().astype(int))
    return out.reset_index()
