"""What licenses say of the metal's history, where the law turns on it."""

from __future__ import annotations

from datetime import date

import pandas as pd

from aimlib.analysis.metal.exposures import ANY_OR_CAST
from aimlib.analysis.metal.fields import NOT_COVERED, UNKNOWN
from aimlib.analysis.totals import TOTAL
from aimlib.present import numbers
from aimlib.present.blocks import Prose, Table
from aimlib.present.duty_scenarios.view import DutyView
from aimlib.present.smelt_origin.exposures import exposures
from aimlib.present.smelt_origin.implied import census_words, implied_bounds
from aimlib.reference.law.model import Rule

_RUSSIA, _UNKNOWN = "RUS", UNKNOWN


def smelt_rule(view: DutyView) -> list[Table | Prose]:
    """Return what a rule on the smelt of the countries watched would touch: licensed shares, implied tonnes."""
    if view.metal is None:
        return [Prose("smelt_rule", ["What a rule on smelt would touch needs import licenses, which are not held."])]
    return [exposures(view.metal), implied_bounds(view.metal)]


def metal_rules(view: DutyView, day: date) -> tuple[Rule, ...]:
    """Return the measures in force on a day that turn on Russian or unknown metal, whatever its origin."""
    return tuple(
        rule
        for rule in view.law.rules
        if rule.metal is not None and rule.metal.countries <= {_RUSSIA, _UNKNOWN} and rule.in_force(day, view.known_on)
    )


def russian_and_unknown(view: DutyView, tonnes: float) -> list[str]:
    """Say between which tonnes the metal lies that pays the rate on Russian or unknown smelt, as licenses imply.

    Their shares of the bulletin's twelve months are applied to the month's tonnes, for shares of single months may
    tell of single importers.
    """
    if view.metal is None:
        return ["How much of it was smelted in Russia, or is of unknown smelt, only licenses tell, and none are held."]
    rule = "Metal smelted or cast in Russia, or of unknown smelt or cast, pays the rate on it whatever its origin."
    row = russian_and_unknown_row(view)
    if row is None:
        return [f"{rule} Licenses tell nothing of it here."]
    months = census_words(view.metal)
    if not numbers.is_missing(row["touched_high_kg"]) and not numbers.is_missing(row["touched_low_kg"]):
        low, high = (row[name] / row["census_quantity_kg"] * tonnes for name in ("touched_low_kg", "touched_high_kg"))
        return [
            f"{rule} At the shares of licenses of {months}, by smelt, it is at least {numbers.at_least(low)} t and at "
            f"most {numbers.at_least(high)} t of the {numbers.at_least(tonnes)} t; what is unknown or not covered by "
            "licenses is in the second."
        ]
    if not numbers.is_missing(row["touched_low_kg"]):
        named = _named(view, row, months, tonnes)
        return [f"{rule} {named}; what is of unknown smelt is not shown, for the sake of single importers."]
    return [_unknown_only(view, rule, months, tonnes)]


def russian_and_unknown_range(view: DutyView, tonnes: float) -> list[tuple[str, str]]:
    """Return the same range as printed, none where it cannot be shown."""
    row = russian_and_unknown_row(view)
    if row is None:
        return []
    ends = [row[name] / row["census_quantity_kg"] * tonnes for name in ("touched_low_kg", "touched_high_kg")]
    return [] if any(map(numbers.is_missing, ends)) else [tuple(numbers.plain(end) for end in ends)]


def russian_and_unknown_row(view: DutyView) -> pd.Series | None:
    """Return the row of the bounds that the range is taken from, None where there is none."""
    if view.metal is None:
        return None
    bounds = view.metal.tables.implied_bounds
    own = bounds[(bounds["origin"] == view.metal.row) & (bounds["country"] == _RUSSIA)]
    return None if own.empty or not own["census_quantity_kg"].iloc[0] > 0 else own.iloc[0]


def _named(view: DutyView, row: pd.Series, months: str, tonnes: float) -> str:
    """Say what names Russia, where it may be told."""
    if row["touched_low_kg"] > 0:
        named = numbers.at_least(row["touched_low_kg"] / row["census_quantity_kg"] * tonnes)
        return f"Licenses of {months} imply that {named} t of the {numbers.at_least(tonnes)} t name Russia as smelt"
    held = view.metal.tables.exposures
    own = held[(held["origin"] == view.metal.row) & (held["country"] == _RUSSIA) & (held["measure"] == ANY_OR_CAST)]
    is_told_of_cast = (own["suppressed"] == "").any() and not (own["quantity_kg"] > 0).any()
    return f"Nothing is named as smelted {'or cast ' if is_told_of_cast else ''}in Russia"


def _unknown_only(view: DutyView, rule: str, months: str, tonnes: float) -> str:
    """Say what is of unknown smelt, where the metal named as Russian is not shown."""
    implied = view.metal.tables.implied
    own = implied[implied["origin"] == view.metal.row].set_index("largest_smelt")["implied_quantity_kg"]
    total = own.get(TOTAL, float("nan"))
    told = f"{rule} What names Russia is not shown, for the sake of single importers"
    unknown, uncovered = (own.get(name, float("nan")) / total * tonnes for name in (_UNKNOWN, NOT_COVERED))
    if numbers.is_missing(unknown):
        return f"{told}, nor is what is unknown."
    most = unknown + (0.0 if numbers.is_missing(uncovered) else uncovered)
    return (
        f"{told}. Without it, licenses of {months} imply that at least {numbers.at_least(unknown)} t of the "
        f"{numbers.at_least(tonnes)} t are of unknown smelt, and at most {numbers.at_least(most)} t with what is not "
        "covered by licenses."
    )
