"""From typed parameters to what a notebook shows: the store read, the view made, the cover written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from aimlib.analysis.totals import listed_share
from aimlib.bulletin.parameters import ImportTrends, Parameters
from aimlib.errors import AimError
from aimlib.ingest.read import Imports, as_last_months, read_imports, read_ytd
from aimlib.present import numbers
from aimlib.present.blocks import Cover
from aimlib.present.measure import PRINTED
from aimlib.present.view import View, months_window
from aimlib.reference import countries, periods, products
from aimlib.reference.countries import Place
from aimlib.reference.products import Product
from aimlib.settings import read_settings
from aimlib.store import Store, resolve_store

SAMPLE_NOTICE = "Made from the embedded sample: synthetic figures, shaped by published totals. Not for citation."
_PAPERS = {"letter": "us-letter", "a4": "a4"}


@dataclass(frozen=True)
class Report:
    """A report about to be shown: its parameters with nothing left open, and its view of the imports."""

    notebook: str
    parameters: Parameters
    view: View
    synthetic: bool

    @property
    def slug(self) -> str:
        """Return the bulletin's file name: notebook, place, product, measure and day."""
        chosen = self.parameters
        concept = [] if chosen.concept == "consumption" else [chosen.concept]
        parts = [self.notebook, chosen.country, chosen.product, chosen.measure, *concept, str(chosen.as_of)]
        return "-".join(parts)

    @property
    def blocks(self) -> list[dict]:
        """Return the sources with their blocks and hashes, for the manifest."""
        return [dict(source) for source in self.view.imports.sources]

    def cover(self) -> Cover:
        """Return the head of the bulletin."""
        return _cover(self)


def open_report(parameters: Parameters) -> Report:
    """Read what the parameters ask for, with every open choice made.

    Raises
    ------
    AimError
        If the store is empty, holds nothing known by `as_of`, or does not hold the product, concept or measure.
    """
    return _OPENERS[type(parameters)](parameters)


def open_import_trends(**given: object) -> Report:
    """Open the import trends report from a notebook's parameters; see ``aim params import_trends``."""
    return open_report(ImportTrends.parse(given))


def _import_trends(parameters: ImportTrends) -> Report:
    store = resolve_store(read_settings().store)
    product = products.resolve(parameters.product) if parameters.product else None
    _check_day(store, parameters.as_of)
    imports, cumulative = _read(store, parameters, product)
    measure = _measure(parameters, imports)
    place = _as_origin(countries.resolve(parameters.country))
    first, last = _window(parameters, imports)
    view = View(imports, place, PRINTED[measure], parameters.top, first, last, cumulative)
    resolved = parameters.model_copy(
        update={"product": imports.product.key, "measure": measure, "as_of": imports.as_of}
    )
    return Report("import_trends", resolved, view, store.is_sample)


def _check_day(store: Store, day: dt.date | None) -> None:
    """Raise AimError for a day that nobody can know yet: after today and after all that the store holds."""
    newest = max([dt.date.today(), *store.known_days()[-1:]])
    if day is not None and day > newest:
        raise AimError(f"as_of={day} is in the future.", f"Take {newest} or earlier, or leave it away for the newest.")


def _read(store: Store, parameters: ImportTrends, product: Product | None) -> tuple[Imports, bool]:
    """Return the monthly imports, or the year to date where only that is held, and whether it is that."""
    asked = {"as_of": parameters.as_of, "concept": parameters.concept, "product": product}
    try:
        return read_imports(store, **asked), False
    except AimError as no_months:
        try:
            return as_last_months(read_ytd(store, **asked)), True
        except AimError:
            raise no_months from None


def _as_origin(place: Place) -> Place:
    """Return a group without the United States, which is no origin of its own imports."""
    if place.kind != "group":
        return place
    return replace(place, members=tuple(iso3 for iso3 in place.members if iso3 != "USA"))


def _measure(parameters: ImportTrends, imports: Imports) -> str:
    if parameters.measure == "quantity" and not imports.has_quantity:
        raise AimError(
            f"The table held for {imports.product.phrase} has no quantities.",
            "Ask for values: -p measure=value.",
        )
    return parameters.measure or ("quantity" if imports.has_quantity else "value")


def _window(parameters: ImportTrends, imports: Imports):
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


def _cover(report: Report) -> Cover:
    view, imports = report.view, report.view.imports
    day = numbers.day_name(imports.as_of)
    title = f"U.S. aluminum imports {view.from_place}"
    through = f"year to date through {view.latest_words}" if view.cumulative else f"through {view.latest_words}"
    subtitle = f"{imports.product.title}, {view.concept_words}, {through}"
    facts = [
        ("Origin", view.place.name),
        ("Product", imports.product.title),
        ("Concept", view.concept_words.capitalize()),
        ("Measure", view.measure.axis),
        ("Period", f"{view.ytd_words}, year to date; no months are held")
        if view.cumulative
        else ("Latest month", f"{view.latest_words} ({_basis(view)})"),
        ("As of", f"{day}: the newest figures known by that day"),
    ]
    if view.place.kind == "group":
        what = "listed" if view.is_selection else "with imports in these data"
        facts.append(("Members", f"{view.listed_members} of {len(view.place.members)} {what}"))
    if view.is_selection:
        facts.append(("Partners", _selection(view)))
    note = products.scope_note(imports.product, imports.code_level)
    notices = ([SAMPLE_NOTICE] if report.synthetic else []) + ([note] if note else [])
    return Cover(
        title=title,
        subtitle=subtitle,
        facts=facts,
        as_of=str(imports.as_of),
        notices=notices,
        paper=_PAPERS[report.parameters.paper],
        running=f"{title}: {imports.product.short_title}, {view.concept_words}",
        label="Synthetic sample" if report.synthetic else "",
        footer=f"As of {day}" + (". Synthetic sample, not for citation." if report.synthetic else ""),
        slug=report.slug,
    )


def _basis(view: View) -> str:
    row = view.months.set_index("month").loc[view.latest]
    return f"Census{', may still be revised' if row['provisional'] else ''}"


def _selection(view: View) -> str:
    imports = view.imports
    shares = listed_share(imports.rows, imports.totals, imports.months, imports.listed, view.analysis_measure)
    row = shares.set_index("month").loc[view.latest]
    share = numbers.percent(row["share_listed"])
    count = f"{row['listed_origins']:.0f} listed"
    if not share:
        return f"{count}; the published total of {view.latest_words} is not held, so totals and shares are blank"
    return f"{count}; they make up {share} of the published total of {view.latest_words}"


_OPENERS = {ImportTrends: _import_trends}
