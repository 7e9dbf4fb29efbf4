"""HTS lines of chapter 76: which category each belongs to, when it lived, and where one became others."""

from __future__ import annotations

from functools import cache

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference._tables import TABLES, listed, load

CHAPTER = "chapter76"
CASTINGS = "castings_forgings"

# A date that we have not seen in print must not stop the load of a true figure: inferred dates give way by a
# year, roughly known ones by three. A sourced date is exact.
TOLERANCE_MONTHS = {"": 0, "sourced": 0, "derived": 12, "approximate": 36}

_CAUTION = {
    "sourced": "",
    "derived": " The month is inferred from codes seen before and after it.",
    "approximate": " The month is approximate.",
}


def dotted(code: str) -> str:
    """Return a code as the tariff prints it: 7601.10.60.30, 7601.10, 7601."""
    return ".".join([code[:4], *(code[at : at + 2] for at in range(4, len(code), 2))])


@cache
def scope_headings() -> tuple[str, ...]:
    """Return the headings that lie wholly inside the AIM scope: 7601 and 7604 to 7609."""
    return tuple(sorted(set(load("hs6_gatm")["hs6"].str[:4])))


def classify(codes: pd.Series, months: pd.Series, since: pd.Series | None = None) -> pd.Series:
    """Return the category of each code text at HS2, HS4, HS6 or HTS10 level, as text.

    In the scope's headings (7601, 7604 to 7609) an HTS10 must be one of ``hts10_lines.csv`` and alive in its
    month; elsewhere the heading decides, but for the castings and forgings of 7616.99.51 (until about 2015,
    7616.99.50). Castings and forgings exist at HTS10 only: at six or four digits they are inside ``hs7616``.
    ``76`` is ``chapter76``.

    Parameters
    ----------
    codes, months
        Same index; `months` are month-start dates.
    since
        First month of the period, where a figure covers several (year to date): a code alive in any of them
        is good.

    Raises
    ------
    AimError
        A code is outside chapter 76, is no code, is not in the table, or did not live then.
    """
    categories = {code: _category(code) for code in codes.unique()}
    unknown = sorted(str(code) for code, category in categories.items() if category is None)
    if unknown:
        raise _unknown(unknown)
    _check_dates(codes, months, months if since is None else since)
    return codes.map(categories).astype(str).rename("product")


def aim_lines(on: object = None) -> pd.DataFrame:
    """Return the HTS10 lines of the AIM scope: all that ever lived, or those of the month `on` (2025-01: 66).

    Columns: hts10, category, title, valid_from and valid_to (first day of the first and the last month, NaT
    for open), valid_from_basis and valid_to_basis (sourced, derived, approximate or ''), source.
    """
    out = _lines().drop(columns=["earliest", "latest"])
    if on is None:
        return out
    month = pd.Period(str(on), freq="M").to_timestamp()
    alive = (out["valid_from"].isna() | (out["valid_from"] <= month)) & (
        out["valid_to"].isna() | (month <= out["valid_to"])
    )
    return out[alive].reset_index(drop=True)


def gatm_category(hs6: str) -> str:
    """Return the GATM category of an HS6 code; an HS6 outside the seven categories is an error."""
    table = load("hs6_gatm")
    found = table.loc[table["hs6"] == hs6, "category"]
    if found.empty:
        raise AimError(f"HS6 {hs6} is in no GATM category.", "The categories are headings 7601 and 7604 to 7609.")
    return found.iloc[0]


def changes(first: object, last: object) -> pd.DataFrame:
    """Return the code changes after the month `first` and up to `last`, one row each.

    Columns: month (datetime64), old, new (tuples of HTS10), kind (split, merged, regrouped, renumbered),
    dates_basis, note (a sentence), source.
    """
    out = load("hts10_changes").copy()
    out["month"] = pd.to_datetime(out["month"], format="%Y-%m")
    start, end = (pd.Period(str(day), freq="M").to_timestamp() for day in (first, last))
    out = out[(start < out["month"]) & (out["month"] <= end)].reset_index(drop=True)
    out["old"] = out["old"].map(lambda text: tuple(text.split()))
    out["new"] = out["new"].map(lambda text: tuple(text.split()))
    out["note"] = [_note(row) for _, row in out.iterrows()]
    return out[["month", "old", "new", "kind", "dates_basis", "note", "source"]]


