"""The Midwest premium at which bringing metal in pays, by sea or from Canada.

The importer of record pays rate x (LME + premium at the place of entry, without international freight): customs
value is FOB. Source: 19 USC 1401a for the base; the rest is arithmetic.
"""

from __future__ import annotations

from aimlib.analysis.premium.checks import Figures, figures, rate_of
from aimlib.reference.p1020 import USD_T_FOR_C_LB


def seaborne(
    lme_usd_t: Figures,
    cif_premium_usd_t: Figures,
    rate: Figures,
    sea_freight_insurance_usd_t: Figures,
    port_to_midwest_usd_t: Figures,
) -> dict[str, Figures]:
    """Return the break-even premium of seaborne metal: breakeven_usd_t, breakeven_c_lb, duty_usd_t, duty_c_lb.

    D + rate x (LME + D - sea freight and insurance) + port to Midwest, where D is the CIF New Orleans premium, duty
    unpaid. All in USD/t, the rate a fraction. Raises AimError where a figure cannot be.
    """
    premium = figures("The CIF New Orleans premium", cif_premium_usd_t)
    sea = figures("The sea freight and insurance", sea_freight_insurance_usd_t, 0.0)
    inland = figures("The freight from the port", port_to_midwest_usd_t, 0.0)
    return _breakeven(lme_usd_t, premium, premium - sea, rate, inland)


def canadian(lme_usd_t: Figures, fob_premium_usd_t: Figures, rate: Figures, freight_usd_t: Figures) -> dict:
    """Return the break-even premium of Canadian metal, in the keys of `seaborne`.

    P + rate x (LME + P) + freight, where P is the premium FOB Canada, duty unpaid. All in USD/t.
    """
    premium = figures("The premium FOB Canada", fob_premium_usd_t)
    return _breakeven(lme_usd_t, premium, premium, rate, figures("The freight", freight_usd_t, 0.0))


def _breakeven(lme: Figures, premium: Figures, dutiable_premium: Figures, rate: Figures, freight: Figures) -> dict:
    duty = rate_of(rate) * (figures("The LME price", lme, 0.0) + dutiable_premium)
    total = premium + duty + freight
    found = {"breakeven_usd_t": total, "duty_usd_t": duty}
    return found | {name.replace("usd_t", "c_lb"): figure / USD_T_FOR_C_LB for name, figure in found.items()}
