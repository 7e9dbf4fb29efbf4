"""Editions of the Harmonized System: which codes of chapter 76 each has, and which codes moved between them.

UN Comtrade calls the editions H0 to H6 (H0 is HS 1988 and 1992), CEPII calls them HS92 to HS22.
"""

from __future__ import annotations

from functools import cache

from aimlib.errors import AimError
from aimlib.reference._tables import TABLES, load

_FIRST_YEARS = {"H0": 1992, "H1": 1996, "H2": 2002, "H3": 2007, "H4": 2012, "H5": 2017, "H6": 2022}
_OLDEST = 1988  # H0 holds the years of HS 1988 too


def editions() -> tuple[str, ...]:
    """Return the editions, oldest first."""
    return tuple(_FIRST_YEARS)


def first_year(edition: str) -> int:
    """Return the year in which an edition came into force. Raises AimError for one that is not known."""
    if edition not in _FIRST_YEARS:
        raise AimError(f"'{edition}' is no edition of the Harmonized System.", f"They are {', '.join(_FIRST_YEARS)}.")
    return _FIRST_YEARS[edition]


def edition_of(year: int) -> str:
    """Return the edition in force in `year`; countries may adopt it later. Raises AimError before 1988."""
    if year < _OLDEST:
        raise AimError(f"The Harmonized System began in {_OLDEST}; {year} is before it.")
    return next((name for name in reversed(_FIRST_YEARS) if _FIRST_YEARS[name] <= year), "H0")


def print_name(edition: str) -> str:
    """Return an edition's name in print: HS 2017."""
    return f"HS {first_year(edition)}"


def of_baci(name: str) -> str:
    """Return the edition that CEPII calls HS92, HS96 and so on. Raises AimError where there is none."""
    named = {f"HS{year % 100:02d}": edition for edition, year in _FIRST_YEARS.items()}
    if name.upper() not in named:
        raise AimError(f"'{name}' is no edition of BACI.", f"They are {', '.join(named)}.")
    return named[name.upper()]


@cache
def in_edition(code: str, edition: str) -> bool:
    """Tell whether an HS6 code of chapter 76, or an HS4 heading of it, is in an edition."""
    return any(hs6.startswith(code) for hs6 in _codes(edition)) and len(code) in (4, 6)


def codes_of(heading: str, edition: str) -> tuple[str, ...]:
    """Return the HS6 codes of an HS4 heading in an edition."""
    return tuple(hs6 for hs6 in _codes(edition) if hs6.startswith(heading))


def is_known(code: str) -> bool:
    """Tell whether an HS6 code or HS4 heading of chapter 76 is in any edition."""
    return any(in_edition(code, edition) for edition in _FIRST_YEARS)


def bridge(code: str) -> tuple[str, str]:
    """Return the code at which a series is comparable over all editions, and a note of why.

    A code that moved is bridged at its HS4 heading; for one that never did, the code itself and no note. Raises
    AimError for a code that no edition has.

    >>> bridge("761510")
    ('7615', 'HS 2012 made 7615.10 of 7615.11 and 7615.19')
    """
    notes = [note for _, note in _moves(_known(code))]
    return (code[:4], "; ".join(notes)) if notes else (code, "")


def moved(code: str, first: int, last: int) -> bool:
    """Tell whether an HS6 code began or ended with an edition that came into force after `first`, up to `last`."""
    return any(first < first_year(edition) <= last for edition, _ in _moves(_known(code)))


def _known(code: str) -> str:
    if not is_known(code):
        raise AimError(
            f"{code} is no code of chapter 76 in any edition of the Harmonized System.",
            f"The codes are in hs6_editions.csv in {TABLES}.",
        )
    return code


@cache
def _codes(edition: str) -> tuple[str, ...]:
    first_year(edition)
    rows = load("hs6_editions").to_dict("records")
    last = max(_FIRST_YEARS)
    return tuple(row["hs6"] for row in rows if row["first_edition"] <= edition <= (row["last_edition"] or last))


def _moves(code: str) -> list[tuple[str, str]]:
    """Return the editions with which an HS6 code began or ended, each with what happened."""
    rows = [row for row in load("hs6_editions").to_dict("records") if row["replaced_by"]]
    mine = [row for row in rows if code == row["hs6"] or code in row["replaced_by"].split()]
    found: dict[str, tuple[set[str], set[str]]] = {}
    for row in mine:
        began = editions()[editions().index(row["last_edition"]) + 1]
        new = row["replaced_by"].split()
        kin = {other["hs6"] for other in rows if set(other["replaced_by"].split()) & set(new)}
        old_codes, new_codes = found.setdefault(began, (set(), set()))
        old_codes |= kin
        new_codes |= set(new)
    return [
        (edition, f"{print_name(edition)} made {_and(new)} of {_and(old)}") for edition, (old, new) in found.items()
    ]


def _and(codes: set[str]) -> str:
    return " and ".join(f"{code[:4]}.{code[4:]}" for code in sorted(codes))
