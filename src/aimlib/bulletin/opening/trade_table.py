"""Which table, product, frequency and day the global comparison rests on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from aimlib.bulletin.parameters import GatmComparison
from aimlib.errors import AimError
from aimlib.ingest.global_trade.baci import baci_blocks
from aimlib.ingest.global_trade.held import held_trade
from aimlib.ingest.global_trade.wanted import world_product
from aimlib.present import numbers
from aimlib.reference import products
from aimlib.reference.products import Product
from aimlib.store import Store

COMTRADE, BACI = "comtrade", "baci"
_LOAD = "Load reports (aim load comtrade FILE, aim fetch comtrade) or BACI (aim load baci FILE)."
_ALL_TIME = {"first": pd.Timestamp("1962-01-01"), "last": pd.Timestamp("2261-01-01")}


@dataclass(frozen=True)
class Held:
    """What the comparison rests on, and the first and last period held of it. ``edition`` is BACI's (HS92), else ''."""

    table: str
    product: Product
    frequency: str
    day: dt.date
    first: pd.Timestamp
    last: pd.Timestamp
    edition: str = ""


def choose_table(store: Store, parameters: GatmComparison) -> Held:
    """Return the table asked for or held, the product asked for or the widest, and how often it is told.

    Raises AimError where the store holds none of it by the day.
    """
    every = held_trade(store, parameters.as_of)
    if every.empty:
        raise AimError("The store holds no trade of other countries" + _by(parameters.as_of) + ".", _LOAD)
    table = parameters.source or (COMTRADE if (every["table"] == COMTRADE).any() else BACI)
    held = every[every["table"] == table]
    if held.empty:
        raise AimError(f"The store holds nothing of {table}{_by(parameters.as_of)}.", _LOAD)
    frequency = _frequency(held, parameters)
    # A year is the sum of its months where the year itself is not held.
    used = held if frequency == "annual" else held[held["frequency"] == "monthly"]
    product = _product(store, table, used, parameters)
    first, last = used["first"].min(), used["last"].max()
    if frequency == "annual":
        first, last = (day.replace(month=1) for day in (first, last))
    day = parameters.as_of or max(store.known_days(table))
    edition = ""
    if table == BACI:
        edition = baci_blocks(store, product, as_of=parameters.as_of, **_ALL_TIME)["concept"].iloc[0]
    return Held(table, product, frequency, day, first, last, edition)


def _frequency(held: pd.DataFrame, parameters: GatmComparison) -> str:
    paces = set(held["frequency"])
    if parameters.frequency == "monthly" and "monthly" not in paces:
        raise AimError("The store holds no monthly figures of other countries' trade.", "Take frequency=annual.")
    return parameters.frequency or ("monthly" if "monthly" in paces else "annual")


def _product(store: Store, table: str, held: pd.DataFrame, parameters: GatmComparison) -> Product:
    if parameters.product:
        product = world_product(parameters.product)
        if not _is_held(store, table, held, product, parameters.as_of):
            raise AimError(f"The store does not hold all of {product.phrase}. It holds {_codes(held)}.", _advice(held))
        return product
    for key in ("gatm", *products.resolve("gatm").categories):
        product = products.resolve(key)
        if _is_held(store, table, held, product, parameters.as_of):
            return product
    codes = sorted({code for found in held["codes"] for code in found})
    return world_product(codes[0])


def _is_held(store: Store, table: str, held: pd.DataFrame, product: Product, as_of: dt.date | None) -> bool:
    if table == BACI:
        return not baci_blocks(store, product, as_of=as_of, **_ALL_TIME).empty
    levels = held[held["code_level"] == "hs6"] if product.key.isdecimal() and len(product.key) == 6 else held
    return set(products.headings_of(product)) <= {code for found in levels["codes"] for code in found}


def _codes(held: pd.DataFrame) -> str:
    codes = sorted({code for found in held["codes"] for code in found})
    shown = [f"{code[:4]}.{code[4:]}".rstrip(".") for code in codes]
    return numbers.joined(shown) if len(shown) <= 8 else f"{', '.join(shown[:8])} and {len(shown) - 8} more"


def _advice(held: pd.DataFrame) -> str:
    codes = sorted({code for found in held["codes"] for code in found})
    return f"Ask for what is held, such as -p product={codes[0]}, or load the rest."


def _by(day: dt.date | None) -> str:
    return f" known by {day}" if day else ""
