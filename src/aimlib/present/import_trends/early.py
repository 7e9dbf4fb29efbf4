"""License months at the end of the monthly line, and what they are called."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.grid import grid
from aimlib.analysis.growth import seasonal_range
from aimlib.analysis.totals import total
from aimlib.present import numbers
from aimlib.present.view import View


def early_months(view: View) -> pd.DataFrame:
    """Return the license months drawn, with the columns of the monthly series and ``state``; no rows without any.

    Their range is that of the same months of the three years before, which rests on Census.
    """
    what, c = view.analysis_measure, view.measure.column
    columns = ["month", "partial", "not_listed", "coverage", c, f"{c}_range_low", f"{c}_range_high", "state"]
    if view.early is None or not view.is_known_whole:
        return pd.DataFrame(columns=columns)
    held = view.early.series
    ranged = seasonal_range(_beyond(view), what).set_index("month")
    found = pd.DataFrame(
        {
            "month": held["month"],
            "partial": held["partial"],
            "not_listed": False,
            "coverage": "complete",
            c: held[what.source] / what.divisor,
            f"{c}_range_low": held["month"].map(ranged[f"{c}_range_low"]),
            f"{c}_range_high": held["month"].map(ranged[f"{c}_range_high"]),
            "state": held["partial"].map({True: "still filling", False: "license"}),
        }
    )
    return view.drawn(found).reset_index(drop=True)


def _beyond(view: View) -> pd.DataFrame:
    """Return the place's grid on a calendar that goes on, not loaded, through the license months."""
    imports, last = view.imports, view.early.series["month"].iloc[-1]
    more = pd.date_range(view.months["month"].iloc[-1] + pd.DateOffset(months=1), last, freq="MS", unit="us")
    blank = {"loaded": False, "coverage": "", "data_basis": "", "partial": False, "provisional": False, "why": ""}
    months = pd.concat([view.months, pd.DataFrame({"month": more, **blank})], ignore_index=True)
    if view.is_all:
        return total(imports.rows, imports.totals, months)
    return grid(imports.rows, months, imports.listed, origins=view.members)


def early_caption(early: pd.DataFrame) -> str:
    """Say how license months are marked."""
    if early.empty:
        return ""
    filling = " The hollow one is still filling." if early["partial"].any() else ""
    joined = (
        "Dashed, past the last Census month: what is licensed, as it stands and no estimate of what Census will say."
    )
    return f" {joined}{filling}"


def early_alternative(view: View, early: pd.DataFrame) -> str:
    """Say what the license months show, for who does not see the picture."""
    told = [
        f"{numbers.month_name(row['month'])} {view.measure.in_words(row[view.measure.column])}"
        + (", still filling" if row["partial"] else "")
        for _, row in early.iterrows()
        if not numbers.is_missing(row[view.measure.column])
    ]
    return f" Early figures from licenses: {numbers.joined(told)}." if told else ""


def early_notes(view: View, early: pd.DataFrame) -> list[str]:
    """Say what is not shown, and that license months are compared with nothing here."""
    hidden = early.loc[early[view.measure.column].isna(), "month"] if len(early) else []
    notes = []
    if len(hidden):
        names = numbers.joined([numbers.month_name(month, short=True) for month in hidden])
        notes.append(f"Not shown, because it would tell too much about single importers: licenses for {names}.")
    return notes
