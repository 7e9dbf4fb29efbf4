"""Where the metal was smelted: origin by smelt as a heat map, as bars, and over time."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.totals import TOTAL
from aimlib.present import numbers, style
from aimlib.present.blocks import Figure, Prose, csv_text
from aimlib.present.charts import shares as charts
from aimlib.present.early.held import LICENSES
from aimlib.present.smelt_origin.view import MetalView

OTHERS, OWN = "others", "own"
_COLUMNS, _PARTS = 8, 6
_KEPT = ("N/A", "unknown")


def smelt_heat_map(view: MetalView) -> Figure | Prose:
    """Return the shares of origins by country of largest smelt."""
    wide = shares_wide(view, view.tables.matrix_smelt, _COLUMNS)
    if wide.empty:
        return Prose("smelt", [nothing_to_show(view)])
    long = _long(view, wide)
    return Figure(
        key="smelt_heat_map",
        title=f"Origin by country of largest smelt, {view.period_words}",
        caption=f"Share of each origin's {noun(view)}, percent; rows add up to one hundred. Columns: countries of "
        "largest smelt.",
        alt=f"Heat map. {_told(view, wide)}",
        source=view.source,
        chart=charts.heat_map(long, "Origin", "Country of largest smelt"),
        csv=csv_text(view.tidy(view.tables.matrix_smelt)),
        notes=_notes(view, long, view.tables.matrix_smelt),
    )


def smelt_bars(view: MetalView) -> Figure | Prose:
    """Return the same as bars of one hundred percent."""
    wide = own_and_others(view)
    if wide.empty:
        return Prose("smelt_bars", [])
    long = _long(view, wide).rename(columns={"row": "name", "column": "part"})
    return Figure(
        key="smelt_bars",
        title=f"What metal each origin ships, {view.period_words}",
        caption=f"Share of {noun(view)} by country of largest smelt.",
        alt=f"Bars of one hundred percent, one an origin. {_told(view, wide)}",
        source=view.source,
        chart=charts.hundred_percent_bars(_drawn(long), f"Share of {noun(view)}", _colors(view, wide)),
        csv=csv_text(view.tidy(_data(view, wide))),
        notes=["Others: all else, and what is not shown."],
    )


def smelt_over_time(view: MetalView) -> Figure | Prose:
    """Return the place's metal by country of largest smelt, quarter by quarter."""
    held = view.tables.over_time
    held = held[(held["field"] == "largest_smelt") & (held["by"] == "quarter") & (held["origin"] == view.row)]
    if held["period"].nunique() < 2:
        return Prose("smelt_over_time", [])
    ranked = _ranked(view, held)
    quarters = [
        shares_wide(view, rows.rename(columns={"metal": "largest_smelt"}), _PARTS - 1, [view.row], ranked)
        for _, rows in held.groupby("period")
    ]
    names = [f"Q{period.quarter} {period.year}" for period in sorted(held["period"].unique())]
    found = [quarter.assign(name=name) for quarter, name in zip(quarters, names, strict=True) if len(quarter)]
    if len(found) < 2:
        return Prose("smelt_over_time", [])
    # A country without metal in a quarter is a zero there; one that is hidden stays blank.
    columns = list(dict.fromkeys(column for quarter in found for column in quarter.columns))
    columns = [*(name for name in columns if name not in (OTHERS, "name")), *([OTHERS] if OTHERS in columns else [])]
    wide = pd.concat([quarter.set_index("name").reindex(columns=columns, fill_value=0.0) for quarter in found])
    hidden = wide.isna().any(axis=None)
    long = _long(view, wide).rename(columns={"row": "name", "column": "part"})
    first, last = wide.iloc[0], wide.iloc[-1]
    known = last.drop(OTHERS, errors="ignore").dropna()
    if known.empty:
        return Prose("smelt_over_time", [])
    top = known.idxmax()
    return Figure(
        key="smelt_over_time",
        title=f"Metal {view.from_place} by country of largest smelt, by quarter",
        caption=f"Share of {noun(view)}. A quarter at an end of the period holds the months inside it.",
        alt=f"Bars of one hundred percent, one a quarter from {wide.index[0]} to {wide.index[-1]}. "
        f"{view.metal_name(top)} made up {numbers.percent(first.get(top)) or 'a share that is not shown'} in the first "
        f"and {numbers.percent(last.get(top))} in the last.",
        source=view.source,
        chart=charts.hundred_percent_bars(_drawn(long), f"Share of {noun(view)}", _colors(view, wide)),
        notes=["Where a country is not shown in a quarter, for the sake of single importers, Others holds it."]
        if hidden
        else [],
        csv=csv_text(view.tidy(held.drop(columns=["field", "by"]))),
    )


