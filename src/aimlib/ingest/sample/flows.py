"""What one origin ships of one line, month by month: volumes, values, kilograms, arrivals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from aimlib.ingest.sample import parameters
from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.pairs import Pair, spread
from aimlib.ingest.sample.tables import SampleTables

Line = dict[str, Any]


class Course:
    """What moves every pair of an origin: season, shocks, the price of metal and the origin's level."""

    def __init__(self, tables: SampleTables, months: list[str]) -> None:
        prices = dict(zip(tables.prices["month"], tables.prices["price_usd_t"], strict=True))
        before = [str(pd.Period(month, "M") - 1) for month in months]
        base = [price for month, price in prices.items() if month.startswith(str(parameters.BASE_YEAR))]
        self.months = months
        self.in_base = np.array([month.startswith(str(parameters.BASE_YEAR)) for month in months])
        self.base_price = sum(base) // len(base)
        self.price = np.array(
            [(prices[m] + prices[b]) // 2 for m, b in zip(months, before, strict=True)], dtype=np.int64
        )
        season = [parameters.SEASON_PERMILLE[int(month[5:]) - 1] for month in months]
        shocks = [parameters.SHOCKS_PERMILLE.get(month, 1000) for month in months]
        self.season = np.array(season, dtype=np.int64) * np.array(shocks, dtype=np.int64) // 1000
        self.level = {row.origin: self._level(row) for row in tables.origins.itertuples(index=False)}

    def _level(self, row: tuple) -> np.ndarray:
        """The origin's volume by month, 1000 in mid-2024: straight lines between the Julys of the years."""
        known = {name[7:]: getattr(row, name) for name in row._fields if name.startswith("volume_")}
        levels = []
        for month in self.months:
            year, past_july = int(month[:4]), int(month[5:]) - 7
            here = known[str(year)]
            there = known.get(str(year + (1 if past_july > 0 else -1)), here)
            levels.append(10 * here + 10 * (there - here) * abs(past_july) // 12)
        return np.array(levels, dtype=np.int64)


def _trade_size(value: int) -> tuple[int, int]:
    return next((chance, noise) for least, chance, noise in parameters.TRADE_SIZES if value >= least)


def _volumes(pair: Pair, course: Course, draws: Draws) -> np.ndarray:
    """Relative tonnage by month, 0 in months without trade; never all 0 in the base year."""
    count = len(course.months)
    chance, noise = _trade_size(pair.customs_value_usd)
    bell = draws.around_zero(noise, count)
    trades = draws.below(1000, count) < chance
    if pair.departed:
        trades &= np.array([month <= parameters.DEPARTED_UNTIL for month in course.months])
    elif not trades[course.in_base].any():
        trades[np.flatnonzero(course.in_base)[draws.below(12, 1)[0]]] = True
    leaps = [parameters.SURGES_PERMILLE.get((pair.origin, pair.product, month), 1000) for month in course.months]
    usual = course.level[pair.origin] * course.season * (1000 + bell) // 1000 * trades
    return usual * np.array(leaps, dtype=np.int64) // 1000


def consumption(pair: Pair, line: Line, course: Course, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Customs value and kilograms by month; the value of the base year is the pair's to the dollar."""
    volumes = _volumes(pair, course, draws)
    metal = int(line["metal_percent"])
    moving = (course.price * metal + course.base_price * (100 - metal)) // 100
    worth = volumes * moving // 1000
    count = len(course.months)
    if pair.departed:
        usual = 12 * 1000 * course.base_price
        value = pair.customs_value_usd * worth // usual
    else:
        usual = int(worth[course.in_base].sum())
        value = pair.customs_value_usd * worth // usual
        value[course.in_base] = spread(pair.customs_value_usd, worth[course.in_base])
    own_level = 1000 + draws.around_zero(parameters.PRICE_LEVEL_PERMILLE, 1)
    wobble = 1000 + draws.around_zero(parameters.PRICE_NOISE_PERMILLE, count)
    usd_per_t = moving * int(line["price_percent"]) // 100 * own_level // 1000 * wobble // 1000
    return value, value * 1000 // usd_per_t


def general_imports(value: np.ndarray, kg: np.ndarray, bonded: int, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Arrivals: part of next month's consumption comes this month into bonded warehouses."""
    count = len(value)
    ahead = bonded * (500 + draws.below(1001, count)) // 1000
    extra = draws.below(parameters.REEXPORT_PERMILLE + 1, count)

    def arrivals(consumed: np.ndarray) -> np.ndarray:
        stored = np.append(consumed[1:], consumed[-1]) * ahead // 1000
        released = np.insert(stored[:-1], 0, consumed[0] * ahead[0] // 1000)
        return (consumed - released) * (1000 + extra) // 1000 + stored

    return arrivals(value), arrivals(kg)


def bonded_only(line: Line, course: Course, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Goods that arrive and never enter for consumption, a few times in the whole span."""
    count = len(course.months)
    arrives = draws.below(12, count) == 0
    arrives[np.flatnonzero(course.in_base)[draws.below(12, 1)[0]]] = True
    value = (6_000 + draws.below(60_000, count)) * arrives
    return value, value * 1000 // (course.price * int(line["price_percent"]) // 100)
