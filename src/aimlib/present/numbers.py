"""Numbers as economists print them.

Every function returns text; a missing number (None or NaN) gives an empty string, so that a blank in print
always means *not available*. Negative numbers carry a true minus sign (U+2212).
"""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd

MINUS = "−"
HHI_UNIT, HHI_WHOLE = "0 to 10,000", 10_000
"""The scale on which a Herfindahl-Hirschman index is printed: sums of squared shares in percent."""
HHI_IN_DATA = "In the data the index is a sum of squared fractions, from 0 to 1."


def is_missing(number: object) -> bool:
    """Say whether `number` is None, NaN or NaT."""
    return number is None or bool(pd.isna(number))


def plain(number: float | None, decimals: int = 0) -> str:
    """Format with thousands separators: ``-1234.5, 1`` gives ``−1,234.5``."""
    if is_missing(number):
        return ""
    if math.isinf(number):
        raise ValueError("an infinite number has no place in print; the calculation should have left a blank")
    rounded = round(float(number), decimals)
    text = f"{abs(rounded):,.{decimals}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def at_least(number: float | None, decimals: int = 0) -> str:
    """Format an amount so that a small one is not taken for none: 0.02 with one decimal gives ``<0.1``."""
    if is_missing(number) or number <= 0 or round(float(number), decimals) != 0:
        return plain(number, decimals)
    return f"<{10.0**-decimals:.{decimals}f}"


def hhi(index: float | None) -> str:
    """Format a Herfindahl-Hirschman index, a sum of squared fractions: 0.25 gives ``2,500``."""
    return "" if is_missing(index) else plain(index * HHI_WHOLE)


def signed(number: float | None, decimals: int = 1) -> str:
    """Format with an explicit sign for changes; what rounds to zero has none."""
    text = plain(number, decimals)
    if not text or text.startswith(MINUS) or round(float(number), decimals) == 0:
        return text
    return f"+{text}"


def percent(fraction: float | None, decimals: int = 1) -> str:
    """Format a fraction as a percentage: 0.1234 gives ``12.3%``."""
    return "" if is_missing(fraction) else f"{at_least(fraction * 100, decimals)}%"


def percent_change(fraction: float | None, decimals: int = 1) -> str:
    """Format a change, a fraction, with its sign: 0.1 gives ``+10.0%``; ten times and more as ``×`` the base."""
    if is_missing(fraction):
        return ""
    if fraction >= 10:
        return f"×{plain(1 + fraction, 0 if fraction >= 99 else 1)}"
    return f"{signed(fraction * 100, decimals)}%"


def points(fraction: float | None, decimals: int = 1) -> str:
    """Format a difference of shares or a contribution, a fraction, in percentage points."""
    return "" if is_missing(fraction) else f"{signed(fraction * 100, decimals)}"


def month_name(month: pd.Timestamp | dt.date, short: bool = False) -> str:
    """Return ``July 2021``, or ``Jul 2021`` when `short`."""
    return f"{pd.Timestamp(month):%b %Y}" if short else f"{pd.Timestamp(month):%B %Y}"


def day_name(day: dt.date | pd.Timestamp) -> str:
    """Return ``September 15, 2021``."""
    stamp = pd.Timestamp(day)
    return f"{stamp:%B} {stamp.day}, {stamp.year}"


def ordinal(rank: int) -> str:
    """Return ``1st``, ``2nd``, ``11th``."""
    suffix = "th" if 10 <= rank % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{suffix}"


def number_word(number: int) -> str:
    """Return small whole numbers as words: ``one`` to ``nine``, then digits."""
    words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if 0 <= number < len(words) else str(number)


def joined(words: list[str]) -> str:
    """Join as in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
