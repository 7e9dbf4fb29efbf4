"""Both accounts of the same trade: side by side, by pair, and what no account can show."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis import mirror
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.gatm_comparison.view import TradeView

_PAIRS = 12
_NAMED = 4
_BOTH = "both report"


def accounts_table(view: TradeView) -> Table | Prose:
    """Return each country's own account and its partners', over flows that both report where both do."""
    if view.is_reconciled:
        return Prose(
            "accounts", ["BACI has one figure a flow, reconciled by CEPII: there is no second account to compare."]
        )
    held = pd.concat([_summed(view, country) for country in view.shown] or [pd.DataFrame()], ignore_index=True)
    if held.empty:
        return Prose("accounts", [])
    rows = [
        Row(
            [
                view.name_of(row["country"]),
                *(_quantity(row[f"{side}_quantity_t"]) for side in ("own", "mirror")),
                numbers.percent_change(row["share_gap_quantity"]),
                *(_value(row[f"{side}_value_usd"]) for side in ("own", "mirror")),
                numbers.percent_change(row["share_gap_value"]),
                row["mirror_valuation"] or row["own_valuation"],
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
            Column("Importers' valuation", align="left"),
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
    own = "exporter" if view.flow == "export" else "importer"
    pairs = view.pairs[view.pairs[own].isin(view.shown) & view.pairs["period"].isin(view.drawn.periods)]
    found = mirror.asymmetry(pairs)
    found = found.assign(both=found.get("x_quantity_t", 0) + found.get("m_quantity_t", 0))
    found = found[found["both"] > 0].sort_values(["both", "exporter", "importer"], ascending=[False, True, True])
    if found.empty:
        return Prose("asymmetry", [])
    lagged = not view.annual
    rows = [
        Row(
            [
                view.name_of(row["exporter"]),
                view.name_of(row["importer"]),
                _quantity(row["x_quantity_t"]),
                _quantity(row["m_quantity_t"]),
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
                "Lag: the importer's account moved back by 0 to 2 months, the one with the highest correlation "
                "over 12 months or more."
            ]
            if lagged
            else []
        ),
    )


def invisible_table(view: TradeView) -> Table | Prose:
    """Return what cannot be seen of countries that are built from their partners."""
    built = view.standing[view.standing["standing"].isin(["mirror", "spliced"])]["country"].unique()
    named = [country for country in view.shown if country in set(built)]
    if view.is_reconciled or not named:
        return Prose("invisible", [])
    held = mirror.invisible(
        view.pairs, view.reporting, flow=view.flow, method=view.method or "reverse", mirrored=view.mirrored
    )
    held = held[held["country"].isin(named)]
    rows = []
    for country in named:
        for _, row in held[held["country"] == country].iterrows():
            rows.append(
                Row(
                    [
                        view.name_of(country),
                        f"{row['periods_reported']} of {row['periods']}",
                        str(row["partners_invisible"]),
                        _names(view, row["invisible"].split()),
                        numbers.percent(row["share_then"]),
                    ]
                )
            )
    if not rows:
        return Prose("invisible", [])
    return Table(
        key="invisible",
        title="What partners' reports cannot show",
        caption="Flows between two countries of which neither reports are in no account.",
        columns=[
            Column("Country", align="left"),
            Column("Own reports", view.period_noun),
            Column("Silent partners"),
            Column("Among them", align="left"),
            Column("Their share"),
        ],
        rows=rows,
        source=view.source_text,
        csv=csv_text(view.tidy(held)),
        notes=[
            *_left_out(view, named),
            "Their share: in the quantity of the country's own reports, where it has reported; blank where it "
            "never has.",
        ],
    )


def _left_out(view: TradeView, named: list[str]) -> list[str]:
    """Name the partners that report, but not every period, and what they told of that is not counted."""
    left = view.settled().left_out
    left = left[left["country"].isin(named) & (left["quantity_t"] > 0)]
    notes = []
    for country, rows in left.groupby("country", sort=False):
        largest = rows.sort_values("quantity_t", ascending=False, kind="stable").head(5)
        told = [
            f"{view.name_of(row['partner'])} ({row['periods_reported']} of {row['periods']} {view.period_noun}, "
            f"{_quantity(row['quantity_t'])} thousand t)"
            for _, row in largest.iterrows()
        ]
        notes.append(f"{view.name_of(country)}, left out for the sake of a constant set: {numbers.joined(told)}.")
    return notes


def band_table(view: TradeView) -> Table | Prose:
    """Return how the values of countries built from partners move with the CIF/FOB factor."""
    built = view.standing[view.standing["standing"].isin(["mirror", "spliced", "both"])]["country"].unique()
    named = [country for country in view.shown if country in set(built)]
    if view.is_reconciled or not named:
        return Prose("factor_band", [])
    held = view.bands
    own = held[held["country"].isin(named)].set_index("country")
    column = "fob_value_usd" if view.flow == "export" else "import_value_usd"
    own = own[own[f"{column}_low"].notna()]
    if own.empty:
        return Prose("factor_band", [])
    rows = [
        Row(
            [
                view.name_of(country),
                *(_value(own.at[country, f"{column}_{part}"]) for part in ("low", "central", "high")),
                numbers.percent(own.at[country, f"{column}_high"] / own.at[country, f"{column}_low"] - 1),
            ]
        )
        for country in named
        if country in own.index
    ]
    return Table(
        key="factor_band",
        title=f"How much hangs on the CIF/FOB factor, {view.latest_words}",
        caption=f"Value of {view.flows_word} {'(FOB)' if view.flow == 'export' else '(as importers record)'} "
        f"over the factors {view.band_words}.",
        columns=[
            Column("Country", align="left"),
            Column("Lowest", "million US$"),
            Column("Middle factor", "million US$"),
            Column("Highest", "million US$"),
            Column("Width of the band"),
        ],
        rows=rows,
        source=view.source_text,
        csv=csv_text(view.tidy(held)),
        notes=[view.factor_note] if view.factor_note else [],
    )


def _summed(view: TradeView, country: str) -> pd.DataFrame:
    """Return one row: both accounts over the latest span, on flows that both report where the country reports."""
    own = "exporter" if view.flow == "export" else "importer"
    pairs = view.pairs[(view.pairs[own] == country) & view.pairs["period"].isin(view.latest.periods)]
    reporting = view.reporting[view.reporting["period"].isin(view.latest.periods)]
    if country not in set(pairs[own]) | set(reporting["reporter"]):
        return pd.DataFrame()
    found = mirror.accounts(pairs, reporting, country=country, flow=view.flow, factor=view.factor)
    both, every = (found[found["scope"] == scope] for scope in (_BOTH, "all"))
    used = both if both["own_quantity_t"].notna().all() and len(both) else every
    figures = [f"{side}_{what}" for side in ("own", "mirror") for what in ("quantity_t", "value_usd")]
    row = {name: used[name].sum(skipna=False) for name in figures}
    for measure, column in (("quantity", "quantity_t"), ("value", "value_usd")):
        base = row[f"own_{column}"]
        row[f"share_gap_{measure}"] = row[f"mirror_{column}"] / base - 1 if base > 0 else float("nan")
    words = {f"{side}_valuation": _one(used[f"{side}_valuation"]) for side in ("own", "mirror")}
    counts = {name: used[name].min() for name in ("partners_reporting", "partners")}
    scope = used["scope"].iloc[0] if len(used) else ""
    return pd.DataFrame([{"country": country, "scope": scope, **row, **words, **counts}])


def _one(words: pd.Series) -> str:
    found = sorted({word for word in words if word})
    return max(found, key=len) if found else ""


def _quantity(amount: float) -> str:
    return "" if numbers.is_missing(amount) else numbers.at_least(amount / 1e3, 1)


def _value(amount: float) -> str:
    return "" if numbers.is_missing(amount) else numbers.at_least(amount / 1e6, 1)


def _names(view: TradeView, codes: list[str]) -> str:
    first = [code for code in codes if code in view.mirrored] + [code for code in codes if code not in view.mirrored]
    named = [view.name_of(code) for code in first[:_NAMED]]
    return numbers.joined(named) if len(codes) <= _NAMED else f"{', '.join(named)} and others"
