"""The days on which the duty on aluminum changed, to be marked on axes of time."""

from __future__ import annotations

from functools import cache

import pandas as pd

from aimlib.analysis.duty.facts import Facts
from aimlib.analysis.duty.timeline import rate_timeline
from aimlib.reference import countries
from aimlib.reference.countries import Place
from aimlib.reference.law import law
from aimlib.reference.law.model import printed
from aimlib.reference.products import Product

_GENERAL = "ARE"
"""An origin that was never exempt, for places of many origins."""
_USUAL_LINE = "76011060"
_LEAST_POINTS = 5.0
"""Smaller steps are not marked."""
_ROOM = 0.09
"""The part of the axis that a label takes; a mark nearer to the one before has a rule alone."""


def marks_of_law(place: Place, product: Product, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Return the days from `first` to the end of month `last` on which the duty beyond column 1 changed.

    Columns: day, label (the new rate, blank where there is no room for it). It is that of the product's first covered
    line, P1020 where it is among them, from the place or, for a group or all countries, from an origin that was never
    exempt; a USMCA claim is made where it can be.
    """
    end = pd.Timestamp(last) + pd.offsets.MonthEnd(0)
    held = _changes(_origin(place), _line(product))
    held = held[(held["day"] > pd.Timestamp(first)) & (held["day"] <= end)].reset_index(drop=True)
    room = (end - pd.Timestamp(first)) * _ROOM
    labels, busy = [], None
    # From the end back, so that of days close together the rate that stayed is named.
    for day, label in zip(reversed(held["day"].tolist()), reversed(held["label"].tolist()), strict=True):
        is_free = (busy is None or busy - day > room) and end - day > room
        labels.append(label if is_free else "")
        busy = day if is_free else busy
    return held.assign(label=labels[::-1])


def marks_note(place: Place, product: Product, marks: pd.DataFrame) -> list[str]:
    """Return the sentence that says what the rules stand for, none where there are none."""
    if marks.empty:
        return []
    origin = countries.phrase(_origin(place))
    whose = f"from {origin}" if place.kind == "country" else f"from origins without an exemption, such as {origin}"
    return [f"Dotted rules: days on which the additional duties on {printed(_line(product))} {whose} changed."]


def _origin(place: Place) -> str:
    return place.key if place.kind == "country" and countries.is_country(place.key) else _GENERAL


def _line(product: Product) -> str:
    lines = sorted(line for line in law().column_lines if line.startswith(product.code_prefixes))
    return _USUAL_LINE if _USUAL_LINE in lines or not lines else lines[0]


@cache
def _changes(origin: str, line: str) -> pd.DataFrame:
    held = law()
    claims = frozenset({"usmca"}) if origin in ("CAN", "MEX") else frozenset()
    day = held.coverage.verified_through
    steps = rate_timeline(Facts(day, line, origin, origin, "", origin, claims), held.coverage.first_day, day, law=held)
    extra = steps["low_pct"] - steps["column_pct"]
    chosen = extra.diff().abs() >= _LEAST_POINTS
    return pd.DataFrame(
        {
            "day": pd.to_datetime(steps.loc[chosen, "first"]).astype("datetime64[us]"),
            "label": [f"duty {rate:.4g}%" for rate in extra[chosen]],
        }
    )
