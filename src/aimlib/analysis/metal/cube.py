"""Origin by metal by time, protected once for every report that is cut from it.

The pattern of hidden cells is found over all origins, months, quarters and periods together, so that bulletins for
different countries, and a table of months beside one of the period, do not give each other's cells away.

Origins' totals are found first, over origins and time. An origin whose total is hidden is hidden throughout, its
zeros too: its imports stand in Census, so that where everything else is zero the one cell left could be told.
For the same reason cells by metal are protected as if the totals were known, shown or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality.cells import Cells, Dimension, build, dimension
from aimlib.analysis.confidentiality.rule import Rule
from aimlib.analysis.metal.fields import CAST, Field, is_country, rows_of
from aimlib.analysis.metal.spans import GROUP, PERIOD_SMELT, leaf_of_month, origin_span, with_groups
from aimlib.analysis.metal.steps import Frame, Pattern, protect_in_steps
from aimlib.analysis.totals import TOTAL


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
        at = self.pattern.cells.places(origin, metal, time)
        return self.pattern.read(at, self.row_hidden(origin, time))

    def months_and_quarters(self) -> np.ndarray:
        """Return the nodes of time that are months and quarters."""
        return np.array([at for at, node in enumerate(self.time.nodes) if node[1] is not None], dtype=np.int64)

    def row_hidden(self, origin: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Tell for which origins and times nothing is shown."""
        origin, time = np.broadcast_arrays(origin, time)
        of = nodes_in(self.origins, self.totals.cells.dimensions[0])
        return self.totals.hides(of[origin.ravel()], nodes_in(self.time, self.totals_time)[time.ravel()])


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


def protected_cubes(
    detail: pd.DataFrame, frame: Frame, fields: Sequence[Field], also: Cube | None = None
) -> tuple[Cube, ...]:
    """Return the protected cubes of some fields. DETAIL needs the column ``who``: importers from 0, -1 not known.

    What `also`, a cube of the same origins, hides over its period of smelt is hidden here too. Where a sensitive
    cell would follow although nothing is left to hide but totals (so few origins and importers that all stand
    against each other), the group's row is hidden altogether, or everything.
    """
    hide = ""
    while True:
        totals = totals_pattern(detail, frame, also, hide)
        cubes = tuple(cube_of(detail, frame, field, totals, also) for field in fields)
        leaks = {totals[0].leaks, *(cube.pattern.leaks for cube in cubes)}
        wanted = "all" if "all" in leaks else "group" if "group" in leaks else ""
        if wanted in ("", hide) or hide == "all":
            return cubes
        hide = wanted


def totals_pattern(
    detail: pd.DataFrame, frame: Frame, also: Cube | None = None, hide: str = ""
) -> tuple[Pattern, Dimension]:
    """Return the pattern of the origins' totals by time, and its calendar (that of cast, the longer one).

    `hide` is ``group`` or ``all`` where their totals are hidden throughout; see `protected_cubes` for `also`.
    """
    time = frame.time(CAST)
    keep = (detail["month"] >= max(frame.first, CAST.first)) & (detail["month"] <= frame.last)
    rows = detail[keep & detail["importer"].notna()]

    def start(cells: Cells, rule: Rule) -> np.ndarray:
        hidden = cells.sensitive(rule)
        names = pd.Index(cells.dimensions[0].nodes)
        hidden |= (hide == "all") | ((hide == "group") & (names == GROUP)[cells.nodes()[0]])
        if also is not None:
            there = pd.Index(also.origins.nodes).get_indexer(names)[cells.nodes()[0]]
            hidden |= (there >= 0) & also.row_hidden(np.maximum(there, 0), _smelt_of(also))
        return hidden

    return protect_in_steps(frame, lambda origins: _built(rows, (with_groups(origins), time), ()), start), time


def _smelt_of(cube: Cube) -> np.ndarray:
    return np.array([cube.time.at(PERIOD_SMELT)])


def cube_of(
    detail: pd.DataFrame, frame: Frame, field: Field, totals: tuple[Pattern, Dimension], also: Cube | None = None
) -> Cube:
    """Return the cube of a field, protected given the pattern of its totals; see `protected_cubes`."""
    rows = rows_of(detail, field, frame.first, frame.last)
    words = pd.Index(sorted(rows[field.name].unique()), dtype="str")
    country = is_country(words).astype(bool)
    names = [*words[country], *words[~country]]
    metals, time = dimension(names, {TOTAL: names}), frame.time(field)
    pattern_of, calendar = totals
    up, of = nodes_in(time, calendar), nodes_in(frame.wide, pattern_of.cells.dimensions[0])

    def start(cells: Cells, rule: Rule) -> np.ndarray:
        origin, metal, when = cells.nodes()
        hidden = cells.sensitive(rule) | pattern_of.hides(of[origin], up[when])
        if also is not None:
            there = pd.Index(also.metals.nodes).get_indexer(metals.nodes)[metal]
            hidden |= (there >= 0) & also.pattern.hides(origin, np.maximum(there, 0), _smelt_of(also))
        return hidden

    def whole(cells: Cells) -> np.ndarray:
        return cells.nodes()[1] == metals.at(TOTAL)

    def fixed(cells: Cells) -> np.ndarray:
        # Totals have their own pattern, and a cell that is all of a total is known with it.
        total = whole(cells)
        parts = (cells.sign > 0) & total[cells.line_parent[cells.line]] & ~total[cells.member]
        only = np.bincount(cells.line[parts], minlength=len(cells.line_parent)) == 1
        total[cells.member[parts & only[cells.line]]] = True
        return total

    def systems(cells: Cells) -> list[np.ndarray]:
        return [whole(cells), np.zeros(len(cells), dtype=bool)]

    def make(origins: Dimension) -> Cells:
        return _built(rows, (origins, time), (metals, field))

    pattern = protect_in_steps(frame, make, start, systems, fixed)
    return Cube(field, frame.wide, metals, time, pattern, pattern_of, calendar)


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
