"""From a number of the duty report back: to the measures of the law, the imports rated, and the prices."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.duty.compare import MONEY
from aimlib.analysis.duty.rate import rate_entries
from aimlib.bulletin.explaining import derivation
from aimlib.bulletin.explaining.derivation import Derivation, Sum, derived
from aimlib.bulletin.explaining.imports import CENSUS, CENSUS_YTD
from aimlib.bulletin.explaining.places import Place
from aimlib.present import numbers
from aimlib.present.duty_scenarios.metal import metal_rules, russian_and_unknown_row
from aimlib.present.duty_scenarios.view import DutyView
from aimlib.present.smelt_origin.implied import census_words
from aimlib.reference.law.model import Rule
from aimlib.reference.p1020 import USD_T_FOR_C_LB, factor_on

PRICES = "prices"
_RATE = ("waterfall", "measures")
_ON_ENTRY = (*_RATE, "not_due", "changes", "rate_over_time", "rate_steps", "references")
_BY_MONTH = ("collected", "collected_over_time", "tonnes_by_rate")
_ON_IMPORTS = (*_BY_MONTH, "scenarios", "duty_by_product", "demand")
_WHOLE = "census_quantity_kg"
_MEANS = {"effective_pct": "statutory_duty_usd", "effective_low_pct": "low_duty_usd",
          "effective_high_pct": "high_duty_usd"}  # fmt: skip
_DUTY_FIGURES = {"effective_rate": "effective_pct", "statutory_duty": "statutory_duty_usd"}
OF_LICENSES = "Implied by licenses"
"""How the row of the tonnes by rate begins that rests on licenses."""
_P1020_FIGURES = {"p1020_duty": "duty_usd_t", "p1020_premium": "duty_unpaid_premium_c_lb"}


def derive_duty(view: DutyView, place: Place) -> Derivation | None:
    """Return how a number of the duty report was worked out; None for what is not made of measures, imports, prices."""
    if place.key == "key_figures":
        return _headline(view, place)
    if is_of_licenses(place):
        return _russian_and_unknown(view, place)
    row, column = place.row, place.column
    if row is None:
        return None
    if place.key in _RATE and column in ("pct", "rate_pct"):
        one = [line for line in view.answer.due if line.rule.id == row["id"]]
        return _measures(view, [line.rule for line in one], column) if one else None
    if place.key in ("scenarios", "duty_by_product"):
        rated = _rated(view, str(row["scenario"]))
        if rated is not None and isinstance(row.get("product"), str):
            rated = rated[rated["product"] == row["product"]]
        return None if rated is None else _of_imports(view, rated, column)
    if place.key == "p1020" and row.get("average") == "daily":
        return _p1020(view, column)
    return None


def is_of_licenses(place: Place) -> bool:
    """Say whether a number of the duty report is what licenses imply, in a table of imports."""
    return place.key == "tonnes_by_rate" and place.where.startswith(OF_LICENSES)


def rules_behind(view: DutyView, place: Place) -> tuple[Rule, ...]:
    """Return the measures of the law that a number rests on, in the order in which they are tried.

    For a duty on imports they are all that apply to a row of them and are in its sum, with no claims made; for what
    licenses imply those on Russian and unknown metal; for the reporter's series and its like there are none; else they
    are those due on the entry.
    """
    due = tuple(line.rule for line in view.answer.due)
    if is_of_licenses(place):
        return metal_rules(view, min((view.latest + pd.offsets.MonthEnd(0)).date(), view.law_end))
    if place.key in _RATE and place.row is not None:
        return tuple(rule for rule in due if rule.id == place.row["id"])
    if place.figure in _DUTY_FIGURES:
        return _applied(view, month_by_month=False)
    if place.key in _ON_IMPORTS:
        return _applied(view, month_by_month=(place.row or {}).get("scenario") == "law" or place.key in _BY_MONTH)
    return due if place.figure in ("rate", "refundable") or place.key in _ON_ENTRY else ()


def _applied(view: DutyView, *, month_by_month: bool) -> tuple[Rule, ...]:
    """Return the measures that apply to the imports of the newest year, on the day of the law or on their own days."""
    if view.imports is None:
        return ()
    rows = view.newest_year[["origin", "code", "first", "last"]].drop_duplicates()
    days = [min(day, view.law_end) for day in rows["last"]] if month_by_month else [view.facts.on] * len(rows)
    entries = pd.DataFrame(
        {
            "entry_date": pd.to_datetime(pd.Series(days, index=rows.index)),
            "hts": rows["code"],
            "origin": rows["origin"],
            "largest_smelt": rows["origin"],
            "recent_cast": rows["origin"],
            "claims": "",
        }
    ).drop_duplicates()
    rated = rate_entries(entries, law=view.law, known_on=view.known_on, extend=view.extended)
    rules = [view.law.rules[place] for place in sorted(rated.parts()["place"].unique())]
    # Fees and deposits stand beside the sum; what has no rate held may be in its upper bound.
    return tuple(rule for rule in rules if rule.in_total or rule.may_add)


def _headline(view: DutyView, place: Place) -> Derivation | None:
    if place.is_note:
        return None
    if place.figure == "rate" and view.answer.total_pct is not None:
        return _measures(view, [line.rule for line in view.answer.due], "pct")
    if place.figure in _DUTY_FIGURES:
        return _of_imports(view, view.today, _DUTY_FIGURES[place.figure])
    if place.figure in _P1020_FIGURES:
        return _p1020(view, _P1020_FIGURES[place.figure])
    return None


def _measures(view: DutyView, rules: list[Rule], column: str) -> Derivation | None:
    ids = {rule.id for rule in rules}
    rows = pd.DataFrame(
        [
            {
                "measure": line.rule.title,
                "id": line.rule.id,
                "heading": line.rule.heading,
                "rate_pct": line.rate_pct,
                "share_of_value": line.share_of_value,
                "pct": line.pct,
            }
            for line in view.answer.due
            if line.rule.id in ids
        ]
    )
    words = f"Measures due on {view.line_words} from {view.origin_words}, {view.day_words}"
    return derivation.total(Sum(words, "", rows, column, unit="percent of customs value"))


def _rated(view: DutyView, scenario: str) -> pd.DataFrame | None:
    if view.imports is None:
        return None
    if scenario in ("today", "law"):
        return view.today if scenario == "today" else view.newest_rated
    return view.by_scenario.get(scenario)


def _of_imports(view: DutyView, rated: pd.DataFrame, column: str) -> Derivation | None:
    if column in _MEANS:
        parts = [_rated_sum(view, rated, name) for name in (_MEANS[column], "covered_value_usd")]
        return derived("A / B × 100", lambda a, b: a / b * 100, parts)
    if column in (*MONEY, "covered_value_usd"):
        return derivation.total(_rated_sum(view, rated, column))
    return None


def _rated_sum(view: DutyView, rated: pd.DataFrame, column: str) -> Sum:
    rows = rated.assign(
        covered_value_usd=rated["customs_value_usd"].where(rated["statutory_pct"].notna()),
        month=pd.to_datetime(rated["last"]).dt.to_period("M").dt.start_time,
    )
    shown = ["month", "origin", "code", "customs_value_usd", "statutory_pct"]
    rows = rows.loc[rows[column].notna(), [*shown, *([column] if column not in shown else [])]]
    what = {"covered_value_usd": "Customs value of the imports that the law held covers"}.get(column)
    told = what or ("Customs value" if column == "customs_value_usd" else "Duty, the rate of each row on its value")
    return Sum(
        words=f"{told}: {view.product.phrase} {view.from_place}, {view.year_words}",
        table=CENSUS_YTD if view.is_year else CENSUS,
        rows=rows.sort_values(column, ascending=False, kind="stable", ignore_index=True),
        column=column,
        unit="US$",
        concept="consumption",
        periods=tuple(sorted({f"{month:%Y-%m}" for month in rows["month"]})),
    )


def _russian_and_unknown(view: DutyView, place: Place) -> Derivation | None:
    """Return an end of the range of Russian or unknown metal: its share over the bulletin's months, of the month."""
    row, parts = russian_and_unknown_row(view), view.latest_parts
    if row is None:
        return None
    # A line whose rate changes within the month is in two parts, each with its part of the days.
    rows = parts.assign(quantity_kg=parts["quantity_kg"] * parts["weight"])
    months = census_words(view.metal)
    held = row.to_frame().T.infer_objects()
    month = Sum(
        f"Imports {view.from_place}, {view.latest_words}", CENSUS_YTD if view.is_year else CENSUS,
        rows.groupby(["origin", "code"], as_index=False)["quantity_kg"].sum(), "quantity_kg", 1000.0, "t",
        concept="consumption", periods=(f"{view.latest:%Y-%m}",),
    )  # fmt: skip
    whole = Sum(f"All of these imports, {months}", "", held[["origin", _WHOLE]], _WHOLE, 1000.0, "t")
    words = {
        "touched_low_kg": "Metal that names Russia as smelt",
        "touched_high_kg": "Metal that names Russia as smelt, is of unknown smelt, or that no license covers",
    }
    found = []
    for column, what in words.items():
        part = Sum(f"{what}, as licenses imply, {months}", "", held[["origin", "country", column]], column, 1000.0, "t")
        remark = "A / B is the share over these months: shares of single months may tell of single importers."
        found.append(derived("A / B × C", lambda a, b, c: a / b * c, [part, whole, month], [remark]))
    return next((one for one in found if one and numbers.plain(one.amount) == place.printed), None)


