"""What the duty does when the price, the premium or the freight moves; frames for a table and a heat map."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aimlib.analysis.premium.formula import p1020

STEPS_C_LB = (-20.0, -10.0, -5.0, 0.0, 5.0, 10.0, 20.0)
MOVED = ("transaction_price", "premium", "freight")
COLUMNS = (
    *("moved", "step_c_lb", "mwtp_c_lb", "premium_c_lb", "freight_c_lb", "duty_c_lb", "duty_usd_t"),
    *("duty_unpaid_premium_c_lb", "duty_change_c_lb", "duty_unpaid_premium_change_c_lb"),
)


def sensitivity(
    mwtp_c_lb: float,
    freight_c_lb: float,
    rate: float,
    premium_c_lb: float | None = None,
    steps_c_lb: Sequence[float] = STEPS_C_LB,
) -> pd.DataFrame:
    """Return the duty when one input moves by each step and the others stand still.

    Columns are `COLUMNS`; the two changes are against no step. ``moved`` is
    transaction_price (the LME moves, the premium stands), premium (the LME stands, so that the price moves with it)
    or freight. A step that would make freight negative, or greater than the price, is left out; so is the premium
    where none is given. Per cent of a pound the duty moves by rate / (1 + rate), with freight against it.
    """
    start = p1020(mwtp_c_lb, freight_c_lb, rate, premium_c_lb)
    rows = []
    for moved in MOVED if premium_c_lb is not None else (MOVED[0], MOVED[2]):
        for step in steps_c_lb:
            price = mwtp_c_lb + step * (moved != "freight")
            premium = None if premium_c_lb is None else premium_c_lb + step * (moved == "premium")
            freight = freight_c_lb + step * (moved == "freight")
            if not 0 <= freight <= price or (premium is not None and premium > price):
                continue
            found = p1020(price, freight, rate, premium)
            inputs = {"mwtp_c_lb": price, "premium_c_lb": premium, "freight_c_lb": freight}
            results = {name: found[name] for name in ("duty_c_lb", "duty_usd_t", "duty_unpaid_premium_c_lb")}
            changes = {
                f"{name}_change_c_lb": found[f"{name}_c_lb"] - start[f"{name}_c_lb"]
                for name in ("duty", "duty_unpaid_premium")
            }
            rows.append({"moved": moved, "step_c_lb": float(step)} | inputs | results | changes)
    return pd.DataFrame(rows, columns=COLUMNS).astype({"premium_c_lb": "float64"})


def duty_grid(
    lme_c_lb: Sequence[float], premium_c_lb: Sequence[float], freight_c_lb: float, rate: float
) -> pd.DataFrame:
    """Return the duty for each pair of LME price and premium, for a heat map.

    Columns: lme_c_lb, premium_c_lb, mwtp_c_lb, duty_c_lb, duty_usd_t, duty_unpaid_premium_c_lb, share_of_premium
    (the duty as a fraction of the premium, blank where that is not above zero).
    """
    pairs = pd.MultiIndex.from_product([lme_c_lb, premium_c_lb], names=["lme_c_lb", "premium_c_lb"])
    grid = pairs.to_frame(index=False).astype("float64")
    grid["mwtp_c_lb"] = grid["lme_c_lb"] + grid["premium_c_lb"]
    found = p1020(grid["mwtp_c_lb"], freight_c_lb, rate, grid["premium_c_lb"])
    for name in ("duty_c_lb", "duty_usd_t", "duty_unpaid_premium_c_lb"):
        grid[name] = found[name]
    premium = grid["premium_c_lb"]
    return grid.assign(share_of_premium=grid["duty_c_lb"] / premium.where(premium > 0))
