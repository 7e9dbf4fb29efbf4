"""From quotes as text to figures by day, converted and judged; what breaks a rule is set apart with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import price_series
from aimlib.reference.price_series import DAILY, MONTHLY
from aimlib.sources.cells import numbers, whens

_MISSING = ("", ".", "-", "--", "…", "...", "..", "n/a", "na", "n.a.", "nan", "null", "#n/a")
_SERIES = ["series", "frequency"]
_REJECTS = ["file", "row", "reason", "column", "series", "when", "value", "unit"]


@dataclass(frozen=True)
class Cleaned:
    """``rows`` have file, row, series, frequency, day, stored (figure in the stored unit), as_given, unit_given;
    a month is its first day. ``rejects`` have file, row, reason and the cells."""

    rows: pd.DataFrame
    rejects: pd.DataFrame
    notes: tuple[str, ...]


def clean(quotes: pd.DataFrame, known_on: date) -> Cleaned:
    """Judge quotes (see `quotes.Quotes`) that were known on a day.

    Set apart are rows without a date or number, of days after `known_on` and months that had not ended, of
    Saturdays and Sundays (nothing is priced then; files that have them repeat the Friday), and outside the
    series' plausible range. Blank prices are counted in a note.

    Raises AimError where days and months are mixed in a series, a frequency cannot be told, most figures of a
    series are not plausible, or two different ones are given for a day.
    """
    dated = pd.concat([whens(part["when"], file) for file, part in quotes.groupby("file")]).sort_index()
    value, is_bad = numbers(quotes["value"], _MISSING)
    rows = quotes.assign(day=dated["day"], is_month=dated["is_month"], as_given=value, reason="")
    rows = _paced(rows)
    is_missing, is_dated = rows["as_given"].isna() & ~is_bad, rows["day"].notna()
    notes = _missing(rows[is_dated], is_missing)
    _mark(rows, ~is_dated, "'{when}' is no date")
    _mark(rows, is_bad, "'{value}' is no number")
    rows = rows[~is_missing].copy()
    rows["stored"] = pd.Series(0.0, index=rows.index)
    for (key, unit), part in rows.groupby(["series", "unit"]):
        rows.loc[part.index, "stored"] = price_series.to_stored(part["as_given"], unit, key)
    _judge(rows, known_on)
    good = rows[rows["reason"] == ""]
    rejects = rows.loc[rows["reason"] != "", _REJECTS]
    rejects["reason"] = rejects["series"] + ": " + rejects["reason"]
    once, repeated = _once(good)
    if repeated:
        notes.append(f"Prices given twice alike, counted once: {repeated:,}.")
    tidy = once.rename(columns={"unit": "unit_given"})[
        ["file", "row", *_SERIES, "day", "stored", "as_given", "unit_given"]
    ]
    return Cleaned(tidy.reset_index(drop=True), rejects.reset_index(drop=True), tuple(notes))


def _mark(rows: pd.DataFrame, where: pd.Series, reason: str) -> None:
    """Write a reason, filled from the row's cells, where none stands yet."""
    for row in rows[where & (rows["reason"] == "")].to_dict("index").items():
        rows.loc[row[0], "reason"] = reason.format(**row[1])


def _missing(rows: pd.DataFrame, is_missing: pd.Series) -> list[str]:
    counts = is_missing[rows.index].groupby(rows["series"], sort=False).agg(blank="sum", dates="size")
    counts = counts[counts["blank"] > 0]
    return [f"{row.Index} has no figure on {row.blank:,} of {row.dates:,} dates." for row in counts.itertuples()]


