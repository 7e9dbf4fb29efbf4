"""The spans of the global comparison: what is drawn, what tables are of, and what is compared with what."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from aimlib.analysis import world
from aimlib.analysis.world import Span
from aimlib.bulletin.opening.trade_table import BACI, Held
from aimlib.bulletin.parameters import GatmComparison
from aimlib.errors import AimError
from aimlib.ingest.global_trade.read import read_reporting, totals
from aimlib.present import numbers
from aimlib.reference import periods
from aimlib.store import Store

DRAWN = {"monthly": 36, "annual": 10}
"""How many periods are drawn unless others are asked for."""
_YEAR = {"monthly": 12, "annual": 1}
_ENOUGH = 0.95
"""Of last year's quantity: the part whose reporters must have reported a period for it to end the default span."""


@dataclass(frozen=True)
class Spans:
    """What is drawn; what tables are of (``latest``), the same a year before; who replaced whom (``base``, ``after``).

    ``read`` covers all of them. ``notes`` say how the end was chosen.
    """

    drawn: Span
    latest: Span
    before: Span | None
    base: Span
    after: Span
    read: Span
    notes: tuple[str, ...] = ()


def choose_spans(store: Store, held: Held, parameters: GatmComparison) -> Spans:
    """Return the spans asked for, within what is held, or the last years up to which enough have reported.

    Raises AimError for a period of which nothing is held.
    """
    drawn, notes = _drawn(store, held, parameters)
    frequency, year = held.frequency, _YEAR[held.frequency]
    run = drawn.periods
    latest = Span(run[-min(year, len(run))], run[-1], frequency)
    before = latest.before()
    before = before if before.first >= held.first else None
    base = _base(held, parameters, drawn, year)
    after = Span(run[-min(len(base.periods), len(run))], run[-1], frequency)
    ends = [span.first for span in (drawn, before, base) if span is not None]
    read = Span(min(ends), max(run[-1], base.last), frequency)
    return Spans(drawn, latest, before, base, after, read, notes)


def _drawn(store: Store, held: Held, parameters: GatmComparison) -> tuple[Span, tuple[str, ...]]:
    if parameters.period and parameters.period.lower() != "ytd":
        asked = Span.parse(parameters.period, held.frequency)
        first, last = max(asked.first, held.first), min(asked.last, held.last)
        if last < first:
            raise AimError(
                f"The store holds nothing of the period {parameters.period}.",
                f"What is held runs from {_name(held, held.first)} to {_name(held, held.last)}.",
            )
        return Span(first, last, held.frequency), ()
    last, notes = _newest(store, held, parameters)
    if parameters.period:
        return Span(last.replace(month=1), last, held.frequency), notes
    run = Span(held.first, last, held.frequency).periods
    return Span(run[-min(DRAWN[held.frequency], len(run))], last, held.frequency), notes


def _newest(store: Store, held: Held, parameters: GatmComparison) -> tuple[pd.Timestamp, tuple[str, ...]]:
    """Return the newest period that enough countries have reported, on both sides of the trade."""
    if held.table == BACI:
        return held.last, ()
    back = pd.DateOffset(years=3)
    over = {
        "as_of": held.day,
        "frequency": held.frequency,
        "first": max(held.first, held.last - back),
        "last": held.last,
    }
    reporting = read_reporting(store, held.product, **over)
    found = []
    for flow, own in (("export", "exporter"), ("import", "importer")):
        sums = totals(store, held.product, by=("reporter", "period"), flow=flow, by_category=False, **over)
        flows = sums.rename(columns={"reporter": own})
        found.append(world.comparable_last(reporting, flows, flow=flow, share=_ENOUGH))
    known = [period for period in found if period is not None]
    if not known or min(known) == held.last:
        return held.last, ()
    last = min(known)
    return last, (
        f"The period ends with {_name(held, last)}, the newest that countries with "
        f"{numbers.percent(_ENOUGH, 0)} of the year before's quantity have reported; some have reported later ones.",
    )


def _base(held: Held, parameters: GatmComparison, drawn: Span, year: int) -> Span:
    if not parameters.base:
        run = drawn.periods
        return Span(run[0], run[min(year, len(run)) - 1], held.frequency)
    asked = periods.parse(parameters.base)
    if asked.first is None:
        raise AimError(f"base={parameters.base} has no fixed ends.", "Write it as 2019 or 2019:2021.")
    base = Span.parse(parameters.base, held.frequency)
    if base.first < held.first or base.last > held.last:
        raise AimError(
            f"The base {parameters.base} is not wholly held.",
            f"What is held runs from {_name(held, held.first)} to {_name(held, held.last)}.",
        )
    return base


def _name(held: Held, period: pd.Timestamp) -> str:
    return str(period.year) if held.frequency == "annual" else numbers.month_name(period)
