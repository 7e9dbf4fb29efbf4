"""Words for changes: the direction follows from the number, never from the author."""

from __future__ import annotations

from aimlib.present import numbers

# Below this a change is within what one late entry document moves, and is not called a rise or a fall.
LITTLE = 0.005
# From this change on, a multiple of the base reads better than a percentage.
MANIFOLD = 2.0


def direction(change: float | None) -> str:
    """Return ``up``, ``down``, ``flat`` or, for a missing change, an empty string."""
    if numbers.is_missing(change):
        return ""
    if abs(change) < LITTLE:
        return "flat"
    return "up" if change > 0 else "down"


def more_than(change: float | None, base: str) -> str:
    """Compare with a base: ``5.2% more than in June``, ``about as much as in June``, ``4.2 times as much``."""
    words = "{size} more than {base}", "{size} less than {base}", "about as much as {base} ({exact})"
    return _worded(change, *words, "{times} times as much as {base}", base=base)


def up_on(change: float | None, base: str) -> str:
    """Compare a sum with its base: ``up 5.2% on 2020``, ``down 3.1% on 2020``, ``little changed on 2020 (+0.2%)``."""
    words = "up {size} on {base}", "down {size} on {base}", "little changed on {base} ({exact})"
    return _worded(change, *words, "{times} times those of {base}", base=base)


def _worded(change: float | None, up: str, down: str, flat: str, manifold: str, base: str = "") -> str:
    """Return the words for the direction of a change, filled in; empty for a missing change."""
    way = direction(change)
    if not way:
        return ""
    words = {"up": manifold if change >= MANIFOLD else up, "down": down, "flat": flat}[way]
    return words.format(
        size=numbers.percent(abs(change)),
        exact=numbers.percent_change(change),
        times=numbers.plain(1 + change, 1),
        base=base,
    )
