"""Statutory duty added up, and one law set beside another: revenue, effective rates, who gains and who loses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

MONEY = ("customs_value_usd", "statutory_duty_usd", "low_duty_usd", "high_duty_usd")


def totals(rated: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return sums of rated import rows (of `statutory_duty`) with their effective rates.

    One row for each value of `by`, one in all without it. Columns: `by`, customs_value_usd (of all rows),
    covered_value_usd (of rows that the law held answers), statutory_duty_usd, low_duty_usd, high_duty_usd, and
    effective_pct, effective_low_pct, effective_high_pct (percent of the covered value; blank where that is zero).
    """
    answered = rated["statutory_pct"].notna()
    rows = rated.assign(covered_value_usd=rated["customs_value_usd"].where(answered, 0.0))
    columns = ["customs_value_usd", "covered_value_usd", *MONEY[1:]]
    # Without a key, one group of all.
    every = rows.assign(every="all") if not by else rows
    sums = every.groupby(list(by) or ["every"], as_index=False, sort=False)[columns].sum()
    sums = sums if by else sums.drop(columns="every")
    covered = sums["covered_value_usd"].where(sums["covered_value_usd"] > 0)
    return sums.assign(
        effective_pct=sums["statutory_duty_usd"] / covered * 100,
        effective_low_pct=sums["low_duty_usd"] / covered * 100,
        effective_high_pct=sums["high_duty_usd"] / covered * 100,
    )


def against(law: pd.DataFrame, other: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return what another law changes against the law, by `by`, the largest changes in duty first.

    Both are rated rows of the same imports. Columns: `by`, covered_value_usd, law_duty_usd, other_duty_usd,
    duty_change_usd, law_pct, other_pct, change_points. Rows that one of the two laws does not answer are left out.
    """
    both = law["statutory_pct"].notna() & other["statutory_pct"].notna()
    one, two = (totals(rated[both], by) for rated in (law, other))
    found = one.merge(two, on=list(by), suffixes=("_law", "_other"))
    out = found[list(by)].assign(
        covered_value_usd=found["covered_value_usd_law"],
        law_duty_usd=found["statutory_duty_usd_law"],
        other_duty_usd=found["statutory_duty_usd_other"],
        duty_change_usd=found["statutory_duty_usd_other"] - found["statutory_duty_usd_law"],
        law_pct=found["effective_pct_law"],
        other_pct=found["effective_pct_other"],
        change_points=found["effective_pct_other"] - found["effective_pct_law"],
    )
    order = out["duty_change_usd"].abs().sort_values(ascending=False, kind="stable").index
    return out.loc[order].reset_index(drop=True)


CLASSES = (0, 25, 50, 75, 100, 200)
"""The additional duties, in percent, that aluminum has paid since June 2025."""
_NEAR = 0.01
OTHER = "other"


def by_rate(rated: pd.DataFrame) -> pd.DataFrame:
    """Return tonnes and value by the rate of the additional duties, those beyond column 1 or 2.

    `rated` has quantity_kg too. Columns: rate_class (percent as text, ``other`` for rates in between, ``not covered``),
    quantity_t, customs_value_usd, share_quantity, share_value, lowest_pct, highest_pct (of the class, percent).
    """
    extra = rated["statutory_pct"] - rated["column_pct"]
    distance = np.abs(extra.to_numpy()[:, None] - np.array(CLASSES)[None, :])
    place = np.nan_to_num(distance, nan=np.inf).argmin(axis=1)
    near = np.take_along_axis(distance, place[:, None], axis=1)[:, 0] < _NEAR
    names = np.array([str(one) for one in CLASSES])[place]
    rows = rated.assign(
        rate_class=np.where(extra.isna(), "not covered", np.where(near, names, OTHER)),
        additional_pct=extra,
        quantity_t=rated["quantity_kg"] / 1000,
    )
    sums = rows.groupby("rate_class").agg(
        quantity_t=("quantity_t", "sum"),
        customs_value_usd=("customs_value_usd", "sum"),
        lowest_pct=("additional_pct", "min"),
        highest_pct=("additional_pct", "max"),
    )
    order = [name for name in (*map(str, CLASSES), OTHER, "not covered") if name in sums.index]
    sums = sums.loc[order]
    return sums.assign(
        share_quantity=sums["quantity_t"] / sums["quantity_t"].sum(),
        share_value=sums["customs_value_usd"] / sums["customs_value_usd"].sum(),
    ).reset_index()
