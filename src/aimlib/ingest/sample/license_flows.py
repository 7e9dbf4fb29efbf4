"""What there is to be licensed: the panel's lines of the AIM scope, and the months that no Census has yet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from aimlib.ingest.sample.answers import code_changes, sample_panel
from aimlib.ingest.sample.changes import months_alive
from aimlib.ingest.sample.license_parameters import LicenseParameters, Surge
from aimlib.ingest.sample.panel import MEASURES, month_names
from aimlib.reference import products

_TREND_MONTHS = 3
_TREND_PERMILLE = (600, 1500)
_MONTHS_AHEAD = 3
"""A license may be taken 60 days ahead, so that the last day's licenses reach into the second month after it."""


@dataclass(frozen=True)
class Flows:
    """Imports for consumption of each line and origin (rows) by month (columns).

    `codes`, `origins` and `products` by row; `kg` and `value` (whole numbers) are rows x months, and `alive`
    says where the line's code is in force.
    """

    codes: np.ndarray
    origins: np.ndarray
    products: np.ndarray
    months: list[str]
    kg: np.ndarray
    value: np.ndarray
    alive: np.ndarray


@cache
def census_flows(folder: Path | None = None) -> Flows:
    """Return the flows of the sample's panel, as last revised, without anything beyond it."""
    panel = sample_panel(folder)
    lines = products.aim_lines()
    category = dict(zip(lines["hts10"], lines["category"], strict=True))
    rows = [row for row, code in enumerate(panel.codes) if code in category]
    alive = months_alive(panel, code_changes())[rows]
    value, kg = (panel.numbers[MEASURES.index(name)][rows] for name in ("con_value", "con_kg"))
    codes, origins = (np.array([names[row] for row in rows]) for names in (panel.codes, panel.origins))
    return Flows(codes, origins, np.array([category[code] for code in codes]), panel.months, kg, value, alive)


def licensed_flows(parameters: LicenseParameters, folder: Path | None = None) -> Flows:
    """Return the flows from the month of the first license to the last that a zone's goods may be withdrawn in.

    Beyond the panel each month is that of a year before, moved by the origin's trend over a year.
    """
    panel = census_flows(folder)
    ahead = pd.Period(parameters.last_day[:7], "M") + _MONTHS_AHEAD + parameters.zone_stay_months
    months = month_names(panel.months[0], str(ahead))
    kg, value = (_extended(numbers, panel, len(months)) for numbers in (panel.kg, panel.value))
    for surge in parameters.surges:
        _leap(surge, panel, months, parameters, (kg, value))
    beyond = np.repeat(panel.alive[:, -1:], len(months) - len(panel.months), axis=1)
    alive = np.concatenate([panel.alive, beyond], axis=1)
    first = months.index(parameters.first_day[:7])
    return Flows(
        panel.codes, panel.origins, panel.products, months[first:], kg[:, first:], value[:, first:], alive[:, first:]
    )


def _extended(numbers: np.ndarray, panel: Flows, length: int) -> np.ndarray:
    """Lengthen `numbers` (rows x months) to `length` months; one trend an origin, from its kilograms."""
    longer = np.concatenate([numbers, np.zeros((len(numbers), length - numbers.shape[1]), dtype=np.int64)], axis=1)
    _, of_row = np.unique(panel.origins, return_inverse=True)
    last = panel.kg.shape[1]
    recent, before = (
        np.bincount(of_row, weights=panel.kg[:, end - _TREND_MONTHS : end].sum(axis=1)).astype(np.int64)
        for end in (last, last - 12)
    )
    trend = np.clip(1000 * recent // np.maximum(before, 1), *_TREND_PERMILLE)[of_row]
    for month in range(last, length):
        longer[:, month] = longer[:, month - 12] * (trend if month < last + 12 else 1000) // 1000
    return longer


def _leap(
    surge: Surge, panel: Flows, months: list[str], parameters: LicenseParameters, figures: tuple[np.ndarray, ...]
) -> None:
    """Scale the rows of a surge in place, so that their consumption licenses come to its part of the mean."""
    if surge.month not in months:
        return
    rows = np.flatnonzero((panel.origins == surge.origin) & (panel.products == surge.product))
    month = months.index(surge.month)
    kg = figures[0]
    mean = int(kg[rows, month - 3 : month].sum()) // 3
    without_zone = parameters.covered_permille * (1000 - parameters.zone_permille) // 1000
    wanted = mean * surge.permille // max(without_zone, 1)
    usual = max(int(kg[rows, month].sum()), 1)
    for numbers in figures:
        numbers[rows, month] = numbers[rows, month] * (1000 * wanted // usual) // 1000
