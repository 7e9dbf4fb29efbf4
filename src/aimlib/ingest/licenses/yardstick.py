"""The price of aluminum by month that unit values are judged by."""

from __future__ import annotations

import pandas as pd

from aimlib.reference.license_rules import yardstick_prices
from aimlib.store.store import Store

SERIES = ("lme_cash", "pink_sheet_aluminum")
"""The series of the table ``prices`` that serve, the first that is held before the other."""
_SIX_MONTHS = pd.Timedelta(days=184)


def held_prices(store: Store | None) -> pd.Series | None:
    """Return the monthly mean price in the store, month -> USD/t, or None where it holds none."""
    if store is None or "prices" not in set(store.all_blocks["table"]):
        return None
    for series in SERIES:
        rows = store.read("prices", concept=series, columns=["day", "price_usd_t"]).dropna()
        if len(rows):
            return rows.groupby(rows["day"].dt.to_period("M").dt.to_timestamp())["price_usd_t"].mean()
    return None


def price_of(months: pd.Series, prices: pd.Series | None = None) -> pd.Series:
    """Return the price of each month, USD/t: the given one, or that of up to six months before, else a rough one.

    The rough one is a rounded mean of the year, from the reference table, that of the nearest year outside it.
    """
    distinct = pd.DatetimeIndex(months.dropna().unique()).sort_values()
    rough = yardstick_prices()
    years = distinct.year.to_series(index=distinct).clip(rough.index.min(), rough.index.max())
    by_month = years.map(rough)
    if prices is not None and len(prices):
        given = prices.dropna().sort_index()
        given.index = pd.DatetimeIndex(given.index).to_period("M").to_timestamp()
        given = given[~given.index.duplicated(keep="last")]
        by_month = given.reindex(distinct, method="ffill", tolerance=_SIX_MONTHS).fillna(by_month)
    return months.map(by_month.astype(float))
