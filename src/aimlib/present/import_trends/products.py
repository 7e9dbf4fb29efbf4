"""Which products: the place's imports by category (or tariff line), and products by origin."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from aimlib.analysis.grid import grid
from aimlib.analysis.matrix import product_by_origin as matrix
from aimlib.analysis.months import Window, month_window
from aimlib.analysis.tables import window_table
from aimlib.analysis.totals import total
from aimlib.present import numbers
from aimlib.present.blocks import TIDY_COLUMNS, Column, Prose, Row, Table, csv_text
from aimlib.present.view import View
from aimlib.reference import products

# More columns than this do not fit a page; articles outside the scope then stand together.
_WIDEST = 10
DOWNSTREAM = "downstream"


def product_title(slug: str) -> str:
    """Return the print title of a category, a tariff line, the rest or the total."""
    if slug in ("TOTAL", "REST"):
        return {"TOTAL": "Total", "REST": "Other"}[slug]
    return _line_title(slug) if slug.isdecimal() else products.title(slug)


def product_label(slug: str) -> str:
    """Return the short title of a category, or the code of a tariff line, for a chart's axis."""
    return products.dotted(slug) if slug.isdecimal() else products.short_title(slug)


def _line_title(code: str) -> str:
    return f"{products.dotted(code)} {products.line_title(code)}".strip()


def product_table(view: View) -> Table | Prose:
    """Return the place's imports by product: latest month, and year to date."""
    if len(view.categories) < 2:
        words = f"The figures held are of {view.imports.product.phrase} as one; they cannot be broken down further."
        return Prose("products", [words])
    measure = view.measure
    merged, columns, written = _windows(view)
    # A product that went to nothing has its row: what is shown adds up to the total.
    amounts = merged[[column for column, write in written if write == measure.write]]
    traded = (amounts.fillna(0) != 0).any(axis=1) | (merged["row_kind"] == "total")
    prior = merged.filter(regex="_prior$").drop(columns="share_of_total_prior").fillna(0)
    merged = merged[traded | (prior != 0).any(axis=1)]
    if len(merged) == 1 and amounts.isna().all(axis=None):
        return Prose("products", [f"Imports {view.from_place} by product are not known: {_unknown(view)}."])
    rows = [
        Row(
            [product_title(row["product"]), *(write(row[column]) for column, write in written)],
            "total" if row["row_kind"] == "total" else "",
        )
        for _, row in merged.iterrows()
    ]
    return Table(
        key="products",
        title=f"Imports {view.from_place} by {'tariff line' if view.by_line else 'product'}",
        caption=f"{measure.axis}.",
        columns=[Column("HTS line" if view.by_line else "Product", align="left"), *columns],
        rows=rows if len(rows) > 1 else [],
        source=view.source,
        csv=csv_text(view.tidy(merged.assign(month=view.latest).drop(columns=["rank"]))),
        notes=_note(view) + view.cover_note(view.own, view.to_date, view.to_date_words),
        empty=f"No imports {view.from_place} in this period.",
    )


def _windows(view: View) -> tuple[pd.DataFrame, list[Column], list[tuple[str, Callable[[float], str]]]]:
    """Return the table over the latest month and the year to date, its columns, and how each is written."""
    measure = view.measure
    windows: list[tuple[Window, str]] = [(view.to_date, view.to_date_words)]
    if view.to_date.kind == "ytd" and not view.cumulative and view.latest.month > 1:
        windows.insert(0, (month_window(view.months, view.latest), view.latest_words))
    columns: list[Column] = []
    written: list[tuple[str, Callable[[float], str]]] = []
    merged = None
    for window, words in windows:
        table = window_table(view.own_by_product, view.own, window, view.analysis_measure, keep=view.categories)
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
    return merged, columns, written


def _unknown(view: View) -> str:
    if view.is_all:
        return "the published totals are not held"
    return f"{view.place.phrase} is not listed in the selection that is loaded"


def _note(view: View) -> list[str]:
    note = products.scope_note(view.imports.product, view.imports.code_level)
    return [note] if note else []


def product_by_origin(view: View) -> Table | Prose:
    """Return the year to date by origin and product, the largest origins by name."""
    if len(view.categories) < 2:
        return Prose("product_by_origin", [])
    measure, imports = view.measure, view.imports
    c = f"{measure.column}{view.to_date.suffix}"
    rows, totals, slugs = _folded(view)
    cells = grid(rows, imports.months, imports.listed, by=("origin", "product"))
    by_product = total(rows, totals, imports.months, by=("product",))
    keep = view.place.members if view.is_country else ()
    table = matrix(cells, by_product, view.whole, view.to_date, view.analysis_measure, top=view.top, keep=keep)
    slugs = [*slugs, "TOTAL"]
    wide = table.pivot(index="origin", columns="product", values=c).reindex(table["origin"].unique())
    columns = [Column("Origin", align="left"), *(_head(slug) for slug in slugs)]
    amounts_of = wide.to_dict("index")
    return Table(
        key="product_by_origin",
        title=f"{'Tariff lines' if view.by_line else 'Products'} by origin, {view.to_date_words}",
        caption=f"{measure.axis}.",
        columns=columns,
        rows=[
            Row(
                [view.name_of(origin), *(measure.write(amounts.get(slug)) for slug in slugs)],
                _role(view, origin),
            )
            for origin, amounts in amounts_of.items()
        ],
        source=view.source,
        csv=csv_text(
            view.tidy(table.assign(month=view.latest))[
                ["origin", "row_kind", "product", c, "share_of_total", "month", *TIDY_COLUMNS]
            ]
        ),
        notes=(["Downstream: 7610 to 7615 and the rest of 7616."] if DOWNSTREAM in slugs else [])
        + view.cover_note(view.whole, view.to_date, view.to_date_words),
        empty="No imports in this period.",
    )


def _folded(view: View) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Return rows, totals and products, articles outside the scope together where there are too many columns."""
    rows, totals, slugs = view.product_rows, view.product_totals, view.categories
    if view.by_line or len(slugs) <= _WIDEST:
        return rows, totals, slugs
    outside = set(products.resolve(DOWNSTREAM).categories)

    def fold(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(product=frame["product"].where(~frame["product"].isin(outside), DOWNSTREAM))

    return fold(rows), fold(totals), list(dict.fromkeys(DOWNSTREAM if slug in outside else slug for slug in slugs))


def _head(slug: str) -> Column:
    if slug in ("TOTAL", DOWNSTREAM):
        return Column(slug.capitalize())
    # A tariff line's code stands in two rows, or a dozen of them would not fit the page.
    return (
        Column(f"{slug[:4]}.{slug[4:6]}", products.dotted(slug)[7:])
        if slug.isdecimal()
        else Column(product_label(slug))
    )


def _role(view: View, origin: str) -> str:
    if origin in ("TOTAL", "REST"):
        return {"TOTAL": "total", "REST": "rest"}[origin]
    return "highlight" if origin in view.marked else ""
