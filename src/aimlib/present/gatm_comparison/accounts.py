"""Both accounts of the same trade: side by side, by pair, and what no account can show."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis import mirror
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.gatm_comparison.view import TABLES, TradeView

_PAIRS = 12
_BOTH = "both report"


def accounts_table(view: TradeView) -> Table | Prose:
    """Return each country's own account and its partners', over flows that both report where both do."""
    if view.is_reconciled:
        return Prose(
            "accounts", ["BACI has one figure a flow, reconciled by CEPII: there is no second account to compare."]
        )
    held = view.kept("accounts", lambda: _both(view))
    if held.empty:
        return Prose("accounts", [])
    rows = [
        Row(
            [
                view.name_of(row["country"]),
                *(quantity(row[f"{side}_quantity_t"]) for side in ("own", "mirror")),
                numbers.percent_change(row["relative_gap_quantity"]),
                *(value(row[f"{side}_value_usd"]) for side in ("own", "mirror")),
                numbers.percent_change(row["relative_gap_value"]),
                "; ".join(
                    f"{who} {row[column]}"
                    for who, column in (("own", "own_valuation"), ("partners", "mirror_valuation"))
                    if row[column]
                ),
                f"{row['partners_reporting']} of {row['partners']}",
            ]
        )
        for _, row in held.iterrows()
    ]
    return Table(
        key="accounts",
        title=f"Both accounts of {view.flows_word}, {view.latest_words}",
        caption="What a country reports and what its partners report of the same flows. Only flows that both "
        "sides report, where the country reports; else all that partners report.",
        columns=[
            Column("Country", align="left"),
            Column("Own", "thousand t", group="Quantity"),
            Column("Partners", "thousand t", group="Quantity"),
            Column("Gap", group="Quantity"),
            Column("Own", "million US$", group="Value, FOB basis"),
            Column("Partners", "million US$", group="Value, FOB basis"),
            Column("Gap", group="Value, FOB basis"),
            Column("Valuation", align="left"),
            Column("Partners reporting"),
        ],
        rows=rows,
        source=view.source_text,
        csv=csv_text(view.tidy(held)),
        notes=[
            "Gap: partners less own, of own. Reasons: time on the way, origin against last known destination, "
            "trade system, thresholds, confidentiality, re-exports, valuation."
        ],
    )


def asymmetry_table(view: TradeView) -> Table | Prose:
    """Return the largest pairs with both accounts and their asymmetry, with and without a lag."""
    if view.is_reconciled:
        return Prose("asymmetry", [])
    found = view.kept("asymmetry", lambda: _apart(view))
    if found.empty:
        return Prose("asymmetry", [])
    lagged = not view.annual
    rows = [
        Row(
            [
                view.name_of(row["exporter"]),
                view.name_of(row["importer"]),
                quantity(row["x_quantity_t"]),
                quantity(row["m_quantity_t"]),
                numbers.plain(row["asymmetry"], 2),
                numbers.plain(row["asymmetry_by_period"], 2),
                *([numbers.plain(row["asymmetry_lagged"], 2), str(int(row["lag"]))] if lagged else []),
            ]
        )
        for _, row in found.head(_PAIRS).iterrows()
    ]
    return Table(
        key="asymmetry",
        title=f"Asymmetry of the largest pairs, {view.words(view.drawn)}",
        caption="Twice the difference over the sum of both accounts, 0 (equal) to 2 (one side only), over "
        f"{view.period_noun} that both report.",
        columns=[
            Column("Exporter", align="left"),
            Column("Importer", align="left"),
            Column("Exporter's", "thousand t", group="Account"),
            Column("Importer's", "thousand t", group="Account"),
            Column("Of the sums", group="Asymmetry"),
            Column(f"By {view.period_word}", group="Asymmetry"),
            *([Column("Lagged", group="Asymmetry"), Column("Lag", "months")] if lagged else []),
        ],
        rows=rows,
        source=view.source_text,
        csv=csv_text(view.tidy(found.drop(columns="both"))),
        notes=(
            [
                "Lag: the importer's account moved back by 1 or 2 months, only where both then correlate at "
                "0.5 or more over 12 months and come closer."
            ]
            if lagged
            else []
        ),
    )


def _both(view: TradeView) -> pd.DataFrame:
    """Return both accounts of each country shown, one row a country."""
    told = view.reporting[view.reporting["period"].isin(view.periods_of(TABLES))]
    within = view.pairs[view.pairs["period"].isin(view.periods_of(TABLES))]
    board = mirror.board(within, told, view.flow, view.mirrored)
    rows = [_summed(view, country, within, told, board) for country in view.shown]
    return pd.concat(rows or [pd.DataFrame()], ignore_index=True)


def _apart(view: TradeView) -> pd.DataFrame:
    """Return the asymmetry of the pairs of each country shown, and what ``both`` sides told, the largest first."""
    own = "exporter" if view.flow == "export" else "importer"
    pairs = view.pairs[view.pairs[own].isin(view.shown) & view.pairs["period"].isin(view.drawn.periods)]
    found = mirror.asymmetry(pairs)
    found = found.assign(both=found.get("x_quantity_t", 0) + found.get("m_quantity_t", 0))
    return found[found["both"] > 0].sort_values(["both", "exporter", "importer"], ascending=[False, True, True])


def _summed(
    view: TradeView, country: str, within: pd.DataFrame, told: pd.DataFrame, board: mirror.Board
) -> pd.DataFrame:
    """Return one row: both accounts over the latest span, on flows that both report where the country reports."""
    own = "exporter" if view.flow == "export" else "importer"
    if country not in board.countries:
        return pd.DataFrame()
    pairs = within[within[own] == country]
    found = mirror.accounts(
        pairs, told, country=country, flow=view.flow, factor=view.factor, on=board, periods=view.latest.periods
    )
    both, every = (found[found["scope"] == scope] for scope in (_BOTH, "all"))
    used = both if both["own_quantity_t"].notna().all() and len(both) else every
    figures = [f"{side}_{what}" for side in ("own", "mirror") for what in ("quantity_t", "value_usd")]
    row = {name: used[name].sum(skipna=False) for name in figures}
    for measure, column in (("quantity", "quantity_t"), ("value", "value_usd")):
        base = row[f"own_{column}"]
        row[f"relative_gap_{measure}"] = row[f"mirror_{column}"] / base - 1 if base > 0 else float("nan")
    words = {f"{side}_valuation": _one(used[f"{side}_valuation"]) for side in ("own", "mirror")}
    counts = {name: used[name].min() for name in ("partners_reporting", "partners")}
    scope = used["scope"].iloc[0] if len(used) else ""
    return pd.DataFrame([{"country": country, "scope": scope, **row, **words, **counts}])


def _one(words: pd.Series) -> str:
    found = sorted({word for word in words if word})
    return max(found, key=len) if found else ""


def quantity(amount: float) -> str:
    return "" if numbers.is_missing(amount) else numbers.at_least(amount / 1e3, 1)


def value(amount: float) -> str:
    return "" if numbers.is_missing(amount) else numbers.at_least(amount / 1e6, 1)
