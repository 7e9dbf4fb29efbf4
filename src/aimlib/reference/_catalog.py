"""What a product is, and the product that a person's words or a code name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pandas as pd

from aimlib.errors import AimError, did_you_mean
from aimlib.reference import _hts
from aimlib.reference._hts import CASTINGS, CHAPTER, dotted
from aimlib.reference._tables import fold, load

_CODE = re.compile(r"76(\d{2}){0,4}")


@dataclass(frozen=True)
class Product:
    """What a bulletin is about.

    `key` is a category's slug, a named set or a code; `phrase` is how it reads in a sentence. A row belongs
    to the product when its category is in `categories` and its code starts with one of `code_prefixes`
    (`products.contains` says so).
    """

    key: str
    title: str
    short_title: str
    phrase: str
    categories: tuple[str, ...]
    code_prefixes: tuple[str, ...]
    is_whole_chapter: bool = False


def resolve(text: str) -> Product:
    """Return the product that `text` names.

    Accepted: category slugs, titles and short titles; the named sets aim, gatm, scrap, downstream, chapter76;
    codes or their beginnings, with or without points (7601, 7601.10.60). A heading that is one category gives
    that category.

    Raises
    ------
    AimError
        Nothing is called so; the nearest name is suggested.
    """
    digits = re.sub(r"[.\s]", "", str(text))
    if digits.isdecimal():
        return _by_code(digits, str(text))
    name = fold(str(text).replace("_", " "))
    if name in _by_name():
        return product(_by_name()[name])
    keys = _keys()
    raise AimError(
        f"No product is called '{text}'." if name else "No product is named.",
        did_you_mean(str(text), [*keys, *load("product_aliases")["alias"]])
        or f"Use one of {', '.join(keys)}, or a code such as 7601.10.",
    )


def named() -> list[Product]:
    """Return the products that have a name: the sets, then the categories, in the order of their tables."""
    return [product(key) for key in _keys()]


def _keys() -> list[str]:
    return list(dict.fromkeys([*load("product_sets")["product"], *load("product_categories")["category"]]))


@cache
def product(key: str) -> Product:
    """Return the product of a category's slug or of a named set."""
    categories = load("product_categories")
    sets = load("product_sets").set_index("product")
    whole = key == CHAPTER
    if whole:
        row, inside = sets.loc[key], categories
    elif key in sets.index:
        row, inside = sets.loc[key], categories[[key in names.split() for names in categories["sets"]]]
    else:
        row, inside = category(key), categories[categories["category"] == key]
    members = tuple(inside["category"])
    prefixes = ("76",) if whole else tuple(prefix for member in members for prefix in _prefixes(member))
    return Product(key, row["title"], row["short_title"], row["phrase"], members, prefixes, whole)


@cache
def category(slug: str) -> pd.Series:
    """Return the row of `product_categories.csv` for a slug."""
    table = load("product_categories").set_index("category", drop=False)
    if slug not in table.index:
        raise AimError(
            f"No product category is called '{slug}'.",
            did_you_mean(str(slug), table.index) or f"The categories are {', '.join(table.index)}.",
        )
    return table.loc[slug]


def _by_code(code: str, text: str) -> Product:
    if code == "76":
        return product(CHAPTER)
    if not _CODE.fullmatch(code) or not _hts.known_code(code):
        raise _no_such_code(code, text)
    castings = {line for line in _prefixes(CASTINGS) if line.startswith(code)}
    if castings:
        members = (CASTINGS,) if code in castings else (CASTINGS, "hs7616")
    else:
        members = (_hts.heading_category(code[:4]),)
        if len(code) == 4:
            return product(members[0])
    phrase = " and ".join(category(member)["phrase"] for member in members)
    title = f"{phrase[0].upper()}{phrase[1:]}, HTS {dotted(code)}"
    detail = _hts.detail(code)
    return Product(
        key=code,
        title=f"{title} ({detail})" if detail else title,
        short_title=f"HTS {dotted(code)}",
        phrase=f"{phrase} (HTS {dotted(code)})",
        categories=members,
        code_prefixes=(code,),
    )


def _no_such_code(code: str, text: str) -> AimError:
    lines = load("hts10_lines")["hts10"]
    siblings = {dotted(line[: len(code)]) for line in lines if line[:4] == code[:4] and _CODE.fullmatch(code)}
    return AimError(
        f"No product of chapter 76 has the code '{text}'.",
        did_you_mean(dotted(code), sorted(siblings)) or "Codes have 2, 4, 6, 8 or 10 digits and start with 76.",
    )


def _prefixes(slug: str) -> tuple[str, ...]:
    if slug == CASTINGS:
        lines = load("hts10_lines")
        return tuple(lines.loc[lines["category"] == slug, "hts10"])
    return (category(slug)["heading"],)


@cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for table, key in ((load("product_sets"), "product"), (load("product_categories"), "category")):
        for row in table.to_dict("records"):
            names = [row[key].replace("_", " "), row["title"], row["short_title"], row["phrase"]]
            for name in [*names, *row.get("aliases", "").split(";")]:
                found.setdefault(fold(name), row[key])
    for row in load("product_aliases").to_dict("records"):
        found.setdefault(fold(row["alias"]), row["category"])
    found.pop("", None)
    return found
