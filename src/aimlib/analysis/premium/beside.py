"""Measures beside the series: what of the duty the premium carries, and which rate the market behaves as if it paid."""

from __future__ import annotations

from datetime import date

import pandas as pd

from aimlib.analysis.premium.checks import Figures, blank_unless, figures, need, not_above
from aimlib.errors import AimError
from aimlib.reference.p1020 import USD_T_FOR_C_LB


def new_orleans_gap(daily: pd.DataFrame) -> pd.DataFrame:
    """Return the implied duty-unpaid premium against the assessed one CIF New Orleans, where both are held.

    `daily` is that of `daily_series`, with cif_new_orleans_c_lb. Columns: day, duty_unpaid_premium_c_lb,
    cif_new_orleans_c_lb, gap_c_lb, gap_usd_t (the first less the second). The implied one is delivered to the Midwest,
    so that freight from the port is in the gap: it is not an error of either.
    """
    columns = ("day", "duty_unpaid_premium_c_lb", "cif_new_orleans_c_lb")
    need(daily, columns, "The daily series")
    out = daily[list(columns)].dropna().reset_index(drop=True)
    gap = out["duty_unpaid_premium_c_lb"] - out["cif_new_orleans_c_lb"]
    return out.assign(gap_c_lb=gap, gap_usd_t=gap * USD_T_FOR_C_LB)


def share_passed_through(premium: Figures, premium_base: Figures, duty: Figures, duty_base: Figures) -> Figures:
    """Return how much of the rise in the duty since a base is in the premium, a fraction; all in one unit.

    (premium - premium_base) / (duty - duty_base); blank where the duty has not changed. It may be above 1 or
    negative: premiums move for other reasons too.

    >>> round(share_passed_through(37.5, 23.85, 42.5, 23.85), 3)  # AMU, March 21, 2025, against its fair value
    0.732
    """
    rise = figures("The duty", duty) - figures("The duty of the base", duty_base)
    gain = figures("The premium", premium) - figures("The premium of the base", premium_base)
    if isinstance(rise, pd.Series):
        return gain / rise.where(rise != 0)
    return blank_unless(rise != 0, gain / (rise or 1.0))


def pass_through(daily: pd.DataFrame, base_day: date, duty: str = "duty_c_lb") -> pd.DataFrame:
    """Return the pass-through of each day since `base_day`.

    `daily` has day, premium_c_lb and the column `duty`. Columns: day, premium_change_c_lb, duty_change_c_lb,
    share_passed_through (blank where the duty is that of the base). Days up to the base are left out. The reporter's
    duty rises with the premium itself, for the premium is in its base; against a cost of bringing metal in (see
    `breakeven`), name that column.

    Raises AimError where the base day is not held, or has no premium or duty.
    """
    need(daily, ("day", "premium_c_lb", duty), "The daily series")
    daily = daily[["day", "premium_c_lb"]].assign(duty_c_lb=daily[duty]).dropna()
    base = daily[daily["day"] == pd.Timestamp(base_day)]
    if base.empty:
        days = daily["day"]
        held = f"{days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}" if len(days) else "no day"
        raise AimError(f"{base_day} has no premium and duty to compare with.", f"Held is {held}, on weekdays.")
    start = base.iloc[0]
    rows = daily[daily["day"] > start["day"]].sort_values("day", ignore_index=True)
    share = share_passed_through(rows["premium_c_lb"], start["premium_c_lb"], rows["duty_c_lb"], start["duty_c_lb"])
    return pd.DataFrame(
        {
            "day": rows["day"],
            "premium_change_c_lb": rows["premium_c_lb"] - start["premium_c_lb"],
            "duty_change_c_lb": rows["duty_c_lb"] - start["duty_c_lb"],
            "share_passed_through": share,
        }
    )


def implied_rate(
    mwtp_c_lb: Figures, premium_c_lb: Figures, duty_unpaid_premium_c_lb: Figures, freight_c_lb: Figures
) -> Figures:
    """Return the rate, a fraction, at which the formula gives this duty-unpaid premium.

    With the duty as premium less duty-unpaid premium, rate = duty / (price - freight - duty). The duty-unpaid premium
    is one delivered to the Midwest, from another source than the formula (CIF New Orleans and freight from the port),
    else the rate comes back that was put in. Blank where nothing would be left to pay duty on.

    >>> round(implied_rate(160.0, 60.0, 60.0 - 40.7037, 3.0), 4)
    0.35
    """
    price, freight = figures("The transaction price", mwtp_c_lb, 0.0), figures("The freight", freight_c_lb, 0.0)
    not_above(freight, price, "The freight is above the transaction price", "Check the units of both.")
    duty = figures("The premium", premium_c_lb) - figures("The duty-unpaid premium", duty_unpaid_premium_c_lb)
    base = price - freight - duty
    if isinstance(base, pd.Series):
        return duty / base.where(base > 0)
    return blank_unless(base > 0, duty / (base or 1.0))
