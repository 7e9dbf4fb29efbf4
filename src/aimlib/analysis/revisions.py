"""How figures of a month were revised from vintage to vintage.

The triangle is that of real-time data sets: each column is what could be known on one day (Croushore and Stark, "A
real-time data set for macroeconomists", Journal of Econometrics 105, 2001).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.measures import Measure, measure

_FIRST_PRINT_WITHIN_DAYS = 75
"""After a month's end; Census takes five to six weeks, and took about ten after shutdowns of the government."""


def first_prints(prints: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `prints` that are first prints: a month's earliest, where it is held from its publication on.

    What was known only long after the month, or together with a later one, may be a revision; then the first print is
    not held.
    """
    first = prints.sort_values("known_on").drop_duplicates("month").sort_values("month", ignore_index=True)
    waited = pd.to_datetime(first["known_on"]) - (first["month"] + pd.offsets.MonthEnd(0))
    is_newest = first["month"] == first.groupby("known_on")["month"].transform("max")
    return first[is_newest & (waited.dt.days <= _FIRST_PRINT_WITHIN_DAYS)].reset_index(drop=True)


def triangle(prints: pd.DataFrame, which: str | Measure = "quantity") -> pd.DataFrame:
    """Return months by vintages: each cell is the figure of its month as known on the vintage's day.

    Parameters
    ----------
    prints
        month, known_on, quantity_kg, customs_value_usd of one place: a month stood so from known_on until its next row.
    which
        ``quantity`` (metric tons) or ``value`` (US dollars).

    Returns
    -------
    pandas.DataFrame
        Index month, columns known_on, both in order. A cell is blank where the month was not published yet, and where
        it was without the figure.
    """
    what = measure(which)
    amounts = prints[what.source].to_numpy(float) / what.divisor
    numbered = prints.assign(place=np.arange(len(prints), dtype=float))
    # The place of the row that stood, and not its figure, is carried on: a blank stays one until the next vintage.
    stood = numbered.pivot(index="month", columns="known_on", values="place").sort_index().sort_index(axis=1)
    places = stood.ffill(axis=1).to_numpy()
    known = ~np.isnan(places)
    cells = np.full(places.shape, np.nan)
    cells[known] = amounts[places[known].astype(int)]
    return pd.DataFrame(cells, index=stood.index, columns=stood.columns)


def revisions(prints: pd.DataFrame, which: str | Measure = "quantity") -> pd.DataFrame:
    """Return how each month was revised, one row a month and vintage, in order.

    Columns: month, known_on, print_number (1 is the first), the measure's column, change (in its unit, on the vintage
    before; blank for the first), change_share (of the vintage before), since_first, since_first_share. `prints` as in
    `triangle`. Shares of nothing are blank.
    """
    what = measure(which)
    rows = prints.sort_values(["month", "known_on"], ignore_index=True)
    out = rows[["month", "known_on"]].assign(**{what.column: rows[what.source] / what.divisor})
    by_month = out.groupby("month")[what.column]
    out.insert(2, "print_number", by_month.cumcount() + 1)
    before = by_month.shift()
    # `first` of pandas would skip a blank first print.
    first = by_month.transform(lambda held: held.iloc[0])
    later = out["print_number"] > 1
    for name, base in (("change", before), ("since_first", first)):
        out[name] = (out[what.column] - base).where(later)
        out[f"{name}_share"] = (out[name] / base.where(base != 0)).where(later)
    return out


def how_revised(
    prints: pd.DataFrame, which: str | Measure = "quantity"
) -> dict[str, float | int | pd.Timestamp | None]:
    """Return how far the latest figures of months lie from their first prints, over the months ever revised.

    ``months`` (how many were revised, if only by nothing), ``mean_share`` (bias), ``mean_absolute_share``,
    ``largest_share`` (by size, with its sign) and ``largest_month``; fractions of the first print, None without any.
    """
    latest = revisions(prints, which).groupby("month").last()
    found = latest["since_first_share"].dropna()
    if found.empty:
        return {name: None for name in ("mean_share", "mean_absolute_share", "largest_share", "largest_month")} | {
            "months": 0
        }
    largest = found.abs().idxmax()
    return {
        "months": len(found),
        "mean_share": float(found.mean()),
        "mean_absolute_share": float(found.abs().mean()),
        "largest_share": float(found[largest]),
        "largest_month": largest,
    }
