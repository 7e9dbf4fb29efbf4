"""How far each method is from the truth where the truth is known: in the synthetic world."""

from __future__ import annotations

from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.gatm_comparison.view import TradeView

_NAMES = {
    "reported": "Own reports",
    "reverse": "Reverse flow",
    "better": "Better reporter",
    "weighted": "Weighted mean",
}
_REPORTERS, _MIRRORED = "countries that report by month", "the eight that the monitor mirrors"


def methods_table(view: TradeView) -> Table | Prose:
    """Return the errors of the methods by quantity in the synthetic world, that of this bulletin marked."""
    if view.is_reconciled:
        return Prose("methods", [])
    held = view.method_errors[(view.method_errors["flow"] == view.flow) & (view.method_errors["measure"] == "quantity")]
    groups = {name: rows.set_index("method") for name, rows in held.groupby("note")}
    rows = []
    for method, name in _NAMES.items():
        cells = [name]
        for group in (_REPORTERS, _MIRRORED):
            error = groups[group].loc[method]
            cells += [numbers.percent(error["error_totals"]), numbers.percent(error["error_pairs"])]
        cells.append(numbers.percent(groups[_MIRRORED].at[method, "share_invisible"]))
        rows.append(Row(cells, "highlight" if method == view.method else ""))
    return Table(
        key="methods",
        title=f"How far each method is from the truth in a synthetic world, {view.flows_word}",
        caption="Errors by quantity, as shares of the true quantity: sums of the absolute errors of countries, "
        "and of pairs of countries.",
        columns=[
            Column("Method", align="left"),
            Column("Countries", group="Countries that report by month"),
            Column("Pairs", group="Countries that report by month"),
            Column("Countries", group="The monitor's eight"),
            Column("Pairs", group="The monitor's eight"),
            Column("Invisible", group="The monitor's eight"),
        ],
        rows=rows,
        source="Source: the embedded synthetic world, 2024, whose true flows are known. It says what the "
        "methods do with freight, lags, noise and gaps of known size, and nothing of aluminum.",
        csv=csv_text(view.tidy(held)),
        notes=[
            "By month. A country without own reports is wholly missing under own reports (100%). Each of the "
            "eight comes out too low under reverse flow, by what is invisible."
        ],
    )
