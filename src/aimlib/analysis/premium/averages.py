"""Weekly, monthly and yearly averages: the mean of the daily values, never the formula on averages.

The two differ where the factor changes within the period (March and June 2025), for the mean of a ratio is not the
ratio of means; `against_formula` puts them side by side.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from aimlib.analysis.premium.checks import need
from aimlib.analysis.premium.formula import COLUMNS, p1020, values
from aimlib.analysis.prices import monthly_means
from aimlib.reference.p1020 import rates

_INPUTS = ("mwtp_c_lb", "premium_c_lb", "freight_c_lb")
_WEEKDAYS_OFF = 2  # Christmas and the day after fall in one week
_FREQUENCY = {"week": "W-SUN", "month": "M", "year": "Y"}
MONTHLY_INPUTS = ("month", *_INPUTS)


def _averages(daily: pd.DataFrame, each: str) -> pd.DataFrame:
    """Return the means of `daily` (of `daily_series`) over each week, month or year."""
    need(daily, ("day", *_INPUTS, "rate", *COLUMNS), "The daily series")
    # Price, freight and duty are averaged over the same days, those that have a duty.
    rows = daily[daily["duty_c_lb"].notna()]
    period = rows["day"].dt.to_period(_FREQUENCY[each])
    # One day without a premium leaves its mean blank: it would be that of other days than the duty's.
    means = rows.groupby(period)[[*_INPUTS, "rate", *COLUMNS]].agg(partial(pd.Series.mean, skipna=False))
    told = rows.groupby(period).agg(days=("day", "size"), is_changeover=("rate", "nunique"))
    complete = {"week": _whole_weeks, "month": _whole_months, "year": _whole_years}[each](rows)
    out = told.join(means).join(complete.rename("is_complete"))
    starts = out.index.to_timestamp().as_unit("us")
    ends = (out.index.to_timestamp(how="end").normalize() - pd.Timedelta(days=2 if each == "week" else 0)).as_unit("us")
    out.insert(0, "period_start", starts)
    out.insert(1, "period_end", ends)
    columns = ["period_start", "period_end", "days", "is_complete", "is_changeover", *means.columns]
    return (
        out[columns]
        .assign(day_weighted=False)
        .assign(is_changeover=out["is_changeover"] > 1)
        .astype({"is_complete": bool})
        .reset_index(drop=True)
    )


def weekly(daily: pd.DataFrame) -> pd.DataFrame:
    """Return weekly averages of the daily series; a week runs from Monday (period_start) to Friday (period_end).

    Columns: period_start, period_end, days (with a duty), is_complete, is_changeover (the factor changes within it),
    the means of mwtp_c_lb, premium_c_lb, freight_c_lb, rate and `formula.COLUMNS`, and day_weighted (False). A week
    is complete when it lacks two days at most; the first one needs its Monday, the last its Friday.
    """
    return _averages(daily, "week")


def monthly(daily: pd.DataFrame) -> pd.DataFrame:
    """Return monthly averages of the daily series, in the columns of `weekly`.

    A month is complete by the rule of `aimlib.analysis.prices.monthly_means`: holidays can explain what lacks.
    """
    return _averages(daily, "month")


def yearly(daily: pd.DataFrame) -> pd.DataFrame:
    """Return yearly averages of the daily series, in the columns of `weekly`; complete with twelve complete months."""
    return _averages(daily, "year")


def against_formula(averages: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of the daily duties beside the formula on averages of price, freight and rate.

    `averages` are those of `weekly`, `monthly` or `yearly`. Columns: period_start, period_end, is_complete,
    is_changeover, duty_c_lb (the reporter's), duty_of_averages_c_lb (the wrong road), gap_c_lb and gap_usd_t (the
    second less the first).
    """
    wrong = p1020(averages["mwtp_c_lb"], averages["freight_c_lb"], averages["rate"])
    out = averages[["period_start", "period_end", "is_complete", "is_changeover", "duty_c_lb"]].assign(
        duty_of_averages_c_lb=wrong["duty_c_lb"]
    )
    out["gap_c_lb"] = out["duty_of_averages_c_lb"] - out["duty_c_lb"]
    return out.assign(gap_usd_t=wrong["duty_usd_t"] - averages["duty_usd_t"])


def from_monthly_prices(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the values by month where only monthly prices are held, in the columns of `weekly`.

    `frame` has month, mwtp_c_lb, premium_c_lb and freight_c_lb. The duty is the month's FOB value times the mean of
    rate / (1 + rate) over its weekdays, which is right if the price did not move within the month; ``rate`` is the one
    that gives this duty. All rows have day_weighted True, days 0 and is_complete True.
    """
    need(frame, MONTHLY_INPUTS, "The frame of monthly prices")
    rows = frame.sort_values("month", kind="stable", ignore_index=True)
    weights = _weights(rows["month"])
    rate = weights["share"] / (1 - weights["share"])
    # Only to refuse what the formula refuses; the duty follows from the share.
    p1020(rows["mwtp_c_lb"], rows["freight_c_lb"], rate, rows["premium_c_lb"])
    fob = rows["mwtp_c_lb"] - rows["freight_c_lb"]
    duty = fob * weights["share"]
    found = values(rows["mwtp_c_lb"], rows["premium_c_lb"], fob, fob - duty, duty)
    out = pd.DataFrame(
        {
            "period_start": rows["month"],
            "period_end": rows["month"] + pd.offsets.MonthEnd(1),
            "days": 0,
            "is_complete": True,
            "is_changeover": weights["changes"],
            **{name: rows[name] for name in _INPUTS},
            "rate": rate,
        }
    )
    return out.assign(**found, day_weighted=True)


def _weights(months: pd.Series) -> pd.DataFrame:
    """Return the mean of rate / (1 + rate) over each month's weekdays, and whether the factor changes within it."""
    found = []
    for month in months:
        held = rates(pd.Series(pd.bdate_range(month, month + pd.offsets.MonthEnd(1))))["rate"]
        found.append({"share": (held / (1 + held)).mean(skipna=False), "changes": held.nunique() > 1})
    return pd.DataFrame(found, columns=["share", "changes"], index=months.index).astype(
        {"share": "float64", "changes": bool}
    )


def _whole_weeks(rows: pd.DataFrame) -> pd.Series:
    held = rows.groupby(rows["day"].dt.to_period("W-SUN"))["day"].agg(["size", "min", "max"])
    complete = held["size"] >= 5 - _WEEKDAYS_OFF
    if len(held):
        complete.iloc[0] &= held["min"].iloc[0].weekday() == 0
        complete.iloc[-1] &= held["max"].iloc[-1].weekday() == 4
    return complete


def _whole_months(rows: pd.DataFrame) -> pd.Series:
    found = monthly_means(rows[["day", "rate"]].assign(price_usd_t=rows["duty_usd_t"]))
    return pd.Series(np.asarray(found["complete"]), index=pd.PeriodIndex(found["month"], freq="M"), dtype="bool")


def _whole_years(rows: pd.DataFrame) -> pd.Series:
    months = _whole_months(rows)
    return months.groupby(months.index.asfreq("Y")).sum() == 12
