"""Opening the duty report."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pandas as pd

from aimlib.analysis.duty.assumptions import Assumptions, parse_shares
from aimlib.analysis.duty.explain import explain
from aimlib.analysis.duty.facts import Facts
from aimlib.analysis.duty.scenario_files import is_file_name, read_scenarios
from aimlib.bulletin.opening.duty_prices import freight_parts, p1020_inputs
from aimlib.bulletin.opening.keeping import Keep, keeping, unshared
from aimlib.bulletin.opening.report import Report, as_origin, check_day
from aimlib.bulletin.opening.smelt_origin import smelt_origin
from aimlib.bulletin.parameters import DutyScenarios, SmeltOrigin
from aimlib.bulletin.parameters.duty import ORIGIN, elasticities, freights_by_origin
from aimlib.errors import AimError
from aimlib.ingest.imports import Imports, YearToDate
from aimlib.ingest.read import read_imports, read_ytd
from aimlib.ingest.read_p1020 import P1020Inputs
from aimlib.present import numbers
from aimlib.present.blocks import Cover
from aimlib.present.duty_scenarios.view import DutyView
from aimlib.present.duty_scenarios.words import entry_words
from aimlib.present.smelt_origin.view import MetalView
from aimlib.present.view import months_window
from aimlib.reference import countries, periods, products
from aimlib.reference.countries import Place
from aimlib.reference.law import Law, law
from aimlib.reference.law.model import digits
from aimlib.settings import read_settings
from aimlib.store import Store, resolve_store

_USUAL_ORIGIN = "CAN"
"""The origin of the rate where none is asked for and no imports tell one: the largest supplier."""
_LEVEL = "hts10"
_TABLES = ("census_imports", "census_imports_ytd", "prices")
_OF_THE_PLACE = ("country", "line", "origin", "smelt", "cast", "claim", "watch", "top")
_DIGESTED = (
    *("smelt", "cast", "scenario", "claims", "watch", "freight", "freights"),
    *("sea_freight", "port_freight", "fob_canada", "base_day", "weight_canada", "elasticity", "pass_through", "top"),
)


def duty_scenarios(parameters: DutyScenarios) -> Report:
    """Open the report; raises as `open_report` tells, and AimError where the law held has no answer for the entry."""
    store = resolve_store(read_settings().store)
    check_day(store, parameters.as_of)
    if bool(parameters.elasticity) != (parameters.pass_through is not None):
        raise AimError(
            "A response of demand needs both elasticity and pass_through.",
            "Give both, such as elasticity=-1 pass_through=1.",
        )
    held = law()
    as_of = parameters.as_of or (store.known_days()[-1] if not store.is_empty else dt.date.today())
    day = parameters.on or (as_of if parameters.extend else min(as_of, held.coverage.verified_through))
    place = as_origin(countries.resolve(parameters.country))
    imports, why = _imports(store, parameters, place, as_of)
    facts = _facts(parameters, place, imports, day)
    # The entry must have an answer before anything is made of it.
    known_on = as_of if as_of < held.coverage.verified_through else None
    answer = explain(facts, law=held, known_on=known_on, extend=parameters.extend)
    first, last = _window(parameters, imports)
    keep = _keeping(store, parameters.model_copy(update={"as_of": as_of, "on": day}))
    prices = p1020_inputs(store, as_of, parameters.freight, keep)
    _check_base_day(parameters, prices)
    metal = _metal(store, parameters, as_of)
    view = DutyView(
        place=place,
        product=imports.product if imports is not None else products.resolve(parameters.product),
        as_of=as_of,
        facts=facts,
        answer=answer,
        law=held,
        extended=parameters.extend,
        imports=imports,
        why_no_imports=why,
        first=first,
        last=last,
        scenarios=read_scenarios(parameters.scenario),
        assumptions=Assumptions(parse_shares(parameters.claims)),
        prices=prices,
        freights=freights_by_origin(parameters.freights),
        freight_parts_usd_t=freight_parts(store, as_of, keep),
        sea_freight_usd_t=parameters.sea_freight,
        port_freight_usd_t=parameters.port_freight,
        fob_canada_c_lb=parameters.fob_canada,
        base_day=parameters.base_day,
        weight_canada=parameters.weight_canada,
        elasticities=elasticities(parameters.elasticity),
        pass_through=parameters.pass_through,
        top=parameters.top,
        metal=metal,
        keep=lambda name, make: keep(name, lambda: {"frame": make()})["frame"],
        read_sources=lambda: (
            *(imports.sources if imports is not None else ()),
            *prices.sources,
            *(metal.sources if metal is not None else ()),
        ),
    )
    resolved = parameters.model_copy(update={"as_of": as_of, "on": day, "origin": facts.origin})
    return Report(
        "duty_scenarios",
        resolved,
        (resolved.country, view.product.key, digits(resolved.line), facts.origin),
        view,
        store.is_sample,
        lambda: view.sources,
        lambda: _cover(view, held),
        _cuts(parameters),
    )


def _keeping(store: Store, parameters: DutyScenarios) -> Keep:
    """Return how frames are shared that do not depend on the place, the entry explained and the metal watched."""
    # What stands in a file of the user's is not told by its name.
    if any(map(is_file_name, parameters.scenario.split(","))):
        return unshared
    return keeping(store, "duty_scenarios", parameters, tables=_TABLES, but=_OF_THE_PLACE)


def _imports(
    store: Store, parameters: DutyScenarios, place: Place, as_of: dt.date
) -> tuple[Imports | YearToDate | None, str]:
    """Return imports by tariff line, the year to date where no months are held, or None and why."""
    asked: dict[str, Any] = {"as_of": as_of, "concept": parameters.concept, "product": parameters.product}
    why = ""
    for read in (read_imports, read_ytd):
        try:
            held = read(store, **asked)
        except AimError as none_held:
            why = why or none_held.message
            continue
        if held.code_level != _LEVEL:
            why = f"The imports held are by {held.code_level.upper()}, and the law goes by tariff line (HTS10)."
        elif not parameters.extend and _first_day(held) > law().coverage.verified_through:
            why = f"All of it is after {law().coverage.verified_through}, through which the law is verified."
        elif place.kind != "all" and not held.rows["origin"].isin(place.members).any():
            why = f"The table held has no imports of {held.product.phrase} from {place.phrase}."
        else:
            return held, ""
    return None, f"Duty on actual imports cannot be counted. {why}"


def _first_day(held: Imports | YearToDate) -> dt.date:
    if isinstance(held, Imports):
        return held.months.loc[held.months["loaded"], "month"].min().date()
    return dt.date(int(held.periods["year"].min()), 1, 1)


def _facts(parameters: DutyScenarios, place: Place, imports: Imports | YearToDate | None, day: dt.date) -> Facts:
    origin = parameters.origin or (place.key if place.kind == "country" else _largest(parameters, place, imports))
    metal = {
        name: origin if word == ORIGIN else word
        for name, word in (("largest_smelt", parameters.smelt), ("recent_cast", parameters.cast))
    }
    claims = frozenset(parameters.claim.split("+")) - {""}
    return Facts(on=day, hts=digits(parameters.line), origin=origin, claims=claims, **metal)


def _largest(parameters: DutyScenarios, place: Place, imports: Imports | YearToDate | None) -> str:
    """Return the largest supplier of the line among the place's origins, Canada where the imports tell none."""
    if imports is not None:
        rows = imports.rows[imports.rows["code"].str.startswith(digits(parameters.line))]
        rows = rows if place.kind == "all" else rows[rows["origin"].isin(place.members)]
        if isinstance(imports, Imports) and len(rows):
            rows = rows[rows["month"] > rows["month"].max() - pd.DateOffset(months=12)]
        sums = rows.groupby("origin")["customs_value_usd"].sum().sort_values(ascending=False, kind="stable")
        if len(sums):
            return str(sums.index[0])
    return _USUAL_ORIGIN if place.kind == "all" else place.members[0]


