"""Opening the global comparison."""

from __future__ import annotations

from aimlib.bulletin.opening.keeping import keeping
from aimlib.bulletin.opening.report import Report, check_day
from aimlib.bulletin.opening.trade_question import choose_question
from aimlib.bulletin.opening.trade_views import declared, reconciled
from aimlib.bulletin.parameters import GatmComparison
from aimlib.present import numbers
from aimlib.present.blocks import Cover
from aimlib.present.gatm_comparison.view import BACI, METHODS, TradeView
from aimlib.reference import countries
from aimlib.settings import read_settings
from aimlib.store import resolve_store

_TABLES = ("comtrade", "baci")


def gatm_comparison(parameters: GatmComparison) -> Report:
    """Open the report; raises as `open_report` tells, and for a method asked of BACI."""
    store = resolve_store(read_settings().store)
    check_day(store, parameters.as_of)
    # The reports of a run ask the same of the world and differ in the country whose partners they show.
    keep = keeping(store, "gatm_comparison", parameters, tables=_TABLES, but=["focus"])
    held, spans = choose_question(store, parameters, keep)
    asked = _asked(parameters)
    build = reconciled if held.table == BACI else declared
    view = build(store, held, spans, parameters, asked, keep)
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


def _asked(parameters: GatmComparison) -> tuple[str, ...] | None:
    places = [countries.resolve(key) for key in parameters.reporters.split(",")]
    if any(place.kind == "all" for place in places):
        return None
    return tuple(dict.fromkeys(member for place in places for member in place.members))


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
    title = f"{view.role.capitalize()}s of {view.product_phrase}"
    named = (
        f"the {view.top} largest"
        if view.asked is None
        else numbers.joined([view.name_of(country) for country in view.asked[:8]])
        + (f" and {len(view.asked) - 8} more" if len(view.asked) > 8 else "")
    )
    rests = (
        f"BACI ({view.edition}), reconciled by CEPII" if view.is_reconciled else "reports of countries to UN Comtrade"
    )
    facts = [
        ("Product", view.product_title),
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
        subtitle=f"Global comparison, {view.words(view.drawn)}",
        facts=facts,
        as_of=str(view.as_of.date()),
        slug="",
        notices=[],
        running=f"{title}: {view.words(view.drawn)}",
        footer=f"As of {day}",
    )
