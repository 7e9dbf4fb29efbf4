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
from aimlib.reference.countries import groups

GROUP = "GROUP"
"""The key of the sum over the origins asked for, where they are more than one."""

PERIOD_CAST, PERIOD_SMELT = ("cast", None), ("smelt", None)


def origin_span(origins: Sequence[str], group: Sequence[str] = ()) -> Dimension:
    """Return the origins, their total, and last the sum over a group if there is one."""
    return dimension(origins, {TOTAL: list(origins)} | _sum_of(origins, group))


def with_groups(origins: Dimension) -> Dimension:
    """Return a dimension of origins with the sums of the standing groups after the total.

    Partners of an origin's hidden total are then found within its groups where they can be, so that the groups'
    bulletins have their own total.
    """
    names = origins.nodes[: origins.leaves]
    sums = {TOTAL: list(names)}
    for place in groups():
        members = [name for name in place.members if name in names]
        if len(members) > 1:
            sums[place.key] = members
    if GROUP in origins.nodes:
        inside = origins.children[origins.parents == origins.at(GROUP)]
        sums |= _sum_of(names, [names[at] for at in inside])
    return dimension(names, sums)


def _sum_of(origins: Sequence[str], group: Sequence[str]) -> dict[str, list[str]]:
    known = set(origins)
    return {GROUP: [member for member in group if member in known]} if group else {}


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
