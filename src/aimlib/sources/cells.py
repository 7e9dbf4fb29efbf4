"""What the text of a cell says: numbers, days and months as people and offices write them."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

import numpy as np
import pandas as pd

from aimlib.errors import AimError

_DIGIT = "[0-9]"  # and not \\d, which takes the digits of every script
_NUMBER = r"[+-]?(?:(?:D{1,3}(?:,D{3})+|D+)(?:\.D*)?|\.D+)(?:e[+-]?D{1,3})?".replace("D", _DIGIT)
_DAYS = {
    r"\d{4}-\d{1,2}-\d{1,2}": "%Y-%m-%d",
    r"\d{1,2}/\d{1,2}/\d{4}": "%m/%d/%Y",
    r"\d{1,2} [a-z]{3} \d{4}": "%d %b %Y",
    r"\d{1,2} [a-z]{4,} \d{4}": "%d %B %Y",
    r"[a-z]{3} \d{1,2} \d{4}": "%b %d %Y",
    r"[a-z]{4,} \d{1,2} \d{4}": "%B %d %Y",
}
_MONTHS = {
    r"\d{4}-\d{1,2}": "%Y-%m",
    r"\d{4}m\d{1,2}": "%Ym%m",
    r"\d{1,2}/\d{4}": "%m/%Y",
    r"[a-z]{3} \d{4}": "%b %Y",
    r"[a-z]{4,} \d{4}": "%B %Y",
    r"[a-z]{3} \d{2}": "%b %y",
}
_YEARS = range(1900, 2101)


def numbers(cells: pd.Series, missing: Collection[str] = ("",)) -> tuple[pd.Series, pd.Series]:
    """Return the cells' numbers (NaN where missing or none), and which are neither a number nor missing.

    A comma is taken where it groups thousands and nowhere else; `missing` are texts in lower case.
    """
    folded = cells.str.strip().str.lower()
    absent = folded.isin(list(missing))
    good = folded.str.fullmatch(_NUMBER)
    found = pd.to_numeric(folded.where(good).str.replace(",", "")).astype("float64")
    found = found.where(np.isfinite(found))
    return found, found.isna() & ~absent


def decimals(cells: pd.Series, at_most: int = 6) -> int:
    """Return the number of places after the point that the cells are written with, the finest of them."""
    places = cells.str.extract(r"\.(\d+)$", expand=False).dropna().str.len()
    return min(int(places.max()), at_most) if len(places) else 0


def whens(cells: pd.Series, name: str) -> pd.DataFrame:
    """Return, on the cells' index, the day that each names (NaT where none) and whether it names a month only.

    Columns: day, is_month. A month is its first day. Days with slashes are month/day/year; where one of them
    cannot be, they all may be day/month/year, and AimError asks for clearer ones.
    """
    texts = {text: _when(text) for text in cells.unique()}
    for text, found in texts.items():
        if found is None and re.fullmatch(r"(1[3-9]|2\d|3[01])/(0?[1-9]|1[0-2])/\d{4}", text.strip()):
            raise AimError(
                f"{name} has the date '{text}', which is not month/day/year.",
                "Write dates as 2024-02-13: with slashes, days cannot be told from months.",
            )
    pairs = [texts[text] or (pd.NaT, False) for text in cells]
    found = pd.DataFrame(pairs, columns=["day", "is_month"], index=cells.index)
    return found.astype({"day": "datetime64[us]", "is_month": "bool"})


def _when(text: str) -> tuple[pd.Timestamp, bool] | None:
    told = re.sub(r"[ T]00:00(:00(\.0+)?)?$", "", text.strip()).lower()
    told = re.sub(r"^(\d{4})/(?=\d)", r"\1-", told)
    told = re.sub(r"(?<=-\d)/|(?<=-\d\d)/", "-", told)
    if re.search(r"[a-z]{3}", told):
        told = " ".join(re.sub(r"[-,./]", " ", told).replace("sept ", "sep ").split())
    for forms, is_month in ((_DAYS, False), (_MONTHS, True)):
        for form, pattern in forms.items():
            if re.fullmatch(form, told):
                try:
                    day = datetime.strptime(told, pattern)
                except ValueError:
                    return None
                return (pd.Timestamp(day), is_month) if day.year in _YEARS else None
    return None
