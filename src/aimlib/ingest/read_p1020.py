"""What the P1020 duty is computed from, out of the store: price, premium, freight and the premium at New Orleans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest.read_prices import BEST, TABLE, monthly_means, price_sources, read_prices
from aimlib.reference.p1020 import USD_T_FOR_C_LB
from aimlib.reference.price_series import DAILY, MONTHLY
from aimlib.store.store import Store

PRICE, PREMIUM, NEW_ORLEANS = "midwest_transaction_price", "midwest_premium", "cif_new_orleans_premium"
FREIGHT, PARTS = "freight_factor", ("freight_inland", "freight_sea", "freight_handling")
COLUMNS = ("day", "mwtp_c_lb", "premium_c_lb", "freight_c_lb", "lme_c_lb", "cif_new_orleans_c_lb")

_C_LB_FOR_ONE = {"c/lb": 1.0, "USD/lb": 100.0, "USD/t": 1 / USD_T_FOR_C_LB, "USD/kg": 1000 / USD_T_FOR_C_LB}
_NO_PRICE = (
    f"no Midwest transaction price ({PRICE}), and not both an LME cash price and a premium ({PREMIUM}) that make it"
)
_NO_FREIGHT = f"no freight factor ({FREIGHT}), and not all of its parts ({', '.join(PARTS)})"
_NO_PREMIUM = f"no Midwest premium ({PREMIUM}), so that the duty-unpaid premium is blank"
_NO_NEW_ORLEANS = f"no premium CIF New Orleans ({NEW_ORLEANS}), so that nothing stands beside the implied one"


@dataclass(frozen=True)
class P1020Inputs:
    """The inputs of the duty, in c/lb, as known on a day.

    Attributes
    ----------
    rows
        `COLUMNS`, price_from (midwest_transaction_price, or such as ``lme_cash + midwest_premium``) and freight_from
        (freight_factor, ``freight_inland + freight_sea + freight_handling``, or ``given``), by day. Rows have a price
        and a freight; the other figures may be missing. Empty where either is not held. In monthly rows the day is
        the month's first.
    frequency
        ``daily`` or ``monthly``, '' where empty.
    missing
        What is not held: clauses such as ``no Midwest premium (...)``, first what the duty cannot do without.
    sources
        In the shape of `Imports.sources`.
    """

    rows: pd.DataFrame
    frequency: str
    missing: tuple[str, ...]
    sources: tuple[dict[str, Any], ...]

    def required(self) -> P1020Inputs:
        """Return the inputs. Raises AimError where there are none, saying what is missing."""
        if self.rows.empty:
            raise AimError(
                f"The P1020 duty cannot be computed: the store holds {'; '.join(self.missing)}.",
                "Load them with aim load prices FILE; the freight may also be given by hand.",
            )
        return self


def read_p1020(
    store: Store, as_of: date | None = None, frequency: str | None = None, freight_c_lb: float | None = None
) -> P1020Inputs:
    """Return the inputs of the P1020 duty, daily where price and freight are held by day, else monthly.

    Parameters
    ----------
    as_of
        The day as of which the store is read; all that is held unless given.
    frequency
        ``daily`` or ``monthly``, where one of them is wanted.
    freight_c_lb
        A freight for the days on which none is held. It is an assumption, and named ``given``.

    A figure in USD/t becomes c/lb with 22.0462, as the reporter rounds it, and back again without loss; one given in
    c/lb is taken as given. A monthly figure is the series' own, or the mean of a month whose days are all held; the
    LME price is then the best series held of `read_prices.BEST`.
    """
    paces = (frequency,) if frequency else (DAILY, MONTHLY)
    if not set(paces) <= {DAILY, MONTHLY}:
        raise AimError(f"'{frequency}' is no frequency of the P1020 inputs.", f"Use {DAILY} or {MONTHLY}.")
    tries = [_read(store, as_of, pace, freight_c_lb) for pace in paces]
    return next((found for found in tries if len(found.rows)), tries[0])


def _read(store: Store, as_of: date | None, pace: str, freight_c_lb: float | None) -> P1020Inputs:
    held, used = _held(store, as_of, pace)
    lme = _first(held, [key for key, _ in BEST])
    table = pd.DataFrame(index=_days(held))
    table["lme_c_lb"], lme_from = lme if lme else (np.nan, "")
    for column, key in (("premium_c_lb", PREMIUM), ("cif_new_orleans_c_lb", NEW_ORLEANS)):
        table[column] = held.get(key, np.nan)
    price = held[PRICE].reindex(table.index) if PRICE in held else pd.Series(np.nan, index=table.index)
    table["mwtp_c_lb"] = price.fillna(table["lme_c_lb"] + table["premium_c_lb"])
    table["price_from"] = np.where(price.notna(), PRICE, f"{lme_from} + {PREMIUM}")
    table["freight_c_lb"], table["freight_from"] = _freight(held, table.index, freight_c_lb)
    missing = _missing(table)
    rows = table.dropna(subset=["mwtp_c_lb", "freight_c_lb"]).rename_axis("day").reset_index()
    if rows.empty and not {_NO_PRICE, _NO_FREIGHT} & set(missing):
        missing = (f"no {'day' if pace == DAILY else 'month'} with both a price and a freight", *missing)
    rows = rows[[*COLUMNS, "price_from", "freight_from"]]
    return P1020Inputs(rows, pace if len(rows) else "", missing, _sources(store, as_of, rows, used, lme_from))


def _missing(table: pd.DataFrame) -> tuple[str, ...]:
    tests = (
        ("mwtp_c_lb", _NO_PRICE),
        ("freight_c_lb", _NO_FREIGHT),
        ("premium_c_lb", _NO_PREMIUM),
        ("cif_new_orleans_c_lb", _NO_NEW_ORLEANS),
    )
    return tuple(told for column, told in tests if table[column].isna().all())


def _freight(held: dict[str, pd.Series], days: pd.DatetimeIndex, given: float | None) -> tuple[pd.Series, np.ndarray]:
    """Return the freight of each day, from the factor, else from all of its parts, else the one given."""
    none = pd.Series(np.nan, index=days)
    whole = held[FREIGHT].reindex(days) if FREIGHT in held else none
    parts = none
    if set(PARTS) <= set(held):
        parts = pd.DataFrame({part: held[part].reindex(days) for part in PARTS}).sum(axis=1, skipna=False)
    found = whole.fillna(parts)
    told = np.where(whole.notna(), FREIGHT, np.where(parts.notna(), " + ".join(PARTS), "given"))
    return (found if given is None else found.fillna(given)), told


def _held(store: Store, as_of: date | None, pace: str) -> tuple[dict[str, pd.Series], dict[str, str]]:
    """Return each series held at `pace`, by day in c/lb, and the frequency of the figures that it was read from."""
    blocks = store.blocks(TABLE, as_of)
    pairs = set(blocks[["concept", "code_level"]].itertuples(index=False, name=None))
    found, read_as = {}, {}
    for key in dict.fromkeys((PRICE, PREMIUM, FREIGHT, *PARTS, NEW_ORLEANS, *(key for key, _ in BEST))):
        own = next((frequency for frequency in (pace, DAILY) if (key, frequency) in pairs), None)
        if own is None:
            continue
        rows = read_prices(store, key, own, as_of)
        cents = pd.Series((rows["as_given"] * rows["unit_given"].map(_C_LB_FOR_ONE)).to_numpy(), index=rows["day"])
        found[key] = cents if own == pace else _whole_months(cents)
        read_as[key] = own
    return found, read_as


def _whole_months(cents: pd.Series) -> pd.Series:
    """Return the mean of each month that is complete."""
    daily = pd.DataFrame({"day": cents.index, "price_usd_t": cents.to_numpy(), "rate": np.nan})
    means = monthly_means(daily)
    means = means[means["complete"].astype(bool)]
    return pd.Series(means["price_usd_t"].to_numpy(), index=pd.DatetimeIndex(means["month"]))


def _first(held: dict[str, pd.Series], keys: Sequence[str]) -> tuple[pd.Series, str] | None:
    """Return the first of `keys` that is held, with its name."""
    return next(((held[key], key) for key in keys if key in held and len(held[key])), None)


def _days(held: dict[str, pd.Series]) -> pd.DatetimeIndex:
    days = pd.DatetimeIndex([], dtype="datetime64[us]")
    for series in held.values():
        days = days.union(pd.DatetimeIndex(series.index).as_unit("us"))
    return days


def _sources(
    store: Store, as_of: date | None, rows: pd.DataFrame, used: dict[str, str], lme_from: str
) -> tuple[dict[str, Any], ...]:
    """Return the sources of the series that stand in `rows`, of its months."""
    names = {
        name for told in (*rows["price_from"].unique(), *rows["freight_from"].unique()) for name in told.split(" + ")
    }
    for column, key in (("premium_c_lb", PREMIUM), ("cif_new_orleans_c_lb", NEW_ORLEANS), ("lme_c_lb", lme_from)):
        names |= {key} if rows[column].notna().any() else set()
    months = set(rows["day"].dt.to_period("M").dt.to_timestamp())
    found: list[dict[str, Any]] = []
    for key, frequency in used.items():
        if key in names:
            found += price_sources(store, key, frequency, as_of, months)
    return tuple(found)
