"""Opening the import trends report."""

from __future__ import annotations

from aimlib.analysis.totals import listed_share
from aimlib.bulletin.opening.early import early_of, early_words
from aimlib.bulletin.opening.report import Report, about_place, as_origin, check_day
from aimlib.bulletin.parameters import ImportTrends
from aimlib.errors import AimError
from aimlib.ingest.read import Imports, as_last_months, read_imports, read_ytd
from aimlib.present import numbers
from aimlib.present.blocks import Cover
from aimlib.present.early.held import Early
from aimlib.present.measure import PRINTED
from aimlib.present.view import View, months_window
from aimlib.reference import countries, periods, products
from aimlib.reference.products import Product
from aimlib.settings import read_settings
from aimlib.store import Store, resolve_store


def import_trends(parameters: ImportTrends) -> Report:
    """Open the report; raises as `open_report` tells."""
    store = resolve_store(read_settings().store)
    product = products.resolve(parameters.product) if parameters.product else None
    check_day(store, parameters.as_of)
    imports, cumulative = _read(store, parameters, product)
    measure = _measure(parameters, imports)
    place = as_origin(countries.resolve(parameters.country))
    early = None if cumulative else early_of(store, imports, place, measure)
    first, last = _window(parameters, imports, early)
    view = View(imports, place, PRINTED[measure], parameters.top, first, last, cumulative, early)
    resolved = parameters.model_copy(
        update={"product": imports.product.key, "measure": measure, "as_of": imports.as_of}
    )
    return Report(
        "import_trends",
        resolved,
        about_place(resolved),
        view,
        store.is_sample,
        lambda: view.sources,
        lambda: _cover(view),
    )


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


def _measure(parameters: ImportTrends, imports: Imports) -> str:
    if parameters.measure == "quantity" and not imports.has_quantity:
        raise AimError(
            f"The table held for {imports.product.phrase} has no quantities.",
            "Ask for values: -p measure=value.",
        )
    return parameters.measure or ("quantity" if imports.has_quantity else "value")


def _window(parameters: ImportTrends, imports: Imports, early: Early | None):
    months = imports.months
    latest = months.loc[months["loaded"] & ~months["partial"], "month"].iloc[-1]
    asked = periods.parse(parameters.period).within(latest) if parameters.period else None
    first, last = months_window(months, latest, asked, early)
    if last < first:
        raise AimError(
            f"The period {parameters.period} holds no month of the data.",
            f"They run from {numbers.month_name(months['month'].iloc[0])} to {numbers.month_name(latest)}.",
        )
    return first, last


def _cover(view: View) -> Cover:
    imports = view.imports
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
    if view.early is not None:
        facts.insert(-1, ("Early figures", f"{early_words(view.early)}, from {view.early.source_words}"))
    if view.place.kind == "group":
        what = "listed" if view.is_selection else "with imports in these data"
        facts.append(("Members", f"{view.listed_members} of {len(view.place.members)} {what}"))
    if view.is_selection:
        facts.append(("Partners", _selection(view)))
    note = products.scope_note(imports.product, imports.code_level)
    return Cover(
        title=title,
        subtitle=subtitle,
        facts=facts,
        as_of=str(imports.as_of),
        slug="",
        notices=[note] if note else [],
        running=f"{title}: {imports.product.short_title}, {view.concept_words}",
        footer=f"As of {day}",
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
