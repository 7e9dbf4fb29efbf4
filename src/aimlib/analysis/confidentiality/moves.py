"""The cheapest way to let a hidden cell vary without breaking a sum: a certificate that it cannot be recomputed.

In one dimension, a leaf and all the sums it counts in may change together, or two leaves against each other; sums
that hold both then stay. A product of such moves, one for each dimension, breaks no line of the table. If every
cell that it moves is hidden and holds something, none of them follows from what is shown: in a table of two
dimensions that is a rectangle, or two cells with their margins. Where there is no such product, two of them that
meet only in the sum of all may do: a cell of one row and a cell of another, with the totals of both rows and both
columns, while the total of all stays.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from aimlib.analysis.confidentiality.cells import Cells, Dimension

MARGIN = 1000.0
"""What hiding a margin costs over its amount, for each dimension that it sums."""

BARRED = 1e9


class Moves:
    """The costs of hiding cells, and the cells hidden and covered so far.

    `unknown` cells cost nothing, `eligible` ones their `cost`; the others, and those that hold nothing, may not
    take part.
    """

    def __init__(self, cells: Cells, cost: np.ndarray, eligible: np.ndarray, unknown: np.ndarray) -> None:
        self.cells = cells
        self.block = np.full(cells.shape, BARRED)
        self.block.ravel()[cells.code] = np.where(unknown, 0.0, np.where(eligible, cost, BARRED))
        self.hidden = np.zeros(len(cells), dtype=bool)
        self.covered: set[int] = set()
        self.moves = [cache(_moves_of(found)) for found in cells.dimensions]

    def cover(self, cell: int) -> bool:
        """Hide what lets a cell vary, at the least cost; tell whether anything does."""
        nodes = np.unravel_index(self.cells.code[cell], self.cells.shape)
        cost, found = self._product(nodes)
        if cost >= (4 * MARGIN if len(nodes) == 2 else BARRED / 2):
            other, crossed = self._crossed(nodes)
            if other < cost:
                cost, found = other, crossed
        if cost >= MARGIN:
            other, bent = self._bent(nodes)
            if other < cost:
                cost, found = other, bent
        if cost >= BARRED / 2:
            return False
        self.block.ravel()[self.cells.code[found]] = 0.0
        self.hidden[found] = True
        self.covered.update(found.tolist())
        return True

    def _open_moves(self, nodes: tuple[np.ndarray, ...], axis: int) -> np.ndarray:
        """Return the moves along one dimension whose other cells, beside this one, may take part."""
        fiber = self.block[tuple(slice(None) if at == axis else other for at, other in enumerate(nodes))]
        moves = self.moves[axis](int(nodes[axis]))
        return moves[moves @ fiber < BARRED / 2]

    def _product(self, nodes: tuple[np.ndarray, ...]) -> tuple[float, np.ndarray]:
        """Return the cost of the cheapest product of moves, and its cells."""
        chosen = [self._open_moves(nodes, axis) for axis in range(len(nodes))]
        if not all(len(moves) for moves in chosen):
            return BARRED, np.zeros(0, dtype=np.int64)
        spans = [np.flatnonzero(moves.any(axis=0)) for moves in chosen]
        cost = self.block[np.ix_(*spans)]
        for moves, span in zip(chosen, spans, strict=True):
            cost = np.tensordot(cost, moves[:, span], axes=(0, 1))
        best = np.unravel_index(int(np.argmin(cost)), cost.shape)
        support = np.ix_(*(np.flatnonzero(moves[at]) for moves, at in zip(chosen, best, strict=True)))
        return float(cost[best]), self._places(np.broadcast_arrays(*support))

    def _crossed(self, nodes: tuple[np.ndarray, ...]) -> tuple[float, np.ndarray]:
        """Return the cost of the cheapest pair of cells in two rows with the totals of both, and its cells."""
        nothing = BARRED, np.zeros(0, dtype=np.int64)
        spans = self.cells.dimensions
        if len(spans) not in (2, 3) or not all(_one_sum(found) for found in spans[:2]) or nodes[0] >= spans[0].leaves:
            return nothing
        rows, columns = (found.leaves for found in spans[:2])
        row, column = int(nodes[0]), int(nodes[1])
        if self.block[row, columns, *nodes[2:]] >= BARRED / 2:
            return nothing
        moves = self._open_moves(nodes, 2) if len(spans) == 3 else np.ones((1, 1))
        if not len(moves):
            return nothing
        block = self.block.reshape(*self.cells.shape[:2], -1)
        cost = block[:rows, :columns] + block[rows, :columns] + block[:rows, columns][:, None]
        cost = np.tensordot(cost, moves, axes=(2, 1))
        own = cost[row] if column == columns else cost[row, [column]]
        other = np.delete(cost, row, axis=0)
        if not other.size:
            return nothing
        together = own.min(axis=0) + other.min(axis=(0, 1))
        best = int(np.argmin(together))
        mine = int(np.argmin(own[:, best])) if column == columns else column
        second, its = np.unravel_index(int(np.argmin(other[:, :, best])), other.shape[:2])
        second += second >= row
        pairs = [(row, mine), (rows, mine), (row, columns), (second, its), (rows, its), (second, columns)]
        times = np.flatnonzero(moves[best])
        axes = [np.repeat([pair[at] for pair in pairs], len(times)) for at in (0, 1)]
        axes += [np.tile(times, len(pairs))] if len(spans) == 3 else []
        return float(together[best]), self._places(axes)

    def _bent(self, nodes: tuple[np.ndarray, ...]) -> tuple[float, np.ndarray]:
        """Return the cost of the cheapest chain over two columns with their sums and a third between, and its cells.

        Of rows r, q and columns a, b, n: (r, a) and the sum of a go up, (r, n) goes down, (q, n) up, (q, b) and the sum
        of b down. So two countries that nobody else ships from cover each other, and no large sum is hidden for them.
        """
        nothing = BARRED, np.zeros(0, dtype=np.int64)
        spans = self.cells.dimensions
        if len(spans) not in (2, 3) or not all(_one_sum(found) for found in spans[:2]) or nodes[1] >= spans[1].leaves:
            return nothing
        rows, columns, own = spans[0].leaves, spans[1].leaves, int(nodes[1])
        moves = self._open_moves(nodes, 2) if len(spans) == 3 else np.ones((1, 1))
        if not len(moves):
            return nothing
        block = self.block.reshape(*self.cells.shape[:2], -1)
        best, found = BARRED, None
        for move in moves:
            cost = np.tensordot(block, move, axes=(2, 0))
            inner = cost[:rows, :columns]
            ends = inner + cost[rows, :columns]
            for row, start, between in _chains(nodes, own, inner, ends):
                chain = inner[row, between] + inner[:, [between]] + ends + ends[row, start]
                chain[row], chain[:, between], chain[:, start] = BARRED, BARRED, BARRED
                other, end = np.unravel_index(int(np.argmin(chain)), chain.shape)
                if chain[other, end] < best:
                    best = float(chain[other, end])
                    pairs = [(row, start), (rows, start), (row, between), (other, between), (other, end), (rows, end)]
                    found = pairs, move
        if found is None or best >= BARRED / 2:
            return nothing
        pairs, move = found
        times = np.flatnonzero(move)
        axes = [np.repeat([pair[at] for pair in pairs], len(times)) for at in (0, 1)]
        axes += [np.tile(times, len(pairs))] if len(spans) == 3 else []
        return best, self._places(axes)

    def _places(self, axes) -> np.ndarray:
        """Return the cells at some nodes, those that hold something."""
        at = self.cells.places(*(np.asarray(axis).ravel() for axis in axes))
        return np.unique(at[at >= 0])


def _chains(nodes: tuple[np.ndarray, ...], own: int, inner: np.ndarray, ends: np.ndarray):
    """Yield row, first column and column between of the chains that a cell can stand in, at an end or between."""
    rows = inner.shape[0]
    open_rows = [int(nodes[0])] if nodes[0] < rows else np.flatnonzero(ends[:, own] < BARRED / 2).tolist()
    for row in open_rows:
        for column in np.flatnonzero(inner[row] < BARRED / 2):
            if column != own:
                yield row, own, int(column)
                if nodes[0] < rows and ends[row, column] < BARRED / 2:
                    yield row, int(column), own


def _one_sum(found: Dimension) -> bool:
    """Tell whether a dimension has a single sum, of all its leaves."""
    return found.size == found.leaves + 1 and len(found.children) == found.leaves


def _moves_of(found: Dimension):
    """Return a function of a node that gives the moves in which it takes part, as rows of ones over the nodes."""
    vectors = np.zeros((found.leaves, found.size))
    for leaf, nodes in enumerate(found.counts_in):
        vectors[leaf, nodes] = 1.0

    def moves(node: int) -> np.ndarray:
        own = np.flatnonzero(vectors[:, node])
        pairs = [np.abs(vectors[leaf] - vectors) for leaf in own]
        every = np.concatenate([vectors[own], *pairs])
        every = every[every[:, node] == 1.0]
        return np.unique(every, axis=0) if len(own) > 1 else every

    return moves
