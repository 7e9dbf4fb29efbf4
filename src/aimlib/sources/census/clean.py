"""Setting bad rows apart: what is a row about, are its numbers numbers, is it there twice."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import countries
from aimlib.sources.census.answer import Sheet
from aimlib.sources.census.errors import MissingColumns, NotCensus
from aimlib.sources.census.variables import (
    BREAKDOWNS,
    LEVEL_OF_LENGTH,
    LEVELS,
    TABLE_OF_BASIS,
    UNIT_COLUMNS,
    number_columns,
    value_columns,
)

_MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
_NUMBER = r"[0-9]+(\.[0-9]+)?"
_KEY = ["file", "level", "code", "partner", "period"]


@dataclass(frozen=True)
class Clean:
    """Rows that can be read, and those that cannot.

    ``cells`` are country and total rows as text, with file, row, level, code, partner ('' for the total),
    kind and period (``YYYY-MM``) in front of the answer's own columns. ``numbers`` are their figures, NaN
    where blank. ``rejects`` have file, row, reason and the answer's own columns. ``aggregates`` counts the
    rows of country groups, which are left out. ``notes`` are sentences on what else is left out.
    """

    cells: pd.DataFrame
    numbers: pd.DataFrame
    rejects: pd.DataFrame
    aggregates: int
    notes: tuple[str, ...]


def clean(sheet: Sheet, chapter: str = "76") -> Clean:
    """Sort the rows of a sheet. Raises MissingColumns, or NotCensus for what concerns a whole answer."""
    cells = sheet.cells
    _check_columns(cells)
    told = _subject(cells)
    reasons = _subject_faults(told, cells)
    elsewhere = (reasons == "") & ~told["code"].str.startswith(chapter)
    groups = (reasons == "") & ~elsewhere & (told["kind"] == "group")
    strangers = set(cells["file"][elsewhere]) - set(cells["file"][~elsewhere])
    if strangers:
        advice = f"Ask for I_COMMODITY={chapter}*."
        raise NotCensus(min(strangers), f"holds nothing of chapter {chapter}", advice)

    mine = ~(elsewhere | groups)
    cells, told, reasons = cells[mine], told[mine], reasons[mine]
    numbers, faults = _numbers(cells)
    reasons = reasons.where(reasons != "", faults)
    reasons = _repeated(told, cells, reasons)
    good = reasons == ""
    own = cells.drop(columns=["file", "row"])
    return Clean(
        cells=pd.concat([told, own], axis=1)[good].reset_index(drop=True),
        numbers=numbers[good].reset_index(drop=True),
        rejects=pd.concat([cells[~good].assign(reason=reasons[~good]), sheet.misshapen], ignore_index=True),
        aggregates=int(groups.sum()),
        notes=_notes(sheet.cells, int(elsewhere.sum()), chapter),
    )


def _notes(cells: pd.DataFrame, elsewhere: int, chapter: str) -> tuple[str, ...]:
    """Say what the answers hold that is not read."""
    notes = [f"Rows outside chapter {chapter}, which are not read: {elsewhere:,}."] if elsewhere else []
    for unit, quantity in zip(UNIT_COLUMNS, ("QY1", "QY2"), strict=True):
        if unit not in cells and any(f"_{quantity}_" in column for column in cells):
            notes.append(f"Quantities without {unit} have no unit and are not read.")
    for basis in TABLE_OF_BASIS:
        orphans = sorted({f"CAL_DUT_{basis}", f"DUT_VAL_{basis}", f"CON_CIF_{basis}"} & set(cells))
        if orphans and f"CON_VAL_{basis}" not in cells:
            notes.append(f"{', '.join(orphans)} need CON_VAL_{basis} beside them and are not read.")
    return tuple(notes)


def _check_columns(cells: pd.DataFrame) -> None:
    name = cells["file"].iloc[0] if len(cells) else "The answer"
    missing = [column for column in ("I_COMMODITY", "CTY_CODE") if column not in cells]
    if "TIME" not in cells and not {"YEAR", "MONTH"} <= set(cells):
        missing.append("time (or YEAR and MONTH)")
    if not set(value_columns()) & set(cells):
        missing.append(f"a value (one of {', '.join(value_columns())})")
    if missing:
        raise MissingColumns(name, missing)
    for column, what in BREAKDOWNS.items():
        if column in cells and not cells[column].isin(["", "-"]).all():
            advice = f"Ask again without {column}."
            what = f"is broken down by {what} ({column}), so that no line stands alone"
            raise NotCensus(name, what, advice)


def _subject(cells: pd.DataFrame) -> pd.DataFrame:
    """Return file, row, level, code, partner, kind and period of every row, '' where it does not tell."""
    code = cells["I_COMMODITY"]
    digits = code.where(code.str.fullmatch(r"[0-9]+"), "")
    by_length = digits.str.len().map(LEVEL_OF_LENGTH).fillna("")
    level = cells["COMM_LVL"].map(LEVELS).fillna("") if "COMM_LVL" in cells else by_length
    partner = cells["CTY_CODE"].where(cells["CTY_CODE"] != "-", "")
    told = {"level": level.where(level == by_length, ""), "code": code, "partner": partner}
    told |= {"kind": _kind(cells, partner), "period": _period(cells)}
    return pd.concat([cells[["file", "row"]], pd.DataFrame(told).astype("str")], axis=1)


def _kind(cells: pd.DataFrame, partner: pd.Series) -> pd.Series:
    kinds = {code: _kind_of(code) for code in partner.unique()}
    kind = partner.map(kinds)
    if "CTY_NAME" in cells:  # a blank code beside a country's name is a lost code, not the total
        named = ~cells["CTY_NAME"].str.casefold().str.startswith("total") & (cells["CTY_NAME"] != "")
        kind = kind.mask((partner == "") & named & (cells["CTY_CODE"] == ""), "")
    if "SUMMARY_LVL" in cells:
        kind = kind.mask((cells["SUMMARY_LVL"] == "CGP") & (kind == "country"), "group")
    return kind


def _kind_of(code: str) -> str:
    try:
        return countries.kind_of_census_code(code)
    except AimError:
        return ""


def _period(cells: pd.DataFrame) -> pd.Series:
    when = cells["TIME"] if "TIME" in cells else cells["YEAR"] + "-" + cells["MONTH"].str.zfill(2)
    return when.where(when.isin([text for text in when.unique() if _MONTH.fullmatch(text)]), "")


def _subject_faults(told: pd.DataFrame, cells: pd.DataFrame) -> pd.Series:
    """Return why a row does not say what it is about, '' where it does."""
    reasons = pd.Series("", index=cells.index, dtype="str")
    when = cells["TIME"] if "TIME" in cells else cells["YEAR"] + "-" + cells["MONTH"]
    for column, given, what in (
        ("kind", cells["CTY_CODE"], "not a country code of Census"),
        ("level", cells["I_COMMODITY"], "not a code of 2, 4, 6 or 10 digits, or not of its COMM_LVL"),
        ("period", when, "not a month"),
    ):
        untold = told[column] == ""
        if untold.any():
            reasons = reasons.mask(untold, "'" + given + f"' is {what}")
    return reasons


_TOO_LARGE = 2.0**53


def _numbers(cells: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the columns of numbers as floats, and why a row's cannot be read."""
    reasons = pd.Series("", index=cells.index, dtype="str")
    columns = [column for column in number_columns() if column in cells]
    numbers = {}
    for column in columns:
        text = cells[column]
        readable = text.str.fullmatch(_NUMBER)
        if not readable.all():
            reasons = reasons.mask(~readable & (text != ""), f"{column} is '" + text + "', not a number")
            if column in value_columns():
                reasons = reasons.mask(text == "", f"{column} is blank")
        numbers[column] = pd.to_numeric(text.where(readable), errors="coerce").astype("float64")
        # No figure of trade has so many digits, and beyond them a float no longer holds each dollar.
        huge = numbers[column] >= _TOO_LARGE
        if huge.any():
            reasons = reasons.mask(huge, f"{column} is larger than any figure of trade")
            numbers[column] = numbers[column].mask(huge)
    return pd.DataFrame(numbers, index=cells.index), reasons


def _repeated(told: pd.DataFrame, cells: pd.DataFrame, reasons: pd.Series) -> pd.Series:
    """Add the rows that are there twice: all but the first of equal ones, each of contradicting ones."""
    judged = told[_KEY][reasons == ""]
    twice = judged[judged.duplicated(keep=False)]
    if twice.empty:
        return reasons
    figures = [column for column in cells if column in (*number_columns(), *UNIT_COLUMNS) or "_FLAG" in column]
    whole = pd.concat([twice, cells.loc[twice.index, figures]], axis=1)
    versions = whole.drop_duplicates().groupby(_KEY).size()
    contradicts = pd.MultiIndex.from_frame(twice).map(versions).to_numpy() > 1
    reasons = reasons.copy()
    reasons[twice.index[contradicts]] = "contradicts another row of the same line, partner and month"
    equal = twice[~contradicts]
    reasons[equal.index[equal.duplicated(keep="first")]] = "repeats an earlier row"
    return reasons
