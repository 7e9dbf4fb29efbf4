"""Changes and averages of monthly series, month by month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import (
    change,
    lag,
    levels,
    matched_year_to_date,
    months_of,
    rolling_sum,
    year_to_date,
)
from aimlib.analysis.measures import Measure, measure


def changes(frame: pd.DataFrame, which: str | Measure = "value") -> pd.DataFrame:
    """Return the grid frame with the measure's level, changes, sums and averages.

    Added columns, `c` being the measure's column (customs_value_usd or quantity_t):

    - ``c``: the level in the month, shown for a month still filling too;
    - ``c_mom``, ``c_yoy``: change on the month before and on the same month of the year before;
    - ``c_3m_average``, ``c_12m_average``: sum over the last 3 or 12 calendar months divided by 3 or 12;
    - ``c_12m``, ``c_12m_yoy``: sum over the last 12 months, and its change on the 12 months before;
    - ``c_ytd``: January through the month; ``c_annualized``: that at annual rate, times 12 and divided by the
      number of the month, not seasonally adjusted;
    - ``c_ytd_yoy``: change of the year to date, over those months only that both years hold, of which there
      are ``ytd_months_compared``.

    Changes are fractions. All but the level is blank where a month needed is not loaded, not listed or still
    filling, and changes are blank on a base of zero.
    """
    what = measure(which)
    c, level, months = what.column, levels(frame, what), months_of(frame)
    twelve, to_date = rolling_sum(level, 12), year_to_date(level, months[0] if len(months) else 0)
    now, then, count = matched_year_to_date(level, months[0] if len(months) else 0)
    made = {
        f"{c}_mom": change(level, lag(level, 1)),
        f"{c}_yoy": change(level, lag(level, 12)),
        f"{c}_3m_average": rolling_sum(level, 3) / 3,
        f"{c}_12m_average": twelve / 12,
        f"{c}_12m": twelve,
        f"{c}_12m_yoy": change(twelve, lag(twelve, 12)),
        f"{c}_ytd": to_date,
        f"{c}_annualized": to_date * 12 / (months % 12 + 1),
        f"{c}_ytd_yoy": change(now, then),
        "ytd_months_compared": np.where(np.isfinite(level), count, 0),
    }
    made[f"{c}_ytd_yoy"] = np.where(np.isfinite(level), made[f"{c}_ytd_yoy"], np.nan)
    return frame.assign(
        **{c: frame[what.source] / what.divisor}, **{name: values.ravel() for name, values in made.items()}
    )


def seasonal_range(frame: pd.DataFrame, which: str | Measure = "value") -> pd.DataFrame:
    """Return the grid frame with the range that the three years before span, month by month.

    Added columns: the measure's column, ``c_range_low`` and ``c_range_high``, the least and the greatest of
    the same calendar month in the three years before. Blank unless all three are there: a range over fewer
    years would be narrower for no reason but the gap. A month still filling, or not loaded, has its range
    all the same, for it rests on earlier years alone.
    """
    what = measure(which)
    level = levels(frame, what)
    before = np.stack([lag(level, 12 * years) for years in (1, 2, 3)])
    low, high = before.min(axis=0), before.max(axis=0)
    return frame.assign(
        **{
            what.column: frame[what.source] / what.divisor,
            f"{what.column}_range_low": low.ravel(),
            f"{what.column}_range_high": high.ravel(),
        }
    )
