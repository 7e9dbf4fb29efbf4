"""The frames that readers of licenses and of Census vintages hand to the analysis: columns and types.

Quantities are kilograms, values US dollars, months and days timestamps, products slugs of categories, origins ISO
alpha-3. ``part_kind`` is total, product or origin, ``part`` then 'all', a category or an origin (or a group's name).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

_DAY = "datetime64[us]"
_FIGURES = {"quantity_kg": "float64", "customs_value_usd": "float64"}
_IMPORTERS = {"importers": "Int64", "top_share": "float64"}
_PART = {"part_kind": "str", "part": "str"}
_METAL = dict.fromkeys(("largest_smelt", "second_smelt", "recent_cast"), "str")

PANEL = {"day": _DAY, "month": _DAY} | _PART | _FIGURES | _IMPORTERS
"""License figures as each day saw them. importers and top_share (of the largest one) are blank where not known."""

PRINTS = {"known_on": _DAY, "month": _DAY} | _PART | _FIGURES
"""Census figures of a month as they stood from known_on on."""

CELLS = {"month": _DAY, "origin": "str", "product": "str"} | _FIGURES | _IMPORTERS
"""License figures of months as one day saw them."""

CENSUS = {"month": _DAY, "origin": "str", "product": "str"} | _FIGURES
"""Census figures of months as one day saw them."""

DETAIL = {"month": _DAY, "origin": "str", "product": "str"} | _METAL | {"importer": "Int64"} | _FIGURES
"""Licenses in force on one day, with the metal's history. importer is a number that means nothing elsewhere."""

KINDS = {"month": _DAY, "origin": "str", "product": "str", "kind": "str", "importer": "Int64"} | _FIGURES
"""Licenses in force on one day by kind of entry (entry, zone), importer by importer."""

FILINGS = {"day": _DAY, "lines": "int64"}
"""License lines filed by calendar day."""


def shaped(frame: pd.DataFrame, types: Mapping[str, str]) -> pd.DataFrame:
    """Return `frame` with these columns and types, in the order of its columns of text and dates."""
    keys = [name for name, kind in types.items() if kind in (_DAY, "str") or name == "importer"]
    return frame[list(types)].astype(dict(types)).sort_values(keys, kind="stable", ignore_index=True)


def empty(types: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame of these columns without rows."""
    return pd.DataFrame(columns=list(types)).astype(dict(types))
