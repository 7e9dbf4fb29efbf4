"""The days on which the duty on aluminum changed, to be marked on axes of time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.duty.engine import boundaries, day_number
from aimlib.analysis.duty.rate import rate_entries
from aimlib.reference import countries
from aimlib.reference.countries import Place
from aimlib.reference.law import law
from aimlib.reference.law.model import printed
from aimlib.reference.products import Product

_GENERAL = "ARE"
"""An origin that was never exempt, for places of many origins."""
_CLAIMANTS = ("CAN", "MEX")
"""Origins whose entries are rated with a USMCA claim."""
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
    """Return the sentence that says what the rules stand for and what is claimed, none where there are none."""
    if marks.empty:
        return []
    origin = countries.phrase(_origin(place))
    claim = " with a USMCA claim" if _origin(place) in _CLAIMANTS else ""
    whose = (
        f"from {origin}{claim}" if place.kind == "country" else f"from origins without an exemption, such as {origin}"
    )
    return [f"Dotted rules: days on which the additional duties on {printed(_line(product))} {whose} changed."]


def _origin(place: Place) -> str:
    return place.key if place.kind == "country" and countries.is_country(place.key) else _GENERAL


def _line(product: Product) -> str:
    lines = sorted(line for line in law().column_lines if line.startswith(product.code_prefixes))
    return _USUAL_LINE if _USUAL_LINE in lines or not lines else lines[0]


def warm_marks() -> None:
    """Work the marks of P1020 out for all countries at once, so that processes forked from this one have them."""
    _kept.update(_worked_out([iso3 for iso3 in countries.codes() if countries.is_country(iso3)], _USUAL_LINE))


def _changes(origin: str, line: str) -> pd.DataFrame:
    """Return the days on which the duty beyond column 1 on a line from an origin changed: day, label."""
    if (origin, line) not in _kept:
        _kept.update(_worked_out([origin], line))
    return _kept[origin, line]


_kept: dict[tuple[str, str], pd.DataFrame] = {}


def _worked_out(origins: Sequence[str], line: str) -> dict[tuple[str, str], pd.DataFrame]:
    held = law()
    first, last = day_number(held.coverage.first_day), day_number(held.coverage.verified_through)
    starts = boundaries(held, None)
    starts = starts[(starts >= first) & (starts <= last)]
    days = np.tile(starts.astype("datetime64[D]").astype("datetime64[us]"), len(origins))
    entries = pd.DataFrame({"entry_date": days, "hts": line, "origin": np.repeat(list(origins), len(starts))})
    entries["largest_smelt"] = entries["recent_cast"] = entries["origin"]
    entries["claims"] = np.where(entries["origin"].isin(_CLAIMANTS), "usmca", "")
    rated = rate_entries(entries, law=held).frame
    extra = (rated["low_pct"] - rated["column_pct"]).to_numpy().reshape(len(origins), -1)
    step = np.abs(np.diff(extra, axis=1, prepend=np.nan)) >= _LEAST_POINTS
    found = {}
    for origin, day, rate, is_step in zip(origins, days.reshape(extra.shape), extra, step, strict=True):
        labels = [f"duty {percent:.4g}%" for percent in rate[is_step]]
        found[origin, line] = pd.DataFrame({"day": day[is_step], "label": labels})
    return found
