"""Countries: Census Schedule C, ISO 3166 and UN Comtrade codes, print names, regions; places by name."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from aimlib.errors import AimError, did_you_mean
from aimlib.reference._places import Place, group_members, groups, resolve
from aimlib.reference._tables import TABLES, listed, load

__all__ = [
    "Place",
    "all_countries",
    "areas",
    "from_census",
    "from_comtrade",
    "group_members",
    "groups",
    "is_country",
    "is_country_code",
    "is_country_key",
    "kind_of_census_code",
    "known_census_codes",
    "numeric",
    "phrase",
    "print_name",
    "print_names",
    "region",
    "resolve",
    "resolve_one",
    "to_comtrade",
]

_COUNTRY_CODE = re.compile(r"[1-9][0-9]{3}")
_GROUP_CODE = re.compile(r"0[0-9]{3}|[1-9]XXX")
_TOTAL_CODES = ("-", "")


def is_country_code(code: str) -> bool:
    """Tell whether `code` has the form of a Schedule C country (``1220``), known or not."""
    return _COUNTRY_CODE.fullmatch(code) is not None


def kind_of_census_code(code: str) -> str:
    """Return ``country``, ``group`` (``0003``, ``1XXX``) or ``total`` (``-`` or empty) for a ``CTY_CODE``.

    Raises
    ------
    AimError
        The code has none of these forms.
    """
    if is_country_code(code):
        return "country"
    if _GROUP_CODE.fullmatch(code):
        return "group"
    if code in _TOTAL_CODES:
        return "total"
    raise AimError(
        f"'{code}' is not a Census country code.",
        "A country has four digits (1220), a group starts with 0 or ends in XXX, the total is '-' or empty.",
    )


def known_census_codes() -> frozenset[str]:
    """Return the Schedule C codes that the tables know."""
    return frozenset(_by_census_code())


def from_census(codes: pd.Series) -> pd.Series:
    """Return the ISO 3166 alpha-3 code of each Schedule C code, as text; Gaza and the West Bank are both PSE.

    Raises
    ------
    AimError
        A code is a group or the total, or is in no table: every one is named, none falls into a rest.
    """
    return _mapped(codes, _by_census_code(), _census_error)


def from_comtrade(codes: pd.Series, on: object = None) -> pd.Series:
    """Return the ISO 3166 alpha-3 code of each UN Comtrade area code (842 is USA, 490 is TWN).

    Areas that are no country get a code of their own: WLD the world, XNS areas not specified, XBK bunkers,
    XFZ free zones, XSC special categories; the old customs union of southern Africa (711) is XSU.

    Parameters
    ----------
    codes
        Whole numbers, or their text.
    on
        A date or period; where given, a code that Comtrade did not use in that year is an error
        (356, India until 1974, in a file of 2020).

    Raises
    ------
    AimError
        A code is unknown, or was not in use in the year of `on`.
    """
    text = codes.map(_comtrade_text)
    out = _mapped(text, _by_comtrade_code(), _comtrade_error)
    if on is not None:
        year = _year(on)
        table = load("comtrade_countries").set_index("comtrade_code").loc[sorted(set(text), key=int)]
        wrong = [code for code, row in table.iterrows() if not _in_use(row, year)]
        if wrong:
            raise AimError(
                f"UN Comtrade did not use these area codes in {year}: {listed(wrong)}.",
                f"Check the period of the file, or the dates in comtrade_countries.csv in {TABLES}.",
            )
    return out


def to_comtrade(iso3: str, on: object = None) -> int | None:
    """Return the code under which UN Comtrade publishes a country: 842 for USA, 757 for CHE, 490 for TWN.

    None where Comtrade publishes no separate figures (Kosovo; Liechtenstein is inside 757).
    Without `on` it is today's code, or the last one of a country that has ended.
    """
    _row(iso3)
    table = load("comtrade_countries")
    rows = table[(table["iso3"] == iso3) & (table["in_data"] == "yes")]
    if on is not None:
        year = _year(on)
        rows = rows[[_in_use(row, year) for _, row in rows.iterrows()]]
    elif _row(iso3)["kind"] == "former":
        rows = rows.sort_values("valid_to").tail(1)
    else:
        rows = rows[rows["valid_to"] == ""]
    return int(rows["comtrade_code"].iloc[-1]) if len(rows) else None


def is_country(iso3: str) -> bool:
    """Tell whether a code is that of a country, present or former, and not of an area (XNS) or the world (WLD)."""
    _row(iso3)
    return iso3 not in areas()


def is_country_key(text: str) -> bool:
    """Tell whether `text` is the ISO 3166 alpha-3 code of a country that the tables know."""
    return text in _by_iso3() and text not in areas()


def codes() -> tuple[str, ...]:
    """Return the ISO 3166 alpha-3 codes of all countries and areas, in the order of the table."""
    return tuple(_by_iso3())


@cache
def areas() -> frozenset[str]:
    """Return the codes that are no country: the world, areas not specified, bunkers, free zones."""
    return frozenset(iso3 for iso3, row in _by_iso3().items() if row["kind"] in ("area", "world"))


def resolve_one(text: str, said: str) -> str:
    """Return the ISO 3166 alpha-3 code of the one country that `text` names, as `resolve` takes it.

    Raises AimError for a group, an area or all of them; `said` is what the user wrote, for its message.
    """
    place = resolve(text)
    if place.kind != "country" or not is_country(place.key):
        raise AimError(f"{said} is not one country.", "Name one, such as CAN or Canada.")
    return place.key


def print_name(iso3: str) -> str:
    """Return the short English name as printed in charts and tables: Russia, South Korea, Turkey."""
    return _row(iso3)["name"]


def print_names(codes: pd.Series) -> pd.Series:
    """Return the print name of each ISO 3166 alpha-3 code; an unknown code is an error that names it."""
    names = {iso3: row["name"] for iso3, row in _by_iso3().items()}
    return _mapped(codes, names, _iso_error).rename("name")


def phrase(iso3: str) -> str:
    """Return the name as it reads in a sentence: the United Arab Emirates, the Netherlands, Canada."""
    return _row(iso3)["phrase"]


def region(iso3: str) -> str:
    """Return the region; there is one scheme, in ``tables/README.md``."""
    return _row(iso3)["region"]


def numeric(iso3: str) -> int:
    """Return the ISO 3166 numeric code, by which maps know a country; 0 when there is none (Kosovo)."""
    return int(_row(iso3)["iso_numeric"] or 0)


def all_countries() -> pd.DataFrame:
    """Return one row a country or area.

    Columns: iso3, iso2, iso_numeric (int, 0 for none), name, phrase, region, kind (country, former, area or
    world), code_ended (text: the date or year when ISO withdrew a former code, or ''), census_codes (text,
    several separated by blanks), comtrade_code (Int64).
    """
    out = load("countries").drop(columns="source").copy()
    out["iso_numeric"] = out["iso_numeric"].replace("", "0").astype(int)
    census = load("census_countries").groupby("iso3")["census_code"].agg(" ".join)
    out["census_codes"] = out["iso3"].map(census).fillna("")
    out["comtrade_code"] = pd.array([to_comtrade(iso3) for iso3 in out["iso3"]], dtype="Int64")
    return out


@cache
def _by_iso3() -> dict[str, dict[str, str]]:
    return {row["iso3"]: row for row in load("countries").to_dict("records")}


@cache
def _by_census_code() -> dict[str, str]:
    table = load("census_countries")
    return dict(zip(table["census_code"], table["iso3"], strict=True))


@cache
def _by_comtrade_code() -> dict[str, str]:
    table = load("comtrade_countries")
    return dict(zip(table["comtrade_code"], table["iso3"], strict=True))


def _row(iso3: str) -> dict[str, str]:
    try:
        return _by_iso3()[iso3]
    except KeyError:
        raise _iso_error([str(iso3)]) from None


def _mapped(codes: pd.Series, table: dict[str, str], error) -> pd.Series:
    unknown = sorted({str(code) for code in codes.unique()} - table.keys())
    if unknown:
        raise error(unknown)
    return codes.astype(str).map(table).astype(str).rename("origin")


def _comtrade_text(code: object) -> str:
    text = str(code)
    return str(int(text)) if text.isdecimal() else text


def _year(on: object) -> int:
    return pd.Period(str(on), freq="Y").year


def _in_use(row: pd.Series, year: int) -> bool:
    first, last = row["valid_from"][:4] or "0", row["valid_to"][:4] or "9999"
    return int(first) <= year <= int(last)


def _census_error(unknown: list[str]) -> AimError:
    aggregates = [code for code in unknown if not is_country_code(code)]
    if aggregates:
        named = listed(["'" + code + "'" for code in aggregates])
        return AimError(
            f"These Census codes are no countries but groups, the total, or damaged: {named}.",
            "Keep country rows only; codes must be read as text.",
        )
    return AimError(
        f"Census country code not known: {listed(unknown)}.",
        f"Add a row (census_code, iso3, census_name, source) to census_countries.csv in {TABLES}.",
    )


def _comtrade_error(unknown: list[str]) -> AimError:
    return AimError(
        f"UN Comtrade area code not known: {listed(unknown)}.",
        f"Add a row (comtrade_code, iso3, un_name, in_data) to comtrade_countries.csv in {TABLES}.",
    )


def _iso_error(unknown: list[str]) -> AimError:
    hint = did_you_mean(unknown[0], _by_iso3()) if len(unknown) == 1 else ""
    return AimError(
        f"Not an ISO 3166 alpha-3 code: {listed(unknown)}.",
        hint or f"The codes are in countries.csv in {TABLES}.",
    )
