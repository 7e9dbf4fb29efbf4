"""Parts whose licenses are too telling of single importers to have figures of their own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality import Rule, is_sensitive
from aimlib.analysis.early.evidence import Evidence
from aimlib.analysis.early.judgment import KINDS


def sensitive(cells: pd.DataFrame, rule: Rule) -> np.ndarray:
    """Return which cells (with `importers` and `top_share`) the rule protects; where importers are <NA>, none."""
    importers = cells["importers"].astype("Float64").to_numpy(float, na_value=0.0)
    top, whole = cells["top_share"].to_numpy(float, na_value=np.nan), np.ones(len(cells))
    return is_sensitive(importers, whole, whole, top, top, rule)


def hidden_parts(held: Evidence, months: np.ndarray, days: np.ndarray, rule: Rule) -> np.ndarray:
    """Return months by parts: which have no figures of their own in each month's licenses on its panel day.

    Hidden are the sensitive ones. Total less the parts shown gives away what is in the rest; so the smallest other
    part is hidden too while a sensitive one would be alone there, or while its largest importer would have more than
    the rule's share of the rest. A sensitive total hides all.
    """
    importers, top = (np.nan_to_num(told.exact(months, days)) for told in (held.importers, held.top_share))
    whole = np.ones(top.shape)
    hidden = is_sensitive(importers, whole, whole, top, top, rule)
    hidden[hidden[:, 0]] = True
    amounts = held.licenses.latest(months, days)
    for kind in KINDS:
        members = held.parts.get_level_values(0) == kind
        for at in np.flatnonzero(hidden[:, members].any(axis=1) & ~hidden[:, 0]):
            _hide_more(members, hidden[at], amounts[at], top[at], rule)
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
