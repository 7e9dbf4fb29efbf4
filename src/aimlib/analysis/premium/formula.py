"""The reporter's formula: from the delivered, duty-paid price back to the duty in it.

    FOB               = transaction price - freight factor
    duty-unpaid FOB   = FOB / (1 + rate)
    duty              = duty-unpaid FOB x rate

The base is thus the whole metal at the Canadian border, premium and all, and not the LME alone. Source: Platts
subscriber notes of July 27, 2018 and February 3, 2025.
"""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.premium.checks import Figures, figures, not_above, rate_of
from aimlib.reference.p1020 import USD_T_FOR_C_LB

VALUES = ("fob", "duty_unpaid_fob", "duty", "duty_unpaid_premium", "duty_unpaid_price")
"""The five values; their columns end in ``_c_lb`` and ``_usd_t``."""

COLUMNS = tuple(f"{value}_{unit}" for unit in ("c_lb", "usd_t") for value in VALUES)

FOB_BASE, LME_BASE = "implied_fob", "lme_only"
"""What a duty is taken on: the duty-unpaid FOB value of the whole metal, or (naively) the LME price alone."""


def p1020(
    mwtp_c_lb: Figures, freight_c_lb: Figures, rate: Figures, premium_c_lb: Figures | None = None
) -> dict[str, Figures]:
    """Return the reporter's values by their names (`COLUMNS`), in c/lb and USD/t.

    Parameters
    ----------
    mwtp_c_lb
        The Midwest transaction price, all in, delivered and duty paid, c/lb.
    freight_c_lb
        The freight factor: inland and sea freight and handling, c/lb.
    rate
        The tariff factor's rate as a fraction (0.5).
    premium_c_lb
        The Midwest transaction premium, c/lb. Without it the duty-unpaid premium is blank (NaN).

    Each is one figure or a series of them, with the same index; values that rest on a series are series. What is
    missing in a series is missing in the values. One c/lb is 22.0462 USD/t, as the reporter rounds it.

    >>> found = p1020(160.0, 3.0, 0.35)
    >>> round(found["duty_c_lb"], 4), round(found["duty_usd_t"], 2)
    (40.7037, 897.36)

    Raises
    ------
    AimError
        A figure is negative or no number, the rate is a percentage, freight is above the price, or the premium is.
    """
    price, freight = figures("The transaction price", mwtp_c_lb, 0.0), figures("The freight", freight_c_lb, 0.0)
    rate = rate_of(rate)
    not_above(freight, price, "The freight is above the transaction price", "Check the units of both.")
    if premium_c_lb is None:
        premium: Figures = price * float("nan")
    else:
        premium = figures("The premium", premium_c_lb)
        not_above(premium, price, "The premium is above the transaction price", "The price is LME cash and premium.")
    fob = price - freight
    duty_unpaid_fob = fob / (1 + rate)
    return values(price, premium, fob, duty_unpaid_fob, duty_unpaid_fob * rate)


def naive_duty(lme_c_lb: Figures, rate: Figures) -> dict[str, Figures | str]:
    """Return what the press often calls the duty, rate x LME: base (``lme_only``), base_c_lb, duty_c_lb, duty_usd_t.

    It leaves the premium out of the base and is no value that a reporter publishes.
    """
    lme = figures("The LME price", lme_c_lb, 0.0)
    duty = lme * rate_of(rate)
    return {"base": LME_BASE, "base_c_lb": lme, "duty_c_lb": duty, "duty_usd_t": duty * USD_T_FOR_C_LB}


def duty_by_base(lme_c_lb: float, premium_c_lb: float, freight_c_lb: float, rate: float) -> pd.DataFrame:
    """Return the duty on either base, one row each: base, base_c_lb, duty_c_lb, duty_usd_t, gap_usd_t.

    ``gap_usd_t`` is the row's duty less the reporter's, which is the first row (``implied_fob``).
    """
    found = p1020(lme_c_lb + premium_c_lb, freight_c_lb, rate, premium_c_lb)
    ours = {
        "base": FOB_BASE,
        "base_c_lb": found["duty_unpaid_fob_c_lb"],
        "duty_c_lb": found["duty_c_lb"],
        "duty_usd_t": found["duty_usd_t"],
    }
    table = pd.DataFrame([ours, naive_duty(lme_c_lb, rate)])
    return table.assign(gap_usd_t=table["duty_usd_t"] - table["duty_usd_t"].iloc[0])


def values(
    price: Figures, premium: Figures, fob: Figures, duty_unpaid_fob: Figures, duty: Figures
) -> dict[str, Figures]:
    """Return the five values by their names in both units, from figures in c/lb."""
    found = dict(zip(VALUES, (fob, duty_unpaid_fob, duty, premium - duty, price - duty), strict=True))
    in_cents = {f"{value}_c_lb": figure for value, figure in found.items()}
    return in_cents | {f"{value}_usd_t": figure * USD_T_FOR_C_LB for value, figure in found.items()}
