"""Imports from all partners, and how much of them a selection of partners makes up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import block, keys_of, ratio, remainder, series_of
from aimlib.analysis.grid import AMOUNTS, grid
from aimlib.analysis.measures import Measure, measure
from aimlib.analysis.months import check_calendar, month_numbers

REST = "REST"
TOTAL = "TOTAL"


def total(
    rows: pd.DataFrame,
    totals: pd.DataFrame,
    months: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    products: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the imports from all partners as a grid frame, with a column `published`.

    In complete months this is the sum over the countries: the load has checked it against the published total
    to the dollar, and only the countries' rows show which quantities are missing. In selections it is the
    published total, and blank (`not_listed`) in a month that has none or lacks it for a code that the listed
    partners traded. `published` says that the month holds a published total.

    `by` is ``()`` or ``("product",)``; `products` limits the categories.
    """
    if set(by) - {"product"}:
        raise ValueError("totals are over all origins; the only key is product")
    if "product" in by and products is None:
        products = sorted({*rows["product"].unique(), *totals["product"].unique()})
    calendar = check_calendar(months)
    held = np.isin(calendar, month_numbers(totals["month"][totals["customs_value_usd"].notna()]))
    selection = months["loaded"].to_numpy(bool) & (months["coverage"] == "selection").to_numpy()

    out = grid(rows, months, _nobody(rows), by=by, products=products)
    count = len(out) // max(len(months), 1)
    out["published"] = np.tile(held, count)
    if not (held & selection).any():
        return out
    published = _published(rows, totals, months, held & selection, by, products)
    use = np.tile(held & selection, count) & ~published["not_listed"].to_numpy()
    out["not_listed"] &= ~use
    for name in AMOUNTS:
        out[name] = np.where(use, published[name], out[name])
    return out


def _nobody(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.iloc[:0][["month", "origin"]]


def _published(
    rows: pd.DataFrame,
    totals: pd.DataFrame,
    months: pd.DataFrame,
    held: np.ndarray,
    by: Sequence[str],
    products: Sequence[str] | None,
) -> pd.DataFrame:
    """Return the published totals of the months `held` as a grid frame, blank where a code's is lacking.

    The total is one partner's complete answer: a line without a row is zero, unless a country has traded it.
    """
    answer = totals.assign(origin=TOTAL)
    calendar = months.assign(loaded=held, coverage=np.where(held, "complete", ""))
    out = grid(answer, calendar, _nobody(answer), by=by, products=products)
    asked = rows["month"].isin(months["month"][held]) & (rows["customs_value_usd"] > 0)
    if products is not None:
        asked &= rows["product"].isin(products)
    codes = totals[["month", "code"]].drop_duplicates()
    lacking = rows.loc[asked, ["month", "code", "product"]].merge(codes, how="left", indicator=True)
    lacking = lacking[lacking["_merge"] == "left_only"]
    keys = ["month", *by]
    known = out[keys].merge(lacking[keys].drop_duplicates(), how="left", indicator=True)["_merge"] == "left_only"
    return out.assign(not_listed=~known.to_numpy())


def rest(parts: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Return the whole less the parts shown, as a grid frame with the keys of the whole.

    A part that is blank because it is not listed stays within the rest; `not_listed` is True in selections,
    where the rest stands for partners that are not listed too. Blank where the whole is.
    """
    keys, count = keys_of(whole), len(series_of(whole))
    at = np.zeros(len(series_of(parts)), dtype=np.int64)
    if keys:
        of_whole = pd.MultiIndex.from_frame(series_of(whole))
        at = of_whole.get_indexer(pd.MultiIndex.from_frame(series_of(parts)[keys]))
    left = {}
    for name in AMOUNTS:
        taken = np.zeros((count, block(whole, name).shape[1]))
        np.add.at(taken, at[at >= 0], np.nan_to_num(block(parts, name))[at >= 0])
        left[name] = remainder(block(whole, name), taken)
    # A published total does not show which of its quantities are missing, its parts do.
    value = np.maximum(left["customs_value_usd"], 0.0)
    left["customs_value_with_quantity_usd"] = np.clip(left["customs_value_with_quantity_usd"], 0.0, value)
    out = whole.assign(**{name: values.ravel() for name, values in left.items()})
    out["not_listed"] = whole["coverage"].eq("selection")
    return out


def listed_share(
    rows: pd.DataFrame,
    totals: pd.DataFrame,
    months: pd.DataFrame,
    listed: pd.DataFrame,
    which: str | Measure = "value",
) -> pd.DataFrame:
    """Return, month by month, what the listed partners make up of the total.

    Columns: month, coverage, partial, listed_origins (their number; of a complete month, those that traded),
    the measure's column (of the listed partners together), `<column>_total`, `<column>_rest`, and
    share_listed, which is one in a complete month and blank without a total.
    """
    what = measure(which)
    by_origin = grid(rows, months, listed, by=("origin",))
    amounts, loaded = block(by_origin, what.source), months["loaded"].to_numpy(bool)
    together = np.where(loaded, np.nansum(amounts, axis=0), np.nan) / what.divisor
    of_all = total(rows, totals, months)[what.source].to_numpy() / what.divisor
    named, traded = block(by_origin, "not_listed") == 0, block(by_origin, "customs_value_usd") > 0
    selection = (months["coverage"] == "selection").to_numpy()
    return months[["month", "coverage", "partial"]].assign(
        listed_origins=np.where(selection, named, traded).sum(axis=0),
        **{
            what.column: together,
            f"{what.column}_total": of_all,
            f"{what.column}_rest": remainder(of_all, together),
        },
        share_listed=ratio(together, of_all),
    )
