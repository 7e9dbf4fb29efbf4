"""The names of key figures: their own, or for bulletins made before key figures had names, by their labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_BY_LABEL = (
    (r"Imports in ", "level"),
    (r"Change on ", "mom"),
    (r"Year to date at annual rate", "annualized"),
    (r"Year to date, ", "ytd"),
    (r"Last twelve months", "last_12_months"),
    (r"Share of all imports", "share_of_total"),
    (r"Unit value in ", "unit_value"),
    (r"Origins in the month", "origins"),
    (r"Rank$", "rank"),
    (r"(Quantity|Customs value|Value) licensed", "licensed"),
    (r"Largest country of smelt", "largest_smelt"),
    (r"Smelted in the country of origin", "home_smelt"),
    (r"Last cast in the country of origin", "home_cast"),
    (r"No primary metal", "no_primary_metal"),
    (r"Smelt unknown", "smelt_unknown"),
    (r"(Exports|Imports) of [\d,]+ countries", "all_compared"),
    (r"Largest (exporter|importer)", "largest"),
    (r"Concentration of ", "concentration"),
    (r".*, \d+(st|nd|rd|th)$", "focus"),
    (r"Rate on ", "rate"),
    (r"Refundable part", "refundable"),
    (r"Effective statutory rate", "effective_rate"),
    (r"Statutory duty", "statutory_duty"),
    (r"P1020 import duty", "p1020_duty"),
    (r"Implied duty-unpaid premium", "p1020_premium"),
)


def name_of(figure: Mapping[str, Any]) -> str:
    """Return the name of a key figure as its block holds it, '' where neither it nor its label tells one."""
    found = figure.get("name") or ""
    return found or next((name for label, name in _BY_LABEL if re.match(label, figure["label"])), "")
