"""The tariff law of aluminum as dated data: measures, their scope, tests, rates and dates, and how they combine.

A measure is a YAML file below ``measures/`` (see CONTRIBUTING.md for how to add one); the engine in
`aimlib.analysis.duty` applies them and knows none by name.
"""

from __future__ import annotations

from aimlib.reference.law.load import law, law_digest, load_law
from aimlib.reference.law.model import CLAIMS, Coverage, Law, Lines, MetalTest, Origins, Rate, Rule, Voided, Yield

__all__ = [
    "CLAIMS",
    "Coverage",
    "Law",
    "Lines",
    "MetalTest",
    "Origins",
    "Rate",
    "Rule",
    "Voided",
    "Yield",
    "law",
    "law_digest",
    "load_law",
]
