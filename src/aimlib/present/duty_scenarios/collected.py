"""Statutory duty beside the calculated duty that Census publishes."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.duty.collected import beside_census, is_large, uncovered_share, what_it_cannot_see
from aimlib.present import numbers
from aimlib.present.blocks import Column, Figure, Prose, Row, Table, csv_text
from aimlib.present.charts import duty as charts
from aimlib.present.duty_scenarios.view import DutyView
from aimlib.present.duty_scenarios.words import effective, millions
from aimlib.present.tariff_marks import marks_note, marks_of_law

_BAND = "All claims made to none"


def rates_over_time(view: DutyView) -> Figure | Prose:
    """Return the statutory and the calculated effective rate by month, with the band of claims."""
    if view.imports is None or view.is_year or not view.rated["duty_usd"].notna().any():
        return Prose("collected_over_time", [])
    months = beside_census(view.rated, ["month"]).sort_values("month", ignore_index=True)
    months = months[months["covered_value_usd"] > 0]
    if len(months) < 2:
        return Prose("collected_over_time", [])
    frame = pd.DataFrame(
        {
            "month": months["month"],
            "statutory": months["statutory_pct"],
            "calculated": months["calculated_pct"],
            "low": months["low_pct"],
            "high": months["high_pct"],
        }
    )
    first, last = months.iloc[0], months.iloc[-1]
    marks = marks_of_law(view.place, view.product, view.first, view.last)
    return Figure(
        key="collected_over_time",
        title=f"Statutory and calculated duty on imports {view.from_place}",
        caption=f"Percent of customs value of the lines covered, {view.product.title}, {view.concept_words}.",
        alt=f"Two lines by month. Statutory: {effective(first['statutory_pct'])} in "
        f"{numbers.month_name(first['month'])} and {effective(last['statutory_pct'])} in "
        f"{numbers.month_name(last['month'])}; calculated: {effective(first['calculated_pct'])} and "
        f"{effective(last['calculated_pct'])}.",
        source=view.import_source,
        chart=charts.rates_with_band(frame, "Percent of customs value", _BAND, marks),
        csv=csv_text(view.tidy(months, "census")),
        notes=[view.assumptions.words(), *marks_note(view.place, view.product, marks)],
    )


def by_origin(view: DutyView) -> Table | Prose:
    """Return statutory beside calculated duty by origin, with the ratio, its bounds and what can explain a gap."""
    if view.imports is None or not view.newest_rated["duty_usd"].notna().any():
        return Prose("collected", [] if view.imports is None else ["No calculated duty is held."])
    rated = view.newest_rated
    held = beside_census(rated)
    every = beside_census(rated.assign(everything="all"), ["everything"]).iloc[0]
    held = held.sort_values("covered_value_usd", ascending=False, kind="stable")
    shown = held[held["covered_value_usd"] > 0].head(view.top)
    rows = [_row(view.name_of(row["origin"]), row) for row in shown.to_dict("records")]
    if len(held) > 1:
        rows.append(_row(view.all_words, every.to_dict(), "total"))
    missing = uncovered_share(rated)
    large = [row for _, row in shown.iterrows() if is_large(row) and row["reasons"]]
    explained: dict[str, list[str]] = {}
    for row in large:
        for reason in row["reasons"].split("; "):
            explained.setdefault(reason, []).append(view.name_of(row["origin"]))
    return Table(
        key="collected",
        title=f"Statutory beside calculated duty by origin, {view.year_words}",
        caption="Calculated duty is what Census works out from the entries. Ratio: calculated over statutory; its "
        "bounds are those of claims and of the days of the period.",
        columns=[
            Column("Origin", align="left"),
            Column("Customs value", "million US$"),
            Column("Calculated", "million US$", group="Duty"),
            Column("Statutory", "million US$", group="Duty"),
            Column("Calculated", group="Rate"),
            Column("Statutory", group="Rate"),
            Column("Ratio"),
            Column("From", group="Bounds of the ratio"),
            Column("To", group="Bounds of the ratio"),
        ],
        rows=rows,
        source=view.import_source,
        csv=csv_text(view.tidy(held, "census")),
        notes=[
            *(["What can explain gaps of more than a tenth:"] if explained else []),
            *(f"{numbers.joined(sorted(names))}: {reason}." for reason, names in explained.items()),
            *([f"Lines that the law held does not cover ({numbers.percent(missing)} of value) are left out of both "
               "sides."] if missing > 0.0005 else []),
            *view.coverage_notes,
            "A bound is blank where the statutory duty may be nothing.",
            view.assumptions.words(),
            *what_it_cannot_see(),
        ],
    )  # fmt: skip


def _row(name: str, row: dict, role: str = "") -> Row:
    return Row(
        [
            name,
            millions(row["covered_value_usd"]),
            millions(row["calculated_duty_usd"]),
            millions(row["statutory_duty_usd"]),
            effective(row["calculated_pct"]),
            effective(row["statutory_pct"]),
            *(numbers.plain(row[column], 2) for column in ("ratio", "ratio_low", "ratio_high")),
        ],
        role,
    )
