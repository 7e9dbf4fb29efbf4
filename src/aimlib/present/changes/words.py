"""How headlines, their differences and periods read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from aimlib.present import numbers
from aimlib.present.changes.change import Change

_SCALES = {
    "t": (1.0, 0),
    "thousand t": (1e3, 1),
    "million US$": (1e6, 1),
    "US$ per t": (1.0, 0),
    "US$/t": (1.0, 0),
    "c/lb": (1.0, 1),
}
"""By printed unit: what an amount is divided by, and the decimals it is printed with."""
_INDEX = "index"
"""The unit of a Herfindahl-Hirschman index, a sum of squared fractions that is printed from 0 to 10,000."""
_POINTS = {"fraction": 100.0, "percent": 1.0}


def printed(headline: Mapping[str, Any] | None, label: str = "") -> str:
    """Return a headline's number with its unit: ``183,958 t``, ``94.7% (Canada)``; '' where there is none.

    What it is of is told where `label`, beside which it will stand (its own unless given), does not tell it.
    """
    if headline is None:
        return ""
    number, subject = headline["number"], headline.get("subject", "")
    if not number:
        return "not available"
    if number == "c":
        return "not shown"
    if subject and subject == number:
        share = numbers.percent(headline["amount"]) if headline["amount_unit"] == "fraction" else ""
        return f"{subject} ({share})" if share else subject
    # Earlier editions printed an index from 0 to 1; two that stand beside each other have one scale.
    is_index = headline["amount_unit"] == _INDEX
    text = numbers.hhi(headline["amount"]) if is_index else with_unit(number, headline["unit"])
    return f"{text} ({subject})" if subject and subject not in (label or headline["label"]) else text


def with_unit(number: str, unit: str) -> str:
    """Return a printed number with its unit as it stands in a sentence: ``183,958 t``, ``−$0.5 million``."""
    if "US$" not in unit:
        return f"{number} {unit}".strip()
    sign = number[0] if number[0] in f"+{numbers.MINUS}" else ""
    rest = unit.replace("US$", "").strip()
    return f"{sign}${number.removeprefix(sign)}{'' if rest.startswith('/') else ' '}{rest}"


def difference(amount: float | None, amount_unit: str, unit: str) -> str:
    """Return a difference with its sign and unit: ``+2,159 t``, ``−1.2 points``; '' where there is none."""
    if amount is None:
        return ""
    scale, decimals = _scale(amount_unit, unit)
    words = "points" if amount_unit in _POINTS else "" if amount_unit == _INDEX else unit
    return with_unit(numbers.signed(amount / scale, decimals), words)


def size(amount: float, amount_unit: str, unit: str) -> str:
    """Return how large a difference is, without a sign."""
    return difference(abs(amount), amount_unit, unit).removeprefix("+")


def rounds_to_zero(amount: float | None, change: Change) -> bool:
    """Return whether an amount is nothing once it is rounded as the headline is printed."""
    if amount is None:
        return False
    scale, decimals = _scale(change.amount_unit, change.unit)
    return round(amount / scale, decimals) == 0


def smallest(change: Change) -> str:
    """Return the smallest step that is printed: two figures may differ by less and still be rounded apart."""
    scale, decimals = _scale(change.amount_unit, change.unit)
    return size(scale * 10.0**-decimals, change.amount_unit, change.unit)


def is_unchanged(change: Change) -> bool:
    """Return whether a headline reads as it did, and no cause moved it by what is printed."""
    same = change.before_text == change.after_text
    return same and all(rounds_to_zero(part.amount, change) for part in change.parts)


def adds_up_as_printed(change: Change) -> bool:
    """Return whether the parts, and now less before, come to the printed difference, all rounded as printed."""
    if change.difference is None:
        return True
    scale, decimals = _scale(change.amount_unit, change.unit)
    parts = sum(round((part.amount or 0.0) / scale, decimals) for part in change.parts)
    ends = [round(amount / scale, decimals) for amount in (change.after, change.before)]
    shown = round(change.difference / scale, decimals)
    return round(parts, decimals) == shown == round(ends[0] - ends[1], decimals)


def period_words(period: str) -> str:
    """Return a period or a day in words: ``September 2026``, ``January to September 2026``, ``November 19, 2026``."""
    if is_day(period):
        return numbers.day_name(date.fromisoformat(period))
    first, _, last = period.partition(":")
    if not last or first == last:
        return _end(first)
    if "-" in first and first[:4] == last[:4]:
        return f"{pd.Timestamp(first):%B} to {_end(last)}"
    return f"{_end(first)} to {_end(last)}"


def is_day(period: str) -> bool:
    """Tell a day from a run of months."""
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", period) is not None


def last_words(period: str) -> str:
    """Return the end of a period in words: ``September 2026``."""
    return period_words(period.rpartition(":")[2])


def months_between(before: str, after: str) -> int:
    """Return by how many months the end of a period has moved; 1 where an end is no month."""
    ends = [period.rpartition(":")[2] for period in (before, after)]
    if not all(re.fullmatch(r"\d{4}-\d{2}", end) for end in ends):
        return 1
    first, last = (pd.Period(end, "M") for end in ends)
    return (last - first).n


def _end(text: str) -> str:
    return numbers.month_name(pd.Timestamp(text)) if re.fullmatch(r"\d{4}-\d{2}", text) else text


def _scale(amount_unit: str, unit: str) -> tuple[float, int]:
    if amount_unit == _INDEX:
        return 1 / numbers.HHI_WHOLE, 0
    if amount_unit in _POINTS:
        return 1 / _POINTS[amount_unit], 1
    return _SCALES.get(unit, (1.0, 0))