def shares_wide(
    view: MetalView,
    matrix: pd.DataFrame,
    count: int,
    rows: list[str] | None = None,
    ranked: list[str] | None = None,
) -> pd.DataFrame:
    """Return shares by origin and the `count` largest countries, then N/A, unknown and what is left.

    `matrix` is a protected two-way table. A hidden cell is blank; what is left of the row holds it too. With `ranked`
    the columns are the first of these, so that several tables have the same.
    """
    column = matrix.columns[matrix.columns.isin(["largest_smelt", "recent_cast", "metal"])][0]
    origins = view.origins_shown(matrix) if rows is None else rows
    held = matrix[matrix["origin"].isin(origins)]
    table = held.pivot(index="origin", columns=column, values=view.share).reindex(origins)
    table = table[table[TOTAL].notna()] if TOTAL in table.columns else table.iloc[:0]
    if table.empty or (rows is None and not view.is_all and view.row not in table.index):
        return table.iloc[:0]
    ranked = _ranked(view, held) if ranked is None else ranked
    words = [word for word in _KEPT if word in table.columns and not (view.primary_only and word == "N/A")]
    shown = [name for name in ranked[:count] if name in table.columns]
    out = table[[*shown, *words]].copy()
    left = 1.0 - out.sum(axis=1)
    # What is below a hundredth of a percent is the rounding of the subtraction.
    out[OTHERS] = left.where(left.abs() > 1e-4, 0.0).clip(lower=0.0)
    return (
        out if (out[OTHERS] > 0).any() or out.drop(columns=OTHERS).isna().any(axis=None) else out.drop(columns=OTHERS)
    )


def own_and_others(view: MetalView) -> pd.DataFrame:
    """Return, by origin, the share smelted in the origin itself, in the largest other countries, N/A and unknown."""
    matrix = view.tables.matrix_smelt
    every = shares_wide(view, matrix, len(matrix))
    every = every.drop(index=[key for key in every.index if len(key) != 3], errors="ignore")
    if every.empty:
        return every
    countries = [name for name in every.columns if len(name) == 3 and name.isalpha() and name != "N/A"]
    foreign = every[countries].copy()
    for origin in foreign.index.intersection(foreign.columns):
        foreign.loc[origin, origin] = float("nan")
    first = foreign.loc[[view.row]].max().gt(0.02) if view.row in foreign.index else foreign.max().lt(0)
    order = foreign.sum().where(foreign.sum() > 0).dropna().sort_values(ascending=False, kind="stable").index
    order = sorted(order, key=lambda name: not first[name])[: _PARTS - 2]
    out = pd.DataFrame({OWN: [every.loc[key].get(key, 0.0) for key in every.index]}, index=every.index)
    out[order] = foreign[order].fillna(0.0).where(every[order].notna())
    for word in _KEPT:
        if word in every.columns:
            out[word] = every[word]
    left = 1.0 - out.sum(axis=1)
    out[OTHERS] = left.where(left.abs() > 1e-4, 0.0).clip(lower=0.0)
    return out


def _drawn(long: pd.DataFrame) -> pd.DataFrame:
    """Return the parts that are shown, the bars in their order."""
    order = {name: place for place, name in enumerate(dict.fromkeys(long["name"]))}
    return long.dropna(subset=["share"]).sort_values("name", key=lambda names: names.map(order), kind="stable")


def _colors(view: MetalView, wide: pd.DataFrame) -> dict[str, str]:
    """Return the color of each part: the words are always the same grays, countries the others in turn."""
    fixed = {"N/A": style.UNSPLIT, "unknown": style.PARTS[-2], OTHERS: style.PARTS[-1], OWN: style.MAIN}
    rest = iter([color for color in style.PARTS[:-2] if OWN not in wide.columns or color != style.MAIN])
    return {column_name(view, name): fixed.get(name) or next(rest) for name in wide.columns}


