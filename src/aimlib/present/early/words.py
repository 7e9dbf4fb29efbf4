"""What the methods of the record are called, and what their comparison says."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from aimlib.present import numbers
from aimlib.present.view import View

METHODS = {
    "estimate": "Early estimate",
    "licenses": "Licenses as they stand",
    "last_month": "Last Census month",
    "three_months": "Mean of three Census months",
    "last_year": "Same month last year",
}
REASONS = {
    "no total": "no total of licenses is held",
    "no licenses": "there are none",
    "few months": "too few past months are held to judge by",
    "outage": "licenses could not be taken on some of the days on which its licenses are usually taken, and past "
    "months say nothing of such a case",
    "protected": "it would tell too much about single importers",
}


def horizon_words(weeks: int) -> str:
    """Return ``two weeks before``, ``first Thursday after``: a horizon, relative to the month's end."""
    if weeks == 0:
        return "First Thursday at the month's end or after"
    count = numbers.number_word(abs(weeks))
    unit = "week" if abs(weeks) == 1 else "weeks"
    return f"{count[0].upper()}{count[1:]} {unit} {'before that' if weeks < 0 else 'after that'}"


def rivals_ahead_words(view: View, horizons: Collection[int] | None = None) -> list[str]:
    """Say at which horizons, of those given or of all, a simpler method erred less than the estimate for the place."""
    record = _first_prints(view)
    if horizons is not None:
        record = record[record["horizon"].isin(horizons)]
    if record.empty:
        return []
    own = record[record["method"] == "estimate"].set_index("horizon")
    lost = record[(record["winner"] != "estimate") & (record["method"] == record["winner"])]
    if lost.empty:
        months = f"{own['n'].min()}" if own["n"].nunique() == 1 else f"{own['n'].min()} to {own['n'].max()}"
        where = "every horizon" if horizons is None else "the horizons of these months"
        return [
            f"In the back-test over {months} months the estimate erred less than each of its four rivals at {where}."
        ]
    said = [_lost(row, own.loc[row["horizon"], "mae"]) for _, row in lost.iterrows()]
    return [f"A simpler method erred less in the back-test: {'; '.join(said)}."]


def intervals_held_words(view: View, rows: pd.DataFrame) -> list[str]:
    """Say, for each month that has an estimate, in which part of the past months its intervals held."""
    own = _first_prints(view)
    own = own[own["method"] == "estimate"].set_index("horizon") if len(own) else own
    notes = []
    for _, row in rows.iterrows():
        if row["horizon"] not in own.index:
            notes.append(
                f"How often the intervals held {_as_of_horizon(int(row['horizon']))}, where "
                f"{numbers.month_name(row['month'])} stands, the back-test does not say."
            )
            continue
        told = own.loc[row["horizon"]]
        if numbers.is_missing(told["coverage_80"]) or numbers.is_missing(told["coverage_95"]):
            continue
        notes.append(
            f"In the back-test against the first print, {_as_of_horizon(int(row['horizon']))}, where "
            f"{numbers.month_name(row['month'])} stands, the 80% interval held in "
            f"{numbers.percent(told['coverage_80'], 0)} of {numbers.plain(told['n'])} months and the 95% interval in "
            f"{numbers.percent(told['coverage_95'], 0)}."
        )
    return notes


def _first_prints(view: View) -> pd.DataFrame:
    """Return the place's record against the first print, as the record table shows it."""
    record = view.early.of_place(view.early.study.record)
    return record[record["against"] == "first"]


def _as_of_horizon(weeks: int) -> str:
    """Return a horizon in words that stand alone: ``one week after the first Thursday at the month's end or after``."""
    end = "the first Thursday at the month's end or after"
    if weeks == 0:
        return f"on {end}"
    unit = "week" if abs(weeks) == 1 else "weeks"
    return f"{numbers.number_word(abs(weeks))} {unit} {'before' if weeks < 0 else 'after'} {end}"


def _lowered(words: str) -> str:
    """Return words as they stand within a sentence."""
    return words[0].lower() + words[1:]


def _lost(row: pd.Series, own: float) -> str:
    return (
        f"{_lowered(METHODS[row['method']])} ({_as_of_horizon(row['horizon'])}: {numbers.percent(row['mae'])} "
        f"against {numbers.percent(own)}, {row['n']} months)"
    )
