"""The change in value split into quantity, price and mix."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.decomposition import decompose
from aimlib.analysis.months import Window, shift
from aimlib.present import numbers
from aimlib.present.blocks import Figure, Prose, csv_text
from aimlib.present.charts import bars
from aimlib.present.view import View

_PARTS = {
    "quantity_effect_usd": "Quantity",
    "price_effect_usd": "Price",
    "mix_effect_usd": "Mix",
    "not_split_usd": "Not split",
}
_YEARS = 5


def quantity_price_mix(view: View) -> Figure | Prose:
    """Return the yearly changes in value, and that of the year to date, split into quantity, price and mix."""
    if view.cumulative:
        return Prose("quantity_price_mix", [])
    if not view.imports.has_quantity:
        return Prose("quantity_price_mix", ["Quantity and price cannot be told apart: the table holds no quantities."])
    by = "product" if len(view.categories) > 1 else "origin"
    imports, rows = view.imports, []
    for name, window in _windows(view):
        split = decompose(
            imports.rows, imports.totals, imports.months, imports.listed, window, by=by, origins=view.members
        )
        rows.append(split[split["row_kind"] == "total"].assign(period=name, month=window.months[-1]))
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()
    known = table.dropna(subset=["change_usd", "quantity_effect_usd"]) if len(table) else table
    if known.empty:
        return Prose(
            "quantity_price_mix",
            ["The change in value cannot be split: there is no earlier period to compare with."],
        )
    parts = list(_PARTS)
    if known["not_split_usd"].abs().max() < 0.005 * known["change_usd"].abs().max():
        parts.remove("not_split_usd")
    long = known.melt(id_vars=["period", "month"], value_vars=parts, var_name="part", value_name="amount")
    long = long.assign(part=long["part"].map(_PARTS), amount=long["amount"] / 1e6)
    totals = pd.DataFrame({"period": known["period"], "amount": known["change_usd"] / 1e6})
    return Figure(
        key="quantity_price_mix",
        title=f"Change in customs value {view.from_place}: quantity, price and mix",
        caption="Million US$ on the year before; diamonds: the whole change. "
        + ("The last bar compares the year to date." if known["period"].iloc[-1].endswith("to date") else ""),
        alt=_in_words(known.iloc[-1]),
        source=view.source,
        chart=bars.stacked_changes(long, totals, "Change on year, million US$", ",.1f"),
        csv=csv_text(view.tidy(known.drop(columns=["row_kind", by]))),
        notes=[
            f"Mix: what a shift between {by}s of different unit value explains. Price: what changed "
            "unit values explain, "
            f"quality and product changes within {'an origin' if by == 'origin' else 'a product'} "
            "among them. The parts add up to the change (Bennet's indicator of 1920, the mean of "
            "both periods as weights)."
        ],
    )


def _windows(view: View) -> list[tuple[str, Window]]:
    """Return the whole years that can be compared, and the year to date when the year is not over."""
    held = set(view.months.loc[view.months["loaded"] & ~view.months["partial"], "month"])
    windows = []
    last = view.latest.year if view.latest.month == 12 else view.latest.year - 1
    for year in range(last - _YEARS + 1, last + 1):
        now = tuple(pd.Timestamp(year, month, 1) for month in range(1, 13))
        then = tuple(shift(month, -12) for month in now)
        if {*now, *then} <= held:
            windows.append((str(year), Window("year", now[-1], now, now, then)))
    if view.latest.month < 12 and view.to_date.kind == "ytd" and view.to_date.compared:
        windows.append((f"{view.latest.year} to date", view.to_date))
    return windows


def _in_words(last: pd.Series) -> str:
    def dollars(amount: float) -> str:
        return f"{numbers.signed(amount / 1e6)} million"

    return (
        f"Stacked bars by year. In {last['period']} the value changed by "
        f"{dollars(last['change_usd'])} US dollars: quantity "
        f"{dollars(last['quantity_effect_usd'])}, price {dollars(last['price_effect_usd'])}, mix "
        f"{dollars(last['mix_effect_usd'])}."
    )
