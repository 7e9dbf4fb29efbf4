"""Which column of a file is which field of the license."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from aimlib.errors import did_you_mean
from aimlib.reference._tables import fold
from aimlib.reference.license_rules import fields
from aimlib.sources.licenses.errors import NotLicenses

LOOKED_AT = 20
"""So many rows at the top of a file are looked at for the header: titles may stand above it."""
_FEWEST = 4


@dataclass(frozen=True)
class Header:
    """`row` is the header's row in the file, counted from 1; `places` maps a field to its column, from 0.

    `width` is the number of columns, `others` are the headings that no field is called.
    """

    row: int
    places: Mapping[str, int]
    width: int
    others: tuple[str, ...]


def find_header(rows: Sequence[Sequence[str]], name: str) -> Header:
    """Return the row that names most fields. Raises NotLicenses where none does, or one lacks what is required."""
    best: tuple[int, int] | None = None
    for at, cells in enumerate(rows[:LOOKED_AT]):
        known = sum(fold(cell) in _by_name() for cell in cells)
        if known >= _FEWEST and (best is None or known > best[0]):
            best = (known, at)
    if best is None:
        raise NotLicenses(name, "has no header with the fields of a license, such as license number and HTS number")
    return _read(rows[best[1]], best[1] + 1, name)


def fields_named(cells: Sequence[str]) -> int:
    """Return how many of the cells are names of fields."""
    return sum(fold(cell) in _by_name() for cell in cells)


def _read(cells: Sequence[str], row: int, name: str) -> Header:
    places: dict[str, int] = {}
    others = []
    for at, cell in enumerate(cells):
        field = _by_name().get(fold(cell))
        if field is None:
            others.extend([cell.strip()] if cell.strip() else [])
        elif field in places:
            what = f"has two columns for the field {field}: '{cells[places[field]].strip()}' and '{cell.strip()}'"
            raise NotLicenses(name, what, "Keep one of the two.")
        else:
            places[field] = at
    missing = [field.key for field in fields().values() if field.is_required and field.key not in places]
    if missing:
        hints = [did_you_mean(fold(other), [n for key in missing for n in fields()[key].names]) for other in others]
        near = [f"'{other}': {hint}" for other, hint in zip(others, hints, strict=True) if hint][:3]
        what = f"lacks {'a column' if len(missing) == 1 else 'columns'} for {', '.join(missing)}"
        raise NotLicenses(name, what, " ".join(["Add them, or name them as on form ITA-4142a.", *near]))
    return Header(row, places, len(cells), tuple(others))


@cache
def _by_name() -> dict[str, str]:
    return {name: field.key for field in fields().values() for name in field.names}
