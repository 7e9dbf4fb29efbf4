"""Origin by metal by time, protected once for every report that is cut from it.

The pattern of hidden cells is found over all origins, months, quarters and periods together, so that bulletins for
different countries, and a table of months beside one of the period, do not give each other's cells away.

Origins' totals are found first, over origins and time. An origin whose total is hidden is hidden throughout, its
zeros too: its imports stand in Census, so that where everything else is zero the one cell left could be told.
For the same reason cells by metal are protected as if the totals were known, shown or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality.cells import Cells, Dimension, build, dimension
from aimlib.analysis.confidentiality.rule import Rule
from aimlib.analysis.confidentiality.suppression import MARGIN, suppress
from aimlib.analysis.confidentiality.tables import PRIMARY, SECONDARY, SHOWN
from aimlib.analysis.metal.fields import CAST, Field, is_country, rows_of
from aimlib.analysis.metal.spans import PERIOD_SMELT, leaf_of_month, origin_span, time_span
from aimlib.analysis.totals import TOTAL

WEIGHTS = {"month": 1.0, "quarter": 2.0}
FIXED = 1e-3
"""What hiding a cell of a month costs, however little it holds."""


@dataclass(frozen=True)
class Frame:
    """What all tables of a report share: its period, origins, importers and rule.

    `base` are all origins with their total; `wide` has the sum of the origins asked for too (it is `base` where
    that is a single one, or all). Nodes of `base` have the same numbers in `wide`.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    base: Dimension
    wide: Dimension
    rule: Rule
    whole: bool = False

    def time(self, field: Field) -> Dimension:
        """Return the calendar of a field."""
        return time_span(field, self.first, self.last, whole=self.whole)


@dataclass(frozen=True)
class Pattern:
    """Cells and which of them are hidden. `sensitive` is why; the others are hidden for their sake."""

    cells: Cells
    hidden: np.ndarray
    sensitive: np.ndarray

    def hides(self, *nodes: np.ndarray) -> np.ndarray:
        """Tell which cells are hidden, by their nodes; a cell that holds nothing is not."""
        at = self.cells.places(*nodes)
        return (at >= 0) & self.hidden[at] if len(self.cells) else np.zeros(len(at), dtype=bool)


