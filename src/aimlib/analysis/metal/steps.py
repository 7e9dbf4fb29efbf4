"""The pattern of hidden cells over all origins first, and then of the sum over a group with the rest as it is.

A bulletin for a group shows sums that no other bulletin does. They are hidden where they would give away a cell that
bulletins for other countries hide; nothing else changes for a group, so that its bulletin and those of its
members do not betray each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality.cells import Cells, Dimension
from aimlib.analysis.confidentiality.moves import MARGIN
from aimlib.analysis.confidentiality.rule import Rule
from aimlib.analysis.confidentiality.suppression import neighbors, recovered, suppress
from aimlib.analysis.confidentiality.tables import PRIMARY, SECONDARY, SHOWN
from aimlib.analysis.metal.spans import time_span

WEIGHTS = {"month": 1.0, "quarter": 2.0}
PERIOD_WEIGHT = 8.0
FIXED = 1e-3
"""What hiding a cell of a month costs, however little it holds."""


@dataclass(frozen=True)
class Frame:
    """What all tables of a report share: its period, origins and rule.

    `base` are all origins with their total; `wide` has the sum of the origins asked for too (it is `base` where
    that is a single one, or all). Nodes of `base` have the same numbers in `wide`. With `whole` the period is not
    divided into months.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    base: Dimension
    wide: Dimension
    rule: Rule
    whole: bool = False

    def time(self, field) -> Dimension:
        """Return the calendar of a field."""
        return time_span(field, self.first, self.last, whole=self.whole)


@dataclass(frozen=True)
class Pattern:
    """Cells and which of them are hidden. `sensitive` is why; the others are hidden for their sake.

    `leaks` is what must go altogether, since no further cell could be hidden and a sensitive one still follows:
    ``''`` (nothing), ``group`` (the sums over the group) or ``all``.
    """

    cells: Cells
    hidden: np.ndarray
    sensitive: np.ndarray
    leaks: str = ""

    def hides(self, *nodes: np.ndarray) -> np.ndarray:
        """Tell which cells are hidden, by their nodes; a cell that holds nothing is not."""
        at = self.cells.places(*nodes)
        return (at >= 0) & self.hidden[at] if len(self.cells) else np.zeros(len(at), dtype=bool)

    def read(self, at: np.ndarray, blank: np.ndarray) -> pd.DataFrame:
        """Return quantity_kg, customs_value_usd, suppressed of cells by their places (-1: zero).

        Figures are blank where the cell is hidden, and zeros where their row is (`blank`).
        """
        there, some = at >= 0, len(self.cells) > 0
        hidden = there & (self.hidden[at] if some else False)
        sensitive = hidden & (self.sensitive[at] if some else False)
        word = np.where(sensitive, PRIMARY, np.where(hidden | (blank & ~there), SECONDARY, SHOWN)).astype(object)
        out = {
            name: np.where(word == SHOWN, np.where(there, getattr(self.cells, name)[at] if some else 0.0, 0.0), np.nan)
            for name in ("quantity_kg", "customs_value_usd")
        }
        return pd.DataFrame(out).assign(suppressed=pd.Series(word, dtype="str"))


def nothing_known(cells: Cells) -> list[np.ndarray]:
    """Return the systems of a plain table: readers know its shown cells only."""
    return [np.zeros(len(cells), dtype=bool)]


def protect_in_steps(
    frame: Frame,
    make: Callable[[Dimension], Cells],
    start: Callable[[Cells, Rule], np.ndarray],
    systems: Callable[[Cells], list[np.ndarray]] = nothing_known,
    fixed: Callable[[Cells], np.ndarray] | None = None,
    axis: int = 0,
) -> Pattern:
    """Return the pattern over all origins, extended to a group's sums.

    Parameters
    ----------
    make
        Returns the cells for a dimension of origins, which is their dimension number `axis`; the last is time.
    start
        Which cells are hidden to begin with.
    systems
        What readers may know beside the shown cells, as masks: the pattern holds against each of them.
    fixed
        Which cells are never hidden further.
    """
    cells = make(frame.base)
    begin, sensitive = start(cells, frame.rule), cells.sensitive(frame.rule)
    free = np.ones(len(cells), dtype=bool) if fixed is None else ~fixed(cells)
    against = systems(cells)
    # What readers know from elsewhere can leave a cell without any cover; what the tables show must not.
    must = [sensitive & ~known.any() for known in against]
    hidden, leaks = _hidden(cells, begin, frame.rule, against, free, must, np.ones(len(cells), dtype=bool))
    if frame.wide is frame.base:
        return Pattern(cells, hidden, sensitive, "all" if leaks else "")
    wide = make(frame.wide)
    at, group = wide.places(*cells.nodes()), wide.nodes()[axis] >= cells.dimensions[axis].size
    begin, sensitive = start(wide, frame.rule) & group, wide.sensitive(frame.rule)
    begin[at] = hidden
    # A sum of shown members is known: hiding it covers nothing.
    free = group & _with_hidden_part(wide, begin, axis)
    if fixed is not None:
        free &= ~fixed(wide)
    must = []
    for known in against:
        safe = hidden & ~known
        safe[recovered(cells, safe)] = False
        kept = sensitive & group & ~known.any()
        kept[at] = sensitive[at] & safe
        must.append(kept)
    found, leaks_of_group = _hidden(wide, begin, frame.rule, systems(wide), free, must, group)
    return Pattern(wide, found, sensitive, "all" if leaks else "group" if leaks_of_group else "")


