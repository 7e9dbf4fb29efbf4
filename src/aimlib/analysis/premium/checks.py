"""Numbers as a formula takes them: a figure that cannot be is refused, a missing one in a series stays missing."""

from __future__ import annotations

import math
from typing import TypeAlias

import pandas as pd

from aimlib.errors import AimError

Figures: TypeAlias = "float | pd.Series"
"""One figure, or a series of them."""

LARGEST_RATE = 3.0
"""A fraction above any rate that was ever due on aluminum (2.7, on Russian metal): more is a percentage."""


def figures(name: str, given: Figures, lowest: float = -math.inf) -> Figures:
    """Return `given` as float, or as a series of floats.

    Raises AimError where a figure is no number, infinite or below `lowest`, or a single one is NaN. In a series a
    missing figure is missing data and stays so.
    """
    if isinstance(given, pd.Series):
        found = pd.to_numeric(given, errors="coerce").astype("float64")
        bad = found.isin([math.inf, -math.inf]) | (found < lowest) | (found.isna() & given.notna())
        if bad.any():
            raise _refused(name, given[bad].iloc[0], lowest, f" (row {bad[bad].index[0]})")
        return found
    try:
        number = float(given)
    except (TypeError, ValueError):
        raise _refused(name, given, lowest) from None
    if not math.isfinite(number) or number < lowest:
        raise _refused(name, given, lowest)
    return number


def rate_of(given: Figures) -> Figures:
    """Return a tariff rate as a fraction. Raises AimError where it is negative, no number, or a percentage."""
    rate = figures("The rate", given, 0.0)
    largest = rate.max() if isinstance(rate, pd.Series) else rate
    if largest > LARGEST_RATE:
        raise AimError(
            f"A rate of {largest:g} would be {largest:.0%} of the value.",
            f"Give it as a fraction: {largest / 100:g} for {largest:g}%.",
        )
    return rate


def not_above(lower: Figures, upper: Figures, told: str, advice: str) -> None:
    """Raise AimError with `told` (after which the two figures are named) where `lower` is greater than `upper`."""
    over = lower > upper
    if isinstance(over, pd.Series):
        if over.any():
            at = over[over].index[0]
            values = [side[at] if isinstance(side, pd.Series) else side for side in (lower, upper)]
            raise AimError(f"{told}: {values[0]:g} against {values[1]:g} (row {at}).", advice)
    elif over:
        raise AimError(f"{told}: {lower:g} against {upper:g}.", advice)


def need(frame: pd.DataFrame, columns: tuple[str, ...], what: str) -> None:
    """Raise AimError where `frame`, which is `what` in the message, lacks one of `columns`."""
    lacking = [name for name in columns if name not in frame.columns]
    if lacking:
        raise AimError(
            f"{what} has no column {' and no column '.join(lacking)}.", f"The columns are {', '.join(columns)}."
        )


def blank_unless(holds: bool | pd.Series, value: Figures) -> Figures:
    """Return `value` where `holds`, else NaN: a division by zero, or a share of nothing, is a blank."""
    if isinstance(holds, pd.Series):
        return value.where(holds) if isinstance(value, pd.Series) else pd.Series(value, index=holds.index).where(holds)
    return value if holds else math.nan


def _refused(name: str, given: object, lowest: float, where: str = "") -> AimError:
    floor = f" of {lowest:g} or more" if math.isfinite(lowest) else ""
    return AimError(f"{name} is '{given}'{where}, which is no figure{floor}.", "Give a plain number, such as 0.25.")
