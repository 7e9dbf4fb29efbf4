"""Unit values: customs dollars per tonne, and how much of the value they rest on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import change, comparable_block, lag, ratio, rolling_sum

COVERED = "customs_value_with_quantity_usd"


def unit_value(covered_usd: np.ndarray, quantity_kg: np.ndarray) -> np.ndarray:
    """Return USD per tonne: the value of the rows with a quantity over that quantity, blank over zero."""
    return ratio(covered_usd, np.asarray(quantity_kg) / 1000.0)


def unit_values(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the grid frame with its unit values.

    Added columns: ``unit_value_usd_t`` (total value over total quantity of the rows that have both, never a
    mean of means), ``share_value_covered`` (the value of those rows as a share of all),
    ``unit_value_usd_t_mom`` and ``_yoy``, ``unit_value_usd_t_12m`` (value over quantity of the last twelve
    months) and its ``unit_value_usd_t_12m_yoy``. A month still filling has its unit value, but no change.
    """
    value, quantity, covered = (comparable_block(frame, name) for name in ("customs_value_usd", "quantity_kg", COVERED))
    # Without any quantity the weight of a month in a longer sum is none, not unknown: its value counts as
    # such.
    quantity = np.where(np.isnan(quantity) & (covered == 0), 0.0, quantity)
    monthly = unit_value(covered, quantity)
    twelve = unit_value(rolling_sum(covered, 12), rolling_sum(quantity, 12))
    made = {
        "unit_value_usd_t_mom": change(monthly, lag(monthly, 1)),
        "unit_value_usd_t_yoy": change(monthly, lag(monthly, 12)),
        "unit_value_usd_t_12m": twelve,
        "share_value_covered_12m": ratio(rolling_sum(covered, 12), rolling_sum(value, 12)),
        "unit_value_usd_t_12m_yoy": change(twelve, lag(twelve, 12)),
    }
    return frame.assign(
        unit_value_usd_t=unit_value(frame[COVERED].to_numpy(), frame["quantity_kg"].to_numpy()),
        share_value_covered=ratio(frame[COVERED].to_numpy(), frame["customs_value_usd"].to_numpy()),
        **{name: values.ravel() for name, values in made.items()},
    )
