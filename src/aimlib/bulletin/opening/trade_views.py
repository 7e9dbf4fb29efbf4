"""The view of the global comparison: from reports to UN Comtrade, settled here, or from BACI, settled already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache, partial

import pandas as pd

from aimlib.analysis import mirror, world
from aimlib.analysis.mirror import Settled
from aimlib.analysis.world import Span
from aimlib.bulletin.opening.keeping import Frames, Keep
from aimlib.bulletin.opening.trade_spans import Spans
from aimlib.bulletin.opening.trade_table import BACI, Held
from aimlib.bulletin.parameters import GatmComparison
from aimlib.bulletin.parameters.world import ESTIMATE
from aimlib.errors import AimError
from aimlib.ingest.global_trade.baci import read_baci
from aimlib.ingest.global_trade.frames import ACCOUNTS, PAIRS, REPORTING
from aimlib.ingest.global_trade.held import reading_notes, trade_sources
from aimlib.ingest.global_trade.read import read_accounts, read_pairs, read_reporting, totals
from aimlib.ingest.provenance import sources_framed, sources_unframed
from aimlib.ingest.sample.world_errors import read_method_errors
from aimlib.present import numbers
from aimlib.present.gatm_comparison.view import DRAWN, REPLACED, TABLES, TradeView, spans_periods
from aimlib.present.measure import EXPORT_VALUE, IMPORT_VALUE, WORLD_QUANTITY
from aimlib.reference import countries, trade_reporting
from aimlib.sources.baci import DOUBTFUL_FACTOR
from aimlib.store import Store

Settle = Callable[[str, str, bool], tuple[Settled, pd.DataFrame]]
_UNION, _MEMBERS = "XSU", ("BWA", "LSO", "NAM", "SWZ", "ZAF")
_NO_THIN = pd.DataFrame(columns=["country", "share_left_out", "left_out"])


def declared(
    store: Store, held: Held, spans: Spans, parameters: GatmComparison, asked: tuple[str, ...] | None, keep: Keep
) -> TradeView:
    """Return the view of what countries report to UN Comtrade; AimError where none has reported the periods."""
    over = {"as_of": held.day, "frequency": held.frequency}
    whole = {"first": spans.read.first, "last": spans.read.last}
    latest = {"first": spans.latest.first, "last": spans.latest.last}
    read = partial(_kept, keep)
    reporting = read("reporting", lambda: read_reporting(store, held.product, **over, **whole))
    if not reporting["reported"].any():
        raise AimError(
            f"No country has reported {held.product.phrase} in {spans.read.label}.",
            "Take another period, or load more (aim load comtrade FILE, aim fetch comtrade).",
        )
    method = parameters.method or "reverse"
    mirrored = _mirrored(parameters) if method == "reverse" else ()

    @cache
    def pairs() -> pd.DataFrame:
        return read_pairs(store, held.product, **over, **whole)

    factor, words, note, band = _factor(parameters, pairs, keep)
    options = {"method": method, "mirrored": mirrored, "splice": parameters.splice}
    options["valuations"] = trade_reporting.valuations()
    compared = {
        TABLES: spans_periods([spans.before, spans.latest]),
        REPLACED: spans_periods([spans.base, spans.after]),
        DRAWN: spans.drawn.periods,
    }

    def settle(flow: str, use: str, by_category: bool) -> tuple[Settled, pd.DataFrame]:
        rows = read_pairs(store, held.product, **over, **latest, by_category=True) if by_category else pairs()
        rows = rows[rows["period"].isin(compared[use])]
        told = reporting[reporting["period"].isin(compared[use])]
        found, thin = mirror.without_thin(mirror.settle(rows, told, flow=flow, factor=factor, **options))
        # Areas not specified and the like are partners; they are compared with no country.
        own = found.standing["country"].map(countries.is_country)
        return replace(found, standing=found.standing[own.astype(bool)]), thin

    def bands() -> pd.DataFrame:
        rows = pairs()[pairs()["period"].isin(spans.latest.periods)]
        told = reporting[reporting["period"].isin(compared[TABLES])]
        return mirror.factor_band(rows, told, band, flow=parameters.flow, central=factor, **options)

    def inside() -> pd.DataFrame:
        flow = f"re-{parameters.flow}"
        return totals(store, held.product, by=("reporter",), flow=flow, by_category=False, **latest, **over)

    def coverage() -> pd.DataFrame:
        return read_reporting(store, held.product, **over, first=spans.drawn.first, last=held.last)

    return TradeView(
        **_shared(store, held, spans, parameters, asked, keep),
        method=method,
        mirrored=mirrored,
        splice=parameters.splice,
        factor=factor,
        factor_words=words,
        factor_note=note,
        band=band,
        reporting=reporting,
        doubtful=pd.DataFrame(),
        settle=partial(_settled, keep, settle),
        read_pairs=pairs,
        read_bands=lambda: read("bands", bands),
        read_inside=lambda: read("inside", inside),
        read_coverage=lambda: read("coverage", coverage),
        read_own=lambda named: read("own", lambda: _own(store, held, parameters, named)),
    )


def reconciled(
    store: Store, held: Held, spans: Spans, parameters: GatmComparison, asked: tuple[str, ...] | None, keep: Keep
) -> TradeView:
    """Return the view of BACI, which is settled already; AimError for a method asked of it."""
    given = [name for name in ("method", "mirrored") if getattr(parameters, name)]
    given += ["splice"] if parameters.splice else []
    if given:
        raise AimError(
            f"{given[0]} does not apply to BACI, which is reconciled already: it has no second account of a flow.",
            f"Leave {given[0]} away, or load reports to UN Comtrade (aim load comtrade FILE, aim fetch comtrade).",
        )
    read = partial(read_baci, store, held.product, as_of=held.day, first=spans.read.first, last=spans.read.last)
    flows = _kept(keep, "flows", read)
    standing = world.one_standing(flows, not_told_apart=_inside_a_union(flows))
    breaks = pd.DataFrame(columns=["country", "flow", "period", "from_side", "to_side"])
    left_out = pd.DataFrame(columns=["country", "partner", "periods_reported", "periods", "quantity_t"])

    def settle(flow: str, use: str, by_category: bool) -> tuple[Settled, pd.DataFrame]:
        found = _kept(keep, "flows_by_category", partial(read, by_category=True)) if by_category else flows
        return replace(nothing, flows=found, standing=standing), _NO_THIN

    nothing = Settled(flows, standing, breaks, left_out, pd.DataFrame())
    shared = _shared(store, held, spans, parameters, asked, keep)
    shared["notes"] += _how_doubtful(flows[flows["period"].isin(spans.drawn.periods)])
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
        doubtful=_doubtful(flows),
        settle=settle,
        read_pairs=lambda: pd.DataFrame(columns=list(PAIRS)),
        read_bands=pd.DataFrame,
        read_inside=lambda: pd.DataFrame(columns=["reporter", "quantity_t"]),
        read_coverage=lambda: pd.DataFrame(columns=list(REPORTING)),
        read_own=lambda named: pd.DataFrame(columns=list(ACCOUNTS)),
    )


def _kept(keep: Keep, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return one frame that the reports of a run share."""
    return keep(name, lambda: {"frame": make()})["frame"]