def _ranked(view: MetalView, held: pd.DataFrame) -> list[str]:
    """Return the countries of metal, the largest in the place's own row first, then by what the rows shown have."""
    column = held.columns[held.columns.isin(["largest_smelt", "recent_cast", "metal"])][0]
    countries = held[held["column_kind"] == "country"]
    if (countries["origin"] != TOTAL).any():
        countries = countries[countries["origin"] != TOTAL]
    own = countries[countries["origin"] == view.row]
    every = countries.groupby(column)[view.amount].sum()
    order = pd.DataFrame(
        {"own": own.groupby(column)[view.amount].sum().reindex(every.index).fillna(0.0), "every": every}
    )
    order = order[order["every"] > 0]
    return order.sort_values(["own", "every"], ascending=False, kind="stable").index.tolist()


def _long(view: MetalView, wide: pd.DataFrame) -> pd.DataFrame:
    long = wide.rename_axis("row").reset_index().melt(id_vars="row", var_name="column", value_name="share")
    hidden = long["share"].isna()
    return pd.DataFrame(
        {
            "row": [row if row[:1] == "Q" and row[1:2].isdigit() else view.name_of(row) for row in long["row"]],
            "column": [column_name(view, name) for name in long["column"]],
            "share": long["share"],
            "label": [_cell(share) for share in long["share"]],
            "told": [numbers.percent(share) or "not shown" for share in long["share"]],
            "hidden": hidden,
        }
    )


def column_name(view: MetalView, key: str) -> str:
    """Return the heading of a metal column."""
    if key == OWN:
        return "The origin itself"
    return "Others" if key == OTHERS else "N/A" if key == "N/A" else view.metal_name(key)


def _cell(share: float) -> str:
    if numbers.is_missing(share):
        return "c"
    return "0" if share == 0 else "<1" if share < 0.005 else numbers.plain(share * 100)


def _data(view: MetalView, wide: pd.DataFrame) -> pd.DataFrame:
    return (
        wide.rename_axis("origin").reset_index().melt(id_vars="origin", var_name="largest_smelt", value_name=view.share)
    )


def _told(view: MetalView, wide: pd.DataFrame) -> str:
    """Say for the first rows which country of smelt is the largest."""
    said = []
    for origin, row in wide.head(4).iterrows():
        countries = row.drop(OTHERS, errors="ignore").dropna()
        if len(countries) and countries.max() > 0:
            said.append(
                f"{view.name_of(origin)}: {column_name(view, countries.idxmax())} {numbers.percent(countries.max(), 0)}"
            )
    return f"The largest part of each, for the first rows: {'; '.join(said)}."


def _notes(view: MetalView, long: pd.DataFrame, matrix: pd.DataFrame) -> list[str]:
    notes = [
        "N/A: the product holds no primary metal."
        if not view.primary_only
        else "Metal without a country of smelt (N/A: no primary metal) is left out, and shares are of the rest."
    ]
    if long["hidden"].any():
        notes.append(
            "c: not shown, because it would tell too much about single importers, or would let such a figure be "
            "worked out; Others holds it."
        )
    notes += view.confidential_note(view.hidden_origins(matrix))
    missing = view.tables.notes.months_left_out
    if missing:
        first = view.tables.notes.smelt_first
        began = numbers.month_name(first) if first is not None else "July 2022"
        notes.append(f"Smelt was not collected before July 2022; the shares begin with {began}.")
    return notes


def noun(view: MetalView) -> str:
    """Return what shares are of: ``quantity licensed``, or ``quantity in the public monitor``."""
    return f"{view.measure.noun} {'licensed' if view.basis == LICENSES else 'in the public monitor'}"


def not_told(view: MetalView, what: str) -> str:
    """Say why a figure by smelt cannot be given."""
    notes = view.tables.notes
    if notes.smelt_first is None:
        return f"No {what}: the country of largest smelt has been collected since July 2022."
    return f"No {what} can be shown for this period, for the sake of single importers."


def nothing_to_show(view: MetalView) -> str:
    """Say why no shares are shown."""
    notes = view.tables.notes
    if notes.smelt_first is None:
        return "The country of largest smelt has been collected since July 2022; the period ends before."
    hidden = view.tables.matrix_smelt
    hidden = hidden[(hidden["origin"] == view.row) & (hidden["suppressed"] != "")]
    if len(hidden):
        return f"Licenses {view.from_place} are not shown: they would tell too much about single importers."
    return f"There are no licenses {view.from_place} in {view.period_words}."
