"""What the methods of the record are called, and what their comparison says."""

from __future__ import annotations

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


def rivals_ahead_words(view: View) -> list[str]:
    """Say at which horizons a simpler method erred less than the estimate for the place."""
    record = view.early.of_place(view.early.study.record)
    record = record[record["against"] == "first"]
    if record.empty:
        return []
    own = record[record["method"] == "estimate"].set_index("horizon")
    lost = record[(record["winner"] != "estimate") & (record["method"] == record["winner"])]
    if lost.empty:
        months = f"{own['n'].min()}" if own["n"].nunique() == 1 else f"{own['n'].min()} to {own['n'].max()}"
        return [
            f"In the back-test over {months} months the estimate erred less than each of its four rivals at every "
            "horizon."
        ]
    said = [_lost(row, own.loc[row["horizon"], "mae"]) for _, row in lost.iterrows()]
    return [f"A simpler method erred less in the back-test: {'; '.join(said)}."]


def _lowered(words: str) -> str:
    """Return words as they stand within a sentence."""
    return words[0].lower() + words[1:]


def _lost(row: pd.Series, own: float) -> str:
    return (
        f"{_lowered(METHODS[row['method']])} ({_lowered(horizon_words(row['horizon']))}: {numbers.percent(row['mae'])} "
        f"against {numbers.percent(own)}, {row['n']} months)"
    )
