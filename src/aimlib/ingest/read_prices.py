"""Prices out of the store: one series as of a day, and the price of a month from the best series held."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest.provenance import sources_of
from aimlib.reference import price_series
from aimlib.reference.price_series import DAILY, MONTHLY
from aimlib.store.store import Store

TABLE = "prices"
BEST = (("lme_cash", DAILY), ("lme_cash", MONTHLY), ("world_bank_aluminum", MONTHLY), ("imf_aluminum", MONTHLY))
"""The series that can tell the price of aluminum in a month, the best first."""

_DAYS_OFF = 3  # in LME months of 2008 to 2026 at most three weekdays were without a price
_DAYS_OFF_AT_AN_END = {"first": 2, "last": 1}


@dataclass(frozen=True)
class MonthlyPrices:
    """The price of aluminum by month, in USD/t, each month from the best series that has it.

    ``price_usd_t`` and ``series`` are indexed by month; ``incomplete`` are months of which some days are not
    held yet. ``sources`` has the shape of `Imports.sources`. Empty where the store holds none of the series.
    """

    price_usd_t: pd.Series
    series: pd.Series
    incomplete: tuple[pd.Timestamp, ...]
    sources: tuple[dict[str, Any], ...]


def read_prices(store: Store, series: str, frequency: str | None = None, as_of: date | None = None) -> pd.DataFrame:
    """Return a series as known on a day: day, price_usd_t, rate, as_given, unit_given, frequency.

    `series` is a key, name or symbol. Without `frequency` daily figures come before monthly ones; the two are
    never mixed. A month is its first day; ``rate`` is the currency for one US dollar.

    Raises AimError where the series is not known, or not held as of that day.
    """
    key = price_series.resolve(series).series
    held = store.blocks(TABLE, as_of)
    held = held[held["concept"] == key]
    paces = [pace for pace in (DAILY, MONTHLY) if pace in set(held["code_level"])]
    pace = frequency or next(iter(paces), None)
    if pace not in paces:
        raise _not_held(store, key, frequency, as_of)
    rows = store.read(TABLE, as_of, code_level=pace, concept=key)
    return rows[["day", "price_usd_t", "rate", "as_given", "unit_given"]].assign(frequency=pace)


def held_series(store: Store, as_of: date | None = None) -> pd.DataFrame:
    """Return what is held, in the order of the table of series, one row a series and frequency.

    Columns: series, title, frequency, first, last (days), days (figures), units (as given), known_on.
    """
    known = store.blocks(TABLE, as_of).groupby(["concept", "code_level"])["known_on"].max()
    rows = store.read(TABLE, as_of)
    found = rows.groupby(["concept", "code_level"]).agg(
        first=("day", "min"),
        last=("day", "max"),
        days=("day", "size"),
        units=("unit_given", lambda units: ", ".join(sorted(units.unique()))),
    )
    found = found.join(known).reset_index().rename(columns={"concept": "series", "code_level": "frequency"})
    order = {key: at for at, key in enumerate(price_series.keys())}
    found = found.sort_values(["series", "frequency"], key=lambda keys: keys.map(order).fillna(-1), kind="stable")
    found.insert(1, "title", [price_series.series(key).title for key in found["series"]])
    return found.reset_index(drop=True)


def monthly_price(store: Store, as_of: date | None = None) -> MonthlyPrices:
    """Return the price of aluminum in each month as known on a day: LME cash where held, else the next best.

    A daily series gives the mean of the month's days; a month whose days are not all held gives way to a
    monthly series that has it.
    """
    held = set(store.blocks(TABLE, as_of)[["concept", "code_level"]].itertuples(index=False, name=None))
    parts, incomplete = [], []
    for key, pace in (pair for pair in BEST if pair in held):
        prices = read_prices(store, key, pace, as_of)
        found = (
            monthly_means(prices) if pace == DAILY else prices.rename(columns={"day": "month"}).assign(complete=True)
        )
        parts.append(found[["month", "price_usd_t", "complete"]].assign(series=key, pace=pace))
    if not parts:
        blank = pd.DatetimeIndex([], name="month").as_unit("us")
        return MonthlyPrices(pd.Series(dtype="float64", index=blank), pd.Series(dtype="str", index=blank), (), ())
    every = pd.concat(parts, ignore_index=True).sort_values(
        ["month", "complete"], ascending=[True, False], kind="stable"
    )
    best = every.drop_duplicates("month").set_index("month")
    incomplete = tuple(best.index[~best["complete"].astype(bool)])
    used = best.reset_index().groupby(["series", "pace"])["month"].agg(set)
    sources = tuple(source for pair, months in used.items() for source in price_sources(store, *pair, as_of, months))
    return MonthlyPrices(best["price_usd_t"], best["series"], incomplete, sources)


def monthly_means(daily: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of each month's days: month, price_usd_t, rate, days (how many), complete.

    `daily` has day, price_usd_t and rate. A month is complete when no more weekdays lack a figure than holidays
    explain: three in all, two at its start, one at its end.
    """
    by_month = daily.groupby(daily["day"].dt.to_period("M"))
    found = by_month.agg(
        price_usd_t=("price_usd_t", "mean"),
        rate=("rate", "mean"),
        days=("day", "nunique"),
        first=("day", "min"),
        last=("day", "max"),
    )
    starts, ends = (_days(found.index.to_timestamp(how=how)) for how in ("start", "end"))
    first, last, a_day = _days(found["first"]), _days(found["last"]), np.timedelta64(1, "D")
    complete = (
        (np.busday_count(starts, ends + a_day) - found["days"].to_numpy() <= _DAYS_OFF)
        & (np.busday_count(starts, first) <= _DAYS_OFF_AT_AN_END["first"])
        & (np.busday_count(last + a_day, ends + a_day) <= _DAYS_OFF_AT_AN_END["last"])
    )
    month = found.index.to_timestamp().as_unit("us")
    columns = {"month": month, "price_usd_t": found["price_usd_t"], "rate": found["rate"], "days": found["days"]}
    return pd.DataFrame({name: np.asarray(column) for name, column in columns.items()} | {"complete": complete})


