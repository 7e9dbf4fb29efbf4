"""What must stand beside a number: who is too thinly told, whose figures are lower bounds, what is beyond reason."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aimlib.analysis.world import Span
from aimlib.present import numbers
from aimlib.present.gatm_comparison.view import MOST_MOVED, TABLES, TradeView

PARTNERS_TOLD = ("mirror", "spliced")
_NAMED = 5
# From this part of a country's quantity on, flows beyond reason are named beside it.
_WORTH_NAMING = 0.01


def sample_note(view: TradeView) -> list[str]:
    """Say of the embedded sample that its two halves are not of one world."""
    if not any(source["sample"] for source in view.sources):
        return []
    return [
        "The sample's world trade and its U.S. imports are made up apart from each other: what countries export to the "
        "United States here does not reconcile with the sample's Census figures."
    ]


def thin_notes(view: TradeView, use: str = TABLES, among: Sequence[str] | None = None) -> list[str]:
    """Say which countries have no figure because large partners are late."""
    held = view.thin(use)
    if among is not None and len(held):
        held = held[held["country"].isin(among)]
    return [
        f"{view.name_of(row['country'])}: no figure, for partners that told "
        f"{numbers.percent(row['share_left_out'])} of "
        f"its trade have not reported throughout ({_names(view, row['left_out'])})."
        for _, row in held.iterrows()
    ]


def bounds_note(view: TradeView, shown: pd.DataFrame) -> list[str]:
    """Say what the brackets mean, and that sums of partners' reports are lower bounds."""
    if not shown["standing"].isin(PARTNERS_TOLD).any():
        return []
    return [
        f"In brackets: partners that report every {view.period_word} of what is compared, of all countries that trade. "
        "What the others bought or sold is invisible, so that these figures are lower bounds and their ranks "
        "the lowest possible."
    ]


def unheard(view: TradeView) -> pd.DataFrame:
    """Return the countries that are not compared but named by partners: country, quantity_t, largest first."""
    if view.is_reconciled:
        return pd.DataFrame(columns=["country", "quantity_t"])
    return view.kept("unheard", lambda: _not_compared(view))


def _not_compared(view: TradeView) -> pd.DataFrame:
    own, told = ("exporter", "m_quantity_t") if view.flow == "export" else ("importer", "x_quantity_t")
    rows = view.pairs[view.pairs["period"].isin(view.latest.periods)]
    sums = rows.groupby(own)[told].sum()
    held = set(view.standing.loc[view.standing["standing"] != "missing", "country"]) | set(view.thin()["country"])
    sums = sums[(sums > 0) & ~sums.index.isin(held)].sort_values(ascending=False, kind="stable")
    return sums.rename("quantity_t").rename_axis("country").reset_index()


def unheard_note(view: TradeView) -> list[str]:
    """Name the traders that neither report nor are built from partners, with what partners tell of them."""
    held = unheard(view)
    held = held[held["country"].map(view.is_country).astype(bool)]
    if held.empty:
        return []
    told = [f"{view.name_of(row['country'])} {_thousand(row['quantity_t'])}" for _, row in held.head(_NAMED).iterrows()]
    more = f" and {len(held) - _NAMED} more" if len(held) > _NAMED else ""
    listed = ", ".join(told) + more if more else numbers.joined(told)
    return [
        f"Not among the countries compared, for they did not report and are not built from partners (thousand t by "
        f"partners' reports): {listed}; together {_thousand(held['quantity_t'].sum())}."
    ]


def doubtful_of(view: TradeView, country: str, spans: Sequence[Span | None]) -> pd.DataFrame:
    """Return the flows beyond reason that make up a hundredth or more of a country's quantity of a span."""
    if view.doubtful.empty:
        return view.doubtful
    own = "exporter" if view.flow == "export" else "importer"
    found = []
    for span in (span for span in spans if span is not None):
        rows = view.flows[(view.flows[own] == country) & view.flows["period"].isin(span.periods)]
        mine = view.doubtful[(view.doubtful[own] == country) & view.doubtful["period"].isin(span.periods)]
        found.append(mine[mine["quantity_t"] >= _WORTH_NAMING * rows["quantity_t"].sum()])
    return pd.concat(found, ignore_index=True).drop_duplicates() if found else view.doubtful.iloc[:0]


def doubtful_notes(view: TradeView, shown: Sequence[str], spans: Sequence[Span | None]) -> list[str]:
    """Name the flows beyond reason on which figures of the countries shown rest."""
    other = "importer" if view.flow == "export" else "exporter"
    notes = []
    for country in shown:
        rows = doubtful_of(view, country, spans)
        told = [
            f"{view.to_or_from} {view.name_of(row[other])} in {view.period_name(row['period'])} "
            f"{_thousand(row['quantity_t'])} thousand t at {numbers.plain(row['unit_value_usd_t'])} US$/t"
            for _, row in rows.head(_NAMED).iterrows()
        ]
        if told:
            notes.append(f"Beyond reason, yet in the sums of {view.phrase_of(country)}: {'; '.join(told)}.")
    return notes


def weights_note(view: TradeView, shown: pd.DataFrame) -> list[str]:
    """Say which part of value has no weight, now and a year before, where quantities are shown."""
    if view.measure.key != "quantity" or not len(shown):
        return []
    before = shown.get("covered_share_base", pd.Series(float("nan"), index=shown.index))
    lacking = shown[(shown["covered_share"] < 0.9995) | (before < 0.9995)]
    if lacking.empty:
        return []
    told = []
    for country, row in lacking.iterrows():
        text = f"{view.name_of(country)} {_lacks(row['covered_share'])}"
        base = before.get(country)
        told.append(text if numbers.is_missing(base) else f"{text} ({_lacks(base)})")
    when = " (a year before in brackets)" if before.notna().any() else ""
    return [
        f"Share of value without a weight, which quantities leave out{when}: {numbers.joined(told)}. Where it "
        f"moved by more than {numbers.percent(MOST_MOVED, 0)} of value, the change of the quantity is left blank."
    ]


def _lacks(covered: float) -> str:
    return numbers.percent(max(1 - covered, 0.0)) or "all"


def _names(view: TradeView, codes: str) -> str:
    named = [view.name_of(code) for code in codes.split()]
    return (
        numbers.joined(named) if len(named) <= _NAMED else f"{', '.join(named[:_NAMED])} and {len(named) - _NAMED} more"
    )


def _thousand(tons: float) -> str:
    return numbers.at_least(tons / 1e3, 1)
