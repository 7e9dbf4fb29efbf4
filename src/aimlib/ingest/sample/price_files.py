"""Prices of the sample as files: the Pink Sheet's months, as its CSV gives them, and synthetic days of prices, premiums
and freight."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from aimlib.ingest.sample import parameters
from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.releases import releases
from aimlib.ingest.sample.tables import read_tables

FIRST_DAILY_MONTH = "2025-01"
_DAY_NOISE_USD = 35
_CONTANGO_USD = (8, 40)
"""Three months ahead costs more than cash by so much; the real market is at times the other way round."""

_PREMIUMS = ("midwest_premium", "cif_new_orleans_premium")
_PREMIUM_NOISE_USD = 8
_FREIGHT_USD = {"inland": 44, "sea": 14, "handling": 9}
_FREIGHT_STEP_USD = 3
"""Assumed: no part of the reporters' freight factor was ever seen. Together about 3 c/lb."""


def monthly_files(folder: Path | None = None) -> list[tuple[str, bytes]]:
    """Return the monthly prices as (known_on, CSV), one file a year as of its first vintage of the sample.

    Each holds all months that were over by then, in the shape of the World Bank's sheet of monthly prices. Its price
    is known in the month after.
    """
    prices = read_tables(folder).prices
    days: dict[str, str] = {}
    for release in releases():
        days.setdefault(release.known_on[:4], release.known_on)
    known_days = [*days.values(), parameters.LAST_DAY]
    return [(day, _pink_sheet(prices[prices["month"] < day[:7]], day)) for day in known_days]


def daily_file(folder: Path | None = None) -> bytes:
    """Return synthetic days of cash and three-month prices, whose monthly averages are the monthly prices.

    They are made up: the days of the exchange are not free to pass on.
    """
    rows = [f"{day:%Y-%m-%d},{now},{later}" for day, now, later in _days(folder)]
    return "\n".join(["date,lme_cash,lme_three_month", *rows, ""]).encode("ascii")


def premium_file(folder: Path | None = None) -> bytes:
    """Return synthetic days of the Midwest premium and what goes with it, in whole dollars a tonne.

    Columns: date, midwest_premium, midwest_transaction_price (cash of `daily_file` and the premium, exactly), the three
    parts of the freight factor, cif_new_orleans_premium. The premiums go in straight lines between the points of
    ``premium_anchors.csv``, with noise on the days between; on the day of a point they are the point. The reporters'
    own days are not free to pass on, and of freight none was ever seen.
    """
    prices = _days(folder)
    days = pd.DatetimeIndex([day for day, _, _ in prices])
    cash = np.array([now for _, now, _ in prices])
    anchors = read_tables(folder).premium_anchors
    premium, gulf = (_between(anchors[anchors["series"] == name], name, days) for name in _PREMIUMS)
    columns = {"midwest_premium": premium, "midwest_transaction_price": cash + premium}
    columns |= {f"freight_{part}": _freight(part, usual, days) for part, usual in _FREIGHT_USD.items()}
    table = pd.DataFrame(columns | {"cif_new_orleans_premium": gulf})
    lines = [",".join(str(cell) for cell in row) for row in table.itertuples(index=False)]
    rows = [f"{day:%Y-%m-%d},{line}" for day, line in zip(days, lines, strict=True)]
    return "\n".join([f"date,{','.join(f'{name}_usd_t' for name in table)}", *rows, ""]).encode("ascii")


def _days(folder: Path | None) -> list[tuple[pd.Timestamp, int, int]]:
    """Return weekdays with the cash and the three-month price, USD/t."""
    prices = read_tables(folder).prices
    found: list[tuple[pd.Timestamp, int, int]] = []
    for month, price in prices.loc[prices["month"] >= FIRST_DAILY_MONTH, ["month", "price_usd_t"]].itertuples(
        index=False
    ):
        days = pd.bdate_range(f"{month}-01", pd.Period(month, "M").end_time.normalize())
        draws = Draws(f"daily prices|{month}")
        steps = np.cumsum(draws.around_zero(_DAY_NOISE_USD, len(days)))
        cash = price + steps - int(steps.sum()) // len(days)
        cash[-1] += price * len(days) - int(cash.sum())
        least, most = _CONTANGO_USD
        ahead = cash + least + draws.below(most - least + 1, 1)[0]
        found += zip(days, cash, ahead, strict=True)
    return found


def _between(anchors: pd.DataFrame, name: str, days: pd.DatetimeIndex) -> np.ndarray:
    """Return the days' premium in whole dollars a tonne, between its points and level outside them."""
    at = pd.DatetimeIndex(anchors["day"])
    # Thousandths of a cent a pound, as whole numbers: the same on every machine.
    points = (anchors["premium_c_lb"].astype(float) * 1000).round().astype("int64").to_numpy()
    left = np.clip(at.searchsorted(days, side="right") - 1, 0, len(at) - 2)
    length = (at[left + 1] - at[left]).days.to_numpy()
    gone = np.clip((days - at[left]).days.to_numpy(), 0, length)
    level = points[left] + (points[left + 1] - points[left]) * gone // length
    noise = Draws(f"daily premium|{name}").around_zero(_PREMIUM_NOISE_USD, len(days))
    noise[days.isin(at)] = 0
    return (level * 220_462 + 5_000_000) // 10_000_000 + noise


def _freight(part: str, usual: int, days: pd.DatetimeIndex) -> np.ndarray:
    """Return a part of the freight: usual, with one step a month."""
    months = days.strftime("%Y-%m")
    steps = {month: Draws(f"freight|{part}|{month}").around_zero(_FREIGHT_STEP_USD, 1)[0] for month in months.unique()}
    return usual + np.array([steps[month] for month in months])


def _pink_sheet(prices: pd.DataFrame, known_on: str) -> bytes:
    updated = date.fromisoformat(known_on)
    head = [
        "World Bank Commodity Price Data (The Pink Sheet)",
        "monthly prices in nominal US dollars; of the sample, the newest months assumed",
        f'"Updated on {updated:%B} {updated.day}, {updated.year}"',
        ",Aluminum",
        ",($/mt)",
    ]
    rows = [
        f"{month[:4]}M{month[5:]},{price}" for month, price in zip(prices["month"], prices["price_usd_t"], strict=True)
    ]
    return "\n".join([*head, *rows, ""]).encode("ascii")
