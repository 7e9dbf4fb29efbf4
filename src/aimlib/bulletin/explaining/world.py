"""From a number of the global comparison back to what reporters declared (or to BACI's rows)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from aimlib.analysis.world import Span
from aimlib.bulletin.explaining import derivation
from aimlib.bulletin.explaining.derivation import Derivation, Sum, derived
from aimlib.bulletin.explaining.places import Place
from aimlib.ingest.global_trade.wanted import asked_of
from aimlib.present.gatm_comparison.view import DRAWN, TABLES, TradeView
from aimlib.store import Store
from aimlib.store.trade_plan import plan

COMTRADE, BACI = "comtrade", "baci"
_AMOUNTS = ("quantity_t", "fob_value_usd", "import_value_usd")
_ENDS = {"export": ("exporter", "importer"), "import": ("importer", "exporter")}
_OF_ONE = ("partners", "partners_bars")
"""Blocks on the partners of one country, whose shares are of that country's trade."""
_BLOCK = ["code_level", "concept", "period", "heading"]
_READ = [*_BLOCK, "month", "reporter", "partner", "code", "quantity_kg", "primary_value_usd"]


@dataclass(frozen=True)
class _Flows:
    """Which settled flows: countries (None for all compared), a partner, over a span or in one period."""

    words: str
    countries: tuple[str, ...]
    span: Span
    partner: str = ""
    flow: str = ""
    use: str = TABLES
    period: pd.Timestamp | None = None


def derive_world(view: TradeView, store: Store, place: Place) -> Derivation | None:
    """Return how a number of the global comparison was worked out; None for what is not a sum, change or share."""
    reading = _Reading(view, store)
    if place.key == "key_figures":
        return _headline(reading, place)
    return _cell(reading, place)


def _headline(reading: _Reading, place: Place) -> Derivation | None:
    view, column = reading.view, reading.view.measure.column
    compared = tuple(view.compared["country"])
    everyone = _Flows(
        f"{view.flows_word.capitalize()} of the {len(compared)} countries compared", compared, view.latest
    )
    match place.figure:
        case "all_compared":
            before = _Flows(everyone.words, compared, view.before) if view.before else None
            return reading.change(everyone, before, column) if place.is_note else reading.total(everyone, column)
        case "largest":
            return reading.ratio(_of_country(view, compared[0], view.latest), everyone, column)
        case "focus":
            now = _of_country(view, view.focus, view.latest)
            before = _of_country(view, view.focus, view.before) if view.before else None
            return reading.change(now, before, column) if place.is_note else reading.total(now, column)
    return None


def _cell(reading: _Reading, place: Place) -> Derivation | None:
    row, column = place.row, place.column
    found = _flows_of(reading.view, place) if row is not None else None
    if found is None:
        return None
    now, base, whole = found
    if column in _AMOUNTS:
        return reading.total(now, column)
    if column.removesuffix("_base") in _AMOUNTS and base:
        return reading.total(base, column.removesuffix("_base"))
    if place.key == "net_trade":
        return _net(reading, row["country"], column)
    named = {"quantity": "quantity_t", "value": _value_column(reading.view)}
    if column.startswith("share_") and whole:
        return reading.ratio(now, whole, named[column.removeprefix("share_")])
    if column in ("quantity_change", "value_change") and base:
        return reading.change(now, base, named[column.removesuffix("_change")])
    return None


def _net(reading: _Reading, country: str, column: str) -> Derivation | None:
    view = reading.view
    flows = {flow: _of_country(view, country, view.latest, flow) for flow in ("export", "import")}
    if column in ("exports_quantity_t", "imports_quantity_t"):
        return reading.total(flows[column.partition("s_")[0]], "quantity_t")
    if column == "net_quantity_t":
        return reading.difference(flows["export"], flows["import"], "quantity_t")
    return None


def _value_column(view: TradeView) -> str:
    return "fob_value_usd" if view.flow == "export" else "import_value_usd"


