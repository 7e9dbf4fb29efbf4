"""Opening the smelt and cast report."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from aimlib.analysis.metal.tables import MetalTables, metal_tables
from aimlib.bulletin.opening.early import confidentiality, early_of, early_words
from aimlib.bulletin.opening.metal_kept import kept_tables
from aimlib.bulletin.opening.report import Report, about_place, as_origin, check_day
from aimlib.bulletin.parameters import SmeltOrigin
from aimlib.errors import AimError
from aimlib.ingest import licensing
from aimlib.ingest.frames import CENSUS, empty
from aimlib.ingest.license_months import SETTLED_AFTER_DAYS
from aimlib.ingest.prints import read_census_cells
from aimlib.ingest.read import Imports, read_imports
from aimlib.ingest.view import newest_day
from aimlib.present import numbers
from aimlib.present.blocks import Cover
from aimlib.present.measure import PRINTED
from aimlib.present.smelt_origin.view import MetalView, period_words
from aimlib.present.view import View, months_window
from aimlib.reference import carbon, countries, periods, products
from aimlib.reference.countries import Place
from aimlib.reference.products import Product
from aimlib.settings import read_settings
from aimlib.store import Store, resolve_store

_FIRST = pd.Timestamp("2021-07-01")
"""The first whole month of licenses (19 CFR part 361 applies from June 28, 2021)."""
_LOAD = "Load licenses (aim load licenses FILE) or downloads of the public monitor (aim load aim-monitor FILE)."


def smelt_origin(parameters: SmeltOrigin, *, with_early: bool = True) -> Report:
    """Open the report, for who asks for the metal alone without the license months; raises as `open_report` tells."""
    store = resolve_store(read_settings().store)
    check_day(store, parameters.as_of)
    product = _product(parameters)
    if store.is_empty:
        raise AimError("The store is empty.", f"Fill it with the sample (aim sample). {_LOAD}")
    day = parameters.as_of or newest_day(store)
    if not licensing.source_of(store, day):
        raise AimError(f"The store holds no licenses known by {day}, and nothing of the public monitor.", _LOAD)
    place = as_origin(countries.resolve(parameters.country))
    intensities = carbon.intensities(override=parameters.intensities)
    imports = _imports(store, parameters, product, day)
    first, last = _period(parameters, imports, store, day)
    trends = _trends(store, imports, place, parameters, with_early) if imports is not None else None
    asked = {"as_of": day, "product": product, "concept": parameters.concept}
    view = MetalView(
        place=place,
        product=product,
        measure=PRINTED[parameters.measure],
        concept=parameters.concept,
        top=parameters.top,
        first=first,
        last=last,
        as_of=pd.Timestamp(day),
        watch=tuple(parameters.watch.split(",")),
        primary_only=parameters.primary_only,
        rule=confidentiality(),
        sources=licensing.license_sources(store, day),
        notes=_notes(store, day, product, first, last),
        basis=licensing.source_of(store, day),
        trends=trends,
        read_tables=lambda: _tables(store, asked, place, first, last, parameters, intensities, imports is not None),
    )
    resolved = parameters.model_copy(update={"product": product.key, "as_of": day})
    cuts = [parameters.period.replace(":", "_")] if parameters.period else []
    cuts += ["primary"] if parameters.primary_only else []

    def sources() -> tuple:
        return (*view.sources, *(imports.sources if imports is not None else ()))

    return Report(
        "smelt_origin",
        resolved,
        about_place(resolved),
        view,
        store.is_sample,
        sources,
        lambda: _cover(view),
        tuple(cuts),
    )


def _product(parameters: SmeltOrigin) -> Product:
    product = products.resolve(parameters.product)
    if licensing.aim_part(product) != product:
        raise AimError(
            f"product={parameters.product} is not wholly within the scope of the licenses.",
            "Take aim, or a category of it, such as unwrought or foil; see aim list.",
        )
    return product


def _imports(store: Store, parameters: SmeltOrigin, product: Product, day: dt.date) -> Imports | None:
    """Return the Census months, None where the store holds none of the product: licenses alone tell the shares."""
    try:
        return read_imports(store, as_of=day, concept=parameters.concept, product=product)
    except AimError:
        return None


def _trends(store: Store, imports: Imports, place: Place, parameters: SmeltOrigin, with_early: bool) -> View:
    early = early_of(store, imports, place, parameters.measure) if with_early else None
    latest = imports.months.loc[imports.months["loaded"], "month"].iloc[-1]
    first, last = months_window(imports.months, latest, None, early)
    return View(imports, place, PRINTED[parameters.measure], parameters.top, first, last, early=early)


def _period(
    parameters: SmeltOrigin, imports: Imports | None, store: Store, day: dt.date
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the months that the shares rest on: those asked for, or the last twelve that Census knows.

    A month still filling is left out: its shares would be those of early filers.
    """
    through = min(licensing.known_through(store, day), day)
    full = pd.Timestamp(through) - pd.Timedelta(days=SETTLED_AFTER_DAYS)
    newest = (full + pd.Timedelta(days=1)).to_period("M").to_timestamp().as_unit("us") - pd.DateOffset(months=1)
    if imports is not None:
        census = imports.months.loc[imports.months["loaded"], "month"].iloc[-1]
        latest = min(census, newest)
    else:
        latest = newest
    if parameters.period is None:
        return max(_FIRST, latest - pd.DateOffset(months=11)), latest
    first, last = periods.parse(parameters.period).within(latest)
    first, last = max(first, _FIRST), min(last, newest)
    if last < first:
        raise AimError(
            f"The period {parameters.period} holds no month of licenses.",
            f"They run from {numbers.month_name(_FIRST)} to {numbers.month_name(newest)}.",
        )
    return first, last


