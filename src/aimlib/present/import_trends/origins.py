"""Where imports come from: the latest month ranked, the year to date on a map and as a supplier table."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.months import Window, month_window
from aimlib.analysis.tables import window_table
from aimlib.analysis.windows import window_sum
from aimlib.present import numbers
from aimlib.present.blocks import TIDY_COLUMNS, Column, Figure, Prose, Row, Table, csv_text
from aimlib.present.charts import bars, world
from aimlib.present.view import View

_DATA = ["rank", "origin", "row_kind"]


def _ranking(view: View, window: Window, top: int) -> pd.DataFrame:
    """Return the window's table by origin, the place's own members kept, with print names and roles."""
    parts = view.by_origin
    keep = view.marked if view.is_country else ()
    table = window_table(parts, view.whole, window, view.analysis_measure, top=top, keep=keep)
    roles = table["origin"].isin(keep)
    if view.place.kind == "group":
        table = pd.concat([_group_row(view, window), table], ignore_index=True)
        roles = table["origin"] == view.place.key
    return table.assign(
        name=table["origin"].map(view.name_of),
        role=table["row_kind"]
        .map({"origin": "", "group": "", "rest": "rest", "total": "total"})
        .where(~roles, "highlight"),
    )


def _group_row(view: View, window: Window) -> pd.DataFrame:
    """Return the row of the group as a whole, outside ranks and sums, for its members have rows of their own."""
    group = view.own.assign(origin=view.place.key)[["origin", *view.own.columns]]
    table = window_table(group, view.whole, window, view.analysis_measure, keep=[view.place.key])
    return table.iloc[:1].assign(rank=float("nan"), row_kind="group")


def top_origins(view: View) -> Figure | Prose:
    """Return the ranked bars of the latest month with the change on the year."""
    if view.cumulative:
        return Prose("top_origins", [])
    measure, window = view.measure, month_window(view.months, view.latest)
    c = measure.column
    table = _ranking(view, window, view.top)
    shown = table[~table["row_kind"].isin(["total", "group"]) & table[c].notna()].assign(
        role=lambda rows: rows["role"].where(~rows["origin"].isin(view.marked), "highlight")
    )
    if shown.empty:
        return Prose("top_origins", [f"No origin has imports in {view.latest_words}."])
    labels = [
        f"{measure.write(row[c])}  ({numbers.percent_change(row[f'{c}_yoy']) or 'n.a.'})" for _, row in shown.iterrows()
    ]
    chart = bars.ranked_bars(
        pd.DataFrame(
            {
                "name": shown["name"],
                "amount": shown[c] / measure.scale,
                "label": labels,
                "role": shown["role"],
            }
        ),
        measure.axis,
        measure.axis_format,
    )
    columns = [*_DATA, c, f"{c}_yoy", "share_of_total", "contribution"]
    return Figure(
        key="top_origins",
        title=f"Largest origins in {view.latest_words}",
        caption=(
            f"{measure.axis}; in parentheses the change on {numbers.month_name(view.latest - pd.DateOffset(years=1))}."
        ),
        alt=_ranking_in_words(view, shown, c),
        source=view.source,
        chart=chart,
        csv=csv_text(_monthly_data(view, table)[[*columns, "month", *TIDY_COLUMNS]]),
        notes=(
            ["n.a.: no comparison, because the earlier month has no trade, is not loaded or does not list the origin."]
            if any("n.a." in label for label in labels)
            else []
        )
        + view.cover_note(view.whole, window, view.latest_words),
    )


def _monthly_data(view: View, table: pd.DataFrame) -> pd.DataFrame:
    return view.tidy(table.assign(month=view.latest))


def _ranking_in_words(view: View, shown: pd.DataFrame, c: str) -> str:
    named = shown[shown["role"] != "rest"]
    first = named.head(3)
    words = [f"{row['name']} {view.measure.in_words(row[c])}" for _, row in first.iterrows()]
    own = named[named["role"] == "highlight"]
    tail = ""
    if len(own) and not own.index.isin(first.index).all():
        row = own.iloc[0]
        tail = f" {row['name']}, marked, has {view.measure.in_words(row[c])}."
    return f"Bar chart of {len(named)} origins in {view.latest_words}, largest first: {', '.join(words)}.{tail}"


def world_map(view: View) -> Figure | Prose:
    """Return the map of the year to date by origin."""
    measure, window = view.measure, view.to_date
    c = f"{measure.column}{window.suffix}"
    table = _ranking(view, window, top=300)
    origins = table[(table["row_kind"] == "origin") & (table[c] > 0)]
    if origins.empty:
        return Prose("world_map", [f"There are no imports to map in {view.to_date_words}."])
    chart = world.world_map(
        pd.DataFrame({"iso3": origins["origin"], "name": origins["name"], "amount": origins[c] / measure.scale}),
        f"{measure.axis}, {view.to_date_words}",
        measure.axis_format,
        view.marked,
    )
    notes = [] if view.is_all else [f"Outlined: {view.place.name}."]
    notes += view.cover_note(view.whole, window, view.to_date_words)
    return Figure(
        key="world_map",
        title=f"Origins, {view.to_date_words}",
        caption=f"{measure.axis}. Blank: {_blank(view)}. Small suppliers are drawn as points.",
        alt=_map_in_words(view, origins, c),
        source=view.source,
        chart=chart,
        csv=csv_text(_monthly_data(view, origins)[["origin", "name", c, "share_of_total", "month", *TIDY_COLUMNS]]),
        notes=notes,
    )


def _blank(view: View) -> str:
    reasons = ["no imports"]
    if view.is_selection:
        reasons.append("not listed")
    if view.measure.key == "quantity":
        reasons.append("no quantity published")
    return " or ".join(reasons)


def _map_in_words(view: View, origins: pd.DataFrame, c: str) -> str:
    words = [f"{row['name']} {view.measure.in_words(row[c])}" for _, row in origins.head(5).iterrows()]
    return (
        f"World map shaded by imports in {view.to_date_words}, {len(origins)} origins; the darkest are "
        f"{', '.join(words)}."
    )


def suppliers(view: View) -> Table:
    """Return the supplier table of the year to date."""
    measure, window = view.measure, view.to_date
    c = f"{measure.column}{window.suffix}"
    table = _ranking(view, window, view.top)
    year = view.latest.year
    written = [
        (Column("Rank"), "rank", numbers.plain),
        (Column("Origin", align="left"), "name", str),
        (Column(str(year), measure.unit), c, measure.write),
        (Column(f"Share {year}"), "share_of_total", numbers.percent),
    ]
    if window.compared:
        written[3:3] = [
            (Column(str(year - 1), measure.unit), f"{c}_prior", measure.write),
            (Column("Change"), f"{c}_yoy", numbers.percent_change),
        ]
        written += [
            (Column(f"Share {year - 1}"), "share_of_total_prior", numbers.percent),
            (Column("Contribution", "pct. points"), "contribution", numbers.points),
        ]
    rows = [Row([write(row[column]) for _, column, write in written], row["role"]) for _, row in table.iterrows()]
    columns = [column for column, _, _ in written]
    data = [
        *_DATA,
        c,
        f"{c}_compared",
        f"{c}_prior",
        f"{c}_yoy",
        "share_of_total",
        "share_of_total_prior",
        "contribution",
    ]
    return Table(
        key="suppliers",
        title=f"Suppliers, {view.to_date_words}",
        caption=f"{measure.axis}{_compared(view, window)}.",
        columns=columns,
        rows=rows,
        source=view.source,
        csv=csv_text(_monthly_data(view, table)[[*data, "months_compared", "month", *TIDY_COLUMNS]]),
        notes=_table_notes(view, window),
        empty="No imports in this period.",
    )


def _compared(view: View, window: Window) -> str:
    """Return what the table is compared with, as the end of its caption."""
    if not window.compared:
        return "; no earlier year is loaded to compare with"
    if len(window.compared) == len(window.months):
        return f", against {view.to_date_base}"
    return f"; the change is over the {len(window.compared)} months loaded in both years"


def _table_notes(view: View, window: Window) -> list[str]:
    notes = []
    if window.compared:
        notes.append(
            "Contribution: the origin's change over the total of the year before; the column adds up to "
            "the total's change."
        )
    if view.place.kind == "group":
        notes.append(f"{view.place.name}: its members together; they also stand among the origins where they rank.")
    notes += view.cover_note(view.whole, window, view.to_date_words)
    if numbers.is_missing(window_sum(view.whole, view.analysis_measure.source, window.months)[0]):
        notes.append("The published total is not held, so that totals and shares are blank.")
    if view.is_selection:
        notes.append(
            f"Ranks are among the listed origins. {view.rest_words}: the published total less the origins shown."
        )
    return notes
