"""Code changes: the lines carry the codes of the base year; here each month gets those that lived in it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.panel import Panel

_BEFORE = "before the change"


def merged(panel: Panel) -> Panel:
    """Add up rows that share code and origin; sort by both."""
    keys = list(zip(panel.codes, panel.origins, strict=True))
    unique = sorted(set(keys))
    place = {key: row for row, key in enumerate(unique)}
    numbers = np.zeros((panel.numbers.shape[0], len(unique), len(panel.months)), dtype=np.int64)
    for row, key in enumerate(keys):
        numbers[:, place[key]] += panel.numbers[:, row]
    return Panel([code for code, _ in unique], [origin for _, origin in unique], panel.months, numbers)


def _renamed(panel: Panel, codes: list[str], to: str, when: np.ndarray) -> Panel:
    """Move the months `when` of the rows of `codes` to rows of the code `to`."""
    rows = [row for row, code in enumerate(panel.codes) if code in codes]
    moved = panel.numbers[:, rows] * when
    kept = panel.numbers.copy()
    kept[:, rows] *= ~when
    return Panel(
        panel.codes + [to] * len(rows),
        panel.origins + [panel.origins[row] for row in rows],
        panel.months,
        np.concatenate([kept, moved], axis=1),
    )


def _split(panel: Panel, code: str, to: list[str], when: np.ndarray) -> Panel:
    """Move the months `when` of the rows of `code` to the codes `to`, in parts of each origin's own."""
    first, rest = to[0], to[1:]
    if not rest:
        return _renamed(panel, [code], first, when)
    rows = [row for row, own in enumerate(panel.codes) if own == code]
    part = np.zeros((len(panel.codes), 1), dtype=np.int64)
    for row in rows:
        part[row] = 300 + Draws(f"split|{first}|{panel.origins[row]}").below(401, 1)
    moved = (panel.numbers * part // 1000)[:, rows] * when
    kept = panel.numbers.copy()
    kept[:, rows] -= moved
    wider = Panel(
        panel.codes + [first] * len(rows),
        panel.origins + [panel.origins[row] for row in rows],
        panel.months,
        np.concatenate([kept, moved], axis=1),
    )
    return _split(wider, code, rest, when)


def apply_changes(panel: Panel, changes: pd.DataFrame) -> Panel:
    """Return `panel` with the codes that were valid in each month, one row a code and origin.

    `changes` holds month (the first of the new codes), old and new (tuples of codes), as
    `aimlib.reference.products.breaks` gives them. A change after the base year splits the old code's rows;
    one before it, whose new codes the panel already carries, adds their rows up under the old ones.
    """
    names = np.array(panel.months)
    for change in changes.sort_values("month", ascending=False, kind="stable").itertuples(index=False):
        old, new = list(change.old), list(change.new)
        when = names < _name(change.month)
        if set(new) & set(panel.codes):
            if when.any():
                panel = _backward(panel, old, new, when)
        else:
            for code in old:
                panel = _split(panel, code, new, ~when)
    panel = merged(panel)
    used = panel.numbers.any(axis=(0, 2))
    rows = np.flatnonzero(used)
    return Panel(
        [panel.codes[row] for row in rows],
        [panel.origins[row] for row in rows],
        panel.months,
        panel.numbers[:, rows],
    )


def months_alive(panel: Panel, changes: pd.DataFrame) -> np.ndarray:
    """Return, rows x months, whether the row's code was in force; `changes` as in `apply_changes`."""
    names = np.array(panel.months)
    alive = np.ones((len(panel.codes), len(panel.months)), dtype=bool)
    codes = np.array(panel.codes)
    for change in changes.itertuples(index=False):
        old, new = set(change.old), set(change.new)
        before = names < _name(change.month)
        alive[np.ix_(np.isin(codes, sorted(old - new)), ~before)] = False
        alive[np.ix_(np.isin(codes, sorted(new - old)), before)] = False
    return alive


def _name(month: pd.Timestamp) -> str:
    return f"{month:%Y-%m}"


def _backward(panel: Panel, old: list[str], new: list[str], when: np.ndarray) -> Panel:
    """Give the months `when` of the rows of `new` to the codes `old` that came before."""
    joined = merged(_renamed(panel, new, _BEFORE, when))
    return _split(joined, _BEFORE, old, when)
