"""What was asked of Comtrade, so that what did not come back is known to be zero."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aimlib.errors import AimError
from aimlib.reference import hs_editions

CHAPTER = "76"
LEVELS = {4: "hs4", 6: "hs6"}


@dataclass(frozen=True)
class Asked:
    """A question.

    ``reporters`` are ISO alpha-3, ``flows`` our words, ``frequency`` annual or monthly, ``periods`` ``2024`` or
    ``2024-03``, ``codes`` HS4 or HS6 of chapter 76, both levels possible. Where ``reporters``, ``flows`` or ``periods``
    are empty, those are meant that the files hold.
    """

    reporters: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    frequency: str = ""
    periods: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def parse_codes(codes: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return HS4 and HS6 codes of chapter 76 without points, in order, once each; None where none is given.

    Raises AimError for any other code, the chapter itself among them: it is not loaded.
    """
    if not codes:
        return None
    plain = [re.sub(r"[.\s]", "", str(code)) for code in codes]
    for code in plain:
        if code == CHAPTER:
            raise AimError("The chapter 76 as a whole is not loaded.", "Name headings such as 7601, or HS6 codes.")
        if not (re.fullmatch(r"76\d{2}(\d{2})?", code) and hs_editions.is_known(code)):
            raise AimError(f"'{code}' is no HS4 or HS6 code of chapter 76.", "Name codes such as 7601 or 760110.")
    return tuple(sorted(set(plain)))


def whole_headings(codes: Sequence[str]) -> frozenset[str]:
    """Return the headings asked for without any HS6 code of theirs: at whatever level the files hold them."""
    return frozenset(code for code in codes if len(code) == 4) - {code[:4] for code in codes if len(code) == 6}


def asked_heads(codes: Sequence[str], held: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the levels and headings that were asked for; `held` are those in the files, and meant without `codes`.

    A heading asked for as a whole is meant at the levels at which the files hold it. Where they hold none of it, it is
    meant at HS6 if headings only were asked for and the files hold HS6 only; else at HS4.
    """
    if not codes:
        return held
    whole = whole_headings(codes)
    only_hs6 = {level for level, _ in held} == {"hs6"} and all(len(code) == 4 for code in codes)
    heads = {(LEVELS[len(code)], code[:4]) for code in codes if code not in whole}
    for heading in whole:
        levels = {level for level, at in held if at == heading} or {"hs6" if only_hs6 else "hs4"}
        heads |= {(level, heading) for level in levels}
    return heads