def _settled(keep: Keep, settle: Settle, flow: str, use: str, by_category: bool) -> tuple[Settled, pd.DataFrame]:
    """Return what `settle` gives, which the reports of a run share."""

    def made() -> Frames:
        found, thin = settle(flow, use, by_category)
        return {**vars(found), "thin": thin}

    name = f"settled_{flow}_{use}" + ("_by_category" if by_category else "")
    frames = keep(name, made)
    return Settled(**{one.name: frames[one.name] for one in fields(Settled)}), frames["thin"]


def _own(store: Store, held: Held, parameters: GatmComparison, named: tuple[str, ...]) -> pd.DataFrame:
    """Return countries' own accounts by year: their annual answers, else years of which all months are held."""
    years = {"first": held.first.replace(month=1), "last": held.last.replace(month=1)}
    return read_accounts(
        store, held.product, as_of=held.day, frequency="annual", flow=parameters.flow, reporters=named, **years
    )


def _inside_a_union(flows: pd.DataFrame) -> dict[str, Span]:
    """Return the years in which BACI has the customs union of southern Africa in the place of its members."""
    years = flows.loc[(flows["exporter"] == _UNION) | (flows["importer"] == _UNION), "period"]
    if years.empty:
        return {}
    return dict.fromkeys(_MEMBERS, Span(years.min(), years.max(), "annual"))


def _doubtful(flows: pd.DataFrame) -> pd.DataFrame:
    rows = flows[flows["doubtful_quantity_t"] > 0]
    rows = rows.assign(unit_value_usd_t=rows["covered_fob_value_usd"] / rows["quantity_t"])
    rows = rows.assign(quantity_t=rows["doubtful_quantity_t"])
    columns = ["exporter", "importer", "period", "quantity_t", "unit_value_usd_t"]
    return rows.sort_values("quantity_t", ascending=False, kind="stable")[columns].reset_index(drop=True)


