"""A table of any number of dimensions with all its margins, as a list of cells and of the sums among them.

A dimension has leaves (the countries, the months) and sums (all countries, a quarter). A cell is one node of
each dimension. What stands behind a cell is kept importer by importer, so that any union of cells can be
judged. Cells without imports are not listed: they are zeros, and shown as zeros.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aimlib.analysis.confidentiality.rule import Rule, is_sensitive


@dataclass(frozen=True)
class Dimension:
    """Nodes with the leaves first, the sums (child, parent), and every node that a leaf counts in."""

    nodes: tuple[Hashable, ...]
    leaves: int
    children: np.ndarray
    parents: np.ndarray
    counts_in: tuple[np.ndarray, ...]

    @property
    def size(self) -> int:
        return len(self.nodes)

    def at(self, node: Hashable) -> int:
        """Return the number of a node."""
        return self.nodes.index(node)


def dimension(leaves: Sequence[Hashable], sums: Mapping[Hashable, Sequence[Hashable]]) -> Dimension:
    """Return the dimension of `leaves` and `sums` (each with its parts, leaves or earlier sums)."""
    nodes = tuple(leaves) + tuple(sums)
    at = {node: place for place, node in enumerate(nodes)}
    if len(at) < len(nodes):
        raise ValueError("a node of the dimension is named twice")
    members = {node: {at[node]} for node in leaves}
    pairs = []
    for parent, parts in sums.items():
        members[parent] = set().union(*(members[part] for part in parts))
        pairs += [(at[part], at[parent]) for part in parts]
    counts_in = [[place] for place in range(len(leaves))]
    for parent in sums:
        for leaf in members[parent]:
            counts_in[leaf].append(at[parent])
    child, parent = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Dimension(nodes, len(leaves), child, parent, tuple(np.array(found) for found in counts_in))


@dataclass(frozen=True)
class Cells:
    """The cells that hold something, in the order of their codes.

    Attributes
    ----------
    dimensions
        The dimensions; `code` is a cell's place in the block that they span.
    quantity_kg, customs_value_usd
        What a cell holds, from all importers, known or not.
    entry_cell, importer, quantity, value
        Cell by cell, what each known importer brought.
    line, member, sign
        The sums: ``sign`` is 1 for a part and -1 for the sum; the sign-weighted members of a line add up to zero.
    line_parent
        The cell that is the sum of each line.
    """

    dimensions: tuple[Dimension, ...]
    code: np.ndarray
    quantity_kg: np.ndarray
    customs_value_usd: np.ndarray
    entry_cell: np.ndarray
    importer: np.ndarray
    quantity: np.ndarray
    value: np.ndarray
    line: np.ndarray
    member: np.ndarray
    sign: np.ndarray
    line_parent: np.ndarray

    def __len__(self) -> int:
        return len(self.code)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(found.size for found in self.dimensions)

    def nodes(self) -> tuple[np.ndarray, ...]:
        """Return each cell's node in each dimension."""
        return np.unravel_index(self.code, self.shape)

    def places(self, *nodes: np.ndarray) -> np.ndarray:
        """Return the places of cells by their nodes, -1 for those that hold nothing."""
        return find(self.code, np.ravel_multi_index(np.broadcast_arrays(*nodes), self.shape).ravel())

    def sensitive(self, rule: Rule) -> np.ndarray:
        """Tell which cells may not be shown by themselves."""
        return is_sensitive(*sums_by_importer(self.entry_cell, self.quantity, self.value, len(self)), rule)


