"""Which months rest on licenses, and which of them are still filling."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

SETTLED_AFTER_DAYS = 7
"""A month counts as still filling until so many days after its end: an assumed default, a parameter everywhere."""


def early_months(months: pd.DataFrame, as_of: date, settled_after_days: int = SETTLED_AFTER_DAYS) -> pd.DataFrame:
    """Return the months that rest on licenses: those after the last Census month through that of `as_of`.

    `months` is the calendar of `Imports`. Columns: month, partial (still filling: the month has not ended, or fewer
    than `settled_after_days` days ago), share_elapsed (the part of its days that are over, `as_of` among them). A
    month that Census lacks before its last one is no early month. Empty where no Census month is loaded.
    """
    loaded = months.loc[months["loaded"].to_numpy(bool), "month"]
    day = pd.Timestamp(as_of)
    start = loaded.max() + pd.DateOffset(months=1) if len(loaded) else day + pd.DateOffset(months=1)
    early = pd.Series(pd.date_range(start, day, freq="MS", unit="us"), dtype="datetime64[us]")
    ended = early + pd.offsets.MonthEnd(0)
    elapsed = ((day - early).dt.days + 1) / early.dt.days_in_month
    return pd.DataFrame(
        {
            "month": early,
            "partial": (ended + np.timedelta64(settled_after_days, "D")) > day,
            "share_elapsed": elapsed.astype("float64").clip(upper=1.0),
        }
    )
