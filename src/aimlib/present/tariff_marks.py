"""The days on which the duty on aluminum changed, to be marked on axes of time."""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd

from aimlib.analysis.duty.facts import Facts
from aimlib.analysis.duty.timeline import rate_timeline
from aimlib.reference.countries import Place
from aimlib.reference.law import law
from aimlib.reference.products import Product

_GENERAL = "ARE"
"""An origin that was never exempt, for places of many origins."""
_LEAST_POINTS = 5.0
"""Smaller steps are not marked."""


def marks_of_law(place: Place, product: Product, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Return the days from `first` to the end of month `last` on which the duty beyond column 1 changed.

    Columns: day, label (the new rate). It is that of the product's first covered line, of the place's origin or, for a
    group or all countries, of an origin that was never exempt; a USMCA claim is made where it can be.
    """
    origin = place.key if place.kind == "country" else _GENERAL
    found = _changes(origin, _line(product))
    end = pd.Timestamp(last) + pd.offsets.MonthEnd(0)
    inside = found[(found["day"] > pd.Timestamp(first)) & (found["day"] <= end)]
    return inside.reset_index(drop=True)


def _line(product: Product) -> str:
    lines = sorted(law().column_lines)
    return next((line for line in lines if line.startswith(product.code_prefixes)), "76011060")


@cache
def _changes(origin: str, line: str) -> pd.DataFrame:
    held = law()
    claims = frozenset({"usmca"}) if origin in ("CAN", "MEX") else frozenset()
    facts = Facts(date.today(), line, origin, origin, "", origin, claims)
    steps = rate_timeline(facts, held.coverage.first_day, held.coverage.verified_through, law=held)
    moved = steps["low_pct"].diff().abs() >= _LEAST_POINTS
    chosen = steps[moved]
    return pd.DataFrame(
        {
            "day": pd.to_datetime(chosen["first"]),
            "label": [f"duty {rate:.3g}%" for rate in chosen["low_pct"]],
        }
    )
