"""Contributions to growth: what each part adds to the change of the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import aligned, change, lag, levels, matched_year_to_date, months_of, ratio
from aimlib.analysis.measures import Measure, measure


def contributions(parts: pd.DataFrame, whole: pd.DataFrame, which: str | Measure = "value") -> pd.DataFrame:
    """Return the parts with their contributions to the growth of the whole, month by month.

    The contribution is the part's change over the base of the whole,

        (part now - part then) / whole then,

    so that those of all parts add to the growth of the whole. Blank on a base of zero. The rest in a frame
    of `shares.top_and_rest` contributes what the parts beside it do not: also the change of a part that
    only one of the two months lists.

    Added columns: the measure's column, ``contribution_mom``, ``contribution_yoy`` and
    ``contribution_ytd_yoy``. The year to date is over the months in which both years of the whole are
    there.
    """
    what = measure(which)
    part, all_of_it = levels(parts, what), aligned(parts, whole, levels(whole, what))
    run = months_of(parts)
    first = int(run[0]) if len(run) else 0
    pairs = np.isfinite(all_of_it) & np.isfinite(lag(all_of_it, 12))
    now, then, _ = matched_year_to_date(part, first, pairs)
    of_all, base, _ = matched_year_to_date(all_of_it, first, pairs)
    to_date = np.where(np.isfinite(all_of_it), ratio(now - then, base), np.nan)
    made = {
        "contribution_mom": (
            ratio(part - lag(part, 1), lag(all_of_it, 1)),
            change(all_of_it, lag(all_of_it, 1)),
        ),
        "contribution_yoy": (
            ratio(part - lag(part, 12), lag(all_of_it, 12)),
            change(all_of_it, lag(all_of_it, 12)),
        ),
        "contribution_ytd_yoy": (to_date, np.where(np.isfinite(all_of_it), change(of_all, base), np.nan)),
    }
    is_rest = _rest_rows(parts)
    return parts.assign(
        **{what.column: parts[what.source] / what.divisor},
        **{name: _with_residual(*pair, is_rest).ravel() for name, pair in made.items()},
    )


def _rest_rows(parts: pd.DataFrame) -> np.ndarray:
    size = max(len(months_of(parts)), 1)
    if "row_kind" not in parts:
        return np.zeros(len(parts) // size, dtype=bool)
    return (parts["row_kind"].iloc[::size] == "rest").to_numpy()


def _with_residual(part: np.ndarray, growth: np.ndarray, is_rest: np.ndarray) -> np.ndarray:
    """Give the rest, where there is one, the growth of the whole that the other parts leave."""
    left = growth - np.nansum(part[~is_rest], axis=0)
    return np.where(is_rest[:, None], left, part)