def find(sorted_codes: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the places of `codes` among `sorted_codes`, -1 where absent."""
    at = np.searchsorted(sorted_codes, codes)
    at[at == len(sorted_codes)] = 0
    return np.where(sorted_codes[at] == codes, at, -1) if len(sorted_codes) else np.full(len(codes), -1)


def sums_by_importer(group: np.ndarray, quantity: np.ndarray, value: np.ndarray, size: int) -> tuple[np.ndarray, ...]:
    """Return per group: importers, quantity, value, and the largest of each; one entry is one importer."""
    top_quantity, top_value = np.zeros(size), np.zeros(size)
    np.maximum.at(top_quantity, group, quantity)
    np.maximum.at(top_value, group, value)
    return (
        np.bincount(group, minlength=size),
        np.bincount(group, weights=quantity, minlength=size),
        np.bincount(group, weights=value, minlength=size),
        top_quantity,
        top_value,
    )


def build(
    dimensions: Sequence[Dimension],
    leaves: Sequence[np.ndarray],
    importer: np.ndarray,
    quantity: np.ndarray,
    value: np.ndarray,
) -> Cells:
    """Return the cells of contributions.

    Parameters
    ----------
    dimensions, leaves
        The dimensions, and for each the leaf that every contribution belongs to.
    importer
        Whole numbers from 0; -1 where the importer is not known (a public source).
    quantity, value
        Kilograms and dollars. Contributions of nothing are left out.
    """
    shape = tuple(found.size for found in dimensions)
    people = int(importer.max(initial=-1)) + 2
    keep = (quantity != 0) | (value != 0)
    # One order whatever the order of the rows, so that sums of floating-point numbers are the same to the last bit.
    nodes = [leaf[keep] for leaf in leaves]
    who, kg, usd = importer[keep] + 1, quantity[keep].astype(float), value[keep].astype(float)
    key = np.ravel_multi_index(nodes, shape) * people + who
    order = np.lexsort((usd, kg, key))
    key, kg, usd = _summed(key[order], kg[order], usd[order])
    for place, found in enumerate(dimensions):
        key, kg, usd = _expanded(key, kg, usd, place, found, shape, people)
    code, who = np.divmod(key, people)
    codes, entry = np.unique(code, return_inverse=True)
    known = who > 0
    line, member, sign, parent = _lines(codes, dimensions, shape)
    return Cells(
        dimensions=tuple(dimensions),
        code=codes,
        quantity_kg=np.bincount(entry, weights=kg, minlength=len(codes)),
        customs_value_usd=np.bincount(entry, weights=usd, minlength=len(codes)),
        entry_cell=entry[known],
        importer=who[known] - 1,
        quantity=kg[known],
        value=usd[known],
        line=line,
        member=member,
        sign=sign,
        line_parent=parent,
    )


def _summed(key: np.ndarray, kg: np.ndarray, usd: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum amounts of equal keys; `key` is sorted."""
    if not len(key):
        return key, kg, usd
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    return key[first], np.add.reduceat(kg, first), np.add.reduceat(usd, first)


def _expanded(key, kg, usd, place: int, found: Dimension, shape: tuple[int, ...], people: int):
    """Add to contributions those that they make to the sums of one dimension."""
    stride = int(np.prod(shape[place + 1 :], dtype=np.int64)) * people
    leaf = key // stride % shape[place]
    counts = np.array([len(nodes) for nodes in found.counts_in], dtype=np.int64)
    flat = np.concatenate([*found.counts_in, np.zeros(0, dtype=np.int64)]).astype(np.int64)
    start = np.r_[0, np.cumsum(counts)]
    times = counts[leaf]
    row = np.repeat(np.arange(len(key)), times)
    step = np.arange(len(row)) - np.repeat(np.r_[0, np.cumsum(times)[:-1]], times) if len(row) else row
    node = flat[start[leaf[row]] + step]
    out = key[row] + (node - leaf[row]) * stride
    order = np.argsort(out, kind="stable")
    return _summed(out[order], kg[row][order], usd[row][order])


def _lines(codes: np.ndarray, dimensions: Sequence[Dimension], shape: tuple[int, ...]):
    """Return the sums among the cells: line, member, sign, and the parent cell of each line."""
    at = np.unravel_index(codes, shape)
    heads, parts = [], []
    for place, found in enumerate(dimensions):
        stride = int(np.prod(shape[place + 1 :], dtype=np.int64))
        order = np.argsort(found.children, kind="stable")
        child, parent = found.children[order], found.parents[order]
        low, high = np.searchsorted(child, at[place], "left"), np.searchsorted(child, at[place], "right")
        cell = np.repeat(np.arange(len(codes)), high - low)
        begin = np.repeat(np.cumsum(high - low) - (high - low), high - low)
        up = parent[low[cell] + np.arange(len(cell)) - begin]
        head = find(codes, codes[cell] + (up - at[place][cell]) * stride)
        heads.append(head * len(dimensions) + place)
        parts.append(cell)
    key, part = np.concatenate(heads), np.concatenate(parts)
    found_lines, line = np.unique(key, return_inverse=True)
    parent = found_lines // len(dimensions)
    return (
        np.concatenate([line, np.arange(len(parent))]),
        np.concatenate([part, parent]),
        np.concatenate([np.ones(len(part)), -np.ones(len(parent))]),
        parent,
    )