def _window(
    parameters: DutyScenarios, imports: Imports | YearToDate | None
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    if not isinstance(imports, Imports):
        return None, None
    months = imports.months
    latest = months.loc[months["loaded"] & ~months["partial"], "month"].iloc[-1]
    asked = periods.parse(parameters.period).within(latest) if parameters.period else None
    first, last = months_window(months, latest, asked)
    if last < first:
        raise AimError(
            f"The period {parameters.period} holds no month of the data.",
            f"They run from {numbers.month_name(months['month'].iloc[0])} to {numbers.month_name(latest)}.",
        )
    return first, last


def _metal(store: Store, parameters: DutyScenarios, as_of: dt.date) -> MetalView | None:
    """Return the metal's history from licenses, over the months of the smelt bulletin; None where not held."""
    asked = {"country": parameters.country, "product": parameters.product, "as_of": as_of, "watch": parameters.watch}
    try:
        return smelt_origin(SmeltOrigin.parse(asked), with_early=False).view
    except AimError:
        return None


def _check_base_day(parameters: DutyScenarios, prices: P1020Inputs) -> None:
    """Raise AimError for a day that pass-through cannot start from, for it has no price."""
    if parameters.base_day is None:
        return
    days = set(pd.to_datetime(prices.rows["day"]).dt.date) if prices.frequency == "daily" else set()
    if parameters.base_day not in days:
        held = f"from {min(days)} to {max(days)}, on weekdays" if days else "of no day"
        raise AimError(
            f"base_day={parameters.base_day} has no price and freight to measure from.", f"They are held {held}."
        )


def _cuts(parameters: DutyScenarios) -> tuple[str, ...]:
    """Return what else sets the bulletin apart, as words of its file name; the less usual ones as a short digest."""
    cuts = [parameters.claim.replace("+", "_")] if parameters.claim else []
    cuts += [f"law_{parameters.on}"] if parameters.on else []
    cuts += [parameters.period.replace(":", "_")] if parameters.period else []
    cuts += ["extended"] if parameters.extend else []
    usual = DutyScenarios()
    other = {name: getattr(parameters, name) for name in _DIGESTED if getattr(parameters, name) != getattr(usual, name)}
    return (*cuts, *([hashlib.sha256(repr(other).encode()).hexdigest()[:6]] if other else []))


def _partners(view: DutyView) -> str:
    if view.imports is None or not view.is_selection:
        return view.place.name
    count = view.newest_year["origin"].nunique()
    return f"{view.place.name}, of which {count} partners are listed"


def _cover(view: DutyView, held: Law) -> Cover:
    day = numbers.day_name(view.as_of)
    title = f"Duty on U.S. aluminum imports from {view.place.phrase}"
    beyond = view.extended and view.facts.on > held.coverage.verified_through
    extended = (
        f"The day of the law, {view.day_words}, is beyond verified coverage "
        f"({numbers.day_name(held.coverage.verified_through)}): the law is taken as last verified."
    )
    facts = [
        ("Rate of", f"{view.line_words} from {view.origin_words}, {entry_words(view)}"),
        ("Law of", view.day_words),
        (
            "Law verified",
            f"through {numbers.day_name(held.coverage.verified_through)}, {held.coverage.verified_against}",
        ),
        ("Imports", f"{view.product.title}, {view.concept_words}, {_partners(view)}"),
        ("Scenarios", "; ".join(scenario.name for scenario in view.scenarios) or "none"),
        ("As of", f"{day}: what was known by that day"),
    ]
    return Cover(
        title=title,
        subtitle=f"The law of {view.day_words}, the P1020 series, and scenarios on {view.product.phrase}",
        facts=facts,
        as_of=str(view.as_of),
        slug="",
        notices=[extended] if beyond else [],
        running=f"{title}: {view.line_words}" + (", law extended beyond verified coverage" if beyond else ""),
        footer=f"As of {day}" + (". Law extended beyond verified coverage" if beyond else ""),
    )
