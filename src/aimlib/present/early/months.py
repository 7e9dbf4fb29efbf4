"""The license months of the place: what was licensed, and what it points to."""

from __future__ import annotations

import pandas as pd

from aimlib.present import numbers, sentences
from aimlib.present.blocks import Column, KeyFigure, Prose, Row, Table, csv_text
from aimlib.present.early.words import REASONS, intervals_held_words, rivals_ahead_words
from aimlib.present.headlines import for_programs, month_period
from aimlib.present.view import View

LICENSED, ESTIMATE, CENSUS = "licensed:", "estimate:", "census:"
"""How the names of the headlines of a license month, and of the Census months before it, begin; the month follows."""
_CENSUS_MONTHS = 6
NO_LICENSES = "No licenses are held, so nothing is said of the months that Census has not published."


def early_lead(view: View) -> Prose:
    """Say what the licenses point to, and what is still filling."""
    if view.early is None or view.cumulative:
        return Prose("early_lead", [])
    rows = _rows(view)
    said = [_estimate_sentence(view, row) for _, row in rows[~rows["partial"]].iterrows()]
    said += [_filling_sentence(view, row) for _, row in rows[rows["partial"]].iterrows()]
    return Prose("early_lead", [" ".join(text for text in said if text)])


def early_table(view: View) -> Table | Prose:
    """Return the license months of the place: licensed, zone admissions apart, the estimate and its intervals."""
    if view.early is None:
        return Prose("early", [] if view.cumulative else [NO_LICENSES])
    if view.early.series["protected"].all():
        months = numbers.joined([numbers.month_name(month) for month in view.early.series["month"]])
        words = f"Licenses {view.from_place} for {months} are not shown: {REASONS['protected']}."
        return Prose("early", [words])
    measure, rows, apart = view.measure, _rows(view), len(view.early.zone) > 0
    c = measure.column
    columns = [
        Column("Month", align="left"),
        Column("Licensed", measure.unit),
        *([Column("Zone admissions, apart", measure.unit)] if apart else []),
        Column("Early estimate", measure.unit),
        Column("Low", measure.unit, group="80% interval"),
        Column("High", measure.unit, group="80% interval"),
        Column("Low", measure.unit, group="95% interval"),
        Column("High", measure.unit, group="95% interval"),
        Column("On the year before"),
        Column("Months it rests on"),
    ]
    printed = [
        Row(
            [
                numbers.month_name(row["month"]) + (" (filling)" if row["partial"] else ""),
                measure.write(row[f"{c}_licensed"]) or "c",
                *([measure.write(row[f"{c}_zone"]) or "c"] if apart else []),
                measure.write(row[f"{c}_estimate"]),
                *(measure.write(row[f"{c}_{side}_{level}"]) for level in (80, 95) for side in ("low", "high")),
                numbers.percent_change(row["estimate_yoy"]),
                numbers.plain(row["months"]) if row["months"] > 0 else "",
            ]
        )
        for _, row in rows.iterrows()
    ]
    return Table(
        key="early",
        title=f"Imports {view.from_place} that Census has not published",
        caption=f"Early figures from {view.early.source_words}, as of {numbers.day_name(view.imports.as_of)}. "
        f"{measure.axis}.",
        columns=columns,
        rows=printed,
        source=view.early_source,
        csv=csv_text(view.tidy(rows)),
        notes=_notes(view, rows),
        empty="No license month follows the last Census month.",
        headlines=_headlines(view, rows),
    )


def _headlines(view: View, rows: pd.DataFrame) -> list[KeyFigure]:
    """Return what is licensed for each month, and what it points to, for programs.

    Beside them the last Census months: they are what took the place of the license months of weeks before.
    """
    measure, c = view.measure, view.measure.column
    found = []
    for held, amount in _census(view).dropna().tail(_CENSUS_MONTHS).items():
        month = month_period(held)
        told = for_programs(f"{CENSUS}{month}", amount, c, month, "census")
        words = f"Imports in {numbers.month_name(held)}"
        found.append(KeyFigure(words, measure.write(amount), measure.unit, **told))
    for _, row in rows.iterrows():
        month, words = month_period(row["month"]), numbers.month_name(row["month"])
        for name, basis, label, amount in (
            (LICENSED, "license", f"Licensed for {words}", row[f"{c}_licensed"]),
            (ESTIMATE, "license_estimate", f"Early estimate for {words}", row[f"{c}_estimate"]),
        ):
            if name == ESTIMATE and numbers.is_missing(amount):
                continue
            told = for_programs(f"{name}{month}", amount, c, month, basis, partial=row["partial"])
            found.append(KeyFigure(label, measure.write(amount), measure.unit, **told))
    return found


