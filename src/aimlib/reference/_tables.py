"""The CSV files in ``tables/``, read once, as text: ``NA`` stays Namibia and codes keep their zeros."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

import pandas as pd

TABLES = "aimlib/reference/tables"


@cache
def load(name: str) -> pd.DataFrame:
    """Return table `name` (file name without ``.csv``); every cell is text, an empty cell is ``''``.

    The frame is shared between callers: copy it before changing or returning it.
    """
    path = files("aimlib.reference") / "tables" / f"{name}.csv"
    with path.open("r", encoding="utf-8") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)


def fold(text: str) -> str:
    """Return `text` as names are compared: no case, accents, punctuation or doubled blanks, ``St`` as Saint.

    >>> fold("CÔTE D’IVOIRE"), fold("St. Kitts & Nevis")
    ('cote divoire', 'saint kitts and nevis')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"[.'’`()]", "", plain)
    words = re.sub(r"[^a-z0-9]+", " ", plain).split()
    return " ".join("saint" if word == "st" else word for word in words)


def listed(codes: list[str], limit: int = 8) -> str:
    """Return codes as they stand in a message: the first `limit`, and how many more there are."""
    shown = ", ".join(codes[:limit])
    return f"{shown} and {len(codes) - limit} more" if len(codes) > limit else shown
