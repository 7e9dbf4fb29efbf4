"""The license months that follow the last Census month of a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import pandas as pd

from aimlib.analysis.confidentiality import Rule
from aimlib.analysis.early.backtest import backtest_from
from aimlib.analysis.early.completeness import completeness, completeness_from
from aimlib.analysis.early.coverage import coverage, coverage_from
from aimlib.analysis.early.estimate import estimate_from
from aimlib.analysis.early.evidence import evidence
from aimlib.analysis.early.license_months import GROUP, license_months
from aimlib.analysis.early.vintages import main_origins
from aimlib.analysis.license_surges import license_surges
from aimlib.analysis.measures import measure as analysis_measure
from aimlib.analysis.totals import TOTAL
from aimlib.ingest import licensing
from aimlib.ingest.imports import Imports
from aimlib.ingest.license_months import early_months
from aimlib.ingest.prints import read_prints
from aimlib.present import numbers
from aimlib.present.early.held import Early, Study
from aimlib.reference import products
from aimlib.reference.countries import Place
from aimlib.reference.products import Product
from aimlib.settings import read_settings
from aimlib.store import Store
from aimlib.store.shared import Frames, shared

ENTRY, ZONE = "entry", "zone"
_TABLES = ("census_imports", *licensing.TABLES)
_FIGURES = ["quantity_kg", "customs_value_usd"]


def confidentiality() -> Rule:
    """Return the rule of confidentiality that the settings ask for."""
    settings = read_settings()
    return Rule(settings.least_importers, settings.dominant_share)


def early_of(store: Store, imports: Imports, place: Place, measure: str) -> Early | None:
    """Return the license months of a place, None where the store holds none that follow the Census months.

    A product that is not wholly in the scope of the licenses has none: they would be compared with other goods.
    """
    if licensing.aim_part(imports.product) != imports.product:
        return None
    through = licensing.known_through(store, imports.as_of)
    if through is None:
        return None
    months = early_months(imports.months, min(through, imports.as_of)).assign(known_on=pd.Timestamp(through))
    if months.empty:
        return None
    read = _protected if licensing.source_of(store, imports.as_of) == licensing.LICENSES else _published
    series, zone, cells = read(store, imports, place, months)
    return Early(
        series=series,
        zone=zone,
        basis=licensing.source_of(store, imports.as_of),
        sources=licensing.license_sources(store, imports.as_of),
        part=("total", "all") if place.kind == "all" else ("origin", place.key),
        read_study=lambda: _study(store, imports, place, measure, series, cells),
    )


def early_words(early: Early) -> str:
    """Return the license months in words: ``October 2026 and November 2026 (still filling)``."""
    return numbers.joined(
        [
            numbers.month_name(row["month"]) + (" (still filling)" if row["partial"] else "")
            for _, row in early.series.iterrows()
        ]
    )


def _protected(
    store: Store, imports: Imports, place: Place, months: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the place's license months, its zone admissions apart, and cells by origin and product, protected.

    A category is cut from the pattern of the whole scope, so that bulletins of products do not betray each other.
    """
    product = imports.product
    is_category = product.key in products.resolve("aim").categories
    asked = products.resolve("aim") if is_category else product
    held = _license_months(store, imports, asked, months, place.members if place.kind == "group" else ())
    held = held[held["product"] == product.key] if is_category else held
    wanted = {"all": TOTAL, "group": GROUP, "country": place.key}[place.kind]
    own = held[(held["origin"] == wanted) & ((held["product"] == TOTAL) | is_category)]
    counted, apart = (ENTRY, ZONE) if imports.concept == "consumption" else (TOTAL, None)
    zone = _by_month(months, own[own["kind"] == apart]) if apart else pd.DataFrame()
    cells = held[(held["kind"] == counted) & ~held["origin"].isin([TOTAL, GROUP]) & (held["product"] != TOTAL)]
    cells = cells[~cells["hidden"]].assign(importers=pd.array([pd.NA] * int((~cells["hidden"]).sum()), dtype="Int64"))
    return _by_month(months, own[own["kind"] == counted]), zone, cells.assign(top_share=float("nan"))


def _license_months(
    store: Store, imports: Imports, product: Product, months: pd.DataFrame, group: Sequence[str]
) -> pd.DataFrame:
    """Return the license months of all origins and of a group, protected: the same for every country's report."""
    asked, rule = {"product": product, "months": list(months["month"])}, confidentiality()

    def work_out() -> Frames:
        kinds = licensing.read_kinds(store, as_of=imports.as_of, **asked)
        return {"held": license_months(kinds, rule, group)}

    told = {"day": imports.as_of, "rule": rule, "group": group}
    return shared(store, "license-months", work_out, tables=licensing.TABLES, **told, **asked)["held"]