def _p1020(view: DutyView, column: str) -> Derivation | None:
    """Return the derivation of the duty or the duty-unpaid premium of the newest day from its price and freight."""
    if view.daily.empty or column.removesuffix("_usd_t").removesuffix("_c_lb") not in ("duty", "duty_unpaid_premium"):
        return None
    last = view.daily[view.daily["duty_c_lb"].notna()].iloc[-1]
    rate, by_ton = float(last["rate"]), column.endswith("_usd_t")
    price, freight, premium = (
        _price(last, name, words)
        for name, words in (
            ("mwtp_c_lb", "Midwest transaction price"),
            ("freight_c_lb", "Freight factor"),
            ("premium_c_lb", "Midwest transaction premium"),
        )
    )
    duty = f"(A − B) / (1 + {rate:g}) × {rate:g}"
    scale = USD_T_FOR_C_LB if by_ton else 1.0
    words = f" × {USD_T_FOR_C_LB:g} US$/t for one c/lb" if by_ton else ""

    def of(a: float, b: float) -> float:
        return (a - b) / (1 + rate) * rate

    factor = factor_on(last["day"].date())
    remark = [
        f"{rate:g} is the reporter's factor since {numbers.day_name(factor.first_day)} ({factor.source}; "
        f"{factor.confidence}); the figures are in c/lb."
    ]
    if column.startswith("duty_unpaid"):
        formula = f"C − {duty}" if not by_ton else f"(C − {duty}){words}"
        return derived(formula, lambda a, b, c: (c - of(a, b)) * scale, [price, freight, premium], remark)
    return derived(f"{duty}{words}", lambda a, b: of(a, b) * scale, [price, freight], remark)


def _price(day: pd.Series, column: str, words: str) -> Sum:
    rows = pd.DataFrame({"day": [day["day"]], column: [day[column]]})
    period = f"{day['day']:%Y-%m}"
    return Sum(f"{words}, {numbers.day_name(day['day'])}", PRICES, rows, column, unit="c/lb", periods=(period,))
