"""What partners' reports cannot show: the partners that do not report, and what they were to a country when it did."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis import mirror
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.gatm_comparison.accounts import quantity
from aimlib.present.gatm_comparison.cautions import PARTNERS_TOLD
from aimlib.present.gatm_comparison.view import TABLES, TradeView

_NAMED = 4


def invisible_table(view: TradeView) -> Table | Prose:
    """Return, for the countries shown that rest on partners, who is silent and what share they had in own reports."""
    built = set(view.standing.loc[view.standing["standing"].isin(PARTNERS_TOLD), "country"])
    named = [country for country in view.shown if country in built]
    if view.is_reconciled or not named:
        return Prose("invisible", [])
    held = view.kept("invisible", lambda: _unseen(view, named))
    return Table(
        key="invisible",
        title="What partners' reports cannot show",
        caption="Flows with countries that do not report are in no account. Their share is that in the last "
        "year of the country's own reports.",
        columns=[
            Column("Country", align="left"),
            Column("Silent partners"),
            Column("Last own year"),
            Column("Their share then"),
            Column("The largest then", align="left"),
        ],
        rows=[
            Row(
                [
                    view.name_of(row["country"]),
                    str(row["partners_invisible"]),
                    "" if numbers.is_missing(row["last_own_year"]) else str(int(row["last_own_year"])),
                    numbers.percent(row["share_then"]),
                    row["largest_then"] if isinstance(row["largest_then"], str) else "",
                ]
            )
            for _, row in held.iterrows()
        ],
        source=view.source_text,
        csv=csv_text(view.tidy(held)),
        notes=_left_out(view, named),
        empty="No country shown rests on its partners.",
    )


def _unseen(view: TradeView, named: list[str]) -> pd.DataFrame:
    """Return the silent partners of the countries named, in their order, with what these were when it reported."""
    periods = view.periods_of(TABLES)
    pairs, told = (frame[frame["period"].isin(periods)] for frame in (view.pairs, view.reporting))
    asked = {"flow": view.flow, "method": view.method or "reverse", "mirrored": view.mirrored}
    held = mirror.invisible(pairs, told, **asked).drop(columns="share_then")
    held = held[held["country"].isin(named)]
    held = held.merge(_when_it_reported(view, tuple(named), held), on="country", how="left")
    order = {country: place for place, country in enumerate(named)}
    return held.sort_values("country", key=lambda codes: codes.map(order), kind="stable")


def _when_it_reported(view: TradeView, named: tuple[str, ...], held: pd.DataFrame) -> pd.DataFrame:
    """Return country, last_own_year, share_then and largest_then of the partners that are silent now."""
    own = view.read_own(named)
    rows = []
    for country, partners in zip(held["country"], held["invisible"], strict=True):
        mine = own[own["reporter"] == country].dropna(subset=["quantity_t"])
        if mine.empty:
            continue
        last = mine[mine["period"] == mine["period"].max()].set_index("partner")["quantity_t"]
        silent = last[last.index.isin(partners.split())].sort_values(ascending=False, kind="stable")
        shares = (silent[silent > 0] / last.sum()).head(_NAMED)
        rows.append(
            {
                "country": country,
                "last_own_year": mine["period"].max().year,
                "share_then": silent.sum() / last.sum() if last.sum() > 0 else float("nan"),
                "largest_then": ", ".join(
                    f"{view.name_of(partner)} {numbers.percent(part)}" for partner, part in shares.items()
                ),
            }
        )
    return pd.DataFrame(rows, columns=["country", "last_own_year", "share_then", "largest_then"])


def _left_out(view: TradeView, named: list[str]) -> list[str]:
    """Name the partners that report, but not every period, and what they told of that is not counted."""
    left = view.settled().left_out
    left = left[left["country"].isin(named) & (left["quantity_t"] > 0)]
    notes = []
    for country, rows in left.groupby("country", sort=False):
        largest = rows.sort_values("quantity_t", ascending=False, kind="stable").head(5)
        told = [
            f"{view.name_of(row['partner'])} ({row['periods_reported']} of {row['periods']} {view.period_noun}, "
            f"{quantity(row['quantity_t'])} thousand t)"
            for _, row in largest.iterrows()
        ]
        notes.append(f"{view.name_of(country)}, left out for the sake of a constant set: {numbers.joined(told)}.")
    return notes
