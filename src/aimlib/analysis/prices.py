"""Prices by month: the mean of a daily series, and two accounts of the same price side by side."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from aimlib.ingest.read_prices import monthly_means

__all__ = ["NOTED_GAP", "Comparison", "by_month", "compare_monthly", "monthly_means"]

NOTED_GAP = 0.005


@dataclass(frozen=True)
class Comparison:
    """Two monthly series where both have a figure.

    Attributes
    ----------
    months
        month, a, b (in their unit), gap (fraction: a / b - 1).
    median, largest
        Of the gap's size, fractions; NaN where no month is in both.
    largest_month
        The month of the largest gap, None where there is none.
    noted
        The rows of `months` whose gap is larger than the threshold.
    left_out
        Months in both that were not compared, for one of the two is not complete.
    """

    months: pd.DataFrame
    median: float
    largest: float
    largest_month: pd.Timestamp | None
    noted: pd.DataFrame
    left_out: tuple[pd.Timestamp, ...]


def by_month(prices: pd.DataFrame, frequency: str) -> pd.DataFrame:
    """Return a series by month: month, price_usd_t, days (0 in a monthly series), complete.

    `prices` has day and price_usd_t (and, where daily, rate), as `read_prices` gives them.
    """
    columns = ["month", "price_usd_t", "days", "complete"]
    if frequency == "daily":
        return monthly_means(prices)[columns]
    return prices.rename(columns={"day": "month"}).assign(days=0, complete=True)[columns]


def compare_monthly(a: pd.DataFrame, b: pd.DataFrame, above: float = NOTED_GAP) -> Comparison:
    """Compare two series by month, each with month, price_usd_t and complete (as `by_month` gives them).

    Months that only one of them has are left out, and so are incomplete ones.
    """
    both = a.merge(b, on="month", suffixes=("_a", "_b")).sort_values("month", ignore_index=True)
    whole = both["complete_a"].astype(bool) & both["complete_b"].astype(bool)
    months = both[whole].reset_index(drop=True)
    months = pd.DataFrame(
        {
            "month": months["month"],
            "a": months["price_usd_t_a"],
            "b": months["price_usd_t_b"],
            "gap": months["price_usd_t_a"] / months["price_usd_t_b"] - 1,
        }
    )
    size = months["gap"].abs()
    return Comparison(
        months=months,
        median=float(size.median()),
        largest=float(size.max()),
        largest_month=months["month"][size.idxmax()] if len(months) else None,
        noted=months[size > above].reset_index(drop=True),
        left_out=tuple(both.loc[~whole, "month"]),
    )
