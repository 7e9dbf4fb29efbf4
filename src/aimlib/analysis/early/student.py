"""Quantiles of Student's t distribution for whole degrees of freedom."""

from __future__ import annotations

import math
from functools import cache


@cache
def quantile(probability: float, freedom: int) -> float:
    """Return the value that a Student t variable stays below with `probability` (from 0.5 up to below 1).

    From the closed form of the distribution for whole degrees of freedom (Abramowitz and Stegun, 26.7.3 and
    26.7.4), by halving; right to ten digits or so.
    """
    if freedom < 1 or not 0.5 <= probability < 1:
        raise ValueError("needs one degree of freedom or more and a probability from 0.5 to below 1")
    low, high = 0.0, math.pi / 2  # of the angle whose tangent is t / sqrt(freedom)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if (1 + _within(middle, freedom)) / 2 < probability else (low, middle)
    return math.sqrt(freedom) * math.tan(low)


def _within(angle: float, freedom: int) -> float:
    """Return the chance that t lies between minus and plus sqrt(freedom) * tan(angle)."""
    cosine, sine = math.cos(angle), math.sin(angle)
    if freedom % 2:
        term, total = cosine, cosine if freedom > 1 else 0.0
        for step in range(2, freedom - 1, 2):
            term *= cosine * cosine * step / (step + 1)
            total += term
        return 2 / math.pi * (angle + sine * total)
    term = total = 1.0
    for step in range(1, freedom - 2, 2):
        term *= cosine * cosine * step / (step + 1)
        total += term
    return sine * total
