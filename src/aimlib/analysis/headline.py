"""The key figures of one place, product and measure, for the strip at the head of a bulletin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.analysis.grid import grid
from aimlib.analysis.growth import changes
from aimlib.analysis.measures import Measure, measure
from aimlib.analysis.months import latest_month
from aimlib.analysis.shares import shares
from aimlib.analysis.totals import total
from aimlib.analysis.unit_values import unit_values


@dataclass(frozen=True)
class Headline:
    """The key figures through the latest month that compares. None: not available.

    Attributes
    ----------
    status
        ``ok``; ``no trade`` (the months are loaded, and hold nothing for the place); ``not listed`` (the
        month is a selection that does not list the place); ``nothing loaded`` (no month that compares).
    month, partial_month
        The month of the figures, and a later month that is still filling, if there is one.
    data_basis, provisional, coverage
        Of the month, from the calendar.
    column
        The measure's column, whose unit `level` to `annualized` and `total` have: customs_value_usd,
        quantity_t.
    level, prior_month, prior_year
        The month, the month before, the same month of the year before.
    mom, yoy, ytd_yoy, last_12_months_yoy
        Changes as fractions; ytd_yoy over `ytd_months_compared` months.
    ytd, last_12_months, annualized
        January through the month, the last twelve months, and the year to date at annual rate.
    total, share_of_total, share_of_total_prior_year
        All origins in the month, the place's share of them, and its share a year before.
    rank, ranked, rank_among_listed
        The country's place among the `ranked` origins with trade in the month; whether those are only the
        ones that a selection lists. None for groups and for all origins.
    unit_value_usd_t, unit_value_mom, unit_value_yoy, share_value_covered
        Of the month, whatever the measure.
    """

    status: str
    column: str
    month: pd.Timestamp | None = None
    partial_month: pd.Timestamp | None = None
    data_basis: str = ""
    provisional: bool = False
    coverage: str = ""
    level: float | None = None
    prior_month: float | None = None
    prior_year: float | None = None
    mom: float | None = None
    yoy: float | None = None
    ytd: float | None = None
    ytd_yoy: float | None = None
    ytd_months_compared: int = 0
    last_12_months: float | None = None
    last_12_months_yoy: float | None = None
    annualized: float | None = None
    total: float | None = None
    share_of_total: float | None = None
    share_of_total_prior_year: float | None = None
    rank: int | None = None
    ranked: int | None = None
    rank_among_listed: bool = False
    unit_value_usd_t: float | None = None
    unit_value_mom: float | None = None
    unit_value_yoy: float | None = None
    share_value_covered: float | None = None


def headline(
    rows: pd.DataFrame,
    totals: pd.DataFrame,
    months: pd.DataFrame,
    listed: pd.DataFrame,
    *,
    origins: Sequence[str] | None = None,
    which: str | Measure = "value",
    month: pd.Timestamp | None = None,
    whole: pd.DataFrame | None = None,
    place: pd.DataFrame | None = None,
) -> Headline:
    """Return the key figures of a country, a group's members, or all origins.

    `origins` is None for all. `month` is the latest that compares unless said. The frames are as the reader hands them
    over, for one product; shares and ranks are within it. `whole` and `place` are the grids of all and of `origins`
    made of them, if they are at hand.
    """
    what = measure(which)
    month = month or latest_month(months)
    partial = months.loc[months["loaded"] & months["partial"], "month"]
    partial = partial[partial > month] if month is not None else partial
    still_filling = partial.iloc[-1] if len(partial) else None
    if month is None or not (months["month"] == month).any():
        return Headline("nothing loaded", what.column, partial_month=still_filling)

    whole = total(rows, totals, months) if whole is None else whole
    if origins is None:
        place = whole
    elif place is None:
        place = grid(rows, months, listed, origins=origins)
    series = unit_values(changes(shares(place, whole, what), what))
    at = int(np.flatnonzero(months["month"] == month)[0])
    now = series.iloc[at]
    calendar = months.iloc[at]
    c = what.column
    rank, ranked = _rank(rows, months, listed, origins, what, at)

    def before(column: str, by: int) -> float | None:
        compares = at >= by and not series["partial"].iat[at - by]
        return _number(series[column].iat[at - by]) if compares else None

    return Headline(
        status=_status(series, at),
        column=c,
        month=month,
        partial_month=still_filling,
        data_basis=str(calendar["data_basis"]),
        provisional=bool(calendar["provisional"]),
        coverage=str(calendar["coverage"]),
        level=_number(now[c]),
        prior_month=before(c, 1),
        prior_year=before(c, 12),
        **{name: _number(now[f"{c}_{name}"]) for name in ("mom", "yoy", "ytd", "ytd_yoy", "annualized")},
        ytd_months_compared=int(now["ytd_months_compared"]),
        last_12_months=_number(now[f"{c}_12m"]),
        last_12_months_yoy=_number(now[f"{c}_12m_yoy"]),
        total=_number(whole[what.source].iat[at] / what.divisor),
        share_of_total=_number(now["share_of_total"]),
        share_of_total_prior_year=before("share_of_total", 12),
        rank=rank,
        ranked=ranked,
        rank_among_listed=rank is not None and calendar["coverage"] == "selection",
        unit_value_usd_t=_number(now["unit_value_usd_t"]),
        unit_value_mom=_number(now["unit_value_usd_t_mom"]),
        unit_value_yoy=_number(now["unit_value_usd_t_yoy"]),
        share_value_covered=_number(now["share_value_covered"]),
    )


def _status(series: pd.DataFrame, at: int) -> str:
    if series["not_listed"].iat[at]:
        return "not listed"
    if series["coverage"].iat[at] == "":
        return "nothing loaded"
    return "ok" if (series["customs_value_usd"] > 0).any() else "no trade"


def _rank(
    rows: pd.DataFrame,
    months: pd.DataFrame,
    listed: pd.DataFrame,
    origins: Sequence[str] | None,
    what: Measure,
    at: int,
) -> tuple[int | None, int | None]:
    """Return the rank of a single country in the month and the number of origins ranked with it."""
    if origins is None or len(origins) != 1:
        return None, None
    month = months.iloc[[at]]
    of_month = grid(
        rows[rows["month"] == month["month"].iloc[0]], month, listed[listed["month"].isin(month["month"])],
        by=("origin",),
    )  # fmt: skip
    amount = of_month.loc[of_month[what.source].gt(0) & ~of_month["partial"], ["origin", what.source]]
    own = amount.loc[amount["origin"] == origins[0], what.source]
    return (int((amount[what.source] > own.iloc[0]).sum()) + 1 if len(own) else None), len(amount)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
