"""Statutory duty on actual imports: what the law would take on the value that Census counts, period by period."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from aimlib.analysis.duty.assumptions import BOUNDED, Assumptions
from aimlib.analysis.duty.engine import boundaries, day_number
from aimlib.analysis.duty.rate import rate_entries
from aimlib.analysis.duty.scenarios import Scenario, the_law

_EPOCH = date(1970, 1, 1)
RATES = (
    "statutory_pct",
    "column_pct",
    "no_claims_pct",
    "all_claims_pct",
    "refundable_pct",
    "may_add_pct",
    "lowest_day_pct",
    "highest_day_pct",
    "low_pct",
    "high_pct",
    "share_of_days",
)


def statutory_duty(
    rows: pd.DataFrame,
    *,
    scenario: Scenario | None = None,
    assumptions: Assumptions | None = None,
    extend: bool = False,
) -> pd.DataFrame:
    """Return import rows with their statutory rate and duty.

    `rows` has first and last (the days of the period), origin (ISO alpha-3), code (HTS10) and customs_value_usd. Added
    are, in percent of customs value:

    - statutory_pct: the rate under the assumptions, the mean over the period's days where it changes within it, and
      column_pct, the part of it that is column 1 or 2;
    - lowest_day_pct, highest_day_pct: the least and the greatest of its days;
    - no_claims_pct, all_claims_pct: the rate with no claims made and with all of them, means over the days;
    - low_pct, high_pct: the least and the greatest of its days with either, with what duties whose rate is not held may
      add in the greatest;
    - refundable_pct: the part of it that was voided later, and may_add_pct, what may be added, means over the days;

    then share_of_days (the part of the period that the law held answers), refused (why there is none, or ''), and in
    US dollars statutory_duty_usd, low_duty_usd, high_duty_usd and refundable_duty_usd, and may_add_usd.
    """
    scenario = scenario or the_law()
    assumptions = assumptions or Assumptions()
    spans = rows[["first", "last", "origin", "code"]].drop_duplicates()
    rates = _rates_of(spans, scenario, assumptions, extend)
    found = rows.merge(rates, on=["first", "last", "origin", "code"], how="left", validate="many_to_one")
    found.index = rows.index
    value = found["customs_value_usd"]
    return found.assign(
        statutory_duty_usd=value * found["statutory_pct"] / 100,
        low_duty_usd=value * found["low_pct"] / 100,
        high_duty_usd=value * found["high_pct"] / 100,
        refundable_duty_usd=value * found["refundable_pct"] / 100,
        may_add_usd=value * found["may_add_pct"] / 100,
    )


def rate_parts(
    rows: pd.DataFrame,
    *,
    scenario: Scenario | None = None,
    assumptions: Assumptions | None = None,
    extend: bool = False,
) -> pd.DataFrame:
    """Return import rows cut where the law changes within their period and by the claims assumed.

    `rows` is as in `statutory_duty`, with any other columns. Each part has ``weight``, its share of the row (days over
    the period's, times the share of the claims), and total_pct, column_pct and refused.
    """
    scenario, assumptions = scenario or the_law(), assumptions or Assumptions()
    key = ["first", "last", "origin", "code"]
    pieces = _pieces(rows[key].drop_duplicates(), scenario)
    days = pieces.groupby(key)["days"].transform("sum")
    found = []
    for claims, share in assumptions.combinations():
        rated = _rated(pieces, claims, scenario, assumptions, extend)[["total_pct", "column_pct", "refused"]]
        found.append(pd.concat([pieces[key].assign(weight=share * pieces["days"] / days), rated], axis=1))
    return rows.merge(pd.concat(found, ignore_index=True), on=key, how="left")


def month_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return import rows by month (column month) with the first and last day of each."""
    month = rows["month"].dt.to_period("M")
    return rows.assign(first=month.dt.start_time.dt.date, last=month.dt.end_time.dt.date)


def year_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return import rows of the year to date (columns year, through_month) with the first and last day of each."""
    first = pd.to_datetime(dict(year=rows["year"], month=1, day=1))
    last = pd.to_datetime(dict(year=rows["year"], month=rows["through_month"], day=1)) + pd.offsets.MonthEnd(0)
    return rows.assign(first=first.dt.date, last=last.dt.date)


def _rates_of(spans: pd.DataFrame, scenario: Scenario, assumptions: Assumptions, extend: bool) -> pd.DataFrame:
    """Return the rates of each span: one entry a stretch of days and a set of claims, put together again."""
    pieces = _pieces(spans, scenario)
    none, every = frozenset(), frozenset(BOUNDED) | frozenset(assumptions.claim_shares)
    central = assumptions.combinations()
    total = np.zeros(len(pieces))
    column, back, more = (np.zeros(len(pieces)) for _ in range(3))
    for claims, weight in central:
        rated = _rated(pieces, claims, scenario, assumptions, extend)
        total += weight * rated["total_pct"].to_numpy()
        column += weight * rated["column_pct"].to_numpy()
        back += weight * rated["refundable_pct"].to_numpy()
        more += weight * rated["may_add_pct"].to_numpy()
    pieces = pieces.assign(
        statutory_pct=total,
        column_pct=column,
        refundable_pct=back,
        may_add_pct=more,
        refused=rated["refused"].to_numpy(),
    )
    extremes = [_rated(pieces, claims, scenario, assumptions, extend) for claims in (none, every)]
    pieces["no_claims_pct"], pieces["all_claims_pct"] = (one["total_pct"].to_numpy() for one in extremes)
    pieces["low_pct"] = np.minimum(pieces["no_claims_pct"], pieces["all_claims_pct"])
    most = [(one["total_pct"] + one["may_add_pct"]).to_numpy() for one in extremes]
    pieces["high_pct"] = np.maximum(*most)
    return _together(pieces)


def _pieces(spans: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return each span cut where the law changes: entry_date (the piece's first day), days, and the whole span's."""
    starts = boundaries(scenario.law, scenario.known_on)
    found = []
    for (first, last), group in spans.groupby(["first", "last"], sort=False):
        begin, end = day_number(first), day_number(last) + 1
        inside = [] if scenario.on is not None else [int(day) for day in starts if begin < day < end]
        cuts = [begin, *inside, end]
        for one, after in pairwise(cuts):
            day = scenario.on or (_EPOCH + timedelta(days=one))
            found.append(group.assign(entry_date=day, days=after - one))
    return pd.concat(found, ignore_index=True) if found else spans.assign(entry_date=None, days=0)


def _rated(
    pieces: pd.DataFrame, claims: frozenset[str], scenario: Scenario, assumptions: Assumptions, extend: bool
) -> pd.DataFrame:
    entries = pd.DataFrame(
        {
            "entry_date": pd.to_datetime(pieces["entry_date"]),
            "hts": pieces["code"],
            "origin": pieces["origin"],
            "largest_smelt": pieces["origin"],
            "recent_cast": pieces["origin"],
            "claims": "+".join(sorted(claims)),
            "metal_share": assumptions.metal_share,
        }
    )
    rated = rate_entries(entries, law=scenario.law, known_on=scenario.known_on, extend=extend)
    return rated.frame.reset_index(drop=True)


def _together(pieces: pd.DataFrame) -> pd.DataFrame:
    """Return the spans again, rates as means over the days that have an answer."""
    key = ["first", "last", "origin", "code"]
    answered = pieces["statutory_pct"].notna()
    days = pieces["days"].where(answered, 0)
    means = ["statutory_pct", "column_pct", "no_claims_pct", "all_claims_pct", "refundable_pct", "may_add_pct"]
    weighted = pieces[key].assign(answered=days, days=pieces["days"], **{name: pieces[name] * days for name in means})
    sums = weighted.groupby(key, sort=False).sum()
    told = pieces.groupby(key, sort=False).agg(
        lowest_day_pct=("statutory_pct", "min"),
        highest_day_pct=("statutory_pct", "max"),
        low_pct=("low_pct", "min"),
        high_pct=("high_pct", "max"),
        refused=("refused", lambda words: next((word for word in words if word), "")),
    )
    held = sums["answered"].where(sums["answered"] > 0)
    out = told.assign(
        **{name: sums[name] / held for name in means},
        share_of_days=sums["answered"] / sums["days"],
    )
    return out[[*RATES, "refused"]].reset_index()