def _with_hidden_part(cells: Cells, hidden: np.ndarray, axis: int) -> np.ndarray:
    """Tell which cells are sums, over one dimension, of parts of which some are hidden."""
    head = cells.line_parent[cells.line]
    place = cells.nodes()[axis]
    along = (cells.sign > 0) & (place[cells.member] != place[head]) & hidden[cells.member]
    out = np.zeros(len(cells), dtype=bool)
    out[head[along]] = True
    return out


def _against_all(
    cells: Cells,
    hidden: np.ndarray,
    rule: Rule,
    systems: list[np.ndarray],
    free: np.ndarray,
    fresh: np.ndarray | None = None,
) -> np.ndarray:
    """Return which cells to hide so that each of the systems gives nothing away.

    `fresh` are the hidden cells that are new since the others were safe against all; all unless said.
    """
    cost = cost_in_time(cells)
    seen: list[np.ndarray | None] = [None if fresh is None else hidden & ~fresh for _ in systems]
    while True:
        before = hidden
        for place, known in enumerate(systems):
            new = None if seen[place] is None else hidden & ~seen[place]
            hidden = suppress(cells, hidden, rule, known=known, eligible=free, cost=cost, fresh=new)
            seen[place] = hidden
        if len(systems) == 1 or (hidden == before).all():
            return hidden


def _hidden(
    cells: Cells,
    begin: np.ndarray,
    rule: Rule,
    systems: list[np.ndarray],
    free: np.ndarray,
    must: list[np.ndarray],
    may_show: np.ndarray,
) -> tuple[np.ndarray, bool]:
    """Return which cells to hide, and whether one still follows that may not (`must`, for each system).

    What follows after the partners that `suppress` finds gets others, from beside it or further away: one, then
    two, then four. In the end those of `may_show` that are not sensitive and follow from what is shown are shown.
    """
    if not begin.any():
        return begin, False
    hidden, cost, step = _against_all(cells, begin, rule, systems, free), cost_in_time(cells), 1
    while (lost := _lost(cells, hidden, systems, must)).any():
        beside = _beside(cells, lost, hidden, free)
        if not len(beside):
            break
        new = np.zeros(len(cells), dtype=bool)
        new[beside[np.argsort(cost[beside], kind="stable")[:step]]] = True
        hidden, step = _against_all(cells, hidden | new, rule, systems, free, new), 2 * step
    follows = np.zeros(len(cells), dtype=bool)
    follows[recovered(cells, hidden)] = True
    hidden[follows & may_show & ~cells.sensitive(rule)] = False
    return hidden, bool(lost.any())


def _lost(cells: Cells, hidden: np.ndarray, systems: list[np.ndarray], must: list[np.ndarray]) -> np.ndarray:
    """Tell which cells follow and may not."""
    lost = np.zeros(len(cells), dtype=bool)
    for known, may_not in zip(systems, must, strict=True):
        if may_not.any():
            found = recovered(cells, hidden & ~known)
            lost[found[may_not[found]]] = True
    return lost


def _beside(cells: Cells, lost: np.ndarray, hidden: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Return the cells that may be hidden nearest to those lost."""
    near = lost
    while True:
        around = neighbors(cells, near)
        if (beside := around & free & ~hidden).any():
            return np.flatnonzero(beside)
        if not (around & hidden & ~near).any():
            return np.zeros(0, dtype=np.int64)
        near = near | (around & hidden)


def cost_in_time(cells: Cells) -> np.ndarray:
    """Return what is lost by hiding cells whose last dimension is time: their part of the largest of that time.

    A period weighs eight times a month, a quarter twice; sums over the other dimensions are hidden last.
    """
    *others, time = cells.nodes()
    span = cells.dimensions[-1]
    weight = np.array([WEIGHTS.get(node[0], PERIOD_WEIGHT) for node in span.nodes])
    out = np.zeros(len(cells))
    for amount in (cells.quantity_kg, cells.customs_value_usd):
        largest = np.full(span.size, 1e-300)
        np.maximum.at(largest, time, amount)
        out += amount / largest[time] * weight[time]
    level = sum((node >= found.leaves).astype(int) for node, found in zip(others, cells.dimensions, strict=False))
    return out + FIXED * weight[time] + MARGIN * level
