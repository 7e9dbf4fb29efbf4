"""One cell of a license file: its text read as what the field means.

Each function returns (value, rule): the value, None where there is none, and the identifier of the rule that the
text breaks, '' where it is good. A blank text is (None, '').
"""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import countries
from aimlib.reference._tables import fold
from aimlib.reference.license_rules import (
    NOT_APPLICABLE,
    UNKNOWN,
    entry_types,
    is_ambiguous_place,
    living_countries,
)

_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.]+Z?)?")
_US_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: [0-9:.]+(?: ?[AaPp][Mm])?)?")
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEARS = range(1990, 2101)

_UNITS = re.compile(r"^(?:US ?\$|USD|\$)\s*|\s*(?:US ?\$|USD|\$|kgs?|kilograms?)$", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_POINTS_AND_COMMAS = re.compile(r"[0-9.,]*[0-9][0-9.,]*")

_STATUSES = {
    **dict.fromkeys(("filed", "issued", "new", "original", "file"), "filed"),
    **dict.fromkeys(("corrected", "correction", "amended", "modified", "correct"), "corrected"),
    **dict.fromkeys(("cancelled", "canceled", "cancellation", "cancel", "void", "voided"), "cancelled"),
}
_YES, _NO = ("yes", "y", "true", "1", "x"), ("no", "n", "false", "0")
_NOT_APPLICABLE = ("N/A", "N.A.", "N/A.", "N.A", "NOT APPLICABLE", "NONE")
_UNKNOWN = ("unknown", "un", "unk", "unkn", "not known")
_NOT_COLLECTED = ("not collected", "not collected yet")

Read = tuple[object, str]

STATUS, LINE, TYPE, LOW = "AIM-STATUS-01", "AIM-LINE-01", "AIM-ENTRY-01", "AIM-LOW-01"
CODE, DAY, NUMBER, SEPARATORS = "AIM-HTS-01", "AIM-DATE-01", "AIM-NUMBER-01", "AIM-NUMBER-02"
COUNTRY, AMBIGUOUS, NO_COUNTRY = "AIM-COUNTRY-01", "AIM-COUNTRY-02", "AIM-COUNTRY-03"
NAMIBIA = "AIM-SMELT-07"
RULES = frozenset({STATUS, LINE, TYPE, LOW, CODE, DAY, NUMBER, SEPARATORS, COUNTRY, AMBIGUOUS, NO_COUNTRY, NAMIBIA})
RULES |= {rule for _, rule in entry_types().values() if rule}
"""The rules that this module finds broken."""


def read_status(text: str) -> Read:
    """Return filed, corrected or cancelled; a blank is filed."""
    found = _STATUSES.get(text.casefold() or "filed")
    return (found, "") if found else (None, STATUS)


def read_line(text: str) -> Read:
    """Return the number of a line from 1; a blank is None."""
    if not text:
        return None, ""
    whole = re.fullmatch(r"0*([1-9][0-9]{0,5})(?:\.0+)?", text)
    return (int(whole[1]), "") if whole else (None, LINE)


def read_entry_type(text: str) -> Read:
    """Return consumption, zone or warehouse."""
    if not text:
        return None, ""
    found, rule = entry_types().get(fold(text), ("", TYPE))
    return found or None, rule


def read_yes_no(text: str) -> Read:
    """Return True or False; a blank is False."""
    word = text.casefold()
    if word in _YES:
        return True, ""
    return (False, "") if word in ("", *_NO) else (None, LOW)


def read_code(text: str) -> Read:
    """Return an HTS number of ten digits, without points."""
    if not text:
        return None, ""
    digits = re.sub(r"[.\s-]", "", text)
    return (digits, "") if re.fullmatch(r"[0-9]{10}", digits) else (None, CODE)


def read_day(text: str) -> Read:
    """Return the day of mm/dd/yyyy, yyyy-mm-dd or yyyymmdd, whatever the time after it."""
    if not text:
        return None, ""
    iso = _ISO_DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    year, month, day = (0, 0, 0)
    if iso:
        year, month, day = (int(part) for part in iso.groups())
    elif us := _US_DAY.fullmatch(text):
        month, day, year = (int(part) for part in us.groups())
    try:
        return (date(year, month, day), "") if year in _YEARS else (None, DAY)
    except ValueError:
        return None, DAY


def read_number(text: str) -> Read:
    """Return the number of a text: commas between thousands, $, US$, USD or kg, and (12) for -12 are understood."""
    bare = _UNITS.sub("", text).strip()
    is_negative = bare.startswith("-") or (bare.startswith("(") and bare.endswith(")"))
    bare = bare.removeprefix("-").removeprefix("+")
    bare = _UNITS.sub("", bare[1:-1].strip() if bare.startswith("(") and bare.endswith(")") else bare)
    if not text:
        return None, ""
    if _PLAIN.fullmatch(bare) or _THOUSANDS.fullmatch(bare):
        number = float(bare.replace(",", ""))
        return (-number if is_negative else number), ""
    return None, SEPARATORS if _POINTS_AND_COMMAS.fullmatch(bare) else NUMBER


def read_country(text: str) -> Read:
    """Return the alpha-3 code of the country of origin or of exportation."""
    if text.upper() in _NOT_APPLICABLE or text.casefold() in _UNKNOWN:
        return None, NO_COUNTRY
    return (None, AMBIGUOUS) if text.upper() == "NA" else _country(text)


def read_cast(text: str) -> Read:
    """Return the alpha-3 code of a country, N/A or unknown (which other rules refuse)."""
    return (None, AMBIGUOUS) if text.upper() == "NA" else read_smelt(text)


def read_smelt(text: str) -> Read:
    """Return the alpha-3 code of a country, N/A or unknown."""
    if text.upper() == "NA":
        return NOT_APPLICABLE, NAMIBIA
    if text.upper() in _NOT_APPLICABLE:
        return NOT_APPLICABLE, ""
    if text.casefold() in _UNKNOWN:
        return UNKNOWN, ""
    return (None, "") if text.casefold() in _NOT_COLLECTED else _country(text)


def _country(text: str) -> Read:
    if not text:
        return None, ""
    if countries.is_country_code(text):
        known = text in countries.known_census_codes()
        found = countries.from_census(pd.Series([text], dtype="str")).iloc[0] if known else ""
    elif is_ambiguous_place(text):
        return None, AMBIGUOUS
    else:
        try:
            found = countries.resolve(text).key
        except AimError:
            found = ""
    return (found, "") if found in living_countries() else (None, COUNTRY)
