"""Which products: the place's imports by category, and categories by origin."""

from __future__ import annotations

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
    c, key = measure.column, view.analysis_measure
    month = window_table(view.own_by_product, view.own, month_window(view.months, view.latest), key)
    to_date = window_table(view.own_by_product, view.own, view.year_to_date, key)
    # The products are all there are; a rest could only repeat that a selection may lack partners.
    to_date = to_date[to_date["row_kind"] != "rest"]
    merged = to_date.merge(month[["product", c, f"{c}_yoy"]], on="product", how="left")
    rows = [
        Row(
            [
                product_title(row["product"]),
                measure.write(row[c]),
                numbers.percent_change(row[f"{c}_yoy"]),
                measure.write(row[f"{c}_ytd"]),
                numbers.percent_change(row[f"{c}_ytd_yoy"]),
                numbers.percent(row["share_of_total"]),
                *([numbers.plain(row["unit_value_usd_t"])] if view.imports.has_quantity else []),
            ],
            "total" if row["row_kind"] == "total" else "",
        )
        for _, row in merged.iterrows()
    ]
    unit_value = [Column("Unit value", "US$ per t", group=view.ytd_words)] if view.imports.has_quantity else []
    columns = [
        Column("Product", align="left"),
        Column(measure.noun.capitalize(), measure.unit, group=view.latest_words),
        Column("Change on year", group=view.latest_words),
        Column(measure.noun.capitalize(), measure.unit, group=view.ytd_words),
        Column("Change on year", group=view.ytd_words),
        Column("Share", group=view.ytd_words),
        *unit_value,
    ]
    data = merged.assign(month=view.latest).drop(columns=["rank"])
    return Table(
        key="products",
        title=f"Imports {view.from_place} by product",
        caption=f"{measure.axis}, {view.latest_words} and year to date.",
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
    c = f"{measure.column}_ytd"
    cells = grid(imports.rows, imports.months, imports.listed, by=("origin", "product"))
    by_product = total(imports.rows, imports.totals, imports.months, by=("product",))
    keep = view.place.members if view.is_country else ()
    table = matrix(cells, by_product, view.whole, view.year_to_date, view.analysis_measure, top=view.top, keep=keep)
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
        title=f"Products by origin, {view.ytd_words}",
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
