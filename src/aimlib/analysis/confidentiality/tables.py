"""Tables of one and two dimensions, protected: what is returned may be shown."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality.cells import Cells, Dimension, build, dimension
from aimlib.analysis.confidentiality.rule import Rule
from aimlib.analysis.confidentiality.suppression import suppress
from aimlib.analysis.totals import TOTAL

PRIMARY, SECONDARY, SHOWN = "primary", "secondary", ""


@dataclass(frozen=True)
class Protected:
    """Cells that may be shown, with what is hidden said.

    Attributes
    ----------
    cells
        One row a cell, margins included (key ``TOTAL``): the keys, quantity_kg, customs_value_usd,
        share_quantity, share_value, suppressed. Where `suppressed` is ``primary`` (the cell is sensitive) or
        ``secondary`` (it would give another away) the figures are blank; shares are of the row's total, and
        blank too where that is. A cell without imports is a zero and shown as one.
    primary, secondary
        How many cells are hidden, margins included.
    """

    cells: pd.DataFrame
    primary: int
    secondary: int


def protect(contributions: pd.DataFrame, row: str, column: str, rule: Rule) -> Protected:
    """Return the two-way table of `contributions` with its margins, protected.

    Parameters
    ----------
    contributions
        The columns `row`, `column`, importer (Int64; <NA> where the source is public, which is then not
        protected again), quantity_kg, customs_value_usd. Any number of rows a cell.
    row, column
        The names of the keys.
    """
    keys = [row, column]
    levels = [sorted(contributions[key].unique()) for key in keys]
    spans = [dimension(names, {TOTAL: names}) for names in levels]
    cells, hidden, primary = _protected(contributions, keys, spans, rule)
    status = _status(hidden, primary)
    grid = pd.MultiIndex.from_product([span.nodes for span in spans], names=keys).to_frame(index=False)
    at = cells.places(*(found.ravel() for found in np.indices(cells.shape)))
    out = fill(grid, cells, at, status)
    whole = cells.places(*np.broadcast_arrays(*np.indices(cells.shape)[:1], spans[1].at(TOTAL)))
    return Protected(_with_shares(out, cells, whole, hidden), int(primary.sum()), int((hidden & ~primary).sum()))


def protect_series(contributions: pd.DataFrame, key: str, rule: Rule) -> Protected:
    """Return the sums by one key, such as the months of an origin, with their total, protected.

    As `protect`, with one key; the shares are of the total.
    """
    names = sorted(contributions[key].unique())
    span = dimension(names, {TOTAL: names})
    cells, hidden, primary = _protected(contributions, [key], [span], rule)
    at = cells.places(np.arange(span.size))
    out = fill(pd.DataFrame({key: pd.Series(span.nodes)}), cells, at, _status(hidden, primary))
    whole = np.broadcast_to(cells.places(np.array([span.at(TOTAL)])), span.size)
    return Protected(_with_shares(out, cells, whole, hidden), int(primary.sum()), int((hidden & ~primary).sum()))


def people(importer: pd.Series) -> np.ndarray:
    """Return importers as whole numbers from 0, -1 where not known."""
    return pd.factorize(importer, sort=True)[0].astype(np.int64)


def fill(frame: pd.DataFrame, cells: Cells, at: np.ndarray, status: np.ndarray) -> pd.DataFrame:
    """Return `frame` with the figures of the cells `at` (-1: zero), blank where `status` says they are hidden."""
    there = at >= 0
    word = np.where(there, status[at] if len(status) else SHOWN, SHOWN)
    shown = word == SHOWN
    out = frame.copy()
    for name in ("quantity_kg", "customs_value_usd"):
        amount = getattr(cells, name)
        out[name] = np.where(shown, np.where(there, amount[at] if len(amount) else 0.0, 0.0), np.nan)
    return out.assign(suppressed=pd.Series(word, index=out.index, dtype="str"))


def _protected(
    contributions: pd.DataFrame, keys: Sequence[str], spans: Sequence[Dimension], rule: Rule
) -> tuple[Cells, np.ndarray, np.ndarray]:
    cells = build(
        spans,
        [codes(contributions[key], span.nodes) for key, span in zip(keys, spans, strict=True)],
        people(contributions["importer"]),
        contributions["quantity_kg"].to_numpy(float),
        contributions["customs_value_usd"].to_numpy(float),
    )
    primary = cells.sensitive(rule)
    return cells, suppress(cells, primary, rule), primary


def codes(column: pd.Series, nodes: Sequence[Hashable]) -> np.ndarray:
    """Return the place of each value among the nodes."""
    return pd.Index(nodes).get_indexer(column)


def _status(hidden: np.ndarray, primary: np.ndarray) -> np.ndarray:
    return np.where(primary, PRIMARY, np.where(hidden, SECONDARY, SHOWN)).astype(object)


def _with_shares(out: pd.DataFrame, cells: Cells, whole: np.ndarray, hidden: np.ndarray) -> pd.DataFrame:
    there = whole >= 0
    for name, share in (("quantity_kg", "share_quantity"), ("customs_value_usd", "share_value")):
        amount = getattr(cells, name)
        of = np.where(there & ~hidden[whole], amount[whole], np.nan) if len(amount) else np.full(len(out), np.nan)
        out[share] = out[name].to_numpy() / np.where(of > 0, of, np.nan)
    return out[[*(c for c in out.columns if c != "suppressed"), "suppressed"]]
