"""The change in value split into quantity, price and mix."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.decomposition import decompose_each
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
    by, between = _parts(view)
    imports, rows = view.imports, []
    held = view.own_product_rows, view.product_totals, imports.months, imports.listed
    windows = _windows(view)
    splits = decompose_each(*held, [window for _, window in windows], by=by, origins=view.members) if windows else []
    for (name, window), split in zip(windows, splits, strict=True):
        rows.append(split[split["row_kind"] == "total"].assign(period=name, month=window.months[-1]))
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()
    known = table.dropna(subset=["change_usd", "quantity_effect_usd"]) if len(table) else table
    if known.empty:
        return Prose(
            "quantity_price_mix",
            ["The change in value cannot be split: there is no earlier period to compare with."],
        )
    parts = [part for part in _PARTS if known[part].abs().max() >= 0.005 * known["change_usd"].abs().max()]
    scale, unit = (1e6, "million") if known[[*parts, "change_usd"]].abs().max(axis=None) >= 1e6 else (1e3, "thousand")
    long = known.melt(id_vars=["period", "month"], value_vars=parts, var_name="part", value_name="amount")
    long = long.assign(part=long["part"].map(_PARTS), amount=long["amount"] / scale)
    totals = pd.DataFrame({"period": known["period"], "amount": known["change_usd"] / scale})
    return Figure(
        key="quantity_price_mix",
        title=f"Change in customs value {view.from_place}: quantity, price and mix",
        caption=f"{unit.capitalize()} US$ on the year before; diamonds: the whole change. "
        + ("The last bar compares the year to date." if known["period"].iloc[-1].endswith("to date") else ""),
        alt=_in_words(known.iloc[-1], scale, unit),
        source=view.source,
        chart=bars.stacked_changes(long, totals, f"Change on year, {unit} US$", ",.1f"),
        csv=csv_text(view.tidy(known.drop(columns=["row_kind", by]))),
        notes=_notes(known, between if "mix_effect_usd" in parts else ""),
    )


def _parts(view: View) -> tuple[str, str]:
    """Return the key of the parts between which mix can shift, and their name; no name where there is one part."""
    if len(view.categories) > 1:
        return "product", "tariff lines" if view.by_line else "products"
    return "origin", "" if view.is_country else "origins"


def _notes(known: pd.DataFrame, between: str) -> list[str]:
    notes = ["Price: what changed unit values explain, changes of quality within a part among them."]
    if between:
        notes.append(f"Mix: what a shift between {between} of different unit value explains.")
    lacking = 1 - known["share_value_split"].min()
    if lacking >= 0.0005:
        notes.append(
            "Not split: lines that lack a quantity in one of the months, at most "
            f"{numbers.percent(lacking)} of the value of a bar's two periods."
        )
    notes.append(
        "The parts add up to the change (Bennet's indicator of 1920: the weights are the means of both periods)."
    )
    return notes


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


def _in_words(last: pd.Series, scale: float, unit: str) -> str:
    def dollars(amount: float) -> str:
        return f"{numbers.signed(amount / scale)} {unit}"

    return (
        f"Stacked bars by year. In {last['period']} the value changed by "
        f"{dollars(last['change_usd'])} US dollars: quantity "
        f"{dollars(last['quantity_effect_usd'])}, price {dollars(last['price_effect_usd'])}, mix "
        f"{dollars(last['mix_effect_usd'])}."
    )
