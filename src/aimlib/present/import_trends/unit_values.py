"""Unit values of the place and of all origins."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.unit_values import unit_values as of_grid
from aimlib.present import numbers
from aimlib.present.blocks import TIDY_COLUMNS, Figure, Prose, csv_text
from aimlib.present.charts import lines
from aimlib.present.tariff_marks import marks_note, marks_of_law
from aimlib.present.view import View

_LOW_COVER = 0.95


def unit_values(view: View) -> Figure | Prose:
    """Return the line of unit values, or a sentence where the table holds no quantities."""
    if view.cumulative:
        return Prose("unit_values", [])
    if not view.imports.has_quantity:
        return Prose(
            "unit_values",
            ["Unit values need quantities, and the table that this bulletin rests on holds none."],
        )
    series = [("All countries", of_grid(view.whole))]
    if not view.is_all:
        series.insert(0, (view.place.name, of_grid(view.own)))
    frame = pd.concat([view.drawn(grid).assign(series=name) for name, grid in series], ignore_index=True)
    known = frame.dropna(subset=["unit_value_usd_t"])
    if known.empty or series[0][0] not in set(known["series"]):
        return Prose("unit_values", [f"There is no quantity from which a unit value {view.from_place} could be made."])
    marks = marks_of_law(view.place, view.imports.product, view.first, view.last)
    chart = lines.series_lines(
        known.rename(columns={"unit_value_usd_t": "amount"})[["month", "series", "amount"]],
        "Unit value, US$ per metric ton",
        ",.0f",
        marks=marks,
    )
    columns = [
        "month",
        "series",
        "unit_value_usd_t",
        "unit_value_usd_t_yoy",
        "unit_value_usd_t_12m",
        "share_value_covered",
    ]
    return Figure(
        key="unit_values",
        title=f"Unit values of imports {view.from_place}",
        caption=(
            "Customs value over quantity, US$ per metric ton; customs value is without freight, insurance and duty."
        ),
        alt=_in_words(known, [name for name, _ in series]),
        source=view.source,
        chart=chart,
        csv=csv_text(view.tidy(frame)[[*columns, *TIDY_COLUMNS]]),
        notes=[_cover(known), *marks_note(view.place, view.imports.product, marks)],
    )


def _in_words(known: pd.DataFrame, names: list[str]) -> str:
    parts = []
    for name in names:
        own = known[known["series"] == name]
        if len(own):
            first, last = own.iloc[0], own.iloc[-1]
            parts.append(
                f"{name}: from {numbers.plain(first['unit_value_usd_t'])} in {numbers.month_name(first['month'])} "
                f"to {numbers.plain(last['unit_value_usd_t'])} in {numbers.month_name(last['month'])}"
            )
    return f"Line chart of unit values in US dollars per metric ton. {'; '.join(parts)}."


def _cover(known: pd.DataFrame) -> str:
    low = known["share_value_covered"].min()
    if low >= 1:
        return "Every month rests on rows that have both value and quantity."
    words = (
        f"Rows with both value and quantity make up at least {numbers.percent(low)} of the value in each month shown."
    )
    return words + (" Where that share is low, read the unit value with care." if low < _LOW_COVER else "")
