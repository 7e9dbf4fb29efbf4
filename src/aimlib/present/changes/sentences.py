"""What changed, in sentences: the direction follows from the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from aimlib.present import numbers
from aimlib.present.changes.change import CAUSES, FILLING, NEW_MONTH, REPLACED, Change
from aimlib.present.changes.words import is_unchanged, last_words, period_words, rounds_to_zero, size
from aimlib.present.early.months import ESTIMATE

_MOST = 4


def told(reports: Sequence[Sequence[Change]]) -> list[str]:
    """Return a sentence for the first change of each cause that matters most in it.

    Those of the report that a bulletin begins with come first, and of one report the gravest cause.
    """
    said: set[str] = set()
    sentences = []
    for changes in reports:
        first: dict[str, Change] = {}
        for change in changes:
            if not is_unchanged(change) and not change.headline.startswith(ESTIMATE):
                first.setdefault(main_cause(change), change)
        sentences += [_sentence(first[cause], cause) for cause in CAUSES if cause in first and cause not in said]
        said |= first.keys()
    return sentences[:_MOST]


def main_cause(change: Change) -> str:
    """Return the cause that moved a headline most."""
    known = [part for part in change.parts if part.amount is not None]
    return max(known, key=lambda part: abs(part.amount)).cause if known else change.parts[-1].cause


def _sentence(change: Change, cause: str) -> str:
    words = next(part.words for part in change.parts if part.cause == cause)
    month = last_words(change.period_after or change.period_before)
    if change.is_new:
        if cause == NEW_MONTH:
            return f"{month} is a new license month, with {change.after_text}{' so far' if change.partial else ''}."
        return f"{change.label} is new: {change.after_text} ({words})."
    if change.is_gone:
        return f"{change.label} is not told any more ({words})."
    if cause == REPLACED:
        return f"Census has published {month}: {change.after_text}, where licenses stood at {change.before_text}."
    if change.difference is None or rounds_to_zero(change.difference, change):
        return f"{change.label}: {change.before_text} before, {change.after_text} now ({words})."
    if change.has_moved:
        way = "up" if change.difference > 0 else "down"
        return (
            f"{change.label}: {change.after_text}, {way} from {change.before_text} for "
            f"{period_words(change.period_before)} ({words})."
        )
    way = "rose" if change.difference > 0 else "fell"
    by = size(change.difference, change.amount_unit, change.unit)
    why = "as the month fills" if cause == FILLING else f"({words})"
    return f"{change.label} {way} by {by} to {change.after_text} {why}."


def count_words(changed: int, every: int) -> str:
    """Return how many headline figures changed: ``Two of 11 headline figures changed``."""
    head = numbers.number_word(changed)
    return f"{head[0].upper()}{head[1:]} of {every} headline figures changed"
