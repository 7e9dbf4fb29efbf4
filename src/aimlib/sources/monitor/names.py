"""Countries, products, codes and the status of a row, from the words of the monitor's files."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import countries, products
from aimlib.reference._tables import fold, load
from aimlib.sources.monitor.read import Dashboard

TOTAL = "TOTAL"
GROUP = "GROUP"
_ALL = frozenset(
    ("world", "the world", "total", "grand total", "all", "all countries", "world total", "total all countries")
)
_NO_METAL = (
    "n/a",
    "not applicable",
    "none",
    "no primary metal",
    "n.a.",
    "not applicable (n/a)",
    "n/a (no primary metal)",
)
_ALL_PRODUCTS = frozenset(
    ("all", "total", "grand total", "all products", "all aluminum products", "all categories", "aim")
)
_CASTINGS_HS6 = "761699"
_SHOWN = 5


def read_names(board: Dashboard) -> pd.DataFrame:
    """Return, on the cells' index: data_basis, code_level, code, product, origin, largest_smelt, recent_cast,
    is_group (a row of a group of countries) and reason ('' or why the row cannot be used).

    In rows over all origins origin is TOTAL, in rows over all smelt or cast countries that field is TOTAL; it
    is '' where the dashboard does not tell it.

    Raises AimError, with the rows shown, for a word that is not known.
    """
    cells = board.cells
    found = pd.DataFrame({"reason": ""}, index=cells.index, dtype="str")
    if "status" in cells:
        found["data_basis"] = _mapped(board, "status", _basis)
    else:
        found["data_basis"] = "license"
    found["origin"] = _mapped(board, "origin", _origin)
    found["largest_smelt"] = _mapped(board, "largest_smelt", _smelt) if "largest_smelt" in cells else ""
    found["recent_cast"] = _mapped(board, "recent_cast", _cast) if "recent_cast" in cells else ""
    no_cast = found["recent_cast"].isin(["N/A", "unknown"])
    found["reason"] = found["reason"].mask(no_cast, "the country of most recent cast is never N/A nor unknown")
    _read_products(found, board)
    found["is_group"] = (found[["origin", "largest_smelt", "recent_cast"]] == GROUP).any(axis=1)
    return found


def _read_products(found: pd.DataFrame, board: Dashboard) -> None:
    cells = board.cells
    category = _mapped(board, "product", _product) if "product" in cells else pd.Series("", index=cells.index)
    code = _mapped(board, "hs6", _hs6) if "hs6" in cells else pd.Series("", index=cells.index)
    is_line = code != ""
    of_code = {hs6: _category(hs6) for hs6 in code[is_line].unique()}
    told = category.where(~is_line, code.map(of_code))
    found["code_level"] = is_line.map({True: "hs6", False: "category"})
    found["product"] = told
    found["code"] = code.where(is_line, told)
    differs = is_line & ~category.isin(["", "aim"]) & (category != told)
    found["reason"] = found["reason"].mask(differs, "HTS6 " + code + " is no code of " + category)
    found["reason"] = found["reason"].mask(told == "", "the row names no product")


def _mapped(board: Dashboard, field: str, read: Callable[[str], str]) -> pd.Series:
    """Return the cells of a field in our words. Raises AimError that lists the rows whose words are not known."""
    cells, known, strange = board.cells[field], {}, {}
    for text in cells.unique():
        try:
            known[text] = read(text)
        except AimError as error:
            strange[text] = error
    if strange:
        rows = board.cells[cells.isin(list(strange))]
        shown = ", ".join(
            f"row {row} '{text}'" for row, text in zip(rows["row"][:_SHOWN], rows[field][:_SHOWN], strict=True)
        )
        more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
        first = next(iter(strange.values()))
        raise AimError(f"{board.name}: {field.replace('_', ' ')} not known in {shown}{more}.", str(first))
    return cells.map(known).astype("str")


def _basis(text: str) -> str:
    words = fold(text)
    is_license, is_census = "licen" in words, "census" in words
    if is_license == is_census:
        raise AimError(f"'{text}' is neither License nor Census.", "Each row says one of the two.")
    return "license" if is_license else "census"


def _origin(text: str) -> str:
    if fold(text) in _ALL:
        return TOTAL
    place = countries.resolve(text)
    return place.key if place.kind == "country" else GROUP


def _smelt(text: str) -> str:
    word = text.strip().casefold()
    if word in _NO_METAL:
        return "N/A"
    if word in ("unknown", "un", "not known"):
        return "unknown"
    if word == "na":
        raise AimError("'NA' can be Namibia or not applicable.", "Write Namibia, or N/A.")
    return _origin(text)


def _cast(text: str) -> str:
    return _smelt(text) if fold(text) in ("na", "unknown", "n a", "not applicable", "none") else _origin(text)


def _product(text: str) -> str:
    words = fold(text)
    if not words:
        return ""
    if words in _ALL_PRODUCTS:
        return "aim"
    scope = products.resolve("aim")
    found = products.resolve(text.split(" (other", 1)[0])
    if found.key != scope.key and found.key not in scope.categories:
        raise AimError(f"'{text}' is no category of the monitor.", f"They are {', '.join(scope.categories)}.")
    return found.key


def _hs6(text: str) -> str:
    if fold(text) in _ALL_PRODUCTS | {""}:
        return ""
    word = text.strip().casefold().removeprefix("hts").strip()
    code = "".join(sign for sign in word.split("-")[0].split(" ")[0] if sign.isdecimal())
    if len(code) != 6 or (code != _CASTINGS_HS6 and code not in set(load("hs6_gatm")["hs6"])):
        raise AimError(
            f"'{text}' is no HTS6 of the monitor.", "They are the codes of 7601 and 7604 to 7609, and 761699."
        )
    return code


def _category(hs6: str) -> str:
    return "castings_forgings" if hs6 == _CASTINGS_HS6 else products.gatm_category(hs6)
