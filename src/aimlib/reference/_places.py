"""A place named by a person: a country by any of its names or codes, a group of countries, or all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from aimlib.errors import AimError, did_you_mean
from aimlib.reference._tables import fold, load

ALL = "all"
_ALL_WORDS = ("all", "world", "the world", "all countries", "total")


@dataclass(frozen=True)
class Place:
    """A country, a group or all countries.

    `key` is the ISO 3166 alpha-3 code, the group's key (EU27) or ``all``; `kind` is ``country``, ``group`` or
    ``all``; `members` are alpha-3 codes; `phrase` is the name as it reads in a sentence.
    """

    key: str
    name: str
    kind: str
    members: tuple[str, ...]
    phrase: str


@cache
def resolve(text: str) -> Place:
    """Return the place that `text` names.

    Accepted, in any case, with or without accents and points: ``all`` or ``world``; ISO alpha-2 and alpha-3
    codes; print, Census and UN names and common others (UAE, Burma, Korea, South); keys and names of groups.
    A group has its members of today, for all years; `group_members` gives those of a day.

    Raises
    ------
    AimError
        Nothing is called so (with the nearest name), or more than one country is (with both).
    """
    word = fold(str(text))
    swapped = " ".join(reversed([fold(part) for part in str(text).split(",")]))
    if word in _ALL_WORDS:
        members = tuple(row["iso3"] for row in load("countries").to_dict("records") if row["kind"] != "world")
        return Place(ALL, "All countries", "all", members, "all countries")
    for name in (word, swapped):
        if name in _groups_by_name():
            return _group(_groups_by_name()[name])
        if name in _ambiguous():
            raise _ambiguity(text, _ambiguous()[name])
        if name in _countries_by_name():
            return _country(_countries_by_name()[name])
    raise AimError(
        f"No country or group is called '{text}'." if word else "No country or group is named.",
        did_you_mean(str(text), _suggestions()) or "Use a name (Canada), an ISO code (CAN), EU27 or all.",
    )


def group_members(group: str, on: object = None) -> tuple[str, ...]:
    """Return the alpha-3 codes of a group's members: today's, or those of the day `on`.

    >>> "GBR" in group_members("EU27"), "GBR" in group_members("EU27", "2019-12-31")
    (False, True)
    """
    table = load("group_members")
    rows = table[table["group"] == group]
    if rows.empty:
        keys = load("groups")["group"]
        hint = did_you_mean(group, keys) or f"The groups are {', '.join(keys)}."
        raise AimError(f"No group of countries has the key '{group}'.", hint)
    if on is None:
        rows = rows[rows["member_to"] == ""]
    else:
        day = pd.Timestamp(on).strftime("%Y-%m-%d")
        rows = rows[(rows["member_from"] <= day) & ((rows["member_to"] == "") | (day <= rows["member_to"]))]
    return tuple(sorted(rows["iso3"]))


def groups() -> list[Place]:
    """Return the groups of countries, in the order of their table."""
    return [_group(key) for key in load("groups")["group"]]


@cache
def _country(iso3: str) -> Place:
    row = load("countries").set_index("iso3").loc[iso3]
    return Place(iso3, row["name"], "country", (iso3,), row["phrase"])


@cache
def _group(key: str) -> Place:
    row = load("groups").set_index("group").loc[key]
    return Place(key, row["name"], "group", group_members(key), row["phrase"])


def _ambiguity(text: str, iso3s: list[str]) -> AimError:
    options = [f"{place.name} ({place.key})" for place in map(_country, iso3s)]
    return AimError(f"'{text}' can be {' or '.join(options)}.", "Use the full name or the code.")


@cache
def _groups_by_name() -> dict[str, str]:
    return {
        fold(name): row["group"]
        for row in load("groups").to_dict("records")
        for name in (row["group"], row["name"], row["phrase"], *row["aliases"].split(";"))
    }


@cache
def _ambiguous() -> dict[str, list[str]]:
    table = load("country_ambiguous")
    return {fold(row["text"]): row["iso3_choices"].split() for row in table.to_dict("records")}


@cache
def _countries_by_name() -> dict[str, str]:
    """Return folded name or code -> alpha-3; our own names win over those of the statistical offices."""
    found: dict[str, str] = {}
    countries = [row for row in load("countries").to_dict("records") if row["kind"] != "world"]
    for column in ("iso3", "iso2", "name", "phrase"):
        for row in countries:
            found.setdefault(fold(row[column]), row["iso3"])
    for table, column in (
        ("country_aliases", "alias"),
        ("census_countries", "census_name"),
        ("comtrade_countries", "un_name"),
    ):
        for row in load(table).to_dict("records"):
            found.setdefault(fold(row[column]), row["iso3"])
    found.pop("", None)
    return found


def _suggestions() -> list[str]:
    names = list(load("countries")["name"]) + list(load("groups")["group"]) + list(load("groups")["name"])
    return names + [alias for alias in load("country_aliases")["alias"] if len(alias) > 3]
