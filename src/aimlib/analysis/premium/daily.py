"""The series day by day, each with the factor of its day."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.premium.checks import need
from aimlib.analysis.premium.formula import p1020
from aimlib.errors import AimError
from aimlib.reference.p1020 import changeover_days, rates

INPUTS = ("day", "mwtp_c_lb", "premium_c_lb", "freight_c_lb")


def daily_series(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the reporter's values of each day.

    `frame` has day, mwtp_c_lb, premium_c_lb and freight_c_lb, as `aimlib.ingest.read_p1020` gives them; other
    columns are kept. Added are rate (the factor of the day, a fraction), factor_confidence, is_changeover (the
    first day held with a new factor) and `formula.COLUMNS`. Rows are in the order of days. A day before the series
    starts (August 1, 2018), or without price or freight, has blanks.

    Raises AimError where a column lacks, a day is given twice, or a figure cannot be.
    """
    need(frame, INPUTS, "The frame of prices")
    rows = frame.sort_values("day", kind="stable", ignore_index=True)
    double = rows["day"].duplicated()
    if double.any():
        raise AimError(f"{rows['day'][double].iloc[0]:%Y-%m-%d} is given twice.", "Give each day once.")
    held = rates(rows["day"])
    found = p1020(rows["mwtp_c_lb"], rows["freight_c_lb"], held["rate"], rows["premium_c_lb"])
    added = {
        "rate": held["rate"],
        "factor_confidence": held["confidence"],
        "is_changeover": _changeovers(rows["day"], held["changed_on"]),
    }
    return rows.assign(**added, **found)


def _changeovers(days: pd.Series, changed_on: pd.Series) -> pd.Series:
    """Tell the first day held of each factor that took another's place while the series was held."""
    is_first = changed_on.notna() & (changed_on != changed_on.shift())
    if len(days):
        is_first.iloc[0] = days.iloc[0] == changed_on.iloc[0]
    return is_first & changed_on.isin([pd.Timestamp(day) for day in changeover_days()])
