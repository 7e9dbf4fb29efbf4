"""Licenses out of the store for the analysis: from the license log where it is held, else from the public monitor.

With the concept consumption, licenses of the entry types consumption and warehouse count and zone admissions stand
apart; with general, all count. Neither is what Census counts: goods admitted to a zone are imports for consumption
only once withdrawn, without a license, and goods entered into a bonded warehouse are general imports before one is
taken. The public monitor does not tell entry types, so there the concept makes no difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from aimlib.ingest import monitor_view
from aimlib.ingest.frames import CELLS, DETAIL, FILINGS, KINDS, PANEL, empty, shaped
from aimlib.ingest.license_months import early_months
from aimlib.ingest.prints import places_of
from aimlib.ingest.provenance import sources_framed, sources_of, sources_unframed
from aimlib.ingest.sharing import kept
from aimlib.reference import countries, products
from aimlib.reference.products import Product
from aimlib.store.license_log import TABLE, Chosen, LicenseLog
from aimlib.store.license_sql import METAL
from aimlib.store.reads import note
from aimlib.store.shared import Frames, shared
from aimlib.store.store import Store
from aimlib.store.tables import CONCEPTS, ENTRY_TYPES

__all__ = [
    "LICENSES",
    "MONITOR",
    "TABLES",
    "aim_part",
    "early_months",
    "known_through",
    "license_sources",
    "read_cells",
    "read_detail",
    "read_filings",
    "read_kinds",
    "read_panel",
    "reading_notes",
    "source_of",
]

LICENSES, MONITOR = "licenses", "monitor"
ENTRY_TYPES_OF = dict(zip(CONCEPTS, (("consumption", "warehouse"), ENTRY_TYPES), strict=True))
MONTHS_BACK = 12
TABLES = (TABLE, monitor_view.TABLE)
"""The tables that license figures come from."""


def source_of(store: Store, as_of: date | None = None) -> str:
    """Return what license figures come from: ``licenses`` where any was known by then, else ``monitor`` or ''."""
    span = _log(store).span
    if span is not None and (as_of is None or span[0] <= as_of):
        return LICENSES
    return MONITOR if monitor_view.known_days(store, as_of) else ""


def known_through(store: Store, as_of: date | None = None) -> date | None:
    """Return the last day through `as_of` that the loads cover: after it nothing more is known. None if none."""
    source = source_of(store, as_of)
    if not source:
        return None
    if source == MONITOR:
        return monitor_view.known_days(store, as_of)[-1]
    last = _log(store).span[1]
    return last if as_of is None else min(last, as_of)


def aim_part(product: Product | str | None) -> Product | None:
    """Return the part of `product` inside the AIM license scope, None where there is none; without it, the scope."""
    scope = products.resolve("aim")
    wanted = products.resolve(product) if isinstance(product, str) else product or scope
    inside = [name for name in scope.categories if name in wanted.categories]
    if len(inside) == len(wanted.categories):
        return wanted
    if not inside:
        return None
    return scope if len(inside) == len(scope.categories) else products.resolve(inside[0])


@kept("license-panel", TABLES)
def read_panel(
    store: Store,
    *,
    as_of: date | None = None,
    concept: str = "consumption",
    product: Product | str | None = None,
    origins: Sequence[str] | Mapping[str, Sequence[str]] | None = None,
    days: Sequence[date] | None = None,
    months_back: int = MONTHS_BACK,
) -> pd.DataFrame:
    """Return license figures as each day saw them, of its own month and the `months_back` before it.

    Columns: day, month, part_kind (total, product, origin), part ('all', a category, an origin), quantity_kg,
    customs_value_usd, importers (how many; blank from the monitor), top_share (of the largest one). A part without a
    license in force has no row.

    `days` are the Thursdays through `as_of` unless given (of the monitor, those of its vintages). `origins` are the
    countries to tell, or groups with their members; None takes all that occur. Of `product` only what lies inside
    the AIM scope counts. Empty where neither licenses nor the monitor are held.
    """
    inside, source, through = aim_part(product), source_of(store, as_of), known_through(store, as_of)
    if inside is None or not source:
        return empty(PANEL)
    places = None if origins is None else places_of(origins)
    if source == MONITOR:
        seen = monitor_view.known_days(store, as_of) if days is None else _through(days, as_of)
        return monitor_view.read_panel(store, seen, inside, places, months_back)
    log = _log(store)
    seen = log.thursdays(through) if days is None else _through(days, as_of)
    chosen = _chosen(log, concept, inside)
    told = [
        log.panel(seen, (), chosen, months_back=months_back).assign(part_kind="total", part="all"),
        log.panel(seen, ("product",), chosen, months_back=months_back)
        .assign(part_kind="product")
        .rename(columns={"product": "part"}),
        log.panel(seen, ("origin",), _chosen(log, concept, inside, places), months_back=months_back)
        .assign(part_kind="origin")
        .rename(columns={"origin": "part"}),
    ]
    return shaped(pd.concat(told), PANEL)


@kept("license-cells", TABLES)
def read_cells(
    store: Store,
    *,
    as_of: date | None = None,
    concept: str = "consumption",
    product: Product | str | None = None,
    months: Sequence[pd.Timestamp],
) -> pd.DataFrame:
    """Return license figures of `months` by origin and product as one day saw them.

    Columns: month, origin, product, quantity_kg, customs_value_usd, importers, top_share; see `read_panel`. Of the
    monitor only months that it marks as license are told, and of those told by product.
    """
    inside, source = aim_part(product), source_of(store, as_of)
    months = [pd.Timestamp(month) for month in months]
    if inside is None or not source or not months:
        return empty(CELLS)
    through = known_through(store, as_of)
    if source == MONITOR:
        return monitor_view.read_cells(store, through, inside, months)
    log = _log(store)
    by = ("month", "origin", "product")
    cells = log.cells(through, by, _chosen(log, concept, inside), months=(min(months), max(months)))
    return shaped(cells[cells["month"].isin(months)], CELLS)


@kept("license-detail", TABLES)
def read_detail(
    store: Store,
    *,
    as_of: date | None = None,
    concept: str = "consumption",
    product: Product | str | None = None,
    first: pd.Timestamp,
    last: pd.Timestamp,
    metal: str = "smelt",
) -> pd.DataFrame:
    """Return the licenses in force on a day with the metal's history, months `first` to `last`.

    Columns: month, origin, product, largest_smelt, second_smelt, recent_cast, importer (a number that means nothing
    outside this frame; blank from the monitor), quantity_kg, customs_value_usd. The frame stays inside the analysis:
    what is shown are protected cells.

    Licenses tell smelt and cast together. The monitor tells them on two dashboards, each of all imports, so that
    they cannot be added: `metal` (smelt or cast) says which one is read, and what it does not tell is 'not
    collected'. There a share without a volume is left out (see `reading_notes`).
    """
    inside, source = aim_part(product), source_of(store, as_of)
    first, last, through = pd.Timestamp(first), pd.Timestamp(last), known_through(store, as_of)
    if inside is None or not source:
        return empty(DETAIL)
    if source == MONITOR:
        return monitor_view.read_detail(store, through, inside, first, last, metal)[0]
    log = _log(store)
    by = ("month", "origin", "product", *METAL)
    return log.cells(through, by, _chosen(log, concept, inside), months=(first, last), with_importer=True)[list(DETAIL)]


def reading_notes(
    store: Store,
    *,
    as_of: date | None = None,
    product: Product | str | None = None,
    first: pd.Timestamp,
    last: pd.Timestamp,
    metal: str = "smelt",
) -> tuple[str, ...]:
    """Return what a reader of `read_detail` should know of what it leaves out, in sentences."""
    inside = aim_part(product)
    if inside is None or source_of(store, as_of) != MONITOR:
        return ()
    first, last, through = pd.Timestamp(first), pd.Timestamp(last), known_through(store, as_of)
    told, gaps = monitor_view.read_detail(store, through, inside, first, last, metal)
    notes = ["The public monitor does not tell zone admissions from entries for consumption."]
    for withheld, why in ((True, "are withheld"), (False, "have no volume beside them on the imports dashboard")):
        cells = gaps[gaps["withheld"] == withheld]
        if len(cells):
            more = ", ..." if len(cells) > 3 else ""
            notes.append(
                f"Left out, because shares of {metal} in them {why}: {len(cells):,} of the cells by origin, product "
                f"and month ({'; '.join(_cell_name(cell) for cell in cells.head(3).itertuples())}{more})."
            )
    if (told["product"] == "aim").any():
        notes.append(f"In some months the monitor tells {metal} over all products only.")
    return tuple(notes)


@kept("license-kinds", TABLES)
def read_kinds(
    store: Store,
    *,
    as_of: date | None = None,
    product: Product | str | None = None,
    months: Sequence[pd.Timestamp],
) -> pd.DataFrame:
    """Return the licenses of `months` in force on a day, by origin, product and kind of entry, importer by importer.

    Columns: month, origin, product, kind (``entry`` for consumption or out of a warehouse, ``zone`` for admissions to
    a free-trade zone), importer (a number that means nothing outside this frame), quantity_kg, customs_value_usd. The
    frame stays inside the analysis. Empty from the monitor, which does not tell them.
    """
    inside, months = aim_part(product), [pd.Timestamp(month) for month in months]
    if inside is None or not months or source_of(store, as_of) != LICENSES:
        return empty(KINDS)
    log = _log(store)
    by = ("month", "origin", "product", "entry_type")
    chosen = Chosen(ENTRY_TYPES, _codes(log, inside))
    within = (min(months), max(months))
    cells = log.cells(known_through(store, as_of), by, chosen, months=within, with_importer=True)
    cells = cells[cells["month"].isin(months)]
    kinds = cells["entry_type"].map({"zone": "zone"}).fillna("entry")
    return shaped(cells.assign(kind=kinds), KINDS)


@kept("license-filings", TABLES)
def read_filings(store: Store, *, as_of: date | None = None) -> pd.DataFrame:
    """Return how many license lines became known as filed on each calendar day: day, lines.

    From the first day known to the newest load, or to `as_of`. Empty where no licenses are held.
    """
    return _log(store).filings(as_of)[list(FILINGS)]


def license_sources(store: Store, as_of: date | None = None) -> tuple[dict[str, Any], ...]:
    """Return where license figures as of a day come from, in the shape of `Imports.sources`.

    A license file counts if it brought a row known by then, even if it was loaded later.
    """

    def work_out() -> Frames:
        if source_of(store, as_of) == MONITOR:
            found = sources_of(store, monitor_view.TABLE, monitor_view.blocks_used(store, as_of))
        else:
            mine = store.every_block(TABLE)
            mine = mine[mine["rows"] > 0]
            found = sources_of(store, TABLE, mine[mine["commit_name"].isin(_log(store).commits_known(as_of))])
        return {"sources": sources_framed(found)}

    return sources_unframed(shared(store, "license-sources", work_out, tables=TABLES, day=as_of)["sources"])


def _cell_name(cell: Any) -> str:
    """Return how a cell reads in a note: ``Canada, foil, 2025-03``."""
    return (
        f"{countries.print_name(cell.origin)}, {products.resolve(cell.product).short_title.lower()}, {cell.month:%Y-%m}"
    )


def _chosen(
    log: LicenseLog, concept: str, product: Product, places: Mapping[str, Sequence[str]] | None = None
) -> Chosen:
    return Chosen(ENTRY_TYPES_OF[concept], _codes(log, product), places)


def _codes(log: LicenseLog, product: Product) -> tuple[str, ...]:
    held = log.codes()
    return tuple(held.loc[products.contains(product, held["code"], held["product"]), "code"].unique())


def _through(days: Sequence[date], as_of: date | None) -> list[date]:
    return [day for day in days if as_of is None or day <= as_of]


def _log(store: Store) -> LicenseLog:
    """Return the store's license log, kept from call to call: building it reads every event."""
    note(TABLE)
    return _Kept.of(store)


class _Kept:
    """The newest log asked for, by the commits that it rests on, whose names stand for their bytes."""

    key: tuple[Any, ...] | None = None
    log: LicenseLog | None = None

    @classmethod
    def of(cls, store: Store) -> LicenseLog:
        key = (store.root, *(commit.name for commit in store.commits if TABLE in commit.tables()))
        if cls.log is None or cls.key != key:
            cls.key, cls.log = key, LicenseLog(store)
        return cls.log
