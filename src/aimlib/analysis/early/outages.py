"""Days without licensing, and the months whose licenses they touch."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.early.thursdays import day_numbers, thursday
from aimlib.reference import early_events

OPENING_DAYS = 60
"""A license may be taken so many days before the expected import (19 CFR 361, by analogy with steel's)."""
WEEKDAYS = 5
"""A run of so many weekdays without a filing is an outage."""
USUAL_LINES = 2.0
"""Below so many lines a weekday on average, a week without one is no sign of an outage."""

COLUMNS = ["first_day", "last_day", "found_in", "what"]


def outages(filings: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return all known days without licensing, both days included: first_day, last_day, found_in, what.

    `found_in` is ``table`` (published: `reference.early_events`), ``filings`` (a run of five weekdays or more
    without a single one) or ``store`` (before the first filing held: what was filed then is not known).
    `first_day` is NaT where it reaches back for ever. `filings` is FILINGS; the public monitor has none.
    """
    published = early_events.license_outages()
    rows = [published.assign(found_in="table")[COLUMNS]]
    if filings is not None and len(filings):
        rows += [_runs(filings), _before(filings)]
    return pd.concat([row for row in rows if len(row)], ignore_index=True).reindex(columns=COLUMNS)


def touched(months: np.ndarray, weeks: int, found: pd.DataFrame) -> np.ndarray:
    """Return which months (numbers) had an outage between the opening of their licenses and a horizon.

    A month opens 60 days before its first day; the horizon's Thursday is included.
    """
    months = np.asarray(months)
    opens = day_numbers(months.astype("datetime64[M]")) - OPENING_DAYS
    closes = thursday(months, weeks)
    first = np.where(found["first_day"].isna(), np.iinfo(np.int64).min, day_numbers(found["first_day"]))
    last = day_numbers(found["last_day"])
    return ((first[None, :] <= closes[:, None]) & (last[None, :] >= opens[:, None])).any(axis=1)


def _runs(filings: pd.DataFrame) -> pd.DataFrame:
    """Return the runs of weekdays without a filing, unless filings are so few that they come by chance."""
    lines = filings.set_index("day")["lines"].sort_index()
    lines = lines[lines.index.day_of_week < 5]
    if not len(lines) or lines.mean() < USUAL_LINES:
        return pd.DataFrame(columns=COLUMNS)
    silent = lines == 0
    run = (silent != silent.shift()).cumsum()[silent]
    days = run.index.to_series().groupby(run.to_numpy()).agg(["min", "max", "size"])
    days = days[days["size"] >= WEEKDAYS]
    return pd.DataFrame(
        {
            "first_day": days["min"].astype("datetime64[us]"),
            "last_day": days["max"].astype("datetime64[us]"),
            "found_in": "filings",
            "what": [f"{size} weekdays without a filing" for size in days["size"]],
        }
    )


def _before(filings: pd.DataFrame) -> pd.DataFrame:
    """Return the time before the first filing held."""
    first = filings.loc[filings["lines"] > 0, "day"].min()
    if pd.isna(first):
        return pd.DataFrame(columns=COLUMNS)
    last = pd.Series([first - pd.Timedelta(days=1)]).astype("datetime64[us]")
    never = pd.Series([pd.NaT], dtype="datetime64[us]")
    what = "before the first filing that the store holds"
    return pd.DataFrame({"first_day": never, "last_day": last, "found_in": "store", "what": what})
