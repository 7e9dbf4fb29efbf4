"""Calculated duty of the sample: 2024 as published, other years by rough steps around it."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd

from aimlib.ingest.sample import parameters
from aimlib.ingest.sample.pairs import Pair, spread
from aimlib.ingest.sample.tables import SampleTables

MILLION = 1_000_000


def _days_in_force(months: list[str], first_day: str, last_day: str) -> np.ndarray:
    """The share of each month's days on which a step holds, in millionths."""
    shares = []
    for month in months:
        year, number = int(month[:4]), int(month[5:])
        days = monthrange(year, number)[1]
        begin = max(date(year, number, 1), date.fromisoformat(first_day))
        end = min(date(year, number, days), date.fromisoformat(last_day or "9999-12-31"))
        shares.append(max((end - begin).days + 1, 0) * MILLION // days)
    return np.array(shares, dtype=np.int64)


def _applies_to(origins: str, origin: str) -> bool:
    """Whether a step's `origins` ("CAN MEX", or "* -CAN" for all but Canada) hold `origin`."""
    words = origins.split()
    return origin in words or ("*" in words and f"-{origin}" not in words)


class DutySteps:
    """What the steps add to the rate collected in the base year, in millionths of value, by month.

    `steps` holds first_day, last_day (empty: still in force), origins, prefixes and points (percent).
    Nothing is added within the base year itself, whose duty is the published figure.
    """

    def __init__(self, steps: pd.DataFrame, base_year: int, months: list[str]) -> None:
        outside = np.array([not month.startswith(str(base_year)) for month in months])
        self._months = len(months)
        self._steps = [
            (
                tuple(step.prefixes.replace("*", "76").split()),
                step.origins,
                _days_in_force(months, step.first_day, step.last_day) * step.points // 100 * outside,
            )
            for step in steps.itertuples(index=False)
        ]

    def added(self, code: str, origin: str) -> np.ndarray:
        """Return the rate added by month to `code` from `origin`."""
        total = np.zeros(self._months, dtype=np.int64)
        for prefixes, origins, rate in self._steps:
            if code.startswith(prefixes) and _applies_to(origins, origin):
                total += rate
        return total


def dutiable_and_duty(
    value: np.ndarray, pairs: list[Pair], tables: SampleTables, months: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return dutiable value and calculated duty of `value` (pairs x months, customs value for consumption).

    In the base year the duty of an origin and product adds up to its published figure.
    """
    steps = DutySteps(tables.duty_steps, parameters.BASE_YEAR, months)
    in_base = np.array([month.startswith(str(parameters.BASE_YEAR)) for month in months])
    base_rates, rows_of = _by_figure(tables.figures, pairs)
    rates = np.array([base + steps.added(pair.code, pair.origin) for base, pair in zip(base_rates, pairs, strict=True)])
    paid = value * np.maximum(rates, 0) // MILLION
    for figure in tables.figures.itertuples(index=False):
        if figure.customs_value_usd:
            cells = np.ix_(rows_of[figure.origin, figure.product], in_base)
            shares = spread(figure.calculated_duty_usd, value[cells].ravel())
            paid[cells] = shares.reshape(-1, int(in_base.sum()))
    wholly = rates >= parameters.WHOLLY_DUTIABLE_PERMILLE * 1000
    partly = np.minimum(paid * (1000 // parameters.WHOLLY_DUTIABLE_PERMILLE), value)
    return np.where(wholly, value, partly), paid


def _by_figure(figures: pd.DataFrame, pairs: list[Pair]) -> tuple[list[int], dict[tuple[str, str], list[int]]]:
    """The rate of each pair in the base year (millionths), and the rows of each origin and product."""
    collected = {
        (figure.origin, figure.product): figure.calculated_duty_usd * MILLION // max(figure.customs_value_usd, 1)
        for figure in figures.itertuples(index=False)
    }
    rates, rows_of = [], defaultdict(list)
    for row, pair in enumerate(pairs):
        if pair.departed:
            rates.append(parameters.DEPARTED_DUTY_PERMILLE * 1000)
        else:
            rates.append(collected[pair.origin, pair.product])
            rows_of[pair.origin, pair.product].append(row)
    return rates, rows_of