def _notes(store: Store, day: dt.date, product: Product, first: pd.Timestamp, last: pd.Timestamp) -> tuple[str, ...]:
    asked = {"as_of": day, "product": product, "first": first, "last": last}
    both = [licensing.reading_notes(store, **asked, metal=metal) for metal in ("smelt", "cast")]
    return tuple(dict.fromkeys([*both[0], *both[1]]))


def _tables(
    store: Store,
    asked: dict,
    place: Place,
    first: pd.Timestamp,
    last: pd.Timestamp,
    parameters: SmeltOrigin,
    intensities: pd.DataFrame,
    has_census: bool,
) -> MetalTables:
    base_first, base_last = first - pd.DateOffset(years=1), last - pd.DateOffset(years=1)
    compare = base_first >= _FIRST and (last - first).days < 366
    wanted = {
        "rule": confidentiality(),
        "first": first,
        "last": last,
        "watch": tuple(parameters.watch.split(",")),
        "base_first": base_first if compare else None,
        "base_last": base_last if compare else None,
        "primary_only": parameters.primary_only,
        "origins": place.members if place.kind == "group" else None,
    }

    def work_out() -> MetalTables:
        detail = _detail(store, asked, min(base_first, first), last)
        census = empty(CENSUS)
        if has_census:
            census = read_census_cells(store, **asked, first=first, last=last)
        return metal_tables(detail, census, intensities=intensities, **wanted)

    told = {name: value for name, value in asked.items() if name != "as_of"} | wanted
    # Of licenses a later load may tell more that was known by the day.
    rests_on = ("census_imports", *licensing.TABLES)
    told |= {"day": asked["as_of"], "has_census": has_census, "intensities": intensities.to_csv()}
    return kept_tables(store, work_out, rests_on, **told)


def _detail(store: Store, asked: dict, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Return the licenses in force; from the monitor its smelt and its cast dashboard, one after the other."""
    if licensing.source_of(store, asked["as_of"]) == licensing.LICENSES:
        return licensing.read_detail(store, **asked, first=first, last=last)
    both = [licensing.read_detail(store, **asked, first=first, last=last, metal=metal) for metal in ("smelt", "cast")]
    return pd.concat(both, ignore_index=True)


def _cover(view: MetalView) -> Cover:
    day = numbers.day_name(view.as_of)
    title = f"Smelt and cast of U.S. aluminum imports {view.from_place}"
    period = period_words(view.first, view.last)
    watched = numbers.joined([countries.print_name(country) for country in view.watch])
    facts = [
        ("Origin", view.place.name),
        ("Product", view.product.title),
        ("Concept", view.concept_words.capitalize()),
        ("Measure", view.measure.axis),
        ("Period of the shares", period),
        *([("Shares", "of metal with a country of smelt, N/A left out")] if view.primary_only else []),
        ("Watched", watched),
        ("Rests on", "import licenses" if view.basis == licensing.LICENSES else "the public monitor's dashboards"),
        ("As of", f"{day}: what was known by that day"),
    ]
    if view.trends is not None and view.trends.early is not None:
        facts.insert(-1, ("Early figures", early_words(view.trends.early)))
    return Cover(
        title=title,
        subtitle=f"{view.product.title}, {view.concept_words}, {period}",
        facts=facts,
        as_of=str(view.as_of.date()),
        slug="",
        notices=[],
        running=f"{title}: {view.product.short_title}",
        footer=f"As of {day}",
    )
