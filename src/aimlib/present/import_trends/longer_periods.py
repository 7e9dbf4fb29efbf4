"""Quarters and years."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.periods import annual, quarterly
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.view import View

_YEARS, _QUARTERS = 5, 8


def longer_periods(view: View) -> Table | Prose:
    """Return the last years and quarters of the place's imports; one that is not whole is blank."""
    if view.cumulative:
        return Prose("longer_periods", [])
    c = view.measure.column
    years = annual(view.own, view.analysis_measure).assign(kind="year", previous=float("nan"))
    quarters = quarterly(view.own, view.analysis_measure).assign(kind="quarter")
    quarters = quarters.rename(columns={f"{c}_qoq": "previous"})
    until = view.latest
    shown = pd.concat(
        [
            years[years["period_start"] <= until].tail(_YEARS),
            quarters[quarters["period_start"] <= until].tail(_QUARTERS),
        ],
        ignore_index=True,
    )
    if (shown[c].fillna(0) == 0).all():
        return Prose("longer_periods", [])
    rows = [
        Row(
            [
                _name(row["period"]),
                view.measure.write(row[c]),
                numbers.percent_change(row["previous"]),
                numbers.percent_change(row[f"{c}_yoy"]),
                f"{row['months_loaded']} of {12 if row['kind'] == 'year' else 3}",
            ]
        )
        for _, row in shown.iterrows()
    ]
    data = _tidy(view, shown.rename(columns={"previous": f"{c}_qoq"}))
    return Table(
        key="longer_periods",
        title=f"Imports {view.from_place} by year and quarter",
        caption=f"{view.measure.axis}.",
        columns=[
            Column("Period", align="left"),
            Column(view.measure.noun.capitalize(), view.measure.unit),
            Column("Change on quarter before"),
            Column("Change on year before"),
            Column("Months with a figure"),
        ],
        rows=rows,
        source=view.source,
        csv=csv_text(data),
        notes=["A year or quarter is blank unless each of its months has a figure."],
    )


def _tidy(view: View, shown: pd.DataFrame) -> pd.DataFrame:
    """Return the data with what they rest on: the newest vintage of a period's months, and whether it is whole."""
    lengths = shown["kind"].map({"year": 12, "quarter": 3})
    ends = shown["period_start"].dt.to_period("M") + (lengths - 1)
    tidy = view.tidy(shown.assign(month=ends.dt.to_timestamp().clip(upper=view.latest)))
    listed = view.own.set_index("month")["not_listed"]
    held = [view.calendar.loc[start:end] for start, end in zip(tidy["period_start"], tidy["month"], strict=True)]
    filling = pd.Series([bool(months["partial"].any()) for months in held], index=tidy.index)
    return tidy.assign(
        vintage=[months["known_on"].max() for months in held],
        partial=filling | (tidy["months_loaded"] < lengths),
        not_listed=[bool(listed.reindex(months.index, fill_value=False).any()) for months in held],
    )


def _name(period: str) -> str:
    """Return ``2024`` or, for ``2024Q3``, ``Q3 2024``."""
    year, _, quarter = period.partition("Q")
    return f"Q{quarter} {year}" if quarter else year
