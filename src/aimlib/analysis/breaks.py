"""Series breaks: the months in which the codes behind a series changed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.months import month_numbers


def mark_breaks(months: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """Return, month by month, whether the codes of a series changed, and which comparisons reach across it.

    Parameters
    ----------
    months
        The calendar, or any frame with a `month` column that holds one row a month.
    breaks
        The code changes of the product, from the reference: month (the first of the new code), old, new,
        note.

    Columns: month, series_break (the first month of a new code, so that a change on month reaches across
    it), break_note (``old to new: note``, joined by semicolons; empty without one) and yoy_crosses_break (a
    new code came in this month or the eleven before, so that a change on year reaches across it). A break
    before the calendar has no row, and still marks the changes on year that reach across it.
    """
    at, changed = month_numbers(months["month"]), month_numbers(breaks["month"])
    notes = (
        breaks["old"].astype("str")
        + " to "
        + breaks["new"].astype("str")
        + breaks["note"].fillna("").astype("str").map(lambda note: f": {note}" if note else "")
    )
    by_month = notes.groupby(changed, sort=False).agg("; ".join).to_dict() if len(notes) else {}

    def crosses(distance: int) -> np.ndarray:
        after = at[:, None] - changed[None, :]
        return ((after >= 0) & (after < distance)).any(axis=1)

    return pd.DataFrame(
        {
            "month": months["month"].array,
            "series_break": crosses(1),
            "break_note": [by_month.get(month, "") for month in at],
            "yoy_crosses_break": crosses(12),
        }
    )
