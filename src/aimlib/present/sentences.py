"""Words for changes: the direction follows from the number, never from the author."""

from __future__ import annotations

from aimlib.present import numbers

# Below this a change is within what one late entry document moves, and is not called a rise or a fall.
LITTLE = 0.005


def direction(change: float | None) -> str:
    """Return ``up``, ``down``, ``flat`` or, for a missing change, an empty string."""
    if numbers.is_missing(change):
        return ""
    if abs(change) < LITTLE:
        return "flat"
    return "up" if change > 0 else "down"


def size(change: float) -> str:
    """Write the size of a change without its sign; from threefold on as a multiple: ``12.3%``, ``4.2 times``."""
    return numbers.percent(abs(change)) if change < 2 else f"{numbers.plain(1 + change, 1)} times"


def rose(change: float | None) -> str:
    """Say a change as a verb: ``rose 5.2%``, ``fell 3.1%``, ``rose to 4.2 times``, ``were little changed (+0.2%)``."""
    match direction(change):
        case "":
            return ""
        case "flat":
            return f"were little changed ({numbers.percent_change(change)})"
        case "up" if change >= 2:
            return f"rose to {size(change)}"
        case "up":
            return f"rose {size(change)}"
        case _:
            return f"fell {size(change)}"


def more_than(change: float | None, base: str) -> str:
    """Compare with a base: ``5.2% more than in June``, ``about as much as in June``, ``4.2 times as much``."""
    match direction(change):
        case "":
            return ""
        case "flat":
            return f"about as much as {base} ({numbers.percent_change(change)})"
        case "up" if change >= 2:
            return f"{size(change)} as much as {base}"
        case "up":
            return f"{size(change)} more than {base}"
        case _:
            return f"{size(change)} less than {base}"


def up_on(change: float | None, base: str) -> str:
    """Compare a sum with its base: ``up 5.2% on 2020``, ``down 3.1% on 2020``, ``little changed on 2020 (+0.2%)``."""
    match direction(change):
        case "":
            return ""
        case "flat":
            return f"little changed on {base} ({numbers.percent_change(change)})"
        case "up" if change >= 2:
            return f"{size(change)} those of {base}"
        case "up":
            return f"up {size(change)} on {base}"
        case _:
            return f"down {size(change)} on {base}"
