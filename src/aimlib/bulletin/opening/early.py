"""The license months that follow the last Census month of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from aimlib.analysis.confidentiality import Rule
from aimlib.analysis.early.backtest import backtest
from aimlib.analysis.early.completeness import completeness, completeness_by_month
from aimlib.analysis.early.coverage import coverage, coverage_by_month
from aimlib.analysis.early.estimate import estimate
from aimlib.analysis.early.protection import sensitive
from aimlib.analysis.early.vintages import main_origins
from aimlib.analysis.license_surges import license_surges
from aimlib.analysis.measures import measure as analysis_measure
from aimlib.ingest import licensing
from aimlib.ingest.imports import Imports
from aimlib.ingest.license_months import early_months
from aimlib.ingest.prints import read_prints
from aimlib.present import numbers
from aimlib.present.early.held import Early, Study
from aimlib.reference.countries import Place
from aimlib.settings import read_settings
from aimlib.store import Store

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
    months = early_months(imports.months, min(through, imports.as_of))
    if months.empty:
        return None
    asked = {"as_of": imports.as_of, "concept": imports.concept, "product": imports.product}
    members = None if place.kind == "all" else place.members
    part = ("total", "all") if members is None else ("origin", place.key)
    series = _series(store, asked, months, part, members, through)
    zone = licensing.zone_apart(store, **asked, months=list(months["month"]), origins=members)
    return Early(
        series=series,
        zone=_protected(zone)[["month", *_FIGURES, "protected"]],
        basis=licensing.source_of(store, imports.as_of),
        sources=licensing.license_sources(store, imports.as_of),
        part=part,
        read_study=lambda: _study(store, imports, asked, place, measure, series),
    )


def early_words(early: Early) -> str:
    """Return the license months in words: ``October 2026 and November 2026 (still filling)``."""
    return numbers.joined(
        [
            numbers.month_name(row["month"]) + (" (still filling)" if row["partial"] else "")
            for _, row in early.series.iterrows()
        ]
    )


def _series(
    store: Store,
    asked: Mapping[str, object],
    months: pd.DataFrame,
    part: tuple[str, str],
    members: Sequence[str] | None,
    through,
) -> pd.DataFrame:
    """Return the license totals of the place by month; a month without a license in force is a true zero."""
    origins = {part[1]: members} if members is not None else {}
    panel = licensing.read_panel(store, **asked, origins=origins, days=[through])
    own = panel[(panel["part_kind"] == part[0]) & (panel["part"] == part[1])]
    held = months[["month", "partial"]].merge(_protected(own), on="month", how="left")
    held[_FIGURES] = held[_FIGURES].where(held["protected"].eq(True), held[_FIGURES].fillna(0.0))
    held["protected"] = held["protected"].eq(True)
    return held.assign(known_on=pd.Timestamp(through))[["month", "partial", "known_on", *_FIGURES, "protected"]]


def _protected(cells: pd.DataFrame) -> pd.DataFrame:
    """Blank the figures that would tell too much about single importers."""
    hidden = sensitive(cells, confidentiality())
    return cells.assign(**{name: cells[name].mask(hidden) for name in _FIGURES}, protected=hidden)


def _study(
    store: Store,
    imports: Imports,
    asked: Mapping[str, object],
    place: Place,
    measure: str,
    series: pd.DataFrame,
) -> Study:
    day = pd.Timestamp(imports.as_of)
    if place.kind == "group":
        places: Mapping[str, Sequence[str]] | None = {place.key: place.members}
        prints = read_prints(store, **asked, origins=places)
        origins: tuple[str, ...] = (place.key,)
    else:
        places = None
        prints = read_prints(store, **asked)
        main = main_origins(prints, day, analysis_measure(measure).source)
        origins = main if place.kind == "all" else tuple(dict.fromkeys([*main, place.key]))
    panel = licensing.read_panel(store, **asked, origins=places)
    filings = licensing.read_filings(store, as_of=imports.as_of)
    held = panel, prints, filings if len(filings) else None, day, measure
    full = series.loc[~series["partial"], "month"]
    cells = licensing.read_cells(store, **asked, months=list(full[-1:]))
    return Study(
        estimates=estimate(*held, origins=origins, rule=confidentiality()),
        record=backtest(*held, origins=origins),
        completeness=completeness(completeness_by_month(*held, origins=origins)),
        coverage=coverage(coverage_by_month(*held, origins=origins, rule=confidentiality())),
        surges=license_surges(
            cells, imports.rows, imports.months, measure, listed=imports.listed, rule=confidentiality()
        ),
    )
