"""Which products: the place's imports by category, and categories by origin."""

from __future__ import annotations

from collections.abc import Callable

from aimlib.analysis.grid import grid
from aimlib.analysis.matrix import product_by_origin as matrix
from aimlib.analysis.months import month_window
from aimlib.analysis.tables import window_table
from aimlib.analysis.totals import total
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.view import View
from aimlib.reference import products

_SAID = ["concept", "data_basis", "known_on", "partial", "not_listed"]


def product_title(slug: str) -> str:
    """Return the print title of a category, of the rest or of the total."""
    return {"TOTAL": "Total", "REST": "Other"}.get(slug) or products.title(slug)


def product_table(view: View) -> Table | Prose:
    """Return the place's imports by product category: latest month and year to date."""
    if single := one_product(view, "products"):
        return single
    measure = view.measure
    windows = [(view.to_date, view.to_date_words)]
    if view.to_date.kind == "ytd" and not view.cumulative and view.latest.month > 1:
        windows.insert(0, (month_window(view.months, view.latest), view.latest_words))
    columns, merged = [Column("Product", align="left")], None
    written: list[tuple[str, Callable[[float], str]]] = []
    for window, words in windows:
        table = window_table(view.own_by_product, view.own, window, view.analysis_measure)
        # The products are all there are; a rest could only repeat that a selection may lack partners.
        table = table[table["row_kind"] != "rest"]
        c = f"{measure.column}{window.suffix}"
        columns.append(Column(measure.noun.capitalize(), measure.unit, group=words))
        written.append((c, measure.write))
        if window.compared:
            columns.append(Column("Change on year", group=words))
            written.append((f"{c}_yoy", numbers.percent_change))
        merged = table if merged is None else table.merge(merged[["product", *merged.filter(like=measure.column)]])
    columns.append(Column("Share", group=view.to_date_words))
    written.append(("share_of_total", numbers.percent))
    if view.imports.has_quantity:
        columns.append(Column("Unit value", "US$ per t", group=view.to_date_words))
        written.append(("unit_value_usd_t", numbers.plain))
    rows = [
        Row(
            [product_title(row["product"]), *(write(row[column]) for column, write in written)],
            "total" if row["row_kind"] == "total" else "",
        )
        for _, row in merged.iterrows()
    ]
    data = merged.assign(month=view.latest).drop(columns=["rank"])
    return Table(
        key="products",
        title=f"Imports {view.from_place} by product",
        caption=f"{measure.axis}.",
        columns=columns,
        rows=rows,
        source=view.source,
        csv=csv_text(view.tidy(data)),
        notes=_note(view),
        empty=f"No imports {view.from_place} in this period.",
    )


def _note(view: View) -> list[str]:
    note = products.scope_note(view.imports.product, view.imports.code_level)
    return [note] if note else []


def product_by_origin(view: View) -> Table | Prose:
    """Return the year to date by origin and product, the largest origins by name."""
    if len(view.categories) < 2:
        return Prose("product_by_origin", [])
    measure = view.measure
    imports = view.imports
    c = f"{measure.column}{view.to_date.suffix}"
    cells = grid(imports.rows, imports.months, imports.listed, by=("origin", "product"))
    by_product = total(imports.rows, imports.totals, imports.months, by=("product",))
    keep = view.place.members if view.is_country else ()
    table = matrix(cells, by_product, view.whole, view.to_date, view.analysis_measure, top=view.top, keep=keep)
    slugs = [*view.categories, "TOTAL"]
    wide = table.pivot(index="origin", columns="product", values=c).reindex(table["origin"].unique())
    rows = [
        Row(
            [view.name_of(origin), *(measure.write(wide.loc[origin].get(slug)) for slug in slugs)],
            _role(view, origin),
        )
        for origin in wide.index
    ]
    columns = [Column("Origin", align="left")]
    columns += [Column("Total" if slug == "TOTAL" else products.short_title(slug)) for slug in slugs]
    return Table(
        key="product_by_origin",
        title=f"Products by origin, {view.to_date_words}",
        caption=f"{measure.axis}.",
        columns=columns,
        rows=rows,
        source=view.source,
        csv=csv_text(
            view.tidy(table.assign(month=view.latest))[
                ["origin", "row_kind", "product", c, "share_of_total", "month", *_SAID]
            ]
        ),
        empty="No imports in this period.",
    )


def _role(view: View, origin: str) -> str:
    if origin in ("TOTAL", "REST"):
        return {"TOTAL": "total", "REST": "rest"}[origin]
    return "highlight" if not view.is_all and origin in view.place.members else ""


def one_product(view: View, key: str) -> Prose | None:
    """Return a sentence in the place of a breakdown by product when the data hold one category only."""
    if len(view.categories) > 1:
        return None
    name = view.imports.product.phrase
    return Prose(key, [f"The figures held are of {name} as a whole, so there is nothing to break down by product."])