@dataclass(frozen=True)
class Cube:
    """Origin by metal by time: `metals` and `time` are its other dimensions, `totals` the pattern of the origins."""

    field: Field
    origins: Dimension
    metals: Dimension
    time: Dimension
    pattern: Pattern
    totals: Pattern
    totals_time: Dimension

    def read(self, origin: np.ndarray, metal: np.ndarray, time: np.ndarray) -> pd.DataFrame:
        """Return quantity_kg, customs_value_usd, suppressed of cells by their nodes; blank where hidden."""
        return read(self.pattern, self.pattern.cells.places(origin, metal, time), self.row_hidden(origin, time))

    def months_and_quarters(self) -> np.ndarray:
        """Return the nodes of time that are months and quarters."""
        return np.array([at for at, node in enumerate(self.time.nodes) if node[1] is not None], dtype=np.int64)

    def row_hidden(self, origin: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Tell for which origins and times nothing is shown."""
        origin, time = np.broadcast_arrays(origin, time)
        return self.totals.hides(origin.ravel(), nodes_in(self.time, self.totals_time)[time.ravel()])


def read(pattern: Pattern, at: np.ndarray, blank: np.ndarray) -> pd.DataFrame:
    """Return the figures of cells by their places (-1: zero), blank where the cell or its row (`blank`) is hidden."""
    cells, there = pattern.cells, at >= 0
    size = len(cells) > 0
    hidden = there & (pattern.hidden[at] if size else False)
    sensitive = there & hidden & (pattern.sensitive[at] if size else False)
    word = np.where(sensitive, PRIMARY, np.where(hidden | blank, SECONDARY, SHOWN)).astype(object)
    shown = word == SHOWN
    out = {
        name: np.where(shown, np.where(there, getattr(cells, name)[at] if size else 0.0, 0.0), np.nan)
        for name in ("quantity_kg", "customs_value_usd")
    }
    return pd.DataFrame(out).assign(suppressed=pd.Series(word, dtype="str"))


def nodes_in(small: Dimension, large: Dimension) -> np.ndarray:
    """Return the number in `large` of each node of `small`."""
    at = {node: place for place, node in enumerate(large.nodes)}
    return np.array([at[node] for node in small.nodes], dtype=np.int64)


def frame_of(
    names: Iterable[str],
    first: pd.Timestamp,
    last: pd.Timestamp,
    group: Sequence[str],
    rule: Rule,
    *,
    whole: bool = False,
) -> Frame:
    """Return the frame of a report: `names` are all origins, `group` those asked for (empty: all)."""
    names = sorted({*names, *group})
    base = origin_span(names)
    wide = origin_span(names, group) if len(group) > 1 else base
    return Frame(first, last, base, wide, rule, whole)


def totals_pattern(detail: pd.DataFrame, frame: Frame, also: Cube | None = None) -> tuple[Pattern, Dimension]:
    """Return the pattern of the origins' totals by time, and its calendar (that of cast, the longer one).

    What `also`, a cube of the same origins, hides over its period of smelt is hidden here too.
    """
    time = frame.time(CAST)
    keep = (detail["month"] >= max(frame.first, CAST.first)) & (detail["month"] <= frame.last)
    rows = detail[keep & detail["importer"].notna()]

    def start(cells: Cells, rule: Rule) -> np.ndarray:
        hidden = cells.sensitive(rule)
        return hidden if also is None else hidden | also.row_hidden(cells.nodes()[0], _smelt_of(also))

    return protect_in_steps(frame, lambda origins: _built(rows, (origins, time), ()), start), time


def _smelt_of(cube: Cube) -> np.ndarray:
    return np.array([cube.time.at(PERIOD_SMELT)])


def cube_of(
    detail: pd.DataFrame, frame: Frame, field: Field, totals: tuple[Pattern, Dimension], also: Cube | None = None
) -> Cube:
    """Return the protected cube of a field. DETAIL needs the column ``who``: importers from 0, -1 not known.

    What `also`, a cube of the same field and origins, hides over its period of smelt is hidden here too.
    """
    rows = rows_of(detail, field, frame.first, frame.last)
    words = pd.Index(sorted(rows[field.name].unique()), dtype="str")
    country = is_country(words).astype(bool)
    names = [*words[country], *words[~country]]
    metals, time = dimension(names, {TOTAL: names}), frame.time(field)
    pattern_of, calendar = totals
    up = nodes_in(time, calendar)

    def start(cells: Cells, rule: Rule) -> np.ndarray:
        origin, metal, when = cells.nodes()
        hidden = cells.sensitive(rule) | pattern_of.hides(origin, up[when])
        if also is not None:
            there = pd.Index(also.metals.nodes).get_indexer(metals.nodes)[metal]
            hidden |= (there >= 0) & also.pattern.hides(origin, np.maximum(there, 0), _smelt_of(also))
        return hidden

    def rounds(cells: Cells, hidden: np.ndarray, rule: Rule, eligible: np.ndarray) -> np.ndarray:
        whole, cost = cells.nodes()[1] == metals.at(TOTAL), cost_in_time(cells)
        while True:
            found = suppress(cells, hidden, rule, known=whole, eligible=eligible, cost=cost)
            hidden = suppress(cells, found, rule, eligible=eligible & ~whole, cost=cost)
            if (hidden == found).all():
                return hidden

    pattern = protect_in_steps(frame, lambda origins: _built(rows, (origins, time), (metals, field)), start, rounds)
    return Cube(field, frame.wide, metals, time, pattern, pattern_of, calendar)


def _once(cells: Cells, hidden: np.ndarray, rule: Rule, eligible: np.ndarray) -> np.ndarray:
    return suppress(cells, hidden, rule, eligible=eligible, cost=cost_in_time(cells))


def cost_in_time(cells: Cells) -> np.ndarray:
    """Return what is lost by hiding cells whose last dimension is time: their part of the largest of that time.

    A period weighs eight times a month, a quarter twice; sums over the other dimensions are hidden last.
    """
    *others, time = cells.nodes()
    span = cells.dimensions[-1]
    weight = np.array([WEIGHTS.get(node[0], 8.0) for node in span.nodes])
    out = np.zeros(len(cells))
    for amount in (cells.quantity_kg, cells.customs_value_usd):
        largest = np.full(span.size, 1e-300)
        np.maximum.at(largest, time, amount)
        out += amount / largest[time] * weight[time]
    level = sum((node >= found.leaves).astype(int) for node, found in zip(others, cells.dimensions, strict=False))
    return out + FIXED * weight[time] + MARGIN * level


def protect_in_steps(
    frame: Frame,
    make: Callable[[Dimension], Cells],
    start: Callable[[Cells, Rule], np.ndarray],
    finish: Callable[[Cells, np.ndarray, Rule, np.ndarray], np.ndarray] = _once,
    axis: int = 0,
) -> Pattern:
    """Return the pattern over all origins, and then of a group's sums with the rest as it is.

    `make` returns the cells for a dimension of origins, which is their dimension number `axis`; `start` says
    which are hidden to begin with, `finish` finds the others. The sums of a group are hidden where they would
    give away a cell that the bulletins of other countries hide; nothing else changes for a group.
    """
    cells = make(frame.base)
    begin = start(cells, frame.rule)
    hidden = finish(cells, begin, frame.rule, np.ones(len(cells), dtype=bool)) if begin.any() else begin
    if frame.wide is not frame.base:
        wide = make(frame.wide)
        at = wide.places(*cells.nodes())
        group = wide.nodes()[axis] >= frame.base.size
        begin = start(wide, frame.rule) & group
        begin[at] = hidden
        hidden = finish(wide, begin, frame.rule, group) if begin.any() else begin
        cells = wide
    return Pattern(cells, hidden, cells.sensitive(frame.rule))


def _built(rows: pd.DataFrame, outer: tuple[Dimension, Dimension], inner: tuple) -> Cells:
    """Return the cells by origin (and metal) and time of DETAIL rows."""
    origins, time = outer
    spans = [origins, time]
    place = pd.Index(origins.nodes).get_indexer(rows["origin"])
    leaves = [place, leaf_of_month(rows["month"], time).to_numpy(np.int64)]
    if inner:
        metals, field = inner
        spans.insert(1, metals)
        leaves.insert(1, pd.Index(metals.nodes).get_indexer(rows[field.name]))
    amounts = (rows[name].to_numpy(float) for name in ("quantity_kg", "customs_value_usd"))
    return build(spans, leaves, rows["who"].to_numpy(np.int64), *amounts)