def _rows(view: View) -> pd.DataFrame:
    """Return one row a license month: licensed, zone, the estimate's columns, Census a year before, the change."""
    early, what = view.early, view.analysis_measure
    c = view.measure.column
    rows = early.series[["month", "partial", "protected"]].assign(
        **{f"{c}_licensed": early.series[what.source] / what.divisor}
    )
    zone = early.zone.set_index("month")[what.source] / what.divisor if len(early.zone) else pd.Series(dtype=float)
    rows[f"{c}_zone"] = rows["month"].map(zone).astype("float64")
    estimates = early.of_place(early.study.estimates).drop(columns=["partial", "day", "part_kind", "part"])
    rows = rows.merge(estimates, on="month", how="left")
    rows["months"] = rows["months"].fillna(0).astype(int)
    rows["reason"] = rows["reason"].fillna("place").mask(rows["protected"], "protected")
    census = _census(view)
    rows[f"{c}_year_before"] = (rows["month"] - pd.DateOffset(years=1)).map(census)
    base = rows[f"{c}_year_before"].where(rows[f"{c}_year_before"] > 0)
    rows["estimate_yoy"] = rows[f"{c}_estimate"] / base - 1
    return rows


def _census(view: View) -> pd.Series:
    """Return the place's Census figures by month in the measure's unit."""
    what = view.analysis_measure
    return view.own.set_index("month")[what.source] / what.divisor


def _interval(view: View, row: pd.Series, level: int) -> str:
    c = view.measure.column
    low, high = row[f"{c}_low_{level}"], row[f"{c}_high_{level}"]
    return "" if numbers.is_missing(low) else f"{view.measure.write(low)} to {view.measure.write(high)}"


def _estimate_sentence(view: View, row: pd.Series) -> str:
    c, measure, month = view.measure.column, view.measure, numbers.month_name(row["month"])
    if numbers.is_missing(row[f"{c}_estimate"]):
        return ""
    compared = sentences.up_on(row["estimate_yoy"], numbers.month_name(row["month"] - pd.DateOffset(years=1)))
    return (
        f"Licenses point to imports {view.from_place} of {measure.in_words(row[f'{c}_estimate'])} in {month} "
        f"(80% interval {_interval(view, row, 80)}{'' if measure.key == 'value' else ' t'}"
        f"{' million' if measure.key == 'value' else ''}){f', {compared}' if compared else ''}."
    )


def _filling_sentence(view: View, row: pd.Series) -> str:
    c, month = view.measure.column, numbers.month_name(row["month"])
    if numbers.is_missing(row[f"{c}_licensed"]):
        return ""
    licensed = view.measure.in_words(row[f"{c}_licensed"])
    return f"{month} is still filling: {licensed} licensed by {numbers.day_name(view.imports.as_of)}."


def _notes(view: View, rows: pd.DataFrame) -> list[str]:
    consumption = view.imports.concept == "consumption"
    notes = [
        "Licenses are taken for entries for consumption and for admissions to foreign-trade zones. "
        + (
            "Imports for consumption count zone goods when they are withdrawn, so zone admissions stand apart here; "
            "withdrawals need no license and are missing from the licensed figure."
            if consumption and view.early.basis == "licenses"
            else "The public monitor does not tell the two apart, so zone admissions are in the licensed figure; "
            "imports for consumption count zone goods when they are withdrawn."
            if consumption
            else "General imports count both, and entries into bonded warehouses, which need no license; their later "
            "withdrawals do, and are counted here a second time."
        ),
        "The estimate is what licenses on the same Thursday of past months came to in Census.",
    ]
    shown = [f"{view.measure.column}_licensed", *([f"{view.measure.column}_zone"] if len(view.early.zone) else [])]
    if rows[shown].isna().any(axis=None):
        notes.append(f"c: not shown, because {REASONS['protected']}.")
    notes += _coverage(view)
    notes += [
        f"No estimate for {numbers.month_name(row['month'])}: {REASONS[row['reason']]}."
        for _, row in rows.iterrows()
        if row["reason"] in REASONS
    ]
    for column, words in (
        ("front_loaded", "a change of duty moved imports in it"),
        ("outage", "on some days on which its licenses are usually taken none could be"),
    ):
        marked = rows.loc[rows[column].eq(True), "month"]
        notes += [f"{numbers.month_name(month)} is marked: {words}." for month in marked]
    estimated = rows[rows[f"{view.measure.column}_estimate"].notna()]
    return [*notes, *intervals_held_words(view, estimated), *rivals_ahead_words(view, list(estimated["horizon"]))]


def _coverage(view: View) -> list[str]:
    """Say how settled licenses of past months compare with the first print of Census."""
    held = view.early.of_place(view.early.study.coverage)
    held = held[(held["against"] == "first") & held["mean"].notna()]
    if held.empty:
        return []
    row = held.iloc[0]
    return [
        f"Settled licenses were {numbers.percent(row['mean'])} of the first print of Census on average over "
        f"{row['months']} months ({numbers.percent(row['low'])} to {numbers.percent(row['high'])}), "
        f"{view.concept_words}."
    ]