def _flows_of(view: TradeView, place: Place) -> tuple[_Flows, _Flows | None, _Flows | None] | None:
    """Return the flows of a row of data, of the span a year before, and of the whole that shares are of."""
    row, key = place.row, place.key
    compared = _Flows("The countries compared", tuple(view.compared["country"]), view.latest)
    if key in _OF_ONE:
        country, partner = view.focus, row["partner"]
        if partner == "REST":
            return None
        other = "" if partner == "TOTAL" else partner
        now = _of_country(view, country, view.latest, partner=other)
        before = _of_country(view, country, view.before, partner=other) if view.before else None
        return now, before, _of_country(view, country, view.latest)
    if key in ("ranking", "ranking_bars", "net_trade") and _is_country(row):
        before = _of_country(view, row["country"], view.before) if view.before else None
        return _of_country(view, row["country"], view.latest), before, compared
    if key == "series" and _is_country(row):
        period = pd.Timestamp(row["period"])
        periods = [one for one in view.drawn.periods if one == period]
        if len(periods) == 1:
            return _of_country(view, row["country"], view.drawn, period=period), None, None
    return None


def _is_country(row: dict) -> bool:
    return isinstance(row.get("country"), str) and row["country"] not in ("REST", "TOTAL")


def _of_country(
    view: TradeView,
    country: str,
    span: Span,
    flow: str = "",
    *,
    partner: str = "",
    period: pd.Timestamp | None = None,
) -> _Flows:
    flow = flow or view.flow
    words = f"{flow.capitalize()}s {'from' if flow == 'export' else 'of'} {view.name_of(country)}"
    if partner:
        words += f" {'to' if flow == 'export' else 'from'} {view.name_of(partner)}"
    use = DRAWN if period is not None else TABLES
    return _Flows(words, (country,), span, partner, flow=flow, use=use, period=period)


