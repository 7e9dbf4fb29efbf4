"""Parts whose licenses are too telling of single importers to have figures of their own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality import Rule, is_sensitive
from aimlib.analysis.early.evidence import Evidence
from aimlib.analysis.early.judgment import KINDS
from aimlib.analysis.early.thursdays import day_numbers, month_numbers


def sensitive(cells: pd.DataFrame, rule: Rule) -> np.ndarray:
    """Return which cells (with `importers` and `top_share`) the rule protects; where importers are <NA>, none."""
    importers = cells["importers"].astype("Float64").to_numpy(float, na_value=0.0)
    top, whole = cells["top_share"].to_numpy(float, na_value=np.nan), np.ones(len(cells))
    return is_sensitive(importers, whole, whole, top, top, rule)


def hidden_parts(
    panel: pd.DataFrame, held: Evidence, month: int, day: pd.Timestamp, rule: Rule | None
) -> np.ndarray | None:
    """Return which parts have no figures of their own in a month's licenses on a panel day; None without a rule.

    Hidden are the sensitive ones. Total less the parts shown gives away what is in the rest; so the smallest other
    part is hidden too while a sensitive one would be alone there, or while its largest importer would have more than
    the rule's share of the rest. A sensitive total hides all.
    """
    if rule is None:
        return None
    rows = panel[(panel["day"] == day) & (month_numbers(panel["month"]) == month)]
    at = held.parts.get_indexer(pd.MultiIndex.from_arrays([rows["part_kind"], rows["part"]]))
    is_part = at >= 0
    hidden, top = np.zeros(len(held.parts), bool), np.zeros(len(held.parts))
    hidden[at[is_part & sensitive(rows, rule)]] = True
    top[at[is_part]] = rows["top_share"].fillna(0.0).to_numpy(float)[is_part]
    if hidden[0]:
        return np.ones(len(hidden), bool)
    amounts = held.licenses.latest(np.array([month]), day_numbers(pd.DatetimeIndex([day])))[0]
    for kind in KINDS:
        _hide_more(held.parts.get_level_values(0) == kind, hidden, amounts, top, rule)
    return hidden


def _hide_more(members: np.ndarray, hidden: np.ndarray, amounts: np.ndarray, top: np.ndarray, rule: Rule) -> None:
    """Hide further parts of a kind, in place, until the rest gives no sensitive one away."""
    first = members & hidden
    if not first.any():
        return
    largest = (top * amounts)[first].max()
    while (shown := np.flatnonzero(members & ~hidden & (amounts > 0))).size:
        rest = amounts[0] - amounts[shown].sum()
        others = amounts[0] - amounts[members].sum() > 1e-9 * amounts[0]
        if (members & hidden).sum() + others > 1 and largest <= rule.share * rest:
            return
        hidden[shown[np.argmin(amounts[shown])]] = True
