"""Second suppression: which further cells are hidden so that arithmetic on the shown ones gives nothing away.

Three conditions are brought about, in turn and again until none adds a cell:

1. No line (a sum and its parts) has a single hidden member: it would follow by subtraction.
2. Where a sum is shown, its hidden parts together are not sensitive: their total follows by subtraction. (Unless
   they are all its parts; then the sum itself is what is known.)
3. No hidden cell follows from all lines together (`projection.determined`).

A partner is chosen by what it costs, in quantity and value together, with what the next partner that it will need
costs; margins only where no cell inside helps. It holds something, since a zero is no cover.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aimlib.analysis.confidentiality.cells import Cells, sums_by_importer
from aimlib.analysis.confidentiality.moves import MARGIN, Moves
from aimlib.analysis.confidentiality.projection import determined
from aimlib.analysis.confidentiality.rule import Rule, is_sensitive

NONE = 20 * MARGIN
"""The cost of a line in which nothing is left to hide."""


@dataclass
class _Table:
    """Cells with what does not change while partners are looked for."""

    cells: Cells
    rule: Rule
    known: np.ndarray
    eligible: np.ndarray
    cost: np.ndarray
    line: np.ndarray
    member: np.ndarray
    lines: int
    entry_from: np.ndarray


def suppress(
    cells: Cells,
    hidden: np.ndarray,
    rule: Rule,
    *,
    known: np.ndarray | None = None,
    eligible: np.ndarray | None = None,
    cost: np.ndarray | None = None,
    fresh: np.ndarray | None = None,
) -> np.ndarray:
    """Return which cells to hide, those of `hidden` among them.

    Parameters
    ----------
    hidden
        The cells hidden to begin with.
    known
        Cells that readers know from elsewhere (totals that Census publishes), shown or not. They protect
        nothing. A hidden cell that is all of a known sum cannot be protected, and is no cover for others.
    eligible
        The cells that may be hidden further; all unless said.
    cost
        What is lost by hiding each cell; `cost_of` unless said.
    fresh
        Which of `hidden` are new since the others were made safe; all unless said.
    """
    table = _prepare(cells, rule, known, eligible, cost)
    hidden = hidden.copy()
    given = table.known & hidden
    if not len(cells) or not hidden.any():
        return hidden
    added = _hide_unions(table, hidden)
    if fresh is None:
        fresh = recovered(cells, hidden & ~given)
    else:
        fresh = np.concatenate([np.flatnonzero(fresh & ~given), added])
    while len(fresh):
        # What was safe stays so when more is hidden: only what is added needs a look.
        moves = Moves(cells, table.cost, table.eligible, hidden & ~given)
        for cell in fresh[np.argsort(-table.cost[fresh], kind="stable")]:
            if cell not in moves.covered and not moves.cover(cell):
                given[cell] = True
        hidden |= moves.hidden
        fresh = _hide_unions(table, hidden)
    return hidden


def neighbors(cells: Cells, some: np.ndarray) -> np.ndarray:
    """Tell which cells share a line with one of some cells, these among them."""
    lines = np.zeros(len(cells.line_parent), dtype=bool)
    lines[cells.line[some[cells.member]]] = True
    out = np.zeros(len(cells), dtype=bool)
    out[cells.member[lines[cells.line]]] = True
    return out


def recovered(cells: Cells, unknown: np.ndarray) -> np.ndarray:
    """Return the unknown cells that follow from all lines together."""
    place = np.cumsum(unknown) - 1
    at = unknown[cells.member]
    found = determined(cells.line[at], place[cells.member[at]], cells.sign[at], int(unknown.sum()))
    return np.flatnonzero(unknown)[found]


def _hide_unions(table: _Table, hidden: np.ndarray) -> np.ndarray:
    """Hide parts until no sum shown has hidden parts that are sensitive together (changed); return them."""
    before = hidden.copy()
    while len(found := _sensitive_unions(table, hidden)):
        hidden[found] = True
    return np.flatnonzero(hidden & ~before)


def cost_of(cells: Cells) -> np.ndarray:
    """Return a cell's quantity and value as parts of the largest there are, and ``MARGIN`` for each sum it is."""
    amount = sum(
        column / max(column.max(initial=0.0), 1e-300) for column in (cells.quantity_kg, cells.customs_value_usd)
    )
    level = sum((node >= found.leaves).astype(int) for node, found in zip(cells.nodes(), cells.dimensions, strict=True))
    return np.asarray(amount + MARGIN * level, dtype=float)