def _published(
    store: Store, imports: Imports, place: Place, months: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the same from the public monitor, whose publisher has protected it; zone admissions are not told."""
    asked = {"as_of": imports.as_of, "concept": imports.concept, "product": imports.product}
    origins = {} if place.kind == "all" else {place.key: place.members}
    through = months["known_on"].iloc[0].date()
    panel = licensing.read_panel(store, **asked, origins=origins, days=[through])
    kind = "total" if place.kind == "all" else "origin"
    own = panel[panel["part_kind"] == kind].assign(hidden=lambda rows: rows[_FIGURES].isna().any(axis=1))
    cells = licensing.read_cells(store, **asked, months=list(months["month"]))
    return _by_month(months, own), pd.DataFrame(), cells


def _by_month(months: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Return one row a month; a month without a license in force is a true zero."""
    held = months[["month", "partial", "known_on"]].merge(own[["month", *_FIGURES, "hidden"]], on="month", how="left")
    held["protected"] = held["hidden"].eq(True)
    held[_FIGURES] = held[_FIGURES].where(held["protected"], held[_FIGURES].fillna(0.0))
    return held.drop(columns="hidden")


def _without_outages(estimates: pd.DataFrame) -> pd.DataFrame:
    """Blank the estimates of months whose licenses an outage touched: the record leaves such months out."""
    touched = estimates["outage"].eq(True) & estimates["reason"].eq("")
    figures = [name for name in estimates if name.endswith(("_estimate", "_80", "_95", "_alone"))]
    out = estimates.copy()
    out[figures] = out[figures].mask(touched)
    out["months"] = out["months"].mask(touched, 0)
    return out.assign(reason=out["reason"].mask(touched, "outage"))


def _study(
    store: Store, imports: Imports, place: Place, measure: str, series: pd.DataFrame, cells: pd.DataFrame
) -> Study:
    hidden = series.loc[series["protected"], "month"]
    full = series.loc[~series["partial"], "month"]
    cells = cells[cells["month"].isin(full[-1:])].drop(columns=["kind", "hidden"], errors="ignore")
    rule = confidentiality()
    frames = _record(store, imports, place, measure, rule)
    estimates = _without_outages(frames["estimates"])
    return Study(
        estimates=estimates[~estimates["month"].isin(hidden)],
        record=frames["record"],
        completeness=frames["completeness"],
        coverage=frames["coverage"],
        surges=_surges(store, imports, measure, cells, rule),
    )


def _record(store: Store, imports: Imports, place: Place, measure: str, rule: Rule) -> Frames:
    """Return the frames of the study that tell the place apart: those of the main origins have theirs in common."""
    asked = {"concept": imports.concept, "product": imports.product}
    groups = {place.key: place.members} if place.kind == "group" else None

    @cache
    def prints() -> pd.DataFrame:
        return read_prints(store, as_of=imports.as_of, **asked, origins=groups)

    main = () if groups else _main_origins(store, imports, measure, prints)
    origins = main if place.kind == "all" else tuple(dict.fromkeys([*main, place.key]))

    def work_out() -> Frames:
        day = pd.Timestamp(imports.as_of)
        filings = licensing.read_filings(store, as_of=imports.as_of)
        held = evidence(
            licensing.read_panel(store, as_of=imports.as_of, **asked, origins=groups),
            prints(),
            filings if len(filings) else None,
            measure,
            origins=origins,
            day=day,
        )
        return {
            "estimates": estimate_from(held, day, rule=rule),
            "record": backtest_from(held, day),
            "completeness": completeness(completeness_from(held, day)),
            "coverage": coverage(coverage_from(held, day, rule=rule)),
        }

    told = {"day": imports.as_of, "measure": measure, "rule": rule, "origins": origins, "groups": groups}
    return shared(store, "early-record", work_out, tables=_TABLES, **told, **asked)


def _main_origins(store: Store, imports: Imports, measure: str, prints: Callable[[], pd.DataFrame]) -> tuple[str, ...]:
    """Return the origins that every country's study tells apart."""
    asked = {"as_of": imports.as_of, "concept": imports.concept, "product": imports.product}

    def work_out() -> Frames:
        main = main_origins(prints(), pd.Timestamp(imports.as_of), analysis_measure(measure).source)
        return {"main": pd.DataFrame({"origin": pd.Series(main, dtype="str")})}

    found = shared(store, "early-main", work_out, tables=("census_imports",), measure=measure, **asked)
    return tuple(found["main"]["origin"])


def _surges(store: Store, imports: Imports, measure: str, cells: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Return the surges of the newest full license month, of all origins."""

    def work_out() -> Frames:
        held = imports.rows, imports.months, measure
        return {"surges": license_surges(cells, *held, listed=imports.listed, rule=rule)}

    told = {"concept": imports.concept, "product": imports.product, "measure": measure, "rule": rule}
    return shared(store, "license-surges", work_out, tables=_TABLES, day=imports.as_of, **told)["surges"]