def known_code(code: str) -> bool:
    """Tell whether `code` is or begins a code of the tables; outside the scope the heading is enough."""
    if code[:4] in scope_headings():
        return any(line.startswith(code) for line in load("hts10_lines")["hts10"])
    return code == "76" or code[:4] in _by_heading()


def heading_category(heading: str) -> str:
    """Return the category of a known HS4 heading."""
    return _by_heading()[heading]


def detail(code: str) -> str:
    """Return the short description of an HTS10 line or GATM HS6 code, lower case at its start, or ''."""
    for table, column in (("hts10_lines", "hts10"), ("hs6_gatm", "hs6")):
        rows = load(table)
        for text in rows.loc[rows[column] == code, "title"]:
            return text[:1].lower() + text[1:]
    return ""


def _category(code: object) -> str | None:
    if not isinstance(code, str) or not code.isdecimal() or len(code) not in (2, 4, 6, 10):
        return None
    if code == "76":
        return CHAPTER
    heading = code[:4]
    if len(code) == 10 and (heading in scope_headings() or code in _by_line()):
        return _by_line().get(code)
    if heading in scope_headings() and not known_code(code):
        return None
    return _by_heading().get(heading)


def _check_dates(codes: pd.Series, months: pd.Series, since: pd.Series) -> None:
    pairs = pd.DataFrame({"hts10": codes, "month": months, "since": since}).drop_duplicates()
    pairs = pairs.merge(_lines()[["hts10", "earliest", "latest"]], on="hts10")
    wrong = pairs[(pairs["month"] < pairs["earliest"]) | (pairs["latest"] < pairs["since"])]
    if wrong.empty:
        return
    wrong = wrong.sort_values(["hts10", "month"])
    cases = [f"{row.hts10} in {row.month:%Y-%m}" for row in wrong.itertuples()]
    raise AimError(
        f"HTS10 not valid in its month: {listed(cases)}.",
        f"If the source is right, correct valid_from or valid_to in hts10_lines.csv and the month in "
        f"hts10_changes.csv, both in {TABLES}.",
    )


def _unknown(codes: list[str]) -> AimError:
    in_scope = [code for code in codes if len(code) == 10 and code[:4] in scope_headings()]
    if in_scope:
        return AimError(
            f"HTS10 not known in the headings of the AIM scope: {listed(in_scope)}.",
            "Add a row (hts10, category, title, valid_from, valid_from_basis, valid_to, valid_to_basis, "
            "source) to hts10_lines.csv and, if it replaces another, a row (month, old, new, kind, "
            f"dates_basis, source) to hts10_changes.csv, both in {TABLES}.",
        )
    return AimError(
        f"Not codes of chapter 76: {listed(codes)}.",
        "A code is text of 2, 4, 6 or 10 digits: 76, 7601, 760110, 7601103000.",
    )


def _note(row: pd.Series) -> str:
    old, new = (_series([dotted(code) for code in codes]) for codes in (row["old"], row["new"]))
    return f"From {row['month']:%B %Y}, HTS {old} became {new}." + _CAUTION[row["dates_basis"]]


def _series(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


@cache
def _by_line() -> dict[str, str]:
    table = load("hts10_lines")
    return dict(zip(table["hts10"], table["category"], strict=True))


@cache
def _by_heading() -> dict[str, str]:
    """Return heading -> category; castings and forgings are lines of 7616, not the heading."""
    rows = load("product_categories").to_dict("records")
    return {row["heading"]: row["category"] for row in rows if row["category"] not in (CHAPTER, CASTINGS)}


@cache
def _lines() -> pd.DataFrame:
    """Return the lines with dates, and `earliest` and `latest`: the months that a load accepts."""
    out = load("hts10_lines").copy()
    for column in ("valid_from", "valid_to"):
        out[column] = pd.to_datetime(out[column].replace("", None), format="%Y-%m")
    for column, name, sign in (("valid_from", "earliest", -1), ("valid_to", "latest", 1)):
        slack = out[f"{column}_basis"].map(TOLERANCE_MONTHS)
        out[name] = [
            day if pd.isna(day) else day + pd.DateOffset(months=sign * months)
            for day, months in zip(out[column], slack, strict=True)
        ]
    return out
