"""Surges on licenses: the newest full license month over the last three months of Census."""

from __future__ import annotations

from aimlib.analysis.surges import MINIMUM, THRESHOLD
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.view import View
from aimlib.reference import products

_SHOWN = 20


def license_surges(view: View) -> Table | Prose:
    """Return origins and products whose licenses stand far above the last three Census months."""
    if view.early is None or view.early.full.empty:
        return Prose("license_surges", [])
    measure, found = view.measure, view.early.study.surges
    c = measure.column
    found = found[~found["protected"]]
    if view.members is not None:
        found = found[found["origin"].isin(view.members)]
    month = numbers.month_name(view.early.full["month"].iloc[-1])
    rows = [
        Row(
            [
                view.name_of(row["origin"]),
                products.title(row["product"]),
                measure.write(row[c]),
                measure.write(row[f"{c}_base"]),
                "new" if row["new"] else numbers.percent_change(row["change"]),
            ]
        )
        for _, row in found.head(_SHOWN).iterrows()
    ]
    base = ""
    if len(found):
        first, last = found["from"].iloc[0], found["to"].iloc[0]
        base = f"{numbers.month_name(first, short=True)} to {numbers.month_name(last, short=True)}"
    notes = [
        f"Listed: at least {measure.in_words(MINIMUM[measure.key])} licensed for the month, and "
        f"{numbers.percent(THRESHOLD, 0)} or more above the mean of the last three Census months known that day; the "
        "month itself and license months before it are not in the mean. New: the mean is zero.",
        "Licenses and Census do not count quite the same; see the early figures above. Cells that would tell too much "
        "about single importers are not judged.",
    ]
    if len(found) > _SHOWN:
        notes.append(f"The first {_SHOWN} of {len(found)}; all are in the data.")
    return Table(
        key="license_surges",
        title=f"Surges in licenses for {month}",
        caption=f"Licenses {view.from_place} by origin and product over the last three Census months, {measure.noun} "
        f"in {measure.unit}.",
        columns=[
            Column("Origin", align="left"),
            Column("Product", align="left"),
            Column(f"Licensed, {month}", measure.unit),
            Column("Mean", measure.unit, group=base or "Last three Census months"),
            Column("Change", group=base or "Last three Census months"),
        ],
        rows=rows,
        source=view.early_source,
        csv=csv_text(view.tidy(found.drop(columns="protected"))),
        notes=notes,
        empty=f"No licenses {view.from_place} for {month} stand that far above their usual level.",
    )
