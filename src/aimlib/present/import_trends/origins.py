"""Where imports come from: the latest month ranked, the year to date on a map and as a supplier table."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.months import Window, month_window
from aimlib.analysis.tables import window_table
from aimlib.present import numbers
from aimlib.present.blocks import Column, Figure, Row, Table, csv_text
from aimlib.present.charts import bars, world
from aimlib.present.view import View

_DATA = ["rank", "origin", "row_kind"]


def _ranking(view: View, window: Window, top: int) -> pd.DataFrame:
    """Return the window's table by origin, the place's own members kept, with print names and roles."""
    parts = view.by_origin
    keep = [] if view.is_all else list(view.place.members) if view.is_country else []
    table = window_table(parts, view.whole, window, view.analysis_measure, top=top, keep=keep)
    roles = table["origin"].isin([] if view.is_all else view.place.members)
    return table.assign(
        name=table["origin"].map(view.name_of),
        role=table["row_kind"].map({"origin": "", "rest": "rest", "total": "total"}).where(~roles, "highlight"),
    )


def top_origins(view: View) -> Figure:
    """Return the ranked bars of the latest month with the change on the year."""
    measure, window = view.measure, month_window(view.months, view.latest)
    c = measure.column
    table = _ranking(view, window, view.top)
    shown = table[(table["role"] != "total") & table[c].notna()]
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
        csv=csv_text(_monthly_data(view, table)[[*columns, "month", *_SAID]]),
        notes=[
            "n.a.: no comparison, because the earlier month has no trade, is not loaded or does not list the origin."
        ],
    )


_SAID = ["concept", "data_basis", "known_on", "partial", "not_listed"]


def _monthly_data(view: View, table: pd.DataFrame) -> pd.DataFrame:
    return view.tidy(table.assign(month=view.latest))


def _ranking_in_words(view: View, shown: pd.DataFrame, c: str) -> str:
    named = shown[shown["role"] != "rest"]
    if named.empty or not (named[c] > 0).any():
        return f"An empty bar chart: no origin has imports in {view.latest_words}."
    first = named.head(3)
    words = [f"{row['name']} {view.measure.in_words(row[c])}" for _, row in first.iterrows()]
    own = named[named["role"] == "highlight"]
    tail = ""
    if len(own) and not own.index.isin(first.index).all():
        row = own.iloc[0]
        tail = f" {row['name']}, marked, has {view.measure.in_words(row[c])}."
    return f"Bar chart of {len(named)} origins in {view.latest_words}, largest first: {', '.join(words)}.{tail}"


def world_map(view: View) -> Figure:
    """Return the map of the year to date by origin."""
    measure, window = view.measure, view.year_to_date
    c = f"{measure.column}_ytd"
    table = _ranking(view, window, top=300)
    origins = table[(table["row_kind"] == "origin") & (table[c] > 0)]
    chart = world.world_map(
        pd.DataFrame({"iso3": origins["origin"], "name": origins["name"], "amount": origins[c] / measure.scale}),
        f"{measure.axis}, {view.ytd_words}",
        measure.axis_format,
        () if view.is_all else view.place.members,
    )
    notes = [] if view.is_all else [f"Outlined: {view.place.name}."]
    if view.is_selection:
        notes.append("Blank countries have no imports or are not listed in the selection that is loaded.")
    return Figure(
        key="world_map",
        title=f"Origins, {view.ytd_words}",
        caption=f"{measure.axis}; blank: none. Small suppliers are drawn as points.",
        alt=_map_in_words(view, origins, c),
        source=view.source,
        chart=chart,
        csv=csv_text(_monthly_data(view, origins)[["origin", "name", c, "share_of_total", "month", *_SAID]]),
        notes=notes,
    )


def _map_in_words(view: View, origins: pd.DataFrame, c: str) -> str:
    if origins.empty:
        return f"A blank world map: no imports by origin are known for {view.ytd_words}."
    words = [f"{row['name']} {view.measure.in_words(row[c])}" for _, row in origins.head(5).iterrows()]
    return (
        f"World map shaded by imports in {view.ytd_words}, {len(origins)} origins; the darkest are {', '.join(words)}."
    )


def suppliers(view: View) -> Table:
    """Return the supplier table of the year to date."""
    measure, window = view.measure, view.year_to_date
    c = f"{measure.column}_ytd"
    table = _ranking(view, window, view.top)
    compared = _compared(view, window)
    rows = [
        Row(
            [
                "" if numbers.is_missing(row["rank"]) else f"{row['rank']:.0f}",
                row["name"],
                measure.write(row[c]),
                measure.write(row[f"{c}_prior"]),
                numbers.percent_change(row[f"{c}_yoy"]),
                numbers.percent(row["share_of_total"]),
                numbers.percent(row["share_of_total_prior"]),
                numbers.points(row["contribution"]),
            ],
            row["role"],
        )
        for _, row in table.iterrows()
    ]
    year = view.latest.year
    columns = [
        Column("Rank"),
        Column("Origin", align="left"),
        Column(str(year), measure.unit),
        Column(str(year - 1), measure.unit),
        Column("Change"),
        Column(f"Share {year}"),
        Column(f"Share {year - 1}"),
        Column("Contribution", "pct. points"),
    ]
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
        title=f"Suppliers, {view.ytd_words}",
        caption=f"{measure.axis}, year to date against {compared}.",
        columns=columns,
        rows=rows,
        source=view.source,
        csv=csv_text(_monthly_data(view, table)[[*data, "months_compared", "month", *_SAID]]),
        notes=_table_notes(view, window),
        empty="No imports in this period.",
    )


def _compared(view: View, window: Window) -> str:
    months = len(window.compared)
    if months == len(window.months):
        return f"the same months of {view.latest.year - 1}"
    return f"{view.latest.year - 1}, over the {months} months loaded in both years"


def _table_notes(view: View, window: Window) -> list[str]:
    notes = [
        "Contribution: the origin's change over the total of the year before; the column adds up to the total's change."
    ]
    if view.is_selection:
        notes.append(
            "Ranks are among the listed origins. Other countries: the published total less the "
            "origins shown; it takes in "
            "partners that the loaded selection does not list."
        )
    if len(window.compared) < len(window.months):
        notes.append("A blank means that a month of the year is not loaded.")
    return notes