def price_sources(
    store: Store, series: str, frequency: str, as_of: date | None = None, months: Collection[pd.Timestamp] | None = None
) -> tuple[dict[str, Any], ...]:
    """Return where a series' figures (of `months`, or all) come from, in the shape of `Imports.sources`.

    Publisher, title and license are those of the series: a file may hold several. Figures of the sample are not their
    publisher's, so that they keep the sample's own words and license.
    """
    blocks = store.blocks(TABLE, as_of)
    blocks = blocks[(blocks["concept"] == series) & (blocks["code_level"] == frequency)]
    if months is not None:
        blocks = blocks[blocks["period"].isin([f"{month:%Y-%m}" for month in months])]
    told = price_series.series(series)
    title = f"{told.title}, {frequency}"
    of_series = {"publisher": told.publisher, "title": title, "license": told.license}
    return tuple(
        source | ({"publisher": f"{source['publisher']}, {source['title']}", "title": title})
        if source["sample"]
        else source | of_series
        for source in sources_of(store, TABLE, blocks)
    )


def _days(days: pd.Series | pd.DatetimeIndex) -> np.ndarray:
    return np.asarray(days, dtype="datetime64[D]")


def _not_held(store: Store, key: str, frequency: str | None, as_of: date | None) -> AimError:
    held = store.blocks(TABLE, as_of)
    pairs = sorted(set(held[["concept", "code_level"]].itertuples(index=False, name=None)))
    there = ", ".join(f"{series} ({pace})" for series, pace in pairs) or "no prices"
    when = f"As of {as_of} the" if as_of else "The"
    return AimError(
        f"{when} store holds no {frequency + ' ' if frequency else ''}figures of {key}; it holds {there}.",
        "Load them with aim load prices.",
    )
