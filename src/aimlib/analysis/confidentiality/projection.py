"""Which unknowns of a system of sums can be told exactly: the linear attack, on any number of cells.

Readers know that the members of each line add up to zero (with their signs) and know the shown ones. A hidden
cell is safe from exact recomputation if the hidden cells can change without breaking a sum while it changes too,
that is if some vector of the null space is not zero there. A random vector projected onto the null space is zero,
with probability one, exactly where all of them are. The projection is the residual of a least-squares problem,
found by conjugate gradients (CGLS): only products with the sparse matrix of signs are needed.
"""

from __future__ import annotations

import numpy as np

SEED = 20210628
"""The day licenses became mandatory; fixed, so that the same table always gives the same pattern."""

ZERO = 1e-4
CONVERGED = 1e-9
ROUNDS = 20_000


def determined(line: np.ndarray, cell: np.ndarray, sign: np.ndarray, cells: int) -> np.ndarray:
    """Tell which of the unknown cells 0 to `cells` - 1 follow from the lines.

    `line`, `cell` and `sign` are the members of the lines that are unknown.
    """
    found = np.zeros(cells, dtype=bool)
    while len(cell):
        # What is alone in a line follows; taking it out at once leaves the rest better conditioned.
        line = np.unique(line, return_inverse=True)[1]
        alone = cell[(np.bincount(line) == 1)[line]]
        if not len(alone):
            break
        found[alone] = True
        keep = ~found[cell]
        line, cell, sign = line[keep], cell[keep], sign[keep]
    rest = np.flatnonzero(~found)
    at = np.searchsorted(rest, cell)
    zero = np.abs(_projection(line, at, sign, len(rest), SEED)) < ZERO
    if zero.any():
        # Among many cells one is near zero by chance; hardly the same one twice.
        zero &= np.abs(_projection(line, at, sign, len(rest), SEED + 1)) < ZERO
    found[rest] = zero
    return found


def _projection(line: np.ndarray, cell: np.ndarray, sign: np.ndarray, cells: int, seed: int) -> np.ndarray:
    """Return a random vector over the cells, projected onto the null space of the lines."""
    rng = np.random.default_rng(seed)
    rest = rng.uniform(0.5, 1.5, cells) * rng.choice([-1.0, 1.0], cells)
    if not len(line):
        return rest
    lines = int(line.max()) + 1
    # Lines of even length pull alike, which the method needs to be quick.
    weight = sign / np.sqrt(np.bincount(line, minlength=lines))[line]

    def across(values: np.ndarray) -> np.ndarray:
        return np.bincount(line, weights=weight * values[cell], minlength=lines)

    def back(values: np.ndarray) -> np.ndarray:
        return np.bincount(cell, weights=weight * values[line], minlength=cells)

    gradient = across(rest)
    direction, size = gradient, _square(gradient)
    goal = size * CONVERGED**2
    for _ in range(ROUNDS):
        if size <= goal:
            return rest
        moved = back(direction)
        step = size / _square(moved)
        rest = rest - step * moved
        gradient = across(rest)
        new = _square(gradient)
        direction = gradient + (new / size) * direction
        size = new
    raise ArithmeticError("the projection did not converge; no table can be shown on it")


def _square(values: np.ndarray) -> float:
    """Return the sum of squares, without the threads of a linear-algebra library: they cost more than they save."""
    return float(np.sum(values * values))
