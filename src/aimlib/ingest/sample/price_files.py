"""Prices of the sample as files: the Pink Sheet's months, as its CSV gives them, and synthetic days between them."""

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
    prices = read_tables(folder).prices
    rows = []
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
        rows += [f"{day:%Y-%m-%d},{now},{later}" for day, now, later in zip(days, cash, ahead, strict=True)]
    return "\n".join(["date,lme_cash,lme_three_month", *rows, ""]).encode("ascii")


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
