"""What a column of a figure's data is called in a workbook, in which unit, and how its numbers are shown.

Column names carry their units (see the words of the design): ``quantity_t_yoy`` is a change, a fraction, of a quantity
in metric tons. Here that grammar is read once, for readers who know the thing and not the grammar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_UNITS = {
    "usd_t": ("US$ per t", "#,##0"),
    "c_lb": ("c/lb", "0.00"),
    "t_t": ("t per t", "0.00"),
    "usd": ("US$", "#,##0"),
    "kg": ("kg", "#,##0"),
    "t": ("t", "#,##0.0"),
}
_UNIT = re.compile(rf"(?:^|_)({'|'.join(_UNITS)})(?=_|$)")
_FRACTION = re.compile(
    r"^share(_|$)|_share(_|$)|_(mom|qoq|yoy)$|^(quantity|value)_change$|^rate$|^relative_gap_|^(bias|mae|coverage_\d+)$"
)
# Differences of fractions, in percentage points: what a share gained, what a part adds to growth.
_POINTS = re.compile(r"^share_.*_change$|^contribution$")
_PERCENT = re.compile(r"_pct$|^pct$")
# Excel shows 0.25 as 25.0%, and a program that reads the cell finds 0.25; a difference of shares has no such format.
_FRACTION_WORDS = "fraction, shown as %"
_POINTS_WORDS = "fraction; 0.01 is one percentage point"
_CHANGES = {"mom": "change on month before", "qoq": "change on quarter before", "yoy": "change on year before"}
_QUALIFIERS = {**_CHANGES, "ytd": "year to date"}
_WORDS = {
    **_QUALIFIERS,
    "pct": "rate",
    "id": "ID",
    "m": "import",
    "x": "export",
    "top3": "top 3",
    "top5": "top 5",
    "cif": "CIF",
    "fob": "FOB",
    "lme": "LME",
    "mwtp": "U.S. Midwest transaction price",
    "na": "N/A",
    "co2e": "CO2 equivalent",
    "herfindahl": "HHI",
    "qty": "quantity",
    "n": "number",
    "mae": "mean absolute error",
    "sd": "standard deviation",
    "12m": "mean of 12 months",
    "80": "of 80% interval",
    "95": "of 95% interval",
}
# Digits that are names and not amounts.
TEXT = frozenset({"code", "heading", "hs2", "hs4", "hs6", "hts8", "hts10", "id", "line", "period", "product"})


@dataclass(frozen=True)
class Heading:
    """A column's heading in words, its unit, and the Excel number format of its numbers ('' for Excel's own)."""

    words: str
    unit: str
    number_format: str

    @property
    def text(self) -> str:
        """Return the heading with the unit: ``Quantity, year to date (t)``."""
        return f"{self.words} ({self.unit})" if self.unit else self.words


@cache
def heading(name: str) -> Heading:
    """Return the heading of the column `name`."""
    unit, shown, before, after = "", "", name, ""
    found = _UNIT.search(name)
    if found and found.start():
        unit, shown = _UNITS[found[1]]
        before, after = name[: found.start()], name[found.end() + 1 :]
    if _POINTS.search(name):
        unit, shown = _POINTS_WORDS, "0.0000"
    elif _FRACTION.search(name):
        unit, shown = _FRACTION_WORDS, "0.0%"
    elif _PERCENT.search(name):
        unit, shown = "%", "0.0#"
    elif name.startswith("herfindahl"):
        unit, shown = "0 to 1", "0.0000"
    words = ", ".join(filter(None, (_words(before), _words(after))))
    return Heading(words[:1].upper() + words[1:], unit, shown)


def _words(part: str) -> str:
    tokens = part.replace("rate_pct", "pct").replace("new_orleans", "New Orleans").split("_") if part else []
    words = " ".join(
        f", {_WORDS[token]}" if token in _QUALIFIERS and place else _WORDS.get(token, token)
        for place, token in enumerate(tokens)
    )
    return words.replace(" ,", ",").strip()