def _paced(rows: pd.DataFrame) -> pd.DataFrame:
    """Fill in the frequency of each series, and put the figures of a month on its first day."""
    by_series = rows.groupby(["file", "series"])["frequency"]
    only = by_series.transform(lambda told: max(told) if len(set(told) - {""}) == 1 else "")
    paced = rows.assign(frequency=rows["frequency"].where(rows["frequency"] != "", only))
    for (file, key, told), part in paced.groupby(["file", "series", "frequency"]):
        dated = part[part["day"].notna()]
        if len(dated):
            paced.loc[part.index, "frequency"] = _pace(f"{file}, {key}", key, told, dated)
    first = paced["day"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
    return paced.assign(day=paced["day"].where(paced["frequency"] != MONTHLY, first))


def _pace(where: str, key: str, told: str, dated: pd.DataFrame) -> str:
    if dated["is_month"].nunique() > 1:
        mixed = dated.drop_duplicates("is_month")["when"].tolist()
        raise AimError(f"{where}: days and months are mixed ({' and '.join(mixed)}).", "Load them as two files.")
    months = dated["day"].dt.to_period("M")
    by_month = dated["day"].groupby(months).nunique()
    if told == MONTHLY and by_month.gt(1).any():
        raise AimError(f"{where} has several days of {by_month.gt(1).idxmax()}, so it is not monthly.", "Say daily.")
    if told == DAILY and dated["is_month"].any():
        raise AimError(f"{where} gives months ({dated['when'].iloc[0]}), so it is not daily.", "Say monthly.")
    pace = told or _inferred(where, dated, by_month)
    if pace not in price_series.series(key).frequencies:
        raise AimError(
            f"{where} is {pace}, and the series is published {price_series.series(key).frequencies[0]} only."
        )
    return pace


def _inferred(where: str, dated: pd.DataFrame, by_month: pd.Series) -> str:
    """Tell the frequency from the dates: a monthly figure is dated by its month, or by the first or last day of it."""
    if dated["is_month"].all():
        return MONTHLY
    days = dated["day"]
    if by_month.gt(1).any() or not (days.dt.is_month_start | days.dt.is_month_end).all():
        return DAILY
    if len(by_month) > 1 and days.dt.is_month_start.all():
        return MONTHLY
    raise AimError(f"{where}: from its dates it cannot be told whether it is daily or monthly.", "Say --frequency.")


def _judge(rows: pd.DataFrame, known_on: date) -> None:
    is_daily = rows["frequency"] == DAILY
    last = rows["day"].where(is_daily, rows["day"] + pd.offsets.MonthEnd(0))
    late = last > pd.Timestamp(known_on)
    _mark(rows, late & is_daily, f"{{when}} is after {known_on}, the day on which these figures were known")
    _mark(rows, late & ~is_daily, f"the month of {{when}} had not ended on {known_on}, when these figures were known")
    _mark(
        rows, is_daily & (rows["day"].dt.day_of_week >= 5), "{when} is a Saturday or Sunday, on which nothing is priced"
    )
    for key, part in rows[rows["reason"] == ""].groupby("series"):
        series = price_series.series(key)
        outside = (part["stored"] < series.lowest) | (part["stored"] > series.highest)
        if not outside.any():
            continue
        span = f"outside {series.lowest:,g} to {series.highest:,g} {series.stored_unit}; is the unit right?"
        if outside.sum() * 2 > len(part):
            row = part[outside].iloc[0]
            raise AimError(
                f"{row['file']} row {row['row']}: {row['value']} {row['unit']} for {key} is {row['stored']:,.4g} "
                f"{series.stored_unit}, {span}",
                f"{outside.sum():,} of {len(part):,} figures are; correct the unit, or the range in price_series.csv.",
            )
        for at, row in part[outside].iterrows():
            rows.loc[at, "reason"] = (
                f"{row['value']} {row['unit']} is {row['stored']:,.4g} {series.stored_unit}, {span}"
            )


def _once(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Drop what is given twice alike. Raises AimError where two figures of a day differ."""
    key = [*_SERIES, "day"]
    repeats = rows.duplicated(key)
    differs = repeats & ~rows.duplicated([*key, "stored"])
    if differs.any():
        later = rows[differs].iloc[0]
        earlier = rows[(rows[key] == later[key]).all(axis=1)].iloc[0]
        raise AimError(
            f"{earlier['file']} row {earlier['row']} and {later['file']} row {later['row']} give "
            f"{earlier['value']} and {later['value']} for {later['series']} on {later['day']:%Y-%m-%d}.",
            "Load figures known on different days one after the other, each with its own --known-on.",
        )
    return rows[~repeats], int(repeats.sum())
