"""What licenses say of the metal's history, where the law turns on it."""

from __future__ import annotations

from aimlib.present import numbers
from aimlib.present.blocks import Prose, Table
from aimlib.present.duty_scenarios.view import DutyView
from aimlib.present.smelt_origin.exposures import exposures
from aimlib.present.smelt_origin.implied import census_words, implied_bounds

_RUSSIA, _UNKNOWN = "RUS", "unknown"


def smelt_rule(view: DutyView) -> list[Table | Prose]:
    """Return what a rule on the smelt of the countries watched would touch: licensed shares, implied tonnes."""
    if view.metal is None:
        return [Prose("smelt_rule", ["What a rule on smelt would touch needs import licenses, which are not held."])]
    return [exposures(view.metal), implied_bounds(view.metal)]


def russian_and_unknown(view: DutyView, tonnes: float) -> list[str]:
    """Say between which tonnes the metal lies that pays the rate on Russian or unknown smelt, as licenses imply.

    Their shares of the bulletin's twelve months are applied to the month's tonnes, for shares of single months may
    tell of single importers.
    """
    if view.metal is None:
        return ["How much of it was smelted in Russia, or is of unknown smelt, only licenses tell, and none are held."]
    bounds = view.metal.tables.implied_bounds
    own = bounds[(bounds["origin"] == view.metal.row) & (bounds["country"] == _RUSSIA)]
    if own.empty or numbers.is_missing(own["touched_high_kg"].iloc[0]) or not own["census_quantity_kg"].iloc[0] > 0:
        return ["How much of it was smelted in Russia, or is of unknown smelt, cannot be shown."]
    row = own.iloc[0]
    low, high = (row[name] / row["census_quantity_kg"] for name in ("touched_low_kg", "touched_high_kg"))
    return [
        "Goods that name Russia as smelt, or whose smelt is unknown or not covered by licenses, pay the rate on "
        f"Russian or unknown metal whatever their origin: implied at least {numbers.at_least(low * tonnes)} t and at "
        f"most {numbers.at_least(high * tonnes)} t of the {numbers.at_least(tonnes)} t, from license shares of "
        f"{census_words(view.metal)}."
    ]
