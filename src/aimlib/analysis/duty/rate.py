"""Entries in, rates out: one vectorized function over a frame of any length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from aimlib.analysis.duty import coverage
from aimlib.analysis.duty.classes import Grouped, group
from aimlib.analysis.duty.engine import (
    Applied,
    InForce,
    apply,
    boundaries,
    column_family,
    day_number,
    families_of,
    rules_in_force,
    yields_in_force,
)
from aimlib.analysis.duty.entries import Entries, read_entries
from aimlib.analysis.duty.metal_ranges import Ranges, missing_ranges
from aimlib.analysis.duty.suffixes import settled, split_lines
from aimlib.errors import AimError
from aimlib.reference.law import Law
from aimlib.reference.law import law as law_in_force

_RANGE = 1e-9


@dataclass(frozen=True)
class Stretch:
    """Classes of one stretch of days: what applies to them, and their place among all classes."""

    places: np.ndarray
    active: list[int]
    yields: list[int]
    applied: Applied
    ranges: Ranges


@dataclass(frozen=True)
class Rated:
    """Entries with their duty.

    ``frame`` has the index of the entries and, in percent of the customs value: total_pct (blank for a range or a
    refusal), column_pct (the part of it that is column 1 or 2), low_pct and high_pct (the same as the total where
    there is no range), refundable_pct, after_refund_pct, may_add_pct (what duties outside the total may add at most);
    missing (the metal fields that would settle a range, joined by ``+``), refused (why there is no number: before
    coverage, beyond verified coverage, not covered, ten digits; '' where there is one); with a customs value also
    duty_usd, duty_low_usd and duty_high_usd, US dollars.
    """

    frame: pd.DataFrame
    law: Law
    class_of: np.ndarray
    stretches: tuple[Stretch, ...]
    metal_share: np.ndarray

    def parts(self) -> pd.DataFrame:
        """Return what applies to each entry, one row an entry and measure, in print order of the families.

        Columns: entry (its position), place (of the rule in the law), measure, program, rate_pct, share_of_value
        (fraction), pct (rate times share), in_total. Of an entry with a range they are those of metal from elsewhere.
        """
        of_class = np.full(int(self.class_of.max(initial=-1)) + 1, -1)
        found = [_no_parts()]
        for stretch in self.stretches:
            of_class[:] = -1
            of_class[stretch.places] = np.arange(len(stretch.places))
            mine = of_class[self.class_of]
            entry = np.flatnonzero(mine >= 0)
            found += [
                self._part(stretch.applied, family, order, entry, mine[entry])
                for order, family in enumerate(stretch.applied.chosen)
            ]
        every = {name: np.concatenate([part[name] for part in found]) for name in _PART}
        in_order = np.lexsort((every["order"], every["entry"]))
        parts = pd.DataFrame({name: every[name][in_order] for name in _PART if name != "order"})
        rules = [self.law.rules[place] for place in parts["place"]]
        parts["measure"] = [rule.measure for rule in rules]
        parts["program"] = [rule.program for rule in rules]
        parts["in_total"] = np.array([rule.in_total for rule in rules], dtype=bool)
        return parts.assign(pct=parts["rate_pct"] * parts["share_of_value"])

    def _part(
        self, applied: Applied, family: str, order: int, entry: np.ndarray, mine: np.ndarray
    ) -> dict[str, np.ndarray]:
        chosen = applied.chosen[family][mine]
        share = applied.fixed[family][mine] + applied.by_share[family][mine] * self.metal_share[entry]
        keep = (chosen >= 0) & ((applied.displaced[family][mine] < 0) | (share > _RANGE))
        return {
            "entry": entry[keep],
            "order": np.full(int(keep.sum()), order),
            "place": chosen[keep],
            "rate_pct": applied.rate[family][mine[keep]],
            "share_of_value": share[keep],
        }


_PART = {"entry": np.int64, "order": np.int64, "place": np.int32, "rate_pct": float, "share_of_value": float}


def _no_parts() -> dict[str, np.ndarray]:
    return {name: np.empty(0, dtype=kind) for name, kind in _PART.items()}


def rate_entries(
    frame: pd.DataFrame, *, law: Law | None = None, known_on: date | None = None, extend: bool = False
) -> Rated:
    """Return the duty on entries under the law, as known on a day.

    `frame` is as `read_entries` takes it. A claim not stated is not made. Where the largest smelt or the cast is not
    given and could change the answer, there is a range and the field is named. `extend` takes the law as last
    verified to days beyond verified coverage, which are refused otherwise.
    """
    law = law_in_force() if law is None else law
    if known_on is not None and known_on < law.coverage.first_day:
        raise AimError(
            f"On {known_on} nothing of the law held was known.", f"Take {law.coverage.first_day} or a later day."
        )
    entries = read_entries(frame)

    def rated(some: Entries) -> Rated:
        return _rated(law, some, pd.RangeIndex(len(some)), known_on, extend)

    entries, undecided = settled(entries, split_lines(law, entries.hts.values), lambda some: rated(some).frame)
    found = _rated(law, entries, frame.index, known_on, extend)
    refused = (found.frame["refused"].to_numpy() == "") & undecided
    if refused.any():
        numbers = found.frame.select_dtypes("number").columns
        found.frame.loc[refused, numbers] = np.nan
        found.frame.loc[refused, "missing"] = ""
        found.frame.loc[refused, "refused"] = coverage.TEN_DIGITS
    return found


def _rated(law: Law, entries: Entries, index: pd.Index, known_on: date | None, extend: bool) -> Rated:
    firsts = boundaries(law, known_on)
    # Before the first stretch is the last of the table, where nothing is made one.
    stretch = np.searchsorted(firsts, entries.days, side="right") - 1
    active = {int(at): rules_in_force(law, firsts[at], known_on) for at in np.unique(stretch) if at >= 0}
    grouped = group(law, entries, stretch, active)
    yields = {at: yields_in_force(law, firsts[at], known_on) for at in active}
    everywhere = grouped.classes(np.arange(len(grouped.stretch)))
    applied = apply(law, _in_force(active, grouped), _in_force(yields, grouped), everywhere, grouped.values)
    stretches = tuple(_stretch(law, grouped, at, active[at], yields[at], applied) for at in active)
    refused = _refusals(law, grouped, extend)
    return Rated(
        frame=_frame(index, law, entries, grouped, applied, stretches, refused, known_on),
        law=law,
        class_of=grouped.class_of,
        stretches=stretches,
        metal_share=entries.metal_share,
    )


def _in_force(by_stretch: dict[int, list[int]], grouped: Grouped) -> InForce:
    """Return the rules in force on any of the stretches, each with the classes whose stretch that is."""
    places = sorted({place for held in by_stretch.values() for place in held})
    # The last row is of what lies before the first stretch, where nothing is in force.
    table = np.zeros((max(by_stretch, default=-1) + 2, len(places)), dtype=bool)
    for at, held in by_stretch.items():
        table[at] = np.isin(places, held)
    return {place: table[grouped.stretch, column] for column, place in enumerate(places)}


def _stretch(law: Law, grouped: Grouped, at: int, active: list[int], yields: list[int], applied: Applied) -> Stretch:
    places = np.flatnonzero(grouped.stretch == at)
    ranges = missing_ranges(law, active, yields, grouped.classes(places), grouped.values)
    return Stretch(places, active, yields, applied.taken(places, families_of(law, active)), ranges)


def _refusals(law: Law, grouped: Grouped, extend: bool) -> np.ndarray:
    """Return why each class has no number, '' where it has one."""
    first, beyond = day_number(law.coverage.first_day), day_number(law.coverage.verified_through) + 1
    why = np.array([coverage.refusal_of_line(law, code) for code in grouped.values.hts], dtype=object)
    refused = why[grouped.hts]
    refused[grouped.first_day < first] = coverage.BEFORE
    if not extend:
        refused[grouped.first_day >= beyond] = coverage.BEYOND
    return refused


def _frame(
    index: pd.Index,
    law: Law,
    entries: Entries,
    grouped: Grouped,
    applied: Applied,
    stretches: tuple[Stretch, ...],
    refused: np.ndarray,
    known_on: date | None,
) -> pd.DataFrame:
    count = len(grouped.stretch)
    inside = grouped.stretch >= 0
    missing = np.full(count, "", dtype=object)
    counts = np.array([rule.in_total for rule in law.rules] + [False])
    refunds = counts & np.array([_is_refundable(rule, known_on) for rule in law.rules] + [False])
    may_add = np.array([rule.may_add for rule in law.rules] + [0.0])
    more, more_by_share = applied.total(may_add > 0, may_add)
    total, by_share = (np.where(inside, sums, np.nan) for sums in applied.total(keep=counts))
    back, back_by_share = (np.where(inside, sums, np.nan) for sums in applied.total(keep=refunds))
    column = np.full(count, np.nan)
    of_column = column_family(law)
    for stretch in stretches:
        column[stretch.places] = stretch.applied.rate.get(of_column, np.nan)
        missing[stretch.places] = stretch.ranges.missing
    share, mine = entries.metal_share, grouped.class_of
    total_pct = total[mine] + by_share[mine] * share
    low, high = total_pct.copy(), total_pct.copy()
    _put_ranges(stretches, count, mine, share, low, high)
    is_range = high - low > _RANGE
    refundable = back[mine] + back_by_share[mine] * share
    out = pd.DataFrame(
        {
            "total_pct": np.where(is_range, np.nan, total_pct),
            "column_pct": column[mine],
            "low_pct": low,
            "high_pct": high,
            "refundable_pct": np.where(is_range, np.nan, refundable),
            "after_refund_pct": np.where(is_range, np.nan, total_pct - refundable),
            "may_add_pct": more[mine] + more_by_share[mine] * share,
        },
        index=index,
    ).round(10)
    why = refused[mine]
    no_number = why != ""
    out.loc[no_number, :] = np.nan
    out["missing"] = np.where(is_range & ~no_number, missing[mine], "")
    out["refused"] = why
    if entries.value_usd is not None:
        for name, column in (("duty_usd", "total_pct"), ("duty_low_usd", "low_pct"), ("duty_high_usd", "high_pct")):
            out[name] = out[column].to_numpy() / 100 * entries.value_usd
    return out


def _put_ranges(
    stretches: tuple[Stretch, ...], count: int, mine: np.ndarray, share: np.ndarray, low: np.ndarray, high: np.ndarray
) -> None:
    """Write the least and the greatest total of the entries whose class has more than one."""
    place, table = np.full(count, -1, dtype=np.int32), np.full(count, -1, dtype=np.int16)
    for at, stretch in enumerate(stretches):
        classes = stretch.places[stretch.ranges.places]
        place[classes], table[classes] = np.arange(len(classes)), at
    rows = np.flatnonzero(table[mine] >= 0)
    if not len(rows):
        return
    tables = table[mine[rows]]
    order = np.argsort(tables, kind="stable")
    ends = np.cumsum(np.bincount(tables, minlength=len(stretches)))[:-1]
    for stretch, own in zip(stretches, np.split(rows[order], ends), strict=True):
        where = place[mine[own]]
        each = stretch.ranges.fixed[where] + stretch.ranges.by_share[where] * share[own, None]
        low[own], high[own] = each.min(axis=1, initial=np.inf), each.max(axis=1, initial=-np.inf)


def _is_refundable(rule, known_on: date | None) -> bool:
    voided = rule.voided
    return voided is not None and voided.refundable and (known_on is None or voided.known <= known_on)
