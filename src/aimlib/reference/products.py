"""Products: the AIM and GATM categories, the named sets, the codes of chapter 76, and what they can show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import _catalog, _hts
from aimlib.reference._catalog import Product, named, resolve
from aimlib.reference._hts import CASTINGS, CHAPTER, aim_lines, classify, dotted, gatm_category
from aimlib.reference._tables import load

__all__ = [
    "LEVELS",
    "Product",
    "aim_lines",
    "all_categories",
    "breaks",
    "classify",
    "contains",
    "dotted",
    "gatm_category",
    "headings_of",
    "level_for",
    "line_title",
    "named",
    "resolve",
    "scope_note",
    "short_title",
    "supports",
    "title",
    "widest",
]

LEVELS = {"hs2": 2, "hs4": 4, "hs6": 6, "hts10": 10}
_DIGITS = {2: "two", 4: "four", 6: "six", 10: "ten"}


def title(slug: str) -> str:
    """Return the print title of a category."""
    return _catalog.category(slug)["title"]


def short_title(slug: str) -> str:
    """Return a category's title for a legend or a table head."""
    return _catalog.category(slug)["short_title"]


def line_title(code: str) -> str:
    """Return the title of an HTS10 line of the AIM scope, or '' where the tables hold none."""
    return _line_titles().get(code, "")


@cache
def _line_titles() -> dict[str, str]:
    return load("hts10_lines").set_index("hts10")["title"].to_dict()


def all_categories() -> pd.DataFrame:
    """Return one row a category, in print order.

    Columns: category, heading, title, short_title, phrase, sets (text: the named sets, separated by blanks).
    """
    return load("product_categories").copy()


def headings_of(product: Product) -> tuple[str, ...]:
    """Return the HS4 headings that must all be loaded for the product to be complete."""
    if product.is_whole_chapter:
        return tuple(sorted(set(load("product_categories")["heading"]) - {"76"}))
    return tuple(sorted({prefix[:4] for prefix in product.code_prefixes}))


def contains(product: Product, codes: pd.Series, categories: pd.Series) -> pd.Series:
    """Tell which rows belong to the product, from their codes and their categories (of `classify`).

    At two, four or six digits this is right only where `supports` does not say ``none``.
    """
    return categories.isin(product.categories) & codes.str.startswith(product.code_prefixes)


def supports(product: Product, code_level: str) -> str:
    """Tell whether rows at `code_level` can make up the product: ``complete``, ``partial`` or ``none``.

    At two digits there is only the whole chapter. At four and six digits castings and forgings cannot be told
    from the other articles of 7616, so that the AIM scope is partial.
    """
    if code_level not in LEVELS:
        raise AimError(f"'{code_level}' is no code level.", f"The levels are {', '.join(LEVELS)}.")
    digits = LEVELS[code_level]
    if product.is_whole_chapter:
        return "complete"
    if digits == 2 or (product.key.isdecimal() and len(product.key) > digits):
        return "none"
    if digits == 10 or CASTINGS not in product.categories or "hs7616" in product.categories:
        return "complete"
    return "none" if product.categories == (CASTINGS,) else "partial"


def scope_note(product: Product, code_level: str) -> str:
    """Return the sentence that says what figures at this level cover, or '' where there is nothing to say."""
    verdict = supports(product, code_level)
    digits = _DIGITS[LEVELS[code_level]]
    castings = "Castings and forgings (HTS 7616.99.51.60 and .70) can be told apart at ten digits only"
    if product.is_whole_chapter:
        return (
            "Chapter 76 as a whole is wider than the AIM license scope: it includes scrap, powders and "
            "flakes, and downstream articles (7602, 7603, 7610 to 7615 and the rest of 7616)."
        )
    if verdict == "partial":
        return f"{castings}: at {digits} digits they are missing, and the AIM license scope is incomplete."
    if verdict == "none":
        return f"Figures at {digits} digits cannot show {product.phrase}."
    if "hs7616" in product.categories and code_level != "hts10":
        return f"{castings}: at {digits} digits they are counted among the other articles of heading 7616."
    return ""


def breaks(product: Product, first: object, last: object) -> pd.DataFrame:
    """Return the code changes inside a series that runs from month `first` to month `last`.

    A change in month m lies between m-1 and m, so that one in `first` itself breaks nothing. Columns: month,
    old and new (tuples of HTS10), kind (split, merged, regrouped, renumbered), splits_product (bool: some of
    the codes are outside the product, so that its level moves; False where only lines inside it change),
    dates_basis (sourced, derived, approximate), note (a sentence), source.
    """
    table = _hts.changes(first, last)
    lines = load("hts10_lines").set_index("hts10")["category"]
    inside = [
        [lines[code] in product.categories and code.startswith(product.code_prefixes) for code in (*old, *new)]
        for old, new in zip(table["old"], table["new"], strict=True)
    ]
    table.insert(4, "splits_product", pd.Series([not all(flags) for flags in inside], dtype=bool))
    return table[pd.Series([any(flags) for flags in inside], dtype=bool)].reset_index(drop=True)


def widest(held: Mapping[str, Iterable[str]]) -> Product | None:
    """Return the widest product that the held headings support, None where nothing is held.

    `held` gives the headings (or codes) that are loaded at each code level: ``{"hts10": ["7601", "7604"]}``.
    The order is aim (all its headings at HTS10), chapter76 (at HS2, or all headings at one level), gatm,
    downstream, then the first single category that is held.
    """
    for key in ("aim", CHAPTER, "gatm", "downstream", *load("product_categories")["category"]):
        product = _catalog.product(key)
        if level_for(product, held):
            return product
    return None


def level_for(product: Product, held: Mapping[str, Iterable[str]]) -> str:
    """Return the finest code level at which all that the product needs is held, '' where there is none."""
    for level in reversed(LEVELS):
        codes = set(held.get(level, ()))
        if not codes or supports(product, level) != "complete":
            continue
        if level == "hs2" or set(headings_of(product)) <= {code[:4] for code in codes}:
            return level
    return ""
