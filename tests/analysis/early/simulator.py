"""Licenses and Census of a made-up trade: a second road to what the estimator should find, in plain numpy.

Nothing here is the sample's generator; the numbers carry its names (`LicenseParameters`) and may be varied at will.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

PRODUCTS = ("unwrought", "bars_rods_profiles", "wire", "plates_sheets_strip", "foil", "tubes_pipes", "fittings",
            "castings_forgings")  # fmt: skip
PRODUCT_SHARES = np.array([0.58, 0.11, 0.06, 0.15, 0.06, 0.02, 0.005, 0.015])
ORIGINS = ("CAN", "ARE", "BHR", "MEX", "KOR", "CHN", "IND", "ARG", "DEU", "THA", "ZAF", "OMN", "AUS", "TUR")
ORIGIN_SHARES = np.array([0.5, 0.08, 0.06, 0.05, 0.05, 0.045, 0.04, 0.035, 0.03, 0.03, 0.025, 0.025, 0.015, 0.015])
LEADS = ((31, 60, 0.11), (15, 30, 0.19), (4, 14, 0.33), (0, 3, 0.22), (-14, -1, 0.15))


@dataclass(frozen=True)
class Trade:
    """Numbers of a made-up trade; fractions, days and tonnes."""

    seed: int = 0
    first: str = "2021-09"
    months: int = 60
    covered: float = 0.973
    month_noise: float = 0.04
    alternation: float = -0.3
    origin_noise: float = 0.03
    cell_noise: float = 0.08
    lead_shift_days: float = 2.0
    unused: float = 0.03
    purge_weeks: tuple[int, int] = (4, 13)
    tonnes: float = 450_000.0
    tonnes_a_license: float = 180.0
    trade_noise: float = 0.15  # of a cell's month
    total_noise: float = 0.05  # of all cells of a month together
    season: float = 0.04
    revision: float = 0.01
    outage: tuple[str, str] | None = None


def _taken(days: np.ndarray) -> np.ndarray:
    """Return the part of licenses taken by so many days before the import (negative: after it)."""
    out = np.zeros_like(days, dtype=float)
    for near, far, part in LEADS:
        out += part * np.clip((far + 1 - days) / (far + 1 - near), 0, 1)
    return out


def _completeness(horizons: np.ndarray, shift: np.ndarray, overhang: np.ndarray) -> np.ndarray:
    """Return months by horizons: the part of a 30-day month's licenses taken by each Thursday (three days late)."""
    imports = np.arange(30) + 0.5
    day = 30 + 3 + 7 * horizons[None, :, None] - imports[None, None, :] + shift[:, None, None]
    return _taken(-day).mean(axis=2) + overhang


def simulate(trade: Trade, horizons: range = range(-8, 14)) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return PANEL, PRINTS and FILINGS of a trade, Census beginning a year before licenses."""
    rng = np.random.default_rng(trade.seed)
    months = pd.date_range(trade.first, periods=trade.months, freq="MS", unit="us")
    count, weeks = trade.months, np.array(horizons)
    census = _census(trade, rng, count + 12)
    ratio = trade.covered * _ratio(trade, rng, count)
    licensed = census[12:] * ratio
    complete = _completeness(weeks, rng.uniform(-1, 1, count) * trade.lead_shift_days, _overhang(trade, weeks)[None, :])
    number = np.maximum(licensed / 1000 / trade.tonnes_a_license, 1.0)
    jitter = rng.normal(size=(count, len(weeks), *licensed.shape[1:])) * 0.3
    part = np.clip(complete, 0.01, 0.99)[:, :, None, None]
    seen = complete[:, :, None, None] * np.exp(jitter * np.sqrt((1 - part) / (part * number[:, None])))
    panel = _frame(
        months, licensed[:, None] * seen, lambda month, i: _thursday(month) + pd.Timedelta(weeks=int(weeks[i]))
    )
    panel = panel.rename(columns={"known": "day"}).assign(importers=9, top_share=0.3)
    panel = panel[panel["day"] <= _thursday(months[-1]) + pd.Timedelta(weeks=2)].reset_index(drop=True)
    earlier = pd.date_range(end=months[0] - pd.DateOffset(months=1), periods=12, freq="MS", unit="us")
    first = census * np.exp(rng.normal(size=census.shape) * trade.revision)
    prints = _frame(
        earlier.append(months),
        np.stack([first, census], axis=1),
        lambda month, i: _thursday(month) + pd.Timedelta(weeks=5 + 5 * i),
    ).rename(columns={"known": "known_on"})
    prints = prints[prints["known_on"] <= panel["day"].max()].reset_index(drop=True)
    days = pd.date_range("2021-06-01", panel["day"].max(), freq="D", unit="us")
    filings = pd.DataFrame({"day": days, "lines": np.where(days.day_of_week < 5, 200, 3)})
    if trade.outage:
        filings.loc[filings["day"].between(*trade.outage), "lines"] = 0
    return panel, prints, filings


def _census(trade: Trade, rng: np.random.Generator, count: int) -> np.ndarray:
    """Return months by origins by products in kilograms."""
    base = trade.tonnes * 1000 * ORIGIN_SHARES[:, None] * PRODUCT_SHARES
    season = 1 + trade.season * np.sin(np.arange(count) * np.pi / 6)
    common = np.exp(rng.normal(size=count) * trade.total_noise) * season
    return base * common[:, None, None] * np.exp(rng.normal(size=(count, *base.shape)) * trade.trade_noise)


def _ratio(trade: Trade, rng: np.random.Generator, count: int) -> np.ndarray:
    """Return months by origins by products: licensed over Census around its long run."""
    drawn, common = rng.normal(size=count), np.zeros(count)
    for at in range(count):
        common[at] = trade.alternation * common[at - 1] * (at > 0) + np.sqrt(1 - trade.alternation**2) * drawn[at]
    shape = (count, len(ORIGINS), len(PRODUCTS))
    own = rng.normal(size=shape) * trade.cell_noise + rng.normal(size=(count, len(ORIGINS), 1)) * trade.origin_noise
    return np.exp(common[:, None, None] * trade.month_noise + own)


def _overhang(trade: Trade, weeks: np.ndarray) -> np.ndarray:
    """Return by horizon the licenses that will be purged and are not yet, as a part of all."""
    start, end = trade.purge_weeks
    return trade.unused * np.clip((end - weeks) / (end - start), 0, 1) * (weeks > -4)


def _thursday(month: pd.Timestamp) -> pd.Timestamp:
    last = month + pd.offsets.MonthEnd(0)
    return (last + pd.Timedelta(days=(3 - last.day_of_week) % 7)).normalize()


def _frame(months: pd.DatetimeIndex, cells: np.ndarray, known) -> pd.DataFrame:
    """Return tidy rows of months by versions by origins by products."""
    sums = {("total", "all"): cells.sum(axis=(2, 3))}
    sums |= {("product", name): cells[..., at].sum(axis=2) for at, name in enumerate(PRODUCTS)}
    sums |= {("origin", name): cells[:, :, at].sum(axis=2) for at, name in enumerate(ORIGINS)}
    days = [[known(month, at) for at in range(cells.shape[1])] for month in months]
    frames = [
        pd.DataFrame(
            {
                "known": np.array(days, dtype="datetime64[us]").ravel(),
                "month": np.repeat(months.to_numpy(), cells.shape[1]),
                "part_kind": kind,
                "part": part,
                "quantity_kg": amounts.ravel(),
                "customs_value_usd": amounts.ravel() * 3.2,
            }
        )
        for (kind, part), amounts in sums.items()
    ]
    return pd.concat(frames, ignore_index=True)
