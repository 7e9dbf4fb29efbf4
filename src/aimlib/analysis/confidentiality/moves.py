"""The cheapest way to let a hidden cell vary without breaking a sum: a certificate that it cannot be recomputed.

In one dimension, a leaf and all the sums it counts in may change together, or two leaves against each other; sums
that hold both then stay. A product of such moves, one for each dimension, breaks no line of the table. If every
cell that it moves is hidden and holds something, none of them follows from what is shown: in a table of two
dimensions that is a rectangle, or two cells with their margins.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from aimlib.analysis.confidentiality.cells import Cells, Dimension

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

    def cover(self, cell: int) -> np.ndarray | None:
        """Hide what lets a cell vary, at the least cost, and return those cells; None if nothing does."""
        nodes = np.unravel_index(self.cells.code[cell], self.cells.shape)
        chosen = []
        for axis, node in enumerate(nodes):
            # Along its own fiber every other node of a move must be able to take part.
            fiber = self.block[tuple(slice(None) if at == axis else other for at, other in enumerate(nodes))]
            moves = self.moves[axis](int(node))
            moves = moves[moves @ fiber < BARRED / 2]
            if not len(moves):
                return None
            chosen.append(moves)
        spans = [np.flatnonzero(moves.any(axis=0)) for moves in chosen]
        cost = self.block[np.ix_(*spans)]
        for moves, span in zip(chosen, spans, strict=True):
            cost = np.tensordot(cost, moves[:, span], axes=(0, 1))
        best = np.unravel_index(int(np.argmin(cost)), cost.shape)
        if cost[best] >= BARRED / 2:
            return None
        support = np.ix_(*(np.flatnonzero(moves[at]) for moves, at in zip(chosen, best, strict=True)))
        self.block[support] = 0.0
        found = self.cells.places(*(axis.ravel() for axis in np.broadcast_arrays(*support)))
        self.hidden[found] = True
        self.covered.update(found.tolist())
        return found


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
