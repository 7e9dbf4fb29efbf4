"""Statutory duty added up, and one law set beside another: revenue, effective rates, who gains and who loses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

MONEY = (
    "customs_value_usd",
    "statutory_duty_usd",
    "low_duty_usd",
    "high_duty_usd",
    "refundable_duty_usd",
    "may_add_usd",
)


def totals(rated: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return sums of rated import rows (of `statutory_duty`) with their effective rates.

    One row for each value of `by`, one in all without it. Columns: `by`, customs_value_usd (of all rows),
    covered_value_usd (of rows that the law held answers), statutory_duty_usd, low_duty_usd, high_duty_usd,
    refundable_duty_usd, may_add_usd (what duties whose rate is not held may add), and effective_pct,
    effective_low_pct, effective_high_pct (percent of the covered value; blank where that is zero).
    """
    answered = rated["statutory_pct"].notna()
    rows = rated.assign(covered_value_usd=rated["customs_value_usd"].where(answered, 0.0))
    columns = ["customs_value_usd", "covered_value_usd", *MONEY[1:]]
    # Of no rows at all there is one sum, and it is zero.
    sums = rows.groupby(list(by), as_index=False, sort=False)[columns].sum() if by else rows[columns].sum().to_frame().T
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


CLASSES = (0.0, 25.0, 50.0, 75.0, 100.0, 200.0)
"""The additional duties, in percent, that most aluminum has paid since June 2025."""


def by_rate(parts: pd.DataFrame) -> pd.DataFrame:
    """Return tonnes and value by the rate of the additional duties, those beyond column 1 or 2.

    `parts` are import rows cut by `rate_parts`, with quantity_kg and customs_value_usd. Columns: additional_pct (the
    rates of `CLASSES`, whether they occur or not, and all others that do, ascending; blank for lines that the law held
    does not cover, last), quantity_t, customs_value_usd, share_quantity, share_value.
    """
    rows = parts.assign(
        additional_pct=(parts["total_pct"] - parts["column_pct"]).round(4),
        quantity_t=parts["quantity_kg"] / 1000 * parts["weight"],
        customs_value_usd=parts["customs_value_usd"] * parts["weight"],
    )
    sums = rows.groupby("additional_pct", dropna=False)[["quantity_t", "customs_value_usd"]].sum()
    known = sorted({*CLASSES, *sums.index.dropna()})
    out = sums.reindex([*known, *([np.nan] if sums.index.isna().any() else [])]).fillna(0.0).reset_index()
    return out.assign(
        share_quantity=out["quantity_t"] / out["quantity_t"].sum(),
        share_value=out["customs_value_usd"] / out["customs_value_usd"].sum(),
    )
