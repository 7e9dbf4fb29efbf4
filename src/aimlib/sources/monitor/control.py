"""What the rows of a monitor say together: repeats, totals and their parts, what each month rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import products
from aimlib.sources.monitor.names import TOTAL

KEY = ["month", "code_level", "heading", "code", "product", "origin", "largest_smelt", "recent_cast"]
FIGURES = ["quantity_kg", "customs_value_usd", "share_quantity", "share_value"]
_COUNTS = ("quantity_kg", "customs_value_usd")
_SHOWN = {"quantity_kg": ("t", 1000.0), "customs_value_usd": ("USD", 1.0)}


def once(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Drop rows given twice alike; return how many. Raises AimError where the two differ."""
    repeats = rows.duplicated(KEY)
    differs = repeats & ~rows.duplicated([*KEY, *FIGURES, "data_basis"])
    if differs.any():
        later = rows[differs].iloc[0]
        earlier = rows[(rows[KEY] == later[KEY]).all(axis=1)].iloc[0]
        raise AimError(
            f"{earlier['file']} row {earlier['row']} and {later['file']} row {later['row']} give different figures for "
            f"{later['origin']}, {later['code']}, {later['month']:%Y-%m} ({later['heading']}).",
            "Load files of different Thursdays one after the other, each with its own --known-on.",
        )
    return rows[~repeats].reset_index(drop=True), int(repeats.sum())


def check_basis(rows: pd.DataFrame) -> list[str]:
    """Return notes on months that rest on licenses though later ones rest on Census.

    Raises AimError where a dashboard marks one month with both.
    """
    by_month = rows.groupby(["heading", "month"])["data_basis"].agg(["nunique", "first"]).reset_index()
    both = by_month[by_month["nunique"] > 1]
    if len(both):
        months = ", ".join(f"{month:%Y-%m}" for month in both["month"][:3])
        raise AimError(
            f"The {both['heading'].iloc[0]} dashboard marks {months} as License in some rows and Census in others.",
            "A month rests on one of the two; correct data_status, or load the two days apart.",
        )
    notes = []
    for heading, months in by_month.groupby("heading"):
        of_census = months.loc[months["first"] == "census", "month"]
        behind = months[(months["first"] == "license") & (months["month"] < of_census.max())]["month"]
        if len(behind):
            told = ", ".join(f"{month:%Y-%m}" for month in behind[:3])
            notes.append(
                f"The {heading} dashboard marks {told} as License, though {of_census.max():%Y-%m} is Census already."
            )
    return notes


def check_totals(rows: pd.DataFrame, step: Mapping[str, Mapping[str, float]], loose: pd.DataFrame) -> list[str]:
    """Compare each printed total with its parts: all origins, all smelt or cast countries, the AIM scope.

    `step` gives, by dashboard, the unit of the last place printed of each figure; parts may miss their total by half
    of it each. `loose` (heading and month, NaT for any) are months with rows set apart: there, as where a cell
    is withheld, the parts may be less but not more. Returns notes on what could not be checked in full.

    Raises AimError that says where and by how much.
    """
    breaks, open_groups = [], 0
    whole_scope = rows["product"].where(rows["code_level"] == "category", "").map({"aim": TOTAL}).fillna(rows["code"])
    rows = rows.assign(scope=whole_scope)
    categories = rows[rows["scope"].isin([TOTAL, *products.resolve("aim").categories])]
    plans = (("origin", rows), ("largest_smelt", rows), ("recent_cast", rows), ("scope", categories))
    for over, among in plans:
        for figure in _COUNTS:
            found, unchecked = _compare(among, over, figure, step, loose)
            breaks += found
            open_groups += unchecked
    if breaks:
        more = f", and {len(breaks) - 3:,} more" if len(breaks) > 3 else ""
        raise AimError(
            f"The parts do not meet the totals printed: {'; '.join(breaks[:3])}{more}.",
            "Take the file whole from the monitor; rows filtered away must be out of the total, too.",
        )
    if open_groups:
        return [f"Totals with withheld or rejected parts, of which only an excess would show: {open_groups:,}."]
    return []


def _compare(
    rows: pd.DataFrame, over: str, figure: str, step: Mapping[str, Mapping[str, float]], loose: pd.DataFrame
) -> tuple[list[str], int]:
    by = [
        "heading",
        "month",
        "code_level",
        *(name for name in ("scope", "origin", "largest_smelt", "recent_cast") if name != over),
    ]
    is_total = rows[over] == TOTAL
    totals = rows[is_total].set_index(by)[[figure, "file", "row"]].dropna(subset=figure)
    if totals.empty:
        return [], 0
    parts = rows[~is_total].groupby(by)[figure].agg(["sum", "size", "count"])
    both = totals.join(parts, how="inner").reset_index()
    if both.empty:
        return [], 0
    unit = both["heading"].map({heading: steps.get(figure, 1.0) for heading, steps in step.items()})
    slack = unit / 2 * (both["size"] + 1) + 1e-9 * both[figure].abs()
    gap = both["sum"] - both[figure]
    is_open = both["count"] < both["size"]
    is_open |= _among(both, loose)
    is_break = (gap > slack) | (~is_open & (gap < -slack))
    word, per = _SHOWN[figure]
    kind = over.replace("scope", "product").replace("_", " ")
    told = [
        f"{row['file']} row {row['row']}, {row['month']:%Y-%m} {row['heading']}: the parts by {kind} are "
        f"{row['sum'] / per:,.1f} {word}, the total {row[figure] / per:,.1f}, "
        f"a difference of {(row['sum'] - row[figure]) / per:+,.1f}"
        for row in both[is_break].to_dict("records")
    ]
    return told, int((is_open & ~is_break).sum())


def _among(both: pd.DataFrame, loose: pd.DataFrame) -> pd.Series:
    found = pd.Series(False, index=both.index)
    for row in loose.drop_duplicates().itertuples():
        found |= (both["heading"] == row.heading) & ((both["month"] == row.month) | pd.isna(row.month))
    return found


def without_totals_over_metal(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Leave out the rows over all smelt or cast countries, which have served their check; return how many."""
    is_total = (rows["largest_smelt"] == TOTAL) | (rows["recent_cast"] == TOTAL)
    return rows[~is_total].reset_index(drop=True), int(is_total.sum())


def headings(rows: Sequence[str]) -> tuple[str, ...]:
    """Return the dashboards in their order."""
    return tuple(name for name in ("imports", "smelt", "cast") if name in set(rows))