def _prepare(
    cells: Cells, rule: Rule, known: np.ndarray | None, eligible: np.ndarray | None, cost: np.ndarray | None
) -> _Table:
    size = len(cells)
    known = np.zeros(size, dtype=bool) if known is None else known
    eligible = (np.ones(size, dtype=bool) if eligible is None else eligible) & ~known
    order = np.lexsort((cells.member, cells.line))
    return _Table(
        cells=cells,
        rule=rule,
        known=known,
        eligible=eligible,
        cost=cost_of(cells) if cost is None else cost,
        line=cells.line[order],
        member=cells.member[order],
        lines=len(cells.line_parent),
        entry_from=np.searchsorted(cells.entry_cell, np.arange(size + 1)),
    )


def _sensitive_unions(table: _Table, hidden: np.ndarray) -> np.ndarray:
    """Return partners for lines whose sum is shown and whose hidden parts together are sensitive."""
    cells = table.cells
    head = cells.line_parent
    shown = ~hidden[head] | table.known[head]
    part = table.member != head[table.line]
    at = part & hidden[table.member]
    free = part & ~hidden[table.member]
    left = np.bincount(table.line[free], minlength=table.lines)
    open_to = np.bincount(table.line[free & table.eligible[table.member]], minlength=table.lines)
    # Where all parts are hidden, it is the sum itself that is known. Where no further part may be, it must go.
    ask = shown & (np.bincount(table.line[at], minlength=table.lines) > 0) & (left > 0)
    ask &= (open_to > 0) | table.eligible[head]
    if not ask.any():
        return np.zeros(0, dtype=np.int64)
    at &= ask[table.line]
    asked = np.flatnonzero(ask)
    found = _union(table, asked, table.line[at], table.member[at])
    bad = is_sensitive(*found, table.rule)
    if not bad.any():
        return np.zeros(0, dtype=np.int64)
    sensitive = np.zeros(table.lines, dtype=bool)
    sensitive[asked[bad]] = True
    short = np.zeros((2, table.lines))
    short[:, asked] = _short(found, table.rule)
    count = np.bincount(table.line[(hidden & ~table.known)[table.member]], minlength=table.lines)
    heads = head[sensitive & (open_to == 0)]
    return np.unique(np.concatenate([_partners(table, hidden, count, sensitive & (open_to > 0), short), heads]))


def _partners(
    table: _Table, hidden: np.ndarray, count: np.ndarray, wanted: np.ndarray, short: np.ndarray
) -> np.ndarray:
    """Return for each line of `wanted` the part to hide next: the cheapest that makes up what is short.

    Where none makes it up, the largest is taken. To a candidate's own cost is added the cheapest partner in
    each of its lines that has nothing hidden yet (`count`).
    """
    cells, line, member = table.cells, table.line, table.member
    free = table.eligible[member] & ~hidden[member]
    # The two cheapest of every line: what a candidate will cost there is the cheapest other than itself.
    at = np.flatnonzero(free)
    at = at[np.lexsort((table.cost[member[at]], line[at]))]
    new = np.r_[True, np.diff(line[at]) != 0]
    least, second, who = np.full(table.lines, NONE), np.full(table.lines, NONE), np.full(table.lines, -1)
    least[line[at[new]]], who[line[at[new]]] = table.cost[member[at[new]]], member[at[new]]
    after = at[1:][~new[1:] & new[:-1]]
    second[line[after]] = table.cost[member[after]]
    needs = np.where(count[line] == 0, np.where(who[line] == member, second[line], least[line]), 0.0)
    ahead = np.bincount(member, weights=needs, minlength=len(cells))
    at = np.flatnonzero(free & wanted[line] & (member != cells.line_parent[line]))
    row, cell = line[at], member[at]
    cost = table.cost[cell] + ahead[cell]
    enough = (cells.quantity_kg[cell] >= short[0][row]) & (cells.customs_value_usd[cell] >= short[1][row])
    order = np.lexsort((cell, np.where(enough, cost, -table.cost[cell]), ~enough, row))
    first = order[np.diff(row[order], prepend=-1) != 0]
    return np.unique(cell[first])


def _union(table: _Table, lines: np.ndarray, line: np.ndarray, member: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return what stands behind the given members of each of `lines`, importer by importer put together."""
    cells = table.cells
    times = (table.entry_from[1:] - table.entry_from[:-1])[member]
    row = np.repeat(np.arange(len(member)), times)
    entry = table.entry_from[member][row] + np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    people = int(cells.importer.max(initial=0)) + 1
    group = np.searchsorted(lines, line[row]) * people + cells.importer[entry]
    keys, at = np.unique(group, return_inverse=True)
    quantity = np.bincount(at, weights=cells.quantity[entry], minlength=len(keys))
    value = np.bincount(at, weights=cells.value[entry], minlength=len(keys))
    return sums_by_importer(keys // people, quantity, value, len(lines))


def _short(found: tuple[np.ndarray, ...], rule: Rule) -> np.ndarray:
    """Return what must be added, quantity and value, until the largest importer is no longer too large."""
    _, quantity, value, top_quantity, top_value = found
    return np.maximum(np.array([top_quantity / rule.share - quantity, top_value / rule.share - value]), 0.0)