def _how_doubtful(flows: pd.DataFrame) -> tuple[str, ...]:
    """Say how much rests on unit values beyond reason, which stay in the sums."""
    sums = flows[["doubtful_value_usd", "fob_value_usd", "doubtful_quantity_t", "quantity_t"]].sum()
    if not sums["doubtful_value_usd"] > 0:
        return ()
    value = sums["doubtful_value_usd"] / sums["fob_value_usd"]
    quantity = sums["doubtful_quantity_t"] / sums["quantity_t"]
    return (
        f"Flows with a unit value more than {DOUBTFUL_FACTOR} times the median of their code and year, or less than "
        f"that part of it, make up {numbers.percent(value)} of value and {numbers.percent(quantity)} of quantity; they "
        "stay in the sums.",
    )


def _shared(
    store: Store, held: Held, spans: Spans, parameters: GatmComparison, asked: tuple[str, ...] | None, keep: Keep
) -> dict[str, object]:
    """Return what both views have."""
    value = EXPORT_VALUE
    if parameters.flow == "import":
        # BACI's values are FOB on both sides.
        value = replace(EXPORT_VALUE, column=IMPORT_VALUE.column) if held.table == BACI else IMPORT_VALUE
    whole = {"frequency": held.frequency, "first": spans.read.first, "last": spans.read.last, "table": held.table}

    def told() -> Frames:
        notes = reading_notes(store, held.product, as_of=held.day, **whole)
        return {
            "sources": sources_framed(trade_sources(store, held.day, product=held.product, **whole)),
            "notes": pd.DataFrame({"note": pd.Series(notes, dtype="str")}),
        }

    read = keep("sources", told)
    return {
        "source": held.table,
        "edition": held.edition,
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
        "sources": sources_unframed(read["sources"]),
        "notes": (*_edition(held), *read["notes"]["note"], *spans.notes),
        "keep": partial(_kept, keep),
    }


def _edition(held: Held) -> tuple[str, ...]:
    return (f"BACI of the edition {held.edition} of the Harmonized System.",) if held.table == BACI else ()


def _mirrored(parameters: GatmComparison) -> tuple[str, ...]:
    return tuple(parameters.mirrored.split(",")) if parameters.mirrored else trade_reporting.non_reporters()


def _kept_outside(parameters: GatmComparison, number: float, words: str, estimated: float) -> str:
    """Say why a factor outside of the estimate's interval is used, and what the estimate would change."""
    is_default = parameters.factor == GatmComparison.model_fields["factor"].default
    source = mirror.FACTOR_SOURCES.get(number)
    why = (
        f"It is the default, after the literature ({source}), so that bulletins of other weeks and stores rest on the "
        "same one"
        if is_default
        else f"It was asked for ({source})"
        if source
        else "It was asked for"
    )
    # An export rests on importers' CIF values divided by the factor, an import on exporters' values multiplied by it.
    change = number / estimated - 1 if parameters.flow == "export" else estimated / number - 1
    way = "higher" if change > 0 else "lower"
    return (
        f"The factor used here, {words}, lies outside of that interval. {why}; with factor=estimate, values that the "
        f"factor converts would be {numbers.percent(abs(change))} {way}, and quantities the same."
    )


def _factor(
    parameters: GatmComparison, pairs: Callable[[], pd.DataFrame], keep: Keep
) -> tuple[float, str, str, tuple[float, ...]]:
    """Return the factor, how it reads, how it came about, and the factors of the band."""

    def estimated() -> pd.DataFrame:
        try:
            return pd.DataFrame([vars(mirror.estimate_factor(pairs()))])
        except AimError:
            if parameters.factor == ESTIMATE:
                raise
            return pd.DataFrame()

    told = _kept(keep, "factor", estimated)
    if told.empty:
        number = float(parameters.factor)
        return number, parameters.factor, "", tuple(sorted({*mirror.FACTORS, number}))
    found = mirror.Factor(**told.iloc[0].to_dict())
    interval = (
        f", 95% interval {numbers.plain(found.low, 3)} to {numbers.plain(found.high, 3)}"
        if not numbers.is_missing(found.low)
        else ""
    )
    note = (
        f"From unit values of {numbers.plain(found.flows)} flows that both sides report with weights, "
        f"importers CIF, the factor is {numbers.plain(found.value, 3)}{interval}"
        + (" (set to one: the data gave less)." if found.floored else ".")
        + " It is a mean over pairs, not weighted by trade; freight from far suppliers is higher."
    )
    estimated = round(found.value, 3)
    number = estimated if parameters.factor == ESTIMATE else float(parameters.factor)
    words = numbers.plain(number, 3 if parameters.factor == ESTIMATE else 2)
    if not numbers.is_missing(found.low) and not found.low <= number <= found.high:
        note += f" {_kept_outside(parameters, number, words, estimated)}"
    return number, words, note, tuple(sorted({*mirror.FACTORS, number, estimated}))
