"""The record: what the estimate and its rivals would have said of past months, beside what Census then said."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from aimlib.present import numbers
from aimlib.present.blocks import Column, Figure, Prose, Row, Table, csv_text
from aimlib.present.charts import lines
from aimlib.present.early.words import METHODS, horizon_words, rivals_ahead_words
from aimlib.present.view import View
from aimlib.reference import countries, products

_AGAINST = {"first": "Against the first print", "latest": "Against the latest figure"}


def record_table(view: View) -> Table | Prose:
    """Return the back-test of the place: bias, error and interval coverage by horizon, beside four rivals."""
    record = _record(view)
    if record.empty:
        return Prose("record", ["Too few past Thursdays are held to say how well licenses foretold Census."])
    told = {(row["horizon"], row["method"], row["against"]): row for row in record.to_dict("records")}
    rows = []
    for weeks in record["horizon"].unique():
        for method, name in METHODS.items():
            cells = [horizon_words(weeks) if method == "estimate" else "", name]
            for against in _AGAINST:
                key = (weeks, method, against)
                cells += _figures(told[key]) if key in told else ["", "", "", "", ""]
            rows.append(Row(cells, "highlight" if method == "estimate" else ""))
    columns = [Column("Thursday", align="left"), Column("Method", align="left")]
    for words in _AGAINST.values():
        columns += [
            Column("Months", group=words),
            Column("Bias", group=words),
            Column("Mean error", group=words),
            Column("In 80%", group=words),
            Column("In 95%", group=words),
        ]
    return Table(
        key="record",
        title=f"How well licenses foretold imports {view.from_place}",
        caption=f"Back-test of the {view.measure.noun}: each past month judged on what was known on its own Thursday.",
        columns=columns,
        rows=rows,
        source=view.early_source,
        csv=csv_text(view.tidy(record)),
        notes=_notes(record) + rivals_ahead_words(view),
    )


def record_by_part(view: View) -> Table | Prose:
    """Return, for the total, each product and the main origins, the mean error of each method at one horizon."""
    if view.early is None:
        return Prose("record_by_part", [])
    record = view.early.study.record
    record = record[(record["against"] == "first") & (record["horizon"] == _newest_horizon(view))]
    record = record[record["part"] != "rest"]
    if record.loc[record["part_kind"] == "product", "part"].nunique() == 1:
        record = record[record["part_kind"] != "product"]
    if record.empty:
        return Prose("record_by_part", [])
    parts: dict[tuple[str, str], dict[str, dict]] = {}
    for row in record.to_dict("records"):
        parts.setdefault((row["part_kind"], row["part"]), {})[row["method"]] = row
    rows = [
        Row(
            [
                _part_name(*part),
                numbers.plain(told["estimate"]["n"]),
                *(numbers.percent(told[method]["mae"] if method in told else None) for method in METHODS),
                METHODS[told["estimate"]["winner"]],
            ],
            "total" if part[0] == "total" else "",
        )
        for part, told in parts.items()
    ]
    weeks = horizon_words(_newest_horizon(view))
    weeks = weeks[0].lower() + weeks[1:]
    return Table(
        key="record_by_part",
        title="Which method erred least, by product and origin",
        caption=f"Mean absolute error against the first print, {view.measure.noun}, judged on the {weeks}."
        if weeks.startswith("first")
        else f"Mean absolute error against the first print, {view.measure.noun}, judged {weeks}.",
        columns=[
            Column("Part", align="left"),
            Column("Months"),
            *(Column(name) for name in METHODS.values()),
            Column("Least error", align="left"),
        ],
        rows=rows,
        source=view.early_source,
        csv=csv_text(view.tidy(record)),
    )


def completeness_figure(view: View) -> Figure | Prose:
    """Return the curve of how complete the licenses of a month are, week by week."""
    if view.early is None:
        return Prose("completeness", [])
    held = view.early.of_place(view.early.study.completeness)
    # A Thursday that few months have been seen on would not stand beside the others.
    held = held[held["months"] * 2 >= held["months"].max()]
    if len(held) < 2:
        return Prose("completeness", [])
    at_end = held.set_index("horizon")["mean"].get(0)
    over = held[held["mean"] > 1]
    return Figure(
        key="completeness",
        title=f"How complete licenses {view.from_place} are, week by week",
        caption="Licenses on each Thursday over the settled licenses of the month; 0 is the first Thursday at the "
        f"month's end or after. The band holds all past months: {_months(held)}.",
        alt=f"Line with a band. Licenses reach {numbers.percent(at_end, 0)} of what they settle at on the first "
        "Thursday at the month's end or after, on average over "
        f"{int(held['months'].max())} months"
        + (
            f"; they stand above it {numbers.joined([f'{week:.0f}' for week in over['horizon']])} weeks from the "
            "month's end, before licenses that were never used are cancelled."
            if len(over)
            else "."
        ),
        source=view.early_source,
        chart=lines.curve_with_band(held, "Weeks from the end of the month", "Share of settled licenses"),
        csv=csv_text(view.tidy(held)),
        notes=["It may pass 100%, until licenses that were never used are cancelled."],
    )


def _months(held: pd.DataFrame) -> str:
    """Return how many months stand behind the points: ``56``, or ``49 to 56``."""
    least, most = int(held["months"].min()), int(held["months"].max())
    return str(most) if least == most else f"{least} to {most}"


def _record(view: View) -> pd.DataFrame:
    if view.early is None:
        return pd.DataFrame()
    return view.early.of_place(view.early.study.record)


def _figures(row: Mapping[str, float]) -> list[str]:
    return [
        numbers.plain(row["n"]),
        f"{numbers.signed(row['bias'] * 100)}%" if not numbers.is_missing(row["bias"]) else "",
        numbers.percent(row["mae"]),
        numbers.percent(row["coverage_80"], 0),
        numbers.percent(row["coverage_95"], 0),
    ]


def _notes(record: pd.DataFrame) -> list[str]:
    own = record[(record["method"] == "estimate") & (record["against"] == "first")]
    notes = [
        "Bias is the mean of (foretold less Census) over Census, mean error that of its size. In 80% and in 95%: the "
        "part of the months inside the interval; rivals have none. All methods are judged over the same months."
    ]
    if len(own):
        first, last = own["first_month"].min(), own["last_month"].max()
        notes.append(f"Months judged: {numbers.month_name(first)} to {numbers.month_name(last)}.")
        left_out, marked = int(own["months_left_out"].max()), int(own["months_front_loaded"].max())
        notes.append(
            f"Left out for an outage of the licensing system: up to {left_out}. Among those judged, brought forward "
            f"before a change of duty: {marked}."
        )
    return notes


def _newest_horizon(view: View) -> int:
    """Return the horizon of the record nearest to that of the newest full license month."""
    held = sorted(view.early.study.record["horizon"].unique())
    estimates = view.early.study.estimates
    full = estimates[~estimates["partial"].astype(bool)]
    if full.empty or not held:
        return 0
    return int(min(held, key=lambda weeks: abs(weeks - full["horizon"].min())))


def _part_name(kind: str, part: str) -> str:
    if kind == "total":
        return "Total"
    return products.title(part) if kind == "product" else countries.resolve(part).name