class _Reading:
    """The rows of the store behind settled flows."""

    def __init__(self, view: TradeView, store: Store) -> None:
        self.view, self.store = view, store

    def total(self, flows: _Flows, column: str) -> Derivation | None:
        made = self._sum(flows, column)
        return derivation.total(made, self._remarks(flows)) if made else None

    def ratio(self, part: _Flows, whole: _Flows, column: str) -> Derivation | None:
        sums = self._sum(part, column), self._sum(whole, column)
        return derivation.ratio(*sums) if all(sums) else None

    def change(self, now: _Flows, then: _Flows | None, column: str) -> Derivation | None:
        sums = (self._sum(now, column), self._sum(then, column)) if then else (None,)
        return derivation.change(*sums) if all(sums) else None

    def difference(self, one: _Flows, other: _Flows, column: str) -> Derivation | None:
        sums = self._sum(one, column), self._sum(other, column)
        return derived("A − B", lambda a, b: a - b, sums) if all(sums) else None

    def _remarks(self, flows: _Flows) -> list[str]:
        told = self._settled(flows)
        if (told["side"] == "importer").any() and self.view.flow == "export":
            return [
                "Where the country does not report, its partners' imports count, with their CIF values divided by "
                f"{self.view.factor_words}."
            ]
        return []

    def _periods(self, flows: _Flows) -> Sequence[pd.Timestamp]:
        return [flows.period] if flows.period is not None else list(flows.span.periods)

    def _settled(self, flows: _Flows) -> pd.DataFrame:
        own, other = _ENDS[flows.flow or self.view.flow]
        held = self.view.settled(flows.flow or None, flows.use).flows
        held = held[held[own].isin(flows.countries) & held["period"].isin(self._periods(flows))]
        return held[held[other] == flows.partner] if flows.partner else held

    def _sum(self, flows: _Flows, column: str) -> Sum | None:
        told = self._settled(flows)
        if (told["side"] == "mean").any():
            # A mean of two accounts is no sum of rows.
            return None
        rows = self._baci(told) if self.view.is_reconciled else self._declared(told)
        if column == "quantity_t":
            rows = rows.assign(amount=rows["quantity_kg"])
        else:
            declared = "fob_value_usd" if self.view.is_reconciled else "primary_value_usd"
            flow = [*_ENDS["export"], "flow_period"]
            sums = rows.groupby(flow)[declared].transform("sum")
            rows = rows.assign(amount=rows[declared] * (rows[column] / sums).where(sums > 0, 0.0))
        name = "quantity_kg" if column == "quantity_t" else "value_counted_usd"
        shown = ["period", "reporter", "partner", "concept", "code"]
        shown = [*(("period", *_ENDS["export"], "code") if self.view.is_reconciled else shown), "amount"]
        kept = rows.loc[rows["amount"].notna(), shown].rename(columns={"amount": name, "concept": "flow"})
        span = self.view.words(flows.span) if flows.period is None else self.view.period_name(flows.period)
        return Sum(
            words=f"{flows.words}, {span}",
            table=BACI if self.view.is_reconciled else COMTRADE,
            rows=kept.sort_values(name, ascending=False, kind="stable", ignore_index=True),
            column=name,
            divisor=1000.0 if column == "quantity_t" else 1.0,
            unit="t" if column == "quantity_t" else "US$",
            periods=tuple(sorted(rows["period"].unique())),
            headings=tuple(sorted(rows["heading"].unique())),
        )

    def _declared(self, told: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that the accounts used consist of, with the settled figures of their flow beside them."""
        view = self.view
        span = {"first": told["period"].min(), "last": told["period"].max()}
        asked = asked_of(view.product, frequency=view.frequency, **span)
        used = plan(self.store, asked, view.as_of.date()).used
        sides = told.assign(
            reporter=told["exporter"].where(told["side"] == "exporter", told["importer"]),
            partner=told["importer"].where(told["side"] == "exporter", told["exporter"]),
            concept=told["side"].map({"exporter": "export", "importer": "import"}),
        )
        used = used[used["reporter"].isin(sides["reporter"])]
        rows = self.store.read(
            COMTRADE,
            view.as_of.date(),
            headings=used["heading"].unique(),
            periods=used["period"].unique(),
            row_kind="country",
            columns=_READ,
        )
        rows = rows.merge(used[_BLOCK].drop_duplicates())
        rows = rows[rows["code"].str.startswith(tuple(asked.products)) & (not asked.code or rows["code"] == asked.code)]
        at = rows["month"].dt.to_period("Y").dt.start_time if view.annual else rows["month"]
        rows = rows.assign(flow_period=at.astype("datetime64[us]"))
        return rows.merge(
            sides[["reporter", "partner", "concept", "period", "exporter", "importer", *_AMOUNTS[1:]]].rename(
                columns={"period": "flow_period"}
            ),
            on=["reporter", "partner", "concept", "flow_period"],
        )

    def _baci(self, told: pd.DataFrame) -> pd.DataFrame:
        view = self.view
        years = {f"{period:%Y}" for period in told["period"]}
        blocks = self.store.blocks(BACI, view.as_of.date())
        prefixes = tuple(asked_of(view.product, frequency="annual", first="2000", last="2000").products)
        wanted = blocks[
            blocks["heading"].str.startswith(prefixes) & (blocks["concept"] == view.edition)
            & blocks["period"].isin(years)
        ]  # fmt: skip
        rows = self.store.read(
            BACI, view.as_of.date(), concept=view.edition, headings=wanted["heading"].unique(), periods=years,
            columns=["month", "heading", "exporter", "importer", "code", "fob_value_usd", "quantity_kg"],
        )  # fmt: skip
        rows = rows.assign(period=rows["month"].dt.strftime("%Y"), flow_period=rows["month"])
        flows = told[["exporter", "importer", "period"]].rename(columns={"period": "flow_period"})
        return rows.merge(flows, on=["exporter", "importer", "flow_period"])
