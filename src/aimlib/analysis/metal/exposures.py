"""How much of an origin's imports has to do with a country: by largest smelt, any smelt, any smelt or cast, and cast.

The measures of one country contain each other: ``sole`` (largest smelt, and no second) within ``largest`` within
``any_smelt`` within both ``any_smelt_or_cast`` and ``any_smelt_or_unknown``; ``cast`` within
``any_smelt_or_cast``. So the difference of two is a figure too, such as what has the country as second smelt only,
and a measure is hidden where that difference, or what is left of the total, is sensitive. All are over the months
in which smelt was collected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality.cells import Cells, Dimension, build, dimension, sums_by_importer
from aimlib.analysis.confidentiality.rule import Rule, is_sensitive
from aimlib.analysis.metal.cube import Cube, nodes_in
from aimlib.analysis.metal.fields import NOT_APPLICABLE, NOT_COLLECTED, SMELT, UNKNOWN, rows_of
from aimlib.analysis.metal.shares import AMOUNTS, kind_of_origin, nodes_of
from aimlib.analysis.metal.spans import PERIOD_SMELT, leaf_of_month
from aimlib.analysis.metal.steps import Frame, Pattern, protect_in_steps
from aimlib.analysis.totals import TOTAL

LARGEST, ANY, ANY_OR_CAST, CAST_THERE = "largest", "any_smelt", "any_smelt_or_cast", "cast"
SOLE, ANY_OR_UNKNOWN = "sole", "any_smelt_or_unknown"
MEASURES = (LARGEST, ANY, ANY_OR_CAST, CAST_THERE)
WITHIN = {SOLE: (), ANY: (LARGEST,), ANY_OR_UNKNOWN: (ANY,), ANY_OR_CAST: (ANY, CAST_THERE)}


@dataclass(frozen=True)
class Exposures:
    """The protected measures of the countries of a watch list, by origin and time."""

    watch: tuple[str, ...]
    smelt: Cube
    cast: Cube
    derived: dict[str, Pattern]

    def read(self, measure: str, country: str, origin: np.ndarray, time: np.ndarray) -> pd.DataFrame:
        """Return quantity_kg, customs_value_usd, suppressed by nodes of the smelt cube; blank where hidden."""
        origin, time = (found.ravel() for found in np.broadcast_arrays(origin, time))
        cube = {LARGEST: self.smelt, CAST_THERE: self.cast}.get(measure)
        if cube is None:
            found = self.derived[measure]
            at = found.cells.places(np.array([self.watch.index(country)]), origin, time)
            return found.read(at, self.smelt.row_hidden(origin, time))
        when = time if cube is self.smelt else nodes_in(self.smelt.time, self.cast.time)[time]
        if country not in cube.metals.nodes:
            nothing = np.full(len(origin), -1)
            return cube.pattern.read(nothing, cube.row_hidden(origin, when))
        return cube.read(origin, np.array([cube.metals.at(country)]), when)


def exposures_of(
    detail: pd.DataFrame,
    frame: Frame,
    smelt: Cube,
    cast: Cube,
    watch: Sequence[str],
    derived: Sequence[str] = (ANY, ANY_OR_CAST),
    also: Exposures | None = None,
) -> Exposures:
    """Return the protected measures; those that the source cannot give (*not collected*) are missing.

    `derived` are the measures beside ``largest`` and ``cast``, each after those it contains. What `also` hides over
    its period of smelt is hidden here too.
    """
    watch = tuple(dict.fromkeys(watch))
    rows = rows_of(detail, SMELT, frame.first, frame.last)
    out = Exposures(watch, smelt, cast, {})
    if not len(rows) or not watch or (rows["second_smelt"] == NOT_COLLECTED).all():
        return out
    no_cast = (rows["recent_cast"] == NOT_COLLECTED).all()
    for measure in derived:
        if measure != ANY_OR_CAST or not no_cast:
            found = contributions(rows, measure, watch)
            out.derived[measure] = _protected(found, frame, out, measure, also)
    return out


def period_table(found: Exposures, origins: Sequence[str]) -> pd.DataFrame:
    """Return the exposures over the period.

    Columns: origin, row_kind, country (of the watch list), measure (see the module), quantity_kg,
    customs_value_usd, share_quantity, share_value (of the origin's imports in the months of smelt), suppressed.
    """
    return _table(found, origins, np.array([found.smelt.time.at(PERIOD_SMELT)])).drop(columns=["by", "period"])


def time_table(found: Exposures, origins: Sequence[str]) -> pd.DataFrame:
    """Return the exposures by month and by quarter: ``by`` and ``period`` (its first month) before `period_table`'s."""
    return _table(found, origins, found.smelt.months_and_quarters())


def given(found: Exposures) -> tuple[str, ...]:
    """Return the measures that the source can give, in the order of print; none before smelt was collected."""
    there = {measure: measure in found.derived for measure in MEASURES}
    there |= {LARGEST: True, CAST_THERE: len(found.cast.pattern.cells) > 0}
    return tuple(measure for measure in MEASURES if there[measure] and len(found.smelt.pattern.cells))


def _table(found: Exposures, origins: Sequence[str], times: np.ndarray) -> pd.DataFrame:
    smelt, measures = found.smelt, given(found)
    rows = nodes_of(smelt, origins)
    watch = found.watch
    if not watch or not measures:
        # One empty table, so that the columns are there.
        rows, watch, measures = rows[:0], ("",), (LARGEST,)
    origin, time = np.repeat(rows, len(times)), np.tile(times, len(rows))
    names = pd.Series(smelt.origins.nodes, dtype="str")
    whole = smelt.read(origin, np.array([smelt.metals.at(TOTAL)]), time)
    starts = pd.DatetimeIndex([node[1] for node in smelt.time.nodes]).as_unit("us")
    kinds = pd.Series([node[0] for node in smelt.time.nodes], dtype="str")
    tables = []
    for country in watch:
        for measure in measures:
            out = pd.DataFrame({"origin": names.array.take(origin)})
            out["row_kind"] = kind_of_origin(names).array.take(origin)
            out = out.assign(country=country, measure=measure, by=kinds.array.take(time), period=starts[time])
            figures = found.read(measure, country, origin, time)
            for amount, share in AMOUNTS.items():
                figures[share] = figures[amount] / whole[amount].where(whole[amount] > 0)
            tables.append(pd.concat([out, figures], axis=1))
    out = pd.concat(tables, ignore_index=True)
    return out[["by", "period", "origin", "row_kind", "country", "measure", *AMOUNTS, *AMOUNTS.values(), "suppressed"]]


def contributions(rows: pd.DataFrame, measure: str, watch: Sequence[str]) -> pd.DataFrame:
    """Return the rows that a measure counts for each country, with the country's place in `watch` as ``at``."""
    largest, second = rows["largest_smelt"].to_numpy(object), rows["second_smelt"].to_numpy(object)
    taken = []
    for at, country in enumerate(watch):
        keep = largest == country
        if measure == SOLE:
            keep = keep & (second == NOT_APPLICABLE)
        elif measure != LARGEST:
            keep = keep | (second == country)
        if measure == ANY_OR_UNKNOWN:
            keep = keep | (largest == UNKNOWN) | (second == UNKNOWN)
        if measure == ANY_OR_CAST:
            keep = keep | (rows["recent_cast"].to_numpy(object) == country)
        taken.append(rows[keep].assign(at=at))
    return pd.concat(taken)


def _protected(rows: pd.DataFrame, frame: Frame, known: Exposures, measure: str, also: Exposures | None) -> Pattern:
    """Return the pattern of one measure for all countries, given those of the measures that it contains."""
    smelt = known.smelt
    countries = dimension(known.watch, {})

    def make(origins: Dimension) -> Cells:
        leaves = [
            rows["at"].to_numpy(np.int64),
            pd.Index(origins.nodes).get_indexer(rows["origin"]),
            leaf_of_month(rows["month"], smelt.time).to_numpy(np.int64),
        ]
        amounts = (rows[name].to_numpy(float) for name in AMOUNTS)
        return build([countries, origins, smelt.time], leaves, rows["who"].to_numpy(np.int64), *amounts)

    def start(cells: Cells, rule: Rule) -> np.ndarray:
        country, origin, time = cells.nodes()
        hidden = cells.sensitive(rule) | smelt.row_hidden(origin, time)
        metals = pd.Index(smelt.metals.nodes).get_indexer(list(known.watch))[country]
        total = smelt.pattern.cells.places(origin, np.array([smelt.metals.at(TOTAL)]), time)
        hidden |= difference_sensitive(smelt.pattern.cells, total, cells, np.arange(len(cells)), rule)
        if measure == SOLE:
            largest = _places(known, LARGEST, country, metals, origin, time)
            hidden |= difference_sensitive(smelt.pattern.cells, largest, cells, np.arange(len(cells)), rule)
            hidden |= (largest >= 0) & smelt.pattern.hidden[largest]
        if also is not None and measure in also.derived:
            over = np.array([also.smelt.time.at(PERIOD_SMELT)])
            hidden |= also.derived[measure].hides(country, origin, over)
        for inner in WITHIN[measure]:
            pattern = _pattern(known, inner)
            at = _places(known, inner, country, metals, origin, time)
            if len(pattern.cells):
                hidden |= (at >= 0) & pattern.hidden[at]
                hidden |= difference_sensitive(cells, np.arange(len(cells)), pattern.cells, at, rule)
        return hidden

    return protect_in_steps(frame, make, start, axis=1)


def _pattern(known: Exposures, measure: str) -> Pattern:
    return {LARGEST: known.smelt.pattern, CAST_THERE: known.cast.pattern}.get(measure) or known.derived[measure]


def _places(known: Exposures, measure: str, country, metals, origin, time) -> np.ndarray:
    """Return the places of a measure's cells in its pattern, -1 where it holds nothing."""
    if measure == LARGEST:
        found, when = metals, time
    elif measure == CAST_THERE:
        found = pd.Index(known.cast.metals.nodes).get_indexer(list(known.watch))[country]
        when = nodes_in(known.smelt.time, known.cast.time)[time]
    else:
        return known.derived[measure].cells.places(country, origin, time)
    at = _pattern(known, measure).cells.places(origin, np.maximum(found, 0), when)
    return np.where(found >= 0, at, -1)


def difference_sensitive(
    large: Cells, large_at: np.ndarray, small: Cells, small_at: np.ndarray, rule: Rule
) -> np.ndarray:
    """Tell for which pairs of cells, the second within the first, what is left of the first is sensitive.

    Places are -1 for nothing. Both must count importers by the same numbers.
    """
    pairs = len(large_at)
    people = 1 + max(int(large.importer.max(initial=0)), int(small.importer.max(initial=0)))
    key, kg, usd = [], [], []
    for cells, at, sign in ((large, large_at, 1.0), (small, small_at, -1.0)):
        first = np.searchsorted(cells.entry_cell, np.arange(len(cells) + 1))
        pair = np.flatnonzero(at >= 0)
        times = (first[1:] - first[:-1])[at[pair]]
        row = np.repeat(np.arange(len(pair)), times)
        entry = first[at[pair]][row] + np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
        key.append(pair[row] * people + cells.importer[entry])
        kg.append(sign * cells.quantity[entry])
        usd.append(sign * cells.value[entry])
    keys, at = np.unique(np.concatenate(key), return_inverse=True)
    quantity = np.bincount(at, weights=np.concatenate(kg), minlength=len(keys))
    value = np.bincount(at, weights=np.concatenate(usd), minlength=len(keys))
    # What is less than a gram and a cent is the rounding of the subtraction.
    left = (quantity > 1e-3) | (value > 1e-2)
    return is_sensitive(*sums_by_importer(keys[left] // people, quantity[left], value[left], pairs), rule)
