"""The dimensions of the metal tables: origins with their sums, and the calendar with quarters and periods.

The nodes of time are (kind, start): a month, a quarter (its months inside the period), and the periods
that tables are made over, ``cast`` and ``smelt``: the months in which each was collected.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aimlib.analysis.confidentiality.cells import Dimension, dimension
from aimlib.analysis.metal.fields import CAST, SMELT, Field
from aimlib.analysis.totals import TOTAL

GROUP = "GROUP"
"""The key of the sum over the origins asked for, where they are more than one."""

PERIOD_CAST, PERIOD_SMELT = ("cast", None), ("smelt", None)


def origin_span(origins: Sequence[str], group: Sequence[str] = ()) -> Dimension:
    """Return the origins, their total, and last the sum over a group if there is one."""
    sums = {TOTAL: list(origins)}
    if group:
        known = set(origins)
        sums[GROUP] = [member for member in group if member in known]
    return dimension(origins, sums)


def calendar(field: Field, first: pd.Timestamp, last: pd.Timestamp) -> list[pd.Timestamp]:
    """Return the months of a period in which the field was collected."""
    start = max(first, field.first)
    return list(pd.date_range(start, last, freq="MS")) if start <= last else []


def time_span(field: Field, first: pd.Timestamp, last: pd.Timestamp, *, whole: bool = False) -> Dimension:
    """Return the calendar of a field in a period. With `whole` it is not divided: the only leaf, under both names."""
    if whole:
        return dimension([PERIOD_CAST], {PERIOD_SMELT: [PERIOD_CAST]})
    months = calendar(field, first, last)
    quarters: dict[tuple, list[tuple]] = {}
    for month in months:
        quarters.setdefault(("quarter", quarter_of(month)), []).append(("month", month))
    early = [quarter for quarter in quarters if quarter[1] < SMELT.first]
    sums = dict(quarters) | {PERIOD_SMELT: [quarter for quarter in quarters if quarter not in early]}
    if field is CAST:
        sums[PERIOD_CAST] = [*early, PERIOD_SMELT]
    return dimension([("month", month) for month in months], sums)


def quarter_of(month: pd.Timestamp) -> pd.Timestamp:
    """Return the first month of a month's quarter."""
    return pd.Timestamp(month.year, 3 * ((month.month - 1) // 3) + 1, 1)


def leaf_of_month(months: pd.Series, span: Dimension) -> pd.Series:
    """Return the leaf of time that each month belongs to; the only one there is in a calendar made `whole`."""
    if span.nodes[0][0] != "month":
        return pd.Series(0, index=months.index)
    at = {node[1]: place for place, node in enumerate(span.nodes[: span.leaves])}
    return months.map(at)
