"""What a headline is a figure of: concept, flow, product, origin and the law's day, from the report's parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_OF_AN_ENTRY = ("rate", "refundable")
"""Headlines of one line and origin, and not of the imports."""
_SAID_ALIKE = ("amount", "amount_unit", "period", "data_basis", "label", "subject")


def terms(headline: Mapping[str, Any], resolved: Mapping[str, Any]) -> dict[str, str]:
    """Return the terms of a headline of a report with these parameters; a term that does not apply is left out.

    A price has none: it is of no flow and no product of the imports. ``law_day`` is the day whose law is applied.
    """
    if headline["data_basis"] == "prices":
        return {}
    if headline["name"] in _OF_AN_ENTRY:
        found = {"flow": "import", "product": resolved.get("line"), "origin": resolved.get("origin")}
    else:
        found = {
            "concept": resolved.get("concept"),
            "flow": resolved.get("flow", "import"),
            "product": resolved.get("product"),
            "origin": resolved.get("country"),
        }
    if headline["data_basis"] == "law":
        found["law_day"] = resolved.get("on")
    return {name: str(value) for name, value in found.items() if value}


def with_terms(reports: Iterable[tuple[str, Mapping[str, Any], Iterable[Mapping[str, Any]]]]) -> list[dict[str, Any]]:
    """Return the headlines of a bulletin's reports (label, parameters, headlines) with their report and terms.

    A figure that was told before, by an earlier report of the bulletin or by another headline, stays, for next week is
    compared report by report; ``repeats`` names the report that told it first.
    """
    found: list[dict[str, Any]] = []
    told: dict[tuple, str] = {}
    for label, resolved, headlines in reports:
        for headline in headlines:
            said = {**headline, **terms(headline, resolved)}
            key = tuple(said.get(name) for name in (*_SAID_ALIKE, "concept", "flow", "product", "origin", "law_day"))
            first = {"repeats": told[key]} if key in told else {}
            told.setdefault(key, label)
            found.append({"report": label, **said, **first})
    return found
