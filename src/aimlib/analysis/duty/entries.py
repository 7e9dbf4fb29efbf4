"""Entries as the engine takes them: checked, and each column coded by the values that occur."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd

from aimlib.errors import AimError, did_you_mean
from aimlib.reference import countries
from aimlib.reference.law.model import CLAIMS, digits

REQUIRED = ("entry_date", "hts", "origin")
METAL = ("largest_smelt", "second_smelt", "recent_cast")
OPTIONAL = (*METAL, "claims", "metal_share", "customs_value_usd")
NOT_GIVEN, UNKNOWN, NONE = "", "unknown", "N/A"


@dataclass(frozen=True)
class Coded:
    """A column as codes into the values that occur: ``values[codes]`` is the column."""

    codes: np.ndarray
    values: tuple[str, ...]


@dataclass(frozen=True)
class Entries:
    """Entries, a row each: days as whole numbers since 1970, and coded columns.

    ``metal_share`` is the aluminum's share of the value, 1.0 where it is not known (full value then); ``value_usd``
    is None where the entries have no value.
    """

    days: np.ndarray
    hts: Coded
    origin: Coded
    metal: dict[str, Coded]
    claims: Coded
    metal_share: np.ndarray
    value_usd: np.ndarray | None

    def __len__(self) -> int:
        return len(self.days)


def read_entries(frame: pd.DataFrame) -> Entries:
    """Return the entries of a frame.

    Columns: entry_date, hts (8 or 10 digits, with or without points), origin (ISO alpha-3); and where they are known
    largest_smelt, second_smelt, recent_cast (ISO alpha-3, ``unknown`` or ``N/A``; blank: not given), claims (joined by
    ``+``), metal_share (fraction), customs_value_usd.

    Raises AimError for a missing column, and for values that cannot be read, with the first of them.
    """
    lacking = [name for name in REQUIRED if name not in frame]
    if lacking:
        raise AimError(
            f"The entries have no column {' and no '.join(lacking)}.",
            f"They need {', '.join(REQUIRED)} and may have {', '.join(OPTIONAL)}.",
        )
    _check_names(frame)
    hts = _coded(frame["hts"], digits)
    _check(hts, _is_code, "hts", "A tariff number has 8 or 10 digits, such as 7601.10.60.")
    origin = _coded(frame["origin"], str.strip)
    _check(origin, countries.is_country_key, "origin", "Use ISO codes of three letters, such as CAN.")
    metal = {name: _coded(frame[name] if name in frame else _blank(frame), _metal_word) for name in METAL}
    for name, column in metal.items():
        _check(
            column, _is_metal, name, "Use ISO codes of three letters, unknown, or N/A; leave blank what is not given."
        )
    claims = _coded(frame["claims"] if "claims" in frame else _blank(frame), lambda text: "+".join(parse_claims(text)))
    return Entries(
        days=_days(frame["entry_date"]),
        hts=hts,
        origin=origin,
        metal=metal,
        claims=claims,
        metal_share=_shares(frame),
        value_usd=_values(frame),
    )


def _check_names(frame: pd.DataFrame) -> None:
    """Raise AimError for a column whose name is nearly that of one that is lacking: it would be left out silently."""
    known = (*REQUIRED, *OPTIONAL)
    for name in map(str, frame.columns):
        near = get_close_matches(name, [one for one in known if one not in frame], n=1, cutoff=0.85)
        if name not in known and near:
            raise AimError(f"The entries have a column {name}.", f"Did you mean {near[0]}?")


def parse_claims(text: str) -> tuple[str, ...]:
    """Return the claims in a text joined by ``+`` (or commas), each once, in order.

    Raises AimError for a word that is no claim.
    """
    named = [word.strip().casefold() for word in text.replace(",", "+").split("+") if word.strip()]
    wrong = [word for word in named if word not in CLAIMS]
    if wrong:
        raise AimError(
            f"'{wrong[0]}' is no claim.", did_you_mean(wrong[0], CLAIMS) or f"The claims are {', '.join(CLAIMS)}."
        )
    return tuple(sorted(set(named)))


def _coded(column: pd.Series, cleaned) -> Coded:
    codes, found = pd.factorize(column.astype("object").where(column.notna(), ""), use_na_sentinel=False)
    texts = [cleaned(str(value)) for value in found]
    distinct = tuple(dict.fromkeys(texts))
    place = {text: at for at, text in enumerate(distinct)}
    return Coded(np.array([place[text] for text in texts], dtype=np.int64)[codes], distinct)


def _check(column: Coded, is_right, name: str, advice: str) -> None:
    wrong = [at for at, value in enumerate(column.values) if not is_right(value)]
    if wrong:
        rows = np.flatnonzero(np.isin(column.codes, wrong))
        shown = ", ".join(f"'{column.values[at]}'" for at in wrong[:5])
        raise AimError(f"{name}: {shown} cannot be read (first in row {rows[0] + 1}, {len(rows):,} rows).", advice)


def _is_code(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) in (8, 10)


def _metal_word(text: str) -> str:
    word = text.strip()
    if word.casefold() in ("unknown", "un"):
        return UNKNOWN
    return NONE if word.casefold() in ("n/a", "not applicable") else word


def _is_metal(word: str) -> bool:
    return word in (NOT_GIVEN, UNKNOWN, NONE) or countries.is_country_key(word)


def _days(column: pd.Series) -> np.ndarray:
    days = pd.to_datetime(column, errors="coerce")
    if days.isna().any():
        row = int(np.flatnonzero(days.isna())[0])
        raise AimError(f"entry_date: '{column.iloc[row]}' in row {row + 1} is not a day.", "Write days as 2025-05-01.")
    return days.to_numpy(dtype="datetime64[D]").astype(np.int64)


def _shares(frame: pd.DataFrame) -> np.ndarray:
    if "metal_share" not in frame:
        return np.ones(len(frame))
    shares = pd.to_numeric(frame["metal_share"], errors="coerce").to_numpy(dtype=float)
    given = frame["metal_share"].notna().to_numpy()
    if not pd.api.types.is_numeric_dtype(frame["metal_share"]):
        given = given & (frame["metal_share"].astype("str").str.strip() != "").to_numpy()
    wrong = given & ~((shares >= 0) & (shares <= 1))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise AimError(
            f"metal_share: {frame['metal_share'].iloc[row]} in row {row + 1} is no share.",
            "It is a fraction of the customs value from 0 to 1, such as 0.4.",
        )
    return np.where(given, shares, 1.0)


def _values(frame: pd.DataFrame) -> np.ndarray | None:
    if "customs_value_usd" not in frame:
        return None
    values = pd.to_numeric(frame["customs_value_usd"], errors="coerce").to_numpy(dtype=float)
    wrong = (frame["customs_value_usd"].notna().to_numpy() & np.isnan(values)) | (values < 0)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise AimError(
            f"customs_value_usd: '{frame['customs_value_usd'].iloc[row]}' in row {row + 1} is no value.",
            "Give US dollars as numbers, zero or more.",
        )
    return values


def _blank(frame: pd.DataFrame) -> pd.Series:
    return pd.Series("", index=frame.index)
