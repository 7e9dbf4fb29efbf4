"""What a global comparison is about, table, product and spans: worked out once for all that ask the same of a store."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from aimlib.analysis.world import Span
from aimlib.bulletin.opening.keeping import Frames, Keep
from aimlib.bulletin.opening.trade_spans import Spans, choose_spans
from aimlib.bulletin.opening.trade_table import BACI, Held, choose_table
from aimlib.bulletin.parameters import GatmComparison
from aimlib.ingest.global_trade.wanted import world_product
from aimlib.reference import hs_editions
from aimlib.store import Store

_SPANS = ("drawn", "latest", "before", "base", "after", "read")


def choose_question(store: Store, parameters: GatmComparison, keep: Keep) -> tuple[Held, Spans]:
    """Return what the comparison rests on and its spans; raises as `choose_table` and `choose_spans` do."""

    def chosen() -> Frames:
        held = choose_table(store, parameters)
        return _framed(*_bridged(held, choose_spans(store, held, parameters)))

    return _unframed(keep("question", chosen))


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


def _framed(held: Held, spans: Spans) -> Frames:
    named = {name: getattr(spans, name) for name in _SPANS}
    return {
        "held": pd.DataFrame([{**vars(held), "product": held.product.key}]),
        "spans": pd.DataFrame([(name, span.first, span.last) for name, span in named.items() if span is not None]),
        "notes": pd.DataFrame({"note": pd.Series(spans.notes, dtype="str")}),
    }


def _unframed(frames: Frames) -> tuple[Held, Spans]:
    told = frames["held"].iloc[0].to_dict()
    held = Held(**{**told, "product": world_product(told["product"])})
    found = {name: Span(first, last, held.frequency) for name, first, last in frames["spans"].to_numpy().tolist()}
    return held, Spans(**{name: found.get(name) for name in _SPANS}, notes=tuple(frames["notes"]["note"]))
