"""The rate of one entry over time: every day on which the answer changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from aimlib.analysis.duty.engine import boundaries, day_number
from aimlib.analysis.duty.facts import Facts, entries_of
from aimlib.analysis.duty.rate import rate_entries
from aimlib.reference.law import Law
from aimlib.reference.law import law as law_in_force

_EPOCH = date(1970, 1, 1)
_ANSWER = ("total_pct", "column_pct", "low_pct", "high_pct", "refundable_pct", "measures", "refused")


def rate_timeline(
    facts: Facts,
    first: date,
    last: date,
    *,
    law: Law | None = None,
    known_on: date | None = None,
    extend: bool = False,
) -> pd.DataFrame:
    """Return the rate of an entry from `first` through `last`, one row a stretch of days with one answer.

    Columns: first, last (days), total_pct, column_pct (the part that is column 1 or 2), low_pct, high_pct,
    refundable_pct (percent; blank where the law held has no answer), measures (the titles of those due, joined by
    ``; ``), refused. `facts.on` does not count.
    """
    law = law_in_force() if law is None else law
    starts = boundaries(law, known_on)
    inside = starts[(starts > day_number(first)) & (starts <= day_number(last))]
    days = [first, *(_EPOCH + timedelta(days=int(start)) for start in inside)]
    rated = rate_entries(
        entries_of([replace(facts, on=day) for day in days]), law=law, known_on=known_on, extend=extend
    )
    frame = rated.frame.assign(first=days, last=[*(day - timedelta(days=1) for day in days[1:]), last])
    parts = rated.parts()
    due = parts[parts["in_total"] & (parts["pct"] > 0)]
    titles = due.groupby("entry")["place"].agg(lambda places: "; ".join(law.rules[place].title for place in places))
    frame["measures"] = titles.reindex(range(len(frame))).fillna("").to_numpy()
    return _merged(frame)[["first", "last", *_ANSWER]]


def _merged(frame: pd.DataFrame) -> pd.DataFrame:
    """Return adjoining rows with the same answer as one."""
    same = frame[list(_ANSWER)].fillna(-1.0)
    run = np.cumsum(same.ne(same.shift()).any(axis=1))
    return frame.groupby(run).head(1).reset_index(drop=True).assign(last=frame.groupby(run)["last"].last().to_numpy())
