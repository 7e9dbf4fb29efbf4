"""What licenses miss or overstate: settled license totals over Census."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality import Rule
from aimlib.analysis.early.completeness import SETTLED, settled, settled_days
from aimlib.analysis.early.evidence import Evidence, evidence
from aimlib.analysis.early.protection import hidden_parts
from aimlib.analysis.early.thursdays import as_days, as_months, day_numbers, last_days
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
    held = evidence(panel, prints, filings, which, origins=origins, day=day)
    today = int(day_numbers(pd.DatetimeIndex([day]))[0])
    c, licensed = held.measure.column, _shown(panel, held, today, rule)
    frames = []
    for against, census in ((FIRST, first_print(held)), (LATEST, held.known(today))):
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(census > 0, licensed / census, np.nan)
        frames.append(
            pd.DataFrame(
                {
                    "month": np.repeat(as_months(held.months), len(held.parts)),
                    "part_kind": np.tile(held.parts.get_level_values(0), len(held.months)),
                    "part": np.tile(held.parts.get_level_values(1), len(held.months)),
                    "against": against,
                    f"{c}_license": licensed.ravel() / held.measure.divisor,
                    f"{c}_census": census.ravel() / held.measure.divisor,
                    "coverage": share.ravel(),
                    "front_loaded": np.repeat(held.front_loaded, len(held.parts)),
                    "left_out": np.repeat(held.left_out(SETTLED), len(held.parts)),
                }
            )
        )
    found = pd.concat(frames, ignore_index=True)
    return found[found[f"{c}_license"].notna() & found[f"{c}_census"].notna()].reset_index(drop=True)


def _shown(panel: pd.DataFrame, held: Evidence, day: int, rule: Rule | None) -> np.ndarray:
    """Return the settled license totals, months by parts, without those that the rule protects."""
    values = settled(held, day)
    if rule is not None:
        for place, seen in enumerate(settled_days(held, day)):
            if seen >= 0:
                at = pd.Timestamp(as_days(np.array([seen]))[0])
                values[place, hidden_parts(panel, held, held.months[place], at, rule)] = np.nan
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
