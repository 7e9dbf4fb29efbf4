"""The headers of the monitor's files: which column a header names, in which unit, and which dashboard it makes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aimlib.errors import AimError
from aimlib.reference._tables import fold

KG_PER_UNIT = {"metric tons": 1000.0, "kg": 1.0}
USD_PER_UNIT = {"USD": 1.0, "thousand USD": 1e3, "million USD": 1e6}

_NAMES = {
    "month": "month;period;date;month of import;import month;month year;year month;flow month;time",
    "year": "year;calendar year",
    "status": "data status;status;basis;data basis;data type;data source;source;license or census;"
    "licence or census;stage;release status",
    "origin": "country of origin;origin;origin country;country;import origin;country of origin name",
    "product": "product category;product;category;product group;aim product;aim category;aluminum product;"
    "aluminium product;product category name",
    "hs6": "hts6;hs6;hts 6;hs 6;hts6 code;hs6 code;hts code;hts;hs code;hts 6 digit;hs 6 digit;hts 6 code",
    "largest_smelt": "country of largest smelt;largest smelt;largest smelt country;country of smelt;smelt country;"
    "smelt;country of primary smelt;primary country of smelt;country of the largest smelt",
    "recent_cast": "country of most recent cast;country of last cast;most recent cast;recent cast;last cast;"
    "cast country;country of cast;cast;country of recent cast",
}
_QUANTITY = "quantity;volume;weight;qty;net weight;import quantity;import volume;imports quantity;imports volume"
_VALUE = "customs value;value;import value;imports value;total customs value;customs import value"
_UNIT_VALUE = "average unit value;unit value;auv;avg unit value;average customs unit value"
_SHARE_WORDS = frozenset(
    ("share", "shares", "percent", "percentage", "pct", "of", "total", "fraction", "by", "the", "")
)
_TONNES = ("metric tons", "metric ton", "metric tonnes", "tonnes", "tonne", "mt", "t", "mts")
_MASS = {
    **dict.fromkeys(_TONNES, "metric tons"),
    **dict.fromkeys(("kg", "kgs", "kilograms", "kilogram", "kilos"), "kg"),
}
_DOLLARS = ("usd", "us dollars", "us", "dollars", "us usd", "$", "us$")
_THOUSAND = ("thousand", "thousands", "000", "1000", "thous")
_MILLION = ("million", "millions", "mil", "mn")


@dataclass(frozen=True)
class Column:
    """A column of a file: ``field`` is month, year, status, origin, product, hs6, largest_smelt, recent_cast,
    quantity, value, unit_value, share_quantity or share_value; ``unit`` that of a figure, '' for the others."""

    at: int
    header: str
    field: str
    unit: str = ""


def recognize(header: str, at: int = 0) -> Column | None:
    """Return what a header names, None where it is none of the monitor's columns.

    Raises AimError for a quantity in another unit than metric tons or kilograms, or in none.

    >>> recognize("Quantity (Metric Tons)").unit, recognize("customs_value_usd").field
    ('metric tons', 'value')
    """
    words = fold(re.sub(r"[_$%]", lambda sign: {"_": " ", "$": " usd ", "%": " percent "}[sign[0]], header))
    for field, names in _NAMES.items():
        if words in names.split(";"):
            return Column(at, header, field)
    return _share(header, words, at) or _figure(header, words, at)


def dashboard(fields: set[str], name: str) -> str:
    """Return which dashboard a file's columns make: imports, smelt or cast.

    Raises AimError where a column that it needs is missing, or it has smelt and cast at once.
    """
    if {"largest_smelt", "recent_cast"} <= fields:
        raise AimError(
            f"{name} has smelt and cast in one table.", "The monitor has one dashboard for each: give two files."
        )
    which = "smelt" if "largest_smelt" in fields else "cast" if "recent_cast" in fields else "imports"
    lacking = [words for field, words in (("origin", "country_of_origin"), ("month", "month")) if field not in fields]
    lacking += [] if fields & {"product", "hs6"} else ["product_category or hts6"]
    lacking += ["data_status (License or Census)"] if which == "imports" and "status" not in fields else []
    figures = {"quantity", "value", "share_quantity", "share_value"}
    lacking += (
        []
        if fields & figures
        else ["a figure such as quantity_metric_tons, customs_value_usd or share_of_quantity_pct"]
    )
    if lacking:
        raise AimError(
            f"{name}: the {which} dashboard needs {', '.join(lacking)}.", "Take the columns whole from the monitor."
        )
    return which


def _share(header: str, words: str, at: int) -> Column | None:
    parts = words.split()
    if not {"share", "shares", "percent", "percentage", "pct", "fraction"} & set(parts):
        return None
    of = [word for word in parts if word not in _SHARE_WORDS]
    unit = "percent" if {"percent", "percentage", "pct"} & set(parts) else "fraction" if "fraction" in parts else ""
    for field, names in (("share_quantity", _QUANTITY), ("share_value", _VALUE)):
        if " ".join(of) in names.split(";"):
            return Column(at, header, field, unit)
    return None


def _figure(header: str, words: str, at: int) -> Column | None:
    for field, names in (("unit_value", _UNIT_VALUE), ("quantity", _QUANTITY), ("value", _VALUE)):
        for name in sorted(names.split(";"), key=len, reverse=True):
            if words == name or words.startswith(f"{name} "):
                unit = _unit(field, words.removeprefix(name).removeprefix(" in").strip(), header)
                return Column(at, header, field, unit)
    return None


def _unit(field: str, words: str, header: str) -> str:
    if field == "quantity":
        if words in _MASS:
            return _MASS[words]
        what = f"says its unit as '{words}'" if words else "does not say its unit"
        raise AimError(
            f"The column '{header}' {what}.", "Call it quantity_metric_tons, or quantity_kg if it is in kilograms."
        )
    if field == "value":
        return _value_unit(words, header)
    mass = re.fullmatch(r"(?:usd|us usd|us|dollars)?\s*(?:per )?(.*)", words)[1]
    if not mass or mass in _MASS:
        return f"USD per {_MASS.get(mass, 'metric tons')}"
    raise AimError(f"The column '{header}' is in a unit that is not known.", "Call it average_unit_value_usd_t.")


def _value_unit(words: str, header: str) -> str:
    parts = words.split()
    scale = "thousand " if set(parts) & set(_THOUSAND) else "million " if set(parts) & set(_MILLION) else ""
    rest = " ".join(part for part in parts if part not in (*_THOUSAND, *_MILLION, "of", "in", "s"))
    if rest and rest not in _DOLLARS:
        raise AimError(f"The column '{header}' is in a unit that is not known.", "Call it customs_value_usd.")
    return f"{scale}USD"
