"""Statutory duty beside the calculated duty that Census publishes, and what can explain the gap."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aimlib.analysis.duty.compare import totals

_SAME = 0.02
"""Ratios this near to one are no gap."""
_LARGE = 0.10

CLAIMED = "claims other than assumed (preferences, quota fill): the bounds hold the figure"
BELOW = (
    "less than with every claim: product exclusions, chapter 98 (U.S. goods returned, 9802), goods fixed at an earlier "
    "zone rate"
)
ABOVE = "more than without any claim: metal history at a higher rate, or goods that entered under another rate"
CHANGED = "the law changed within the period, and goods may have come before or after"
UNCOVERED = "lines that the law held does not cover are left out"


def beside_census(rated: pd.DataFrame, by: Sequence[str] = ("origin",)) -> pd.DataFrame:
    """Return statutory beside calculated duty, the largest values first.

    `rated` are import rows of `statutory_duty` with duty_usd, the calculated duty. Both sides are of rows that the law
    held answers. Columns: `by`, customs_value_usd, covered_value_usd, calculated_duty_usd, statutory_duty_usd,
    low_duty_usd, high_duty_usd, calculated_pct, statutory_pct, low_pct, high_pct (percent of the covered value), ratio
    (calculated over statutory), ratio_low, ratio_high (over the high and the low bound; blank where that is zero),
    gap_usd (calculated less statutory), changes_within (the rate changed within a period), reasons (what can explain a
    gap, joined by ``; ``).
    """
    key = list(by)
    sums = totals(rated, key)
    answered = rated[rated["statutory_pct"].notna()].assign(
        moves=lambda rows: (rows["highest_day_pct"] - rows["lowest_day_pct"]) > 1e-9
    )
    answered["claims_move_usd"] = (
        answered["customs_value_usd"] * (answered["no_claims_pct"] - answered["all_claims_pct"]).abs() / 100
    )
    told = answered.groupby(key, sort=False).agg(
        calculated_duty_usd=("duty_usd", "sum"),
        changes_within=("moves", "any"),
        claims_move_usd=("claims_move_usd", "sum"),
    )
    out = sums.merge(told.reset_index(), on=key, how="left")
    out["changes_within"] = out["changes_within"].eq(True)
    covered = out["covered_value_usd"].where(out["covered_value_usd"] > 0)
    out = out.assign(
        calculated_pct=out["calculated_duty_usd"] / covered * 100,
        ratio=_over(out["calculated_duty_usd"], out["statutory_duty_usd"]),
        ratio_low=_over(out["calculated_duty_usd"], out["high_duty_usd"]),
        ratio_high=_over(out["calculated_duty_usd"], out["low_duty_usd"]),
        gap_usd=out["calculated_duty_usd"] - out["statutory_duty_usd"],
    ).rename(
        columns={"effective_pct": "statutory_pct", "effective_low_pct": "low_pct", "effective_high_pct": "high_pct"}
    )
    out["reasons"] = [_reasons(row) for row in out.to_dict("records")]
    order = out["customs_value_usd"].sort_values(ascending=False, kind="stable").index
    columns = [
        *key, "customs_value_usd", "covered_value_usd", "calculated_duty_usd", "statutory_duty_usd", "low_duty_usd",
        "high_duty_usd", "calculated_pct", "statutory_pct", "low_pct", "high_pct", "ratio", "ratio_low", "ratio_high",
        "gap_usd", "changes_within", "reasons",
    ]  # fmt: skip
    return out.loc[order, columns].reset_index(drop=True)


def is_large(row: pd.Series) -> bool:
    """Tell whether a gap is large: a tenth of the statutory duty, or of one percent of value where that is zero."""
    scale = max(row["statutory_duty_usd"], 0.01 * row["covered_value_usd"])
    return bool(scale > 0 and abs(row["gap_usd"]) > _LARGE * scale)


def uncovered_share(rated: pd.DataFrame) -> float:
    """Return the share of customs value in rows that the law held does not answer."""
    value = rated["customs_value_usd"]
    return float(value[rated["statutory_pct"].isna()].sum() / value.sum()) if value.sum() else float("nan")


def _over(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0)


def _reasons(row: dict) -> str:
    """Return what can explain a gap, from what the figures show and what the law has for the place."""
    found = []
    calculated, central = row["calculated_duty_usd"], row["statutory_duty_usd"]
    if row["covered_value_usd"] > 0 and not abs(calculated - central) <= _SAME * max(central, 1.0):
        slack = _SAME * max(central, 1.0)
        if calculated < row["low_duty_usd"] - slack:
            found.append(BELOW)
        elif calculated > row["high_duty_usd"] + slack:
            found.append(ABOVE)
        elif row["claims_move_usd"] > slack:
            found.append(CLAIMED)
        if row["changes_within"]:
            found.append(CHANGED)
    if row["covered_value_usd"] < 0.999 * row["customs_value_usd"]:
        found.append(UNCOVERED)
    return "; ".join(found)


def what_it_cannot_see() -> tuple[str, ...]:
    """Return what the comparison cannot see, in sentences."""
    return (
        "Product exclusions, general approved exclusions and exclusions of Section 301 are not in trade statistics; "
        "goods under them paid less.",
        "Goods entered under chapter 98, such as U.S. metal sent abroad to be worked and returned, pay on a part of "
        "their value or nothing.",
        "Goods out of a free-trade zone pay the rate of the day on which they were admitted in privileged foreign "
        "status; they are counted when they enter.",
        "Statistics tell origin, not smelt or cast: metal smelted or cast elsewhere may pay another rate.",
    )
