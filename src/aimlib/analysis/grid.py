"""The complete calendar of imports: every series in every month, with zero, blank and not listed told apart.

A grid frame is tidy and long: the key columns asked for (`origin`, `product`, both or none), then

    month       month start; each series holds every month of the calendar, in order
    coverage    'complete', 'selection' or '' (not loaded)
    partial     the month is still filling; its figures are shown, and compared with nothing
    not_listed  the month is loaded, but as a selection that does not list (all of) the origins summed here.
                A row is not enough: a partner that only some of the product's headings list has rows, and
                its sum over the product would still be short
    customs_value_usd
                zero where a complete answer, or a selection that lists the origin, has no row;
                blank (NaN) where the month is not loaded or the origin not listed
    quantity_kg the sum of the quantities present. Blank where there is value but no quantity at all, and
                everywhere in a table that holds no quantity
    customs_value_with_quantity_usd
                the value of the rows whose quantity is present: what unit values are made of, and as a share
                of all value the measure of how much a quantity covers
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import KEYS, block, months_of, series_of
from aimlib.analysis.months import check_calendar, month_numbers

AMOUNTS = ("customs_value_usd", "quantity_kg", "customs_value_with_quantity_usd")


def grid(
    rows: pd.DataFrame,
    months: pd.DataFrame,
    listed: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    origins: Sequence[str] | None = None,
    products: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the grid frame of country rows, one series for each key.

    Parameters
    ----------
    rows, months, listed
        The country rows, the calendar and the partners that selections list, as the reader hands them over.
    by
        The keys: ``()``, ``("origin",)``, ``("product",)`` or ``("origin", "product")``.
    origins
        The countries to take: a country, the members of a group, or None for all. With `origin` among the
        keys each is a series, traded or not. Without it they are summed, and the sum is blank in a
        selection that does not list each of them; the sum over all is blank in any selection (see
        `totals.total`).
    products
        The product categories to take, None for those that occur.
    """
    if origins is not None and not len(origins):
        raise ValueError("origins is empty; None takes all")
    by = [key for key in KEYS if key in by]
    calendar = check_calendar(months)
    row_month = _positions(rows, calendar)
    origin_at, found_origins = pd.factorize(rows["origin"])
    listing, places = _listing(listed, months, calendar, found_origins, origins)
    origin_at = _recode(origin_at, found_origins, places)
    keep = origin_at >= 0
    categories, series = pd.Index([], dtype="str"), np.zeros(len(rows), dtype=np.int64)
    if "origin" in by:
        series = origin_at
    if "product" in by or products is not None:
        product_at, found_products = pd.factorize(rows["product"])
        categories = pd.Index(sorted(found_products) if products is None else list(products), dtype="str")
        product_at = _recode(product_at, found_products, categories)
        keep &= product_at >= 0
        if "product" in by:
            series = series * len(categories) + product_at

    sizes = [len(places) if key == "origin" else len(categories) for key in by]
    count = int(np.prod(sizes))
    amounts = sum_cells(rows, keep, series * len(calendar) + row_month, (count, len(calendar)))
    if "origin" in by:
        present = np.repeat(listing, count // max(len(places), 1), axis=0)
    else:
        everyone = listing.all(axis=0) if origins is not None else (months["coverage"] == "complete").to_numpy()
        present = np.broadcast_to(everyone, (count, len(calendar)))
    levels = {"origin": places, "product": categories}
    return assemble({key: levels[key] for key in by}, months, present, amounts)


def assemble(
    keys: dict[str, pd.Index], months: pd.DataFrame, present: np.ndarray, amounts: dict[str, np.ndarray]
) -> pd.DataFrame:
    """Lay out a grid frame of the product of `keys`; what is not `present` is blank."""
    count, size = present.shape
    loaded = months["loaded"].to_numpy(bool)
    columns = {}
    repeat = count * size
    for key, values in keys.items():
        repeat //= max(len(values), 1)
        columns[key] = values.take(np.resize(np.repeat(np.arange(len(values)), repeat), count * size))
    every = np.tile(np.arange(size), count)
    columns["month"] = months["month"].array.take(every)
    columns["coverage"] = months["coverage"].where(loaded, "").array.take(every)
    columns["partial"] = months["partial"].to_numpy(bool)[every]
    columns["not_listed"] = (loaded & ~present).ravel()
    known = present & loaded
    columns |= {name: np.where(known, amounts[name], np.nan).ravel() for name in AMOUNTS}
    return pd.DataFrame(columns)


def sum_cells(rows: pd.DataFrame, keep: np.ndarray, cell: np.ndarray, shape: tuple[int, int]) -> dict[str, np.ndarray]:
    """Sum rows into cells numbered row by row of `shape`, by the rules of this module for what is missing.

    A cell with a row whose value is missing has no value. A quantity is missing where rows lack theirs and
    nothing that has one stands beside them; a row of no value lacks nothing.
    """
    cell, size = cell[keep], int(np.prod(shape))
    value = rows["customs_value_usd"].to_numpy(float)[keep]
    quantity = rows["quantity_kg"].to_numpy(float)
    never = len(quantity) > 0 and np.isnan(quantity).all()
    quantity = quantity[keep]

    def summed(weights: np.ndarray) -> np.ndarray:
        return np.bincount(cell, weights=weights, minlength=size).reshape(shape)

    missing = summed(np.isnan(value)) > 0
    has = ~np.isnan(quantity)
    covered = summed(np.where(has, np.nan_to_num(value), 0.0))
    weight = summed(np.nan_to_num(quantity))
    lacking = summed(~has & (value != 0)) > 0
    blank = (lacking & (covered == 0) & (weight == 0)) | never
    return {
        "customs_value_usd": np.where(missing, np.nan, summed(np.nan_to_num(value))),
        "quantity_kg": np.where(blank, np.nan, weight),
        "customs_value_with_quantity_usd": np.where(missing, np.nan, covered),
    }


def over_products(cells: pd.DataFrame) -> pd.DataFrame:
    """Sum a grid by origin and product over the products: the grid by origin, without the rows."""
    size = len(months_of(cells))
    origins = pd.Index(series_of(cells)["origin"].unique())
    stacked = {name: block(cells, name).reshape(len(origins), -1, size) for name in (*AMOUNTS, "not_listed")}
    summed = {name: values.sum(axis=1) for name, values in stacked.items()}
    quantity = np.nansum(stacked["quantity_kg"], axis=1)
    blank = np.isnan(stacked["quantity_kg"]).any(axis=1) & (quantity == 0)
    blank &= ~(summed["customs_value_with_quantity_usd"] > 0)
    first = cells.iloc[:size]
    months = pd.DataFrame({"month": first["month"], "coverage": first["coverage"], "partial": first["partial"]}).assign(
        loaded=first["coverage"].ne("")
    )
    summed["quantity_kg"] = np.where(blank, np.nan, quantity)
    present = (summed["not_listed"] == 0) & months["loaded"].to_numpy()
    return assemble({"origin": origins}, months, present, summed)


def _positions(rows: pd.DataFrame, calendar: np.ndarray) -> np.ndarray:
    """Return the place of each row's month in the calendar; ValueError for a month that is not in it."""
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    at = month_numbers(rows["month"]) - (calendar[0] if len(calendar) else 0)
    if at.min() < 0 or at.max() >= len(calendar):
        raise ValueError("rows hold a month that the calendar does not")
    return at


def _recode(at: np.ndarray, found: pd.Index, wanted: pd.Index) -> np.ndarray:
    """Turn places in `found` into places in `wanted`, -1 where not wanted."""
    return wanted.get_indexer(found)[at] if len(found) else at


def _listing(
    listed: pd.DataFrame,
    months: pd.DataFrame,
    calendar: np.ndarray,
    found: pd.Index,
    origins: Sequence[str] | None,
) -> tuple[np.ndarray, pd.Index]:
    """Return for each origin wanted whether an answer speaks of it, month by month, and those origins."""
    if origins is None:
        places = pd.Index(sorted({*found, *listed["origin"]}), dtype="str")
    else:
        places = pd.Index(list(dict.fromkeys(origins)), dtype="str")
    coverage = months["coverage"].to_numpy()
    named = np.zeros((len(places), len(calendar)), dtype=bool)
    at, month = places.get_indexer(listed["origin"]), _positions(listed, calendar)
    named[at[at >= 0], month[at >= 0]] = True
    return np.where(coverage == "complete", True, named & (coverage == "selection")), places
