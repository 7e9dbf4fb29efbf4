"""What changed, in sentences: the direction follows from the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from aimlib.present import numbers
from aimlib.present.changes.change import CAUSES, FILLING, NEW_MONTH, REPLACED, Change
from aimlib.present.changes.words import is_unchanged, last_words, period_words, rounds_to_zero, size
from aimlib.present.early.months import ESTIMATE, LICENSED

_MOST = 4


def told(reports: Sequence[Sequence[Change]]) -> list[str]:
    """Return a sentence for the largest change of each cause that matters most in it.

    Those of the report that a bulletin begins with come first, and of one report the gravest cause. The largest is
    that in proportion to what was before, among figures of one unit.
    """
    said: set[str] = set()
    sentences = []
    for changes in reports:
        found: dict[str, list[Change]] = {}
        for change in changes:
            if not is_unchanged(change) and not change.headline.startswith(ESTIMATE):
                found.setdefault(main_cause(change), []).append(change)
        sentences += [
            _sentence(_largest(found[cause]), cause, changes)
            for cause in CAUSES
            if cause in found and cause not in said
        ]
        said |= found.keys()
    return sentences[:_MOST]


def _largest(changes: Sequence[Change]) -> Change:
    def in_proportion(change: Change) -> float:
        return abs(change.difference / change.before) if change.difference and change.before else 0.0

    return max((one for one in changes if one.amount_unit == changes[0].amount_unit), key=in_proportion)


def main_cause(change: Change) -> str:
    """Return the cause that moved a headline most."""
    known = [part for part in change.parts if part.amount is not None]
    return max(known, key=lambda part: abs(part.amount)).cause if known else change.parts[-1].cause


def _sentence(change: Change, cause: str, beside: Sequence[Change]) -> str:
    words = next(part.words for part in change.parts if part.cause == cause)
    month = last_words(change.period_after or change.period_before)
    if change.is_new:
        if cause == NEW_MONTH:
            return f"{month} is a new license month, with {change.after_text}{' so far' if change.partial else ''}."
        return f"{change.label} is new: {change.after_text} ({words})."
    if change.is_gone:
        return f"{change.label} is not told any more ({words})."
    if cause == REPLACED:
        estimate = next((one.before_text for one in beside if one.headline == _estimate_of(change)), "")
        where = (
            f"where {f'it was estimated at {estimate} and ' if estimate else ''}licenses stood at {change.before_text}"
        )
        return f"Census has published {month}: {change.after_text}, {where}."
    if change.difference is None or rounds_to_zero(change.difference, change):
        return f"{change.label}: {change.before_text} before, {change.after_text} now ({words})."
    if change.has_moved:
        way = "up" if change.difference > 0 else "down"
        return (
            f"{change.label}: {change.after_text}, {way} from {change.before_text} for "
            f"{period_words(change.period_before)} ({words})."
        )
    is_up = change.difference > 0
    by = size(change.difference, change.amount_unit, change.unit)
    if cause == FILLING:
        why = "as the month fills" if change.partial else "as its last licenses came in"
        return f"{change.label} {'rose' if is_up else 'fell'} by {by} to {change.after_text} {why}."
    # It is the figure that moved, and not what it is of.
    return f"{change.label}: {'up' if is_up else 'down'} {by} to {change.after_text} ({words})."


def _estimate_of(change: Change) -> str:
    """Return the name of the estimate for the month that a license total is of."""
    return f"{ESTIMATE}{change.headline.removeprefix(LICENSED)}" if change.headline.startswith(LICENSED) else ""


def count_words(changed: int, every: int) -> str:
    """Return how many headline figures changed: ``Two of 11 headline figures changed``."""
    head = numbers.number_word(changed)
    return f"{head[0].upper()}{head[1:]} of {every} headline figures changed"
