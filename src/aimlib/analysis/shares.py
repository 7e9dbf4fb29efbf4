"""Shares, ranks and concentration, month by month; the largest series and the rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import aligned, keys_of, levels, ratio, series_of
from aimlib.analysis.measures import Measure, measure
from aimlib.analysis.months import Window
from aimlib.analysis.totals import REST, rest
from aimlib.analysis.windows import window_sum


def shares(parts: pd.DataFrame, whole: pd.DataFrame, which: str | Measure = "value") -> pd.DataFrame:
    """Return the parts with the measure's column, ``share_of_total`` and ``rank``, month by month.

    `whole` is the grid frame of what they are parts of (`totals.total`, or one country's grid for its
    products); if it has keys, each part is held against the whole of the same key. The share is blank where
    the whole is blank or zero. The rank is 1 for the largest, ties share the better one; where nothing was
    traded, there is none. In a selection it is the rank among the listed. Months still filling have
    neither.
    """
    what = measure(which)
    level = levels(parts, what)
    out = parts.assign(
        **{what.column: parts[what.source] / what.divisor},
        share_of_total=ratio(level, aligned(parts, whole, levels(whole, what))).ravel(),
        rank=np.where(level > 0, level, np.nan).ravel(),
    )
    out["rank"] = out.groupby(["month", *keys_of(whole)])["rank"].rank(ascending=False, method="min")
    return out


def top_and_rest(
    parts: pd.DataFrame,
    whole: pd.DataFrame,
    window: Window,
    which: str | Measure = "value",
    *,
    top: int = 10,
    keep: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the series of the `top` largest parts over the window, those of `keep`, and the rest.

    A grid frame, largest first, with ``row_kind`` (`origin` or `product`, and `rest`, whose key is ``REST``).
    The rest is the whole less the parts shown: it takes in what a selection does not list.
    """
    what = measure(which)
    (key,) = keys_of(parts)
    chosen = largest(parts, window_sum(parts, what.source, window.months), top, keep)
    names = series_of(parts)[key]
    size = len(parts) // max(len(names), 1)
    at = (chosen[:, None] * size + np.arange(size)).ravel()
    shown = parts.iloc[at]
    left = rest(shown, whole) if len(shown) else whole
    out = pd.concat([shown.assign(row_kind=key), left.assign(**{key: REST}, row_kind="rest")], ignore_index=True)
    return out[[*parts.columns, "row_kind"]]


def largest(parts: pd.DataFrame, amounts: np.ndarray, top: int, keep: Sequence[str] = ()) -> np.ndarray:
    """Return the places of the `top` series by amount, largest first and by name among equals, and of `keep`.

    Series without an amount are not among the largest. Those to keep stand where their amount puts them.
    """
    (key,) = keys_of(parts)
    names = series_of(parts)[key]
    amount = np.nan_to_num(amounts)
    order = np.lexsort((names.to_numpy(dtype=object).astype(str), -amount))
    wanted = names.isin(list(keep)).to_numpy()[order]
    return order[wanted | ((np.arange(len(order)) < top) & (amount[order] > 0))]


def concentration(parts: pd.DataFrame, whole: pd.DataFrame, which: str | Measure = "value") -> pd.DataFrame:
    """Return month and ``herfindahl``: the sum of squared shares, from near 0 to 1 for a single supplier.

    Blank in selections, whose rest is not known by partner, and in months still filling.
    """
    what = measure(which)
    share = ratio(levels(parts, what), aligned(parts, whole, levels(whole, what)))
    complete = (whole["coverage"] == "complete").to_numpy()
    squared = np.nansum(share**2, axis=0)
    known = complete & np.isfinite(levels(whole, what)[0]) & (squared > 0)
    return whole[["month"]].assign(herfindahl=np.where(known, squared, np.nan))
