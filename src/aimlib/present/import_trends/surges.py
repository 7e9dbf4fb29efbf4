"""The surge list of the latest month."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.grid import grid
from aimlib.analysis.surges import MINIMUM, THRESHOLD
from aimlib.analysis.surges import surges as find
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.import_trends.products import product_title
from aimlib.present.view import View

_SHOWN = 20


def surge_list(view: View) -> Table | Prose:
    """Return origins and products that stand far above the last three months, or the same months of three years."""
    if view.cumulative:
        return Prose("surges", [])
    measure, imports = view.measure, view.imports
    cells = grid(imports.rows, imports.months, imports.listed, by=("origin", "product"), origins=view.members)
    if cells.loc[cells["month"] == view.latest, "not_listed"].all():
        words = f"Surges cannot be judged: the selection that is loaded does not list {view.place.phrase}."
        return Prose("surges", [words])
    found = find(cells, imports.months, view.analysis_measure, month=view.latest)
    c = measure.column
    rows = [
        Row(
            [
                view.name_of(row["origin"]),
                product_title(row["product"]),
                measure.write(row[c]),
                measure.write(row[f"{c}_base_recent"]),
                "new" if row["new_recent"] else numbers.percent_change(row["change_recent"]),
                measure.write(row[f"{c}_base_seasonal"]),
                "new" if row["new_seasonal"] else numbers.percent_change(row["change_seasonal"]),
            ]
        )
        for _, row in found.head(_SHOWN).iterrows()
    ]
    same_month = f"{view.latest:%B}"
    columns = [
        Column("Origin", align="left"),
        Column("Product", align="left"),
        Column(view.latest_words, measure.unit),
        Column("Mean", measure.unit, group="Last three months"),
        Column("Change", group="Last three months"),
        Column("Mean", measure.unit, group=f"{same_month}, three years before"),
        Column("Change", group=f"{same_month}, three years before"),
    ]
    least = measure.in_words(MINIMUM[measure.key])
    base_years = f"{view.latest.year - 3} to {view.latest.year - 1}"
    notes = [
        f"Listed: at least {least} in the month, and {numbers.percent(THRESHOLD, 0)} or more above "
        "the mean of the three "
        f"months before, or above the mean of {same_month} {base_years}; the greatest excess over a mean passed first. "
        "The month itself is in neither mean. New: the mean is zero. Blank: a month of the mean is not loaded, not "
        "listed or lacks its quantity."
    ]
    if len(found) > _SHOWN:
        notes.append(f"The first {_SHOWN} of {len(found)}; all are in the data.")
    data = found if len(found) else found.assign(month=pd.Series(dtype="datetime64[ns]"))
    return Table(
        key="surges",
        title=f"Surges in {view.latest_words}",
        caption=f"Imports {view.from_place} by origin and product, {measure.noun} in {measure.unit}.",
        columns=columns,
        rows=rows,
        source=view.source,
        csv=csv_text(view.tidy(data)),
        notes=notes,
        empty=f"No imports {view.from_place} stand that far above their usual level.",
    )
