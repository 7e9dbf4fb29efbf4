"""What each country's trade is made of: the categories as bars of one hundred percent."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis import world
from aimlib.present import numbers, style
from aimlib.present.blocks import Figure, Prose, csv_text
from aimlib.present.charts import shares as charts
from aimlib.present.gatm_comparison.view import TOTAL, TradeView
from aimlib.reference import products


def category_mix(view: TradeView) -> Figure | Prose:
    """Return the category mix of the countries shown and of all; nothing where the product is one category."""
    if len(view.product.categories) < 2:
        return Prose("category_mix", [])
    held = view.kept("category_mix", lambda: _mix(view))
    known = held.dropna(subset=[view.share])
    if known.empty:
        return Prose("category_mix", [])
    order = [slug for slug in view.product.categories if slug in set(known["product"])]
    frame = pd.DataFrame(
        {
            "name": [view.name_of(country) for country in known["country"]],
            "part": [products.short_title(slug) for slug in known["product"]],
            "share": known[view.share],
            "told": [numbers.percent(share) for share in known[view.share]],
        }
    )
    top = known[known["country"] == TOTAL].nlargest(2, view.share)
    told = [f"{products.short_title(row['product'])} {numbers.percent(row[view.share])}" for _, row in top.iterrows()]
    colors = {products.short_title(slug): color for slug, color in zip(order, style.PARTS, strict=False)}
    return Figure(
        key="category_mix",
        title=f"{view.flows_word.capitalize()} by category, {view.latest_words}",
        caption=f"Share of {view.measure.noun}. All countries: those whose figures are complete.",
        alt=f"Bars of one hundred percent, one a country, all countries first. Of all, the largest categories are "
        f"{numbers.joined(told)}.",
        source=view.source_text,
        chart=charts.hundred_percent_bars(frame, f"Share of {view.measure.noun}", colors),
        csv=csv_text(view.tidy(held)),
    )


def _mix(view: TradeView) -> pd.DataFrame:
    settled = view.settled(by_category=True)
    named = [TOTAL, *view.shown]
    return world.category_mix(settled.flows, settled.standing, flow=view.flow, span=view.latest, countries=named)
