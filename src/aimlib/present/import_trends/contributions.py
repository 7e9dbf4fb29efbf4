"""Contributions to the growth of the year to date, by origin and by product."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.tables import window_table
from aimlib.present import numbers
from aimlib.present.blocks import TIDY_COLUMNS, Figure, Prose, csv_text
from aimlib.present.charts import bars
from aimlib.present.import_trends.products import product_label
from aimlib.present.view import View


def origin_contributions(view: View) -> Figure | Prose:
    """Return what each origin contributed to the growth of imports from all countries."""
    parts, whole = view.by_origin, view.whole
    # Kept are all: what went to nothing contributed too.
    every = parts["origin"].unique()
    table = window_table(parts, whole, view.to_date, view.analysis_measure, top=None, keep=every)
    named = table[table["row_kind"] == "origin"].assign(
        name=lambda rows: rows["origin"].map(view.name_of),
        role=lambda rows: rows["origin"].isin(view.marked).map({True: "highlight", False: ""}),
    )
    return _figure(view, "origin", table, named, "imports from all countries")


def product_contributions(view: View) -> Figure | Prose:
    """Return what each product category contributed to the growth of the place's imports."""
    if len(view.categories) < 2:
        return Prose("product_contributions", [])
    table = window_table(
        view.own_by_product, view.own, view.to_date, view.analysis_measure, top=None, keep=view.categories
    )
    named = table[table["row_kind"] == "product"].assign(name=lambda rows: rows["product"].map(product_label), role="")
    return _figure(view, "product", table, named, f"imports {view.from_place}")


def _figure(view: View, key: str, table: pd.DataFrame, named: pd.DataFrame, of_what: str) -> Figure | Prose:
    known = named[named["contribution"].notna() & (named["contribution"] != 0)]
    total = table["contribution"].iloc[-1]
    block_key = f"{key}_contributions"
    if known.empty or numbers.is_missing(total):
        return Prose(
            block_key,
            [f"The growth of {of_what} cannot be split by {key}: there is no base to compare with."],
        )
    by_size = known.loc[known["contribution"].abs().sort_values(ascending=False, kind="stable").index]
    keep = pd.concat([by_size.head(view.top), by_size[by_size["role"] == "highlight"]]).drop_duplicates()
    shown = keep.sort_values("contribution", ascending=False, kind="stable")
    left = total - shown["contribution"].sum()
    drawn = pd.DataFrame({"name": shown["name"], "amount": shown["contribution"], "role": shown["role"]})
    if len(shown) < len(known) or abs(left) > 5e-5:
        drawn.loc[len(table)] = [view.rest_words if key == "origin" else "Others", left, "rest"]
    drawn.loc[len(table) + 1] = ["Total", total, "total"]
    drawn = drawn.assign(amount=drawn["amount"] * 100, label=[numbers.points(amount) for amount in drawn["amount"]])
    c = f"{view.measure.column}{view.to_date.suffix}"
    data = table.assign(month=view.latest)
    return Figure(
        key=block_key,
        title=f"Contributions to growth by {key}, {view.to_date_words}",
        caption=(f"Percentage points of the change on {view.to_date_base} in {of_what} ({view.measure.noun})."),
        alt=_in_words(shown, total, key),
        source=view.source,
        chart=bars.diverging_bars(drawn, "Percentage points", ",.2f"),
        csv=csv_text(
            view.tidy(data)[
                [
                    key,
                    "row_kind",
                    f"{c}_compared",
                    f"{c}_prior",
                    "contribution",
                    "months_compared",
                    "month",
                    *TIDY_COLUMNS,
                ]
            ]
        ),
        notes=["The bars add up to the total's growth."],
    )


def _in_words(shown: pd.DataFrame, total: float, key: str) -> str:
    top, low = shown.iloc[0], shown.iloc[-1]
    words = (
        f"Bar chart of contributions by {key}: the total changed by {numbers.percent_change(total)}; "
        f"the most came from {top['name']} ({numbers.points(top['contribution'])} points)"
    )
    return words + (
        f", the least of those shown from {low['name']} ({numbers.points(low['contribution'])})."
        if len(shown) > 1
        else "."
    )
