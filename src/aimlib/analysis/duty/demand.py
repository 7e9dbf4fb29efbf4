"""How imports might answer to a rate: the user's own elasticities, never one of ours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.errors import AimError


def demand_response(
    value_usd: float, rate_before_pct: float, rate_after_pct: float, elasticities: Sequence[float], pass_through: float
) -> pd.DataFrame:
    """Return imports and revenue after a change of the rate, a row for each elasticity.

    d ln(quantity) = elasticity x pass-through x d ln(1 + rate), the price before duty standing still. Columns:
    elasticity, quantity_change (fraction), customs_value_usd, duty_usd (US dollars), static_duty_usd (without a
    response), duty_change_usd (against the rate before).

    Raises AimError for an elasticity above zero and for a pass-through outside of 0 to 1.
    """
    wrong = [one for one in elasticities if not one <= 0]
    if wrong:
        raise AimError(
            f"An import demand elasticity of {wrong[0]:g} is not possible.", "It is zero or negative, such as -1."
        )
    if not 0 <= pass_through <= 1:
        raise AimError(f"A pass-through of {pass_through:g} is not possible.", "It is a fraction from 0 to 1.")
    step = np.log1p(rate_after_pct / 100) - np.log1p(rate_before_pct / 100)
    change = np.exp(np.array(elasticities, dtype=float) * pass_through * step)
    before = value_usd * rate_before_pct / 100
    after = value_usd * change * rate_after_pct / 100
    return pd.DataFrame(
        {
            "elasticity": list(map(float, elasticities)),
            "quantity_change": change - 1,
            "customs_value_usd": value_usd * change,
            "duty_usd": after,
            "static_duty_usd": value_usd * rate_after_pct / 100,
            "duty_change_usd": after - before,
        }
    )
