"""The second method: the duty-unpaid premium built up from Canadian and New Orleans premiums and freight.

Platts proposed it on October 14, 2025 (beside the implied one from January 2, 2026, in its place from January 4,
2027). The final decision and the weights were not seen: the weights are the user's.
"""

from __future__ import annotations

from datetime import date

from aimlib.analysis.premium.checks import Figures, figures
from aimlib.errors import AimError
from aimlib.reference.p1020 import USD_T_FOR_C_LB, event

STATUS = "proposal"
NOT_YET, PARALLEL, SWITCHED = "not yet", "in parallel, as proposed", "in place of the implied premium, as proposed"


def net_forward(
    canada_c_lb: Figures,
    new_orleans_c_lb: Figures,
    *,
    weight_canada: float,
    weight_new_orleans: float,
    freight_canada_c_lb: Figures,
    freight_new_orleans_c_lb: Figures,
) -> dict[str, Figures]:
    """Return the duty-unpaid premium delivered to the Midwest: net_forward_c_lb, net_forward_usd_t, share_canada.

    Parameters
    ----------
    canada_c_lb, new_orleans_c_lb
        Duty-unpaid premiums at the Canadian origin and CIF New Orleans, c/lb.
    weight_canada, weight_new_orleans
        Such as tonnes of imports; brought to a sum of 1.
    freight_canada_c_lb, freight_new_orleans_c_lb
        From either place to the Midwest, c/lb.

    Raises AimError where a weight is negative, both are zero, or a figure cannot be.
    """
    weights = [
        figures("The weight of Canada", weight_canada, 0.0),
        figures("The weight of New Orleans", weight_new_orleans, 0.0),
    ]
    if not sum(weights):
        raise AimError("Both weights are zero.", "Give the weights of Canada and New Orleans, such as 70 and 30.")
    share = weights[0] / sum(weights)
    canada = figures("The Canadian premium", canada_c_lb) + figures("The freight", freight_canada_c_lb, 0.0)
    gulf = figures("The New Orleans premium", new_orleans_c_lb) + figures("The freight", freight_new_orleans_c_lb, 0.0)
    found = share * canada + (1 - share) * gulf
    return {"net_forward_c_lb": found, "net_forward_usd_t": found * USD_T_FOR_C_LB, "share_canada": share}


def standing(day: date) -> str:
    """Return how the method stands on a day by the proposal: `NOT_YET`, `PARALLEL` or `SWITCHED`."""
    if day >= event("net_forward_switch").day:
        return SWITCHED
    return PARALLEL if day >= event("net_forward_parallel").day else NOT_YET
