"""Opening the global comparison."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from aimlib.analysis import mirror, world
from aimlib.analysis.mirror import Settled
from aimlib.analysis.world import Span
from aimlib.bulletin.opening.report import Report, check_day
from aimlib.bulletin.opening.trade_spans import Spans, choose_spans
from aimlib.bulletin.opening.trade_table import Held, choose_table
from aimlib.bulletin.parameters import GatmComparison
from aimlib.bulletin.parameters.world import ESTIMATE
from aimlib.errors import AimError
from aimlib.ingest.global_trade.baci import read_baci
from aimlib.ingest.global_trade.frames import PAIRS, REPORTING
from aimlib.ingest.global_trade.held import reading_notes, trade_sources
from aimlib.ingest.global_trade.read import read_pairs, read_reporting, totals
from aimlib.ingest.global_trade.wanted import world_product
from aimlib.ingest.sample.world_errors import read_method_errors
from aimlib.present import numbers
from aimlib.present.blocks import Cover
from aimlib.present.gatm_comparison.view import BACI, METHODS, TradeView
from aimlib.present.measure import EXPORT_VALUE, IMPORT_VALUE, WORLD_QUANTITY
from aimlib.reference import countries, hs_editions, trade_reporting
from aimlib.settings import read_settings
from aimlib.sources.baci import DOUBTFUL_FACTOR
from aimlib.store import Store, resolve_store

_UNION, _MEMBERS = "XSU", ("BWA", "LSO", "NAM", "SWZ", "ZAF")


def gatm_comparison(parameters: GatmComparison) -> Report:
    """Open the report; raises as `open_report` tells, and for a method asked of BACI."""
    store = resolve_store(read_settings().store)
    check_day(store, parameters.as_of)
    held = choose_table(store, parameters)
    held, spans = _bridged(held, choose_spans(store, held, parameters))
    asked = _asked(parameters)
    build = _reconciled if held.table == BACI else _declared
    view = build(store, held, spans, parameters, asked)
    resolved = parameters.model_copy(
        update={
            "product": held.product.key,
            "as_of": held.day,
            "source": held.table,
            "frequency": held.frequency,
            "method": view.method,
            "mirrored": ",".join(view.mirrored) or None,
        }
    )
    about = (_short(parameters.reporters), parameters.flow, held.product.key, parameters.measure or "quantity")
    return Report(
        "gatm_comparison",
        resolved,
        about,
        view,
        store.is_sample,
        lambda: view.sources,
        lambda: _cover(view),
        _cuts(parameters, view),
    )


def _bridged(held: Held, spans: Spans) -> tuple[Held, Spans]:
    """Take the heading where the HS6 code asked for began or ended with an edition inside the years read.

    BACI keeps to one edition, so that its codes never move.
    """
    code, years = held.product.key, (spans.read.first.year, spans.read.last.year)
    if held.table == BACI or not (code.isdecimal() and len(code) == 6 and hs_editions.moved(code, *years)):
        return held, spans
    heading, why = hs_editions.bridge(code)
    note = f"HS {code[:4]}.{code[4:]} is not comparable over these years ({why}): shown is the heading {heading}."
    return replace(held, product=world_product(heading)), replace(spans, notes=(*spans.notes, note))


def _asked(parameters: GatmComparison) -> tuple[str, ...] | None:
    places = [countries.resolve(key) for key in parameters.reporters.split(",")]
    if any(place.kind == "all" for place in places):
        return None
    return tuple(dict.fromkeys(member for place in places for member in place.members))


def _declared(
    store: Store, held: Held, spans: Spans, parameters: GatmComparison, asked: tuple[str, ...] | None
) -> TradeView:
    """Return the view of what countries report to UN Comtrade."""
    over = {"as_of": held.day, "frequency": held.frequency}
    whole = {"first": spans.read.first, "last": spans.read.last}
    reporting = read_reporting(store, held.product, **over, **whole)
    if not reporting["reported"].any():
        raise AimError(
            f"No country has reported {held.product.phrase} in {spans.read.label}.",
            "Take another period, or load more (aim load comtrade FILE, aim fetch comtrade).",
        )
    method = parameters.method or "reverse"
    mirrored = _mirrored(parameters) if method == "reverse" else ()
    pairs = read_pairs(store, held.product, **over, **whole)
    factor, words, note, band = _factor(parameters, pairs)
    options = {"method": method, "mirrored": mirrored, "splice": parameters.splice}
    options["valuations"] = trade_reporting.valuations()
    in_latest = pairs["period"].isin(spans.latest.periods)

    def settle(flow: str, by_category: bool) -> Settled:
        rows = pairs
        if by_category:
            latest = {"first": spans.latest.first, "last": spans.latest.last}
            rows = read_pairs(store, held.product, **over, **latest, by_category=True)
        found = mirror.settle(rows, reporting, flow=flow, factor=factor, **options)
        # Areas not specified and the like are partners; they are compared with no country.
        return replace(found, standing=found.standing[found.standing["country"].map(countries.is_country)])

    return TradeView(
        **_shared(store, held, spans, parameters, asked),
        method=method,
        mirrored=mirrored,
        splice=parameters.splice,
        factor=factor,
        factor_words=words,
        factor_note=note,
        band=band,
        reporting=reporting,
        settle=settle,
        read_pairs=lambda: pairs,
        read_bands=lambda: mirror.factor_band(pairs[in_latest], reporting, band, flow=parameters.flow, **options),
        read_inside=lambda: totals(
            store,
            held.product,
            by=("reporter",),
            flow=f"re-{parameters.flow}",
            by_category=False,
            first=spans.latest.first,
            last=spans.latest.last,
            **over,
        ),
    )


def _reconciled(
    store: Store, held: Held, spans: Spans, parameters: GatmComparison, asked: tuple[str, ...] | None
) -> TradeView:
    """Return the view of BACI, which is settled already."""
    given = [name for name in ("method", "mirrored") if getattr(parameters, name)]
    given += ["splice"] if parameters.splice else []
    if given:
        raise AimError(
            f"{given[0]} does not apply to BACI, which is reconciled already: it has no second account of a flow.",
            f"Leave {given[0]} away, or load reports to UN Comtrade (aim load comtrade FILE, aim fetch comtrade).",
        )
    read = partial(read_baci, store, held.product, as_of=held.day, first=spans.read.first, last=spans.read.last)
    flows = read()
    blank = pd.DataFrame()
    standing = world.one_standing(flows, not_told_apart=_inside_a_union(flows))
    breaks = pd.DataFrame(columns=["country", "flow", "period", "from_side", "to_side"])
    left_out = pd.DataFrame(columns=["country", "partner", "periods_reported", "periods"])

    def settle(flow: str, by_category: bool) -> Settled:
        found = read(by_category=True) if by_category else flows
        return Settled(found, standing, breaks, left_out, blank)

    shared = _shared(store, held, spans, parameters, asked)
    shared["notes"] += _doubtful(flows[flows["period"].isin(spans.drawn.periods)])
    return TradeView(
        **shared,
        method=None,
        mirrored=(),
        splice=False,
        factor=1.0,
        factor_words="",
        factor_note="",
        band=(),
        reporting=pd.DataFrame(columns=list(REPORTING)),
        settle=settle,
        read_pairs=lambda: pd.DataFrame(columns=list(PAIRS)),
        read_bands=lambda: blank,
        read_inside=lambda: pd.DataFrame(columns=["reporter", "quantity_t"]),
    )


def _inside_a_union(flows: pd.DataFrame) -> dict[str, Span]:
    """Return the years in which BACI has the customs union of southern Africa in the place of its members."""
    years = flows.loc[(flows["exporter"] == _UNION) | (flows["importer"] == _UNION), "period"]
    if years.empty:
        return {}
    return dict.fromkeys(_MEMBERS, Span(years.min(), years.max(), "annual"))


def _doubtful(flows: pd.DataFrame) -> tuple[str, ...]:
    """Say how much rests on unit values beyond reason, which stay in the sums."""
    sums = flows[["doubtful_value_usd", "fob_value_usd", "doubtful_quantity_t", "quantity_t"]].sum()
    if not sums["doubtful_value_usd"] > 0:
        return ()
    value, quantity = (
        sums["doubtful_value_usd"] / sums["fob_value_usd"],
        sums["doubtful_quantity_t"] / sums["quantity_t"],
    )
    return (
        f"Flows with a unit value more than {DOUBTFUL_FACTOR} times the median of their code and year, or less "
        "than that "
        f"part of it, make up {numbers.percent(value)} of value and {numbers.percent(quantity)} of quantity.",
    )


def _shared(
    store: Store, held: Held, spans: Spans, parameters: GatmComparison, asked: tuple[str, ...] | None
) -> dict[str, object]:
    """Return what both views have."""
    value = EXPORT_VALUE
    if parameters.flow == "import":
        # BACI's values are FOB on both sides.
        value = replace(EXPORT_VALUE, column=IMPORT_VALUE.column) if held.table == BACI else IMPORT_VALUE
    whole = {"frequency": held.frequency, "first": spans.read.first, "last": spans.read.last, "table": held.table}
    return {
        "source": held.table,
        "flow": parameters.flow,
        "product": held.product,
        "measure": value if parameters.measure == "value" else WORLD_QUANTITY,
        "asked": asked,
        "chosen_focus": parameters.focus,
        "top": parameters.top,
        "frequency": held.frequency,
        "drawn": spans.drawn,
        "latest": spans.latest,
        "before": spans.before,
        "base": spans.base,
        "after": spans.after,
        "as_of": pd.Timestamp(held.day),
        "method_errors": read_method_errors(),
        "sources": trade_sources(store, held.day, product=held.product, **whole),
        "notes": (*reading_notes(store, held.product, as_of=held.day, **whole), *spans.notes),
    }


def _mirrored(parameters: GatmComparison) -> tuple[str, ...]:
    return tuple(parameters.mirrored.split(",")) if parameters.mirrored else trade_reporting.non_reporters()


def _factor(parameters: GatmComparison, pairs: pd.DataFrame) -> tuple[float, str, str, tuple[float, ...]]:
    """Return the factor, how it reads, how it came about, and the factors of the band."""
    try:
        found = mirror.estimate_factor(pairs)
    except AimError:
        if parameters.factor == ESTIMATE:
            raise
        number = float(parameters.factor)
        return number, parameters.factor, "", tuple(sorted({*mirror.FACTORS, number}))
    interval = (
        f", 95% interval {numbers.plain(found.low, 3)} to {numbers.plain(found.high, 3)}"
        if not numbers.is_missing(found.low)
        else ""
    )
    note = (
        f"From unit values of {numbers.plain(found.flows)} flows that both sides report with weights, "
        f"importers CIF, the factor is {numbers.plain(found.value, 3)}{interval}"
        + (" (set to one: the data gave less)." if found.floored else ".")
    )
    estimated = round(found.value, 3)
    number = estimated if parameters.factor == ESTIMATE else float(parameters.factor)
    words = numbers.plain(number, 3 if parameters.factor == ESTIMATE else 2)
    return number, words, note, tuple(sorted({*mirror.FACTORS, number, estimated}))


def _short(reporters: str) -> str:
    """Return the countries as they stand in a file name."""
    codes = reporters.split(",")
    return "_".join(codes) if len(codes) <= 6 else "_".join([*codes[:5], f"{len(codes) - 5}_more"])


def _cuts(parameters: GatmComparison, view: TradeView) -> tuple[str, ...]:
    """Return what else was asked for, as it stands in a file name."""
    cuts = [view.source if parameters.source else "", parameters.frequency or "", view.method or ""]
    cuts += [(text or "").replace(":", "_") for text in (parameters.period, parameters.base)]
    cuts += [parameters.focus or "", (parameters.mirrored or "").replace(",", "_")]
    cuts += ["spliced" if parameters.splice else "", "" if parameters.factor == "1.06" else parameters.factor]
    return tuple(cut for cut in cuts if cut)


def _cover(view: TradeView) -> Cover:
    day = numbers.day_name(view.as_of)
    of = "" if view.asked is None else " compared"
    title = f"World {view.flows_word} of {view.product.phrase}"
    named = (
        f"the {view.top} largest"
        if view.asked is None
        else numbers.joined([view.name_of(country) for country in view.asked[:8]])
        + (f" and {len(view.asked) - 8} more" if len(view.asked) > 8 else "")
    )
    rests = "BACI, reconciled by CEPII" if view.is_reconciled else "reports of countries to UN Comtrade"
    facts = [
        ("Product", view.product.title),
        ("Countries", named),
        ("Measure", view.measure.axis),
        ("Period", f"{view.words(view.drawn)}, by {view.period_word}"),
        ("Tables are of", view.latest_words + (f", against {view.before_words}" if view.before else "")),
        ("Rests on", rests),
        *([("Method", METHODS[view.method])] if view.method else []),
        *([("CIF over FOB", view.factor_words)] if view.method else []),
        ("As of", f"{day}: what was known by that day"),
    ]
    return Cover(
        title=title,
        subtitle=f"{view.role.capitalize()}s{of}, {view.words(view.drawn)}",
        facts=facts,
        as_of=str(view.as_of.date()),
        slug="",
        notices=[],
        running=f"{title}: {view.words(view.drawn)}",
        footer=f"As of {day}",
    )
