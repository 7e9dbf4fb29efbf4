"""What a duty bulletin looks at: one entry's rate, the reporter's series, and the duty on actual imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any

import pandas as pd

from aimlib.analysis.duty.assumptions import Assumptions
from aimlib.analysis.duty.explain import Answer
from aimlib.analysis.duty.facts import Facts
from aimlib.analysis.duty.scenarios import Scenario
from aimlib.analysis.duty.statutory import month_rows, rate_parts, statutory_duty, year_rows
from aimlib.analysis.duty.timeline import rate_timeline
from aimlib.analysis.premium import averages
from aimlib.analysis.premium.daily import daily_series
from aimlib.ingest.imports import Imports, YearToDate
from aimlib.ingest.read_p1020 import P1020Inputs
from aimlib.present import numbers
from aimlib.present.smelt_origin.view import MetalView
from aimlib.present.view import CONCEPTS, source_line
from aimlib.reference import countries, p1020
from aimlib.reference.countries import Place
from aimlib.reference.law import Law
from aimlib.reference.law.model import printed
from aimlib.reference.products import Product

P1020_LINE = "76011060"
GENERAL, CANADA = "ARE", "CAN"
"""The origins that stand for most others (never exempt, no agreement) and for the reporter's basis."""
_NOT_PASSED_ON = "not for redistribution"
_COUNTED = ("first", "last", "origin", "code", "customs_value_usd", "quantity_kg")


@dataclass(frozen=True)
class DutyView:
    """One bulletin's look at the duty.

    Attributes
    ----------
    place, product
        Whose imports of what the scenarios are about.
    as_of
        The day on which all figures were known.
    facts, answer
        The entry whose rate is explained, ``facts.on`` being the day of the law, and the answer for it.
    law
        The law as it stands.
    extended
        Whether the law is taken beyond the day through which it was verified.
    imports
        Months of imports by tariff line, a year to date where only that is held, or None.
    why_no_imports
        Why there are none, a sentence.
    first, last
        The months drawn, None without months.
    scenarios, assumptions
        What is compared with the law, and what the duty on imports assumes.
    prices
        The inputs of the reporter's series.
    freights
        Freight by origin in c/lb for the wider origin basis; parts of the freight in USD/t (sea, inland, handling);
        freight by sea to New Orleans and from there to the Midwest, and a premium FOB Canada, as the user gave them.
    metal
        Where the metal was smelted, from licenses; None where none are held.
    keep
        Works out the frame of a name, or finds it where another report did that differs in place, entry and metal.
    """

    place: Place
    product: Product
    as_of: date
    facts: Facts
    answer: Answer
    law: Law
    extended: bool
    imports: Imports | YearToDate | None
    why_no_imports: str
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    scenarios: tuple[Scenario, ...]
    assumptions: Assumptions
    prices: P1020Inputs
    freights: dict[str, float]
    freight_parts_usd_t: dict[str, float]
    sea_freight_usd_t: float | None
    port_freight_usd_t: float | None
    fob_canada_c_lb: float | None
    base_day: date | None
    weight_canada: float | None
    elasticities: tuple[float, ...]
    pass_through: float | None
    top: int
    metal: MetalView | None = field(repr=False)
    keep: Callable[[str, Callable[[], pd.DataFrame]], pd.DataFrame] = field(repr=False)
    read_sources: Callable[[], tuple[dict[str, Any], ...]] = field(repr=False)

    # The law.

    @property
    def law_end(self) -> date:
        """Return the last day of the law shown: that of the figures, or the day through which it is verified."""
        newest = max(self.as_of, self.facts.on)
        return newest if self.extended else min(newest, self.law.coverage.verified_through)

    @property
    def known_on(self) -> date | None:
        """Return the day as of which the law is told, None where all that is held was known by then."""
        return self.as_of if self.as_of < self.law.coverage.verified_through else None

    @cached_property
    def timeline(self) -> pd.DataFrame:
        """Return the rate of the entry over all days covered (`rate_timeline`)."""
        return self.timeline_of(self.facts)

    def timeline_of(self, facts: Facts) -> pd.DataFrame:
        first = self.law.coverage.first_day
        return rate_timeline(facts, first, self.law_end, law=self.law, known_on=self.known_on, extend=self.extended)

    @cached_property
    def statutory_p1020(self) -> dict[str, pd.DataFrame]:
        """Return the rate of P1020 by day from Canada, with a USMCA claim, and from most other origins."""
        return {
            name: self.keep(f"law_{origin}", partial(self.timeline_of, p1020_facts(origin, self.law_end)))
            for name, origin in (("Canada", CANADA), ("Most other origins", GENERAL))
        }

    # Imports.

    @property
    def is_year(self) -> bool:
        """Return whether only the sums of a year to date are held."""
        return isinstance(self.imports, YearToDate)

    @property
    def members(self) -> list[str] | None:
        return None if self.place.kind == "all" else list(self.place.members)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Return the country rows of the place with the first and last day of their period."""
        return self._dated(self._of_place(self.imports.rows))

    @cached_property
    def rated(self) -> pd.DataFrame:
        """Return all rows drawn under the law of their own days."""

        def drawn() -> pd.DataFrame:
            rows = self.imports.rows
            rows = rows if self.is_year else rows[rows["month"].between(self.first, self.last)]
            return self._rated(self._dated(rows.reset_index(drop=True)), self.own_law)

        return self._of_place(self.keep("rated", drawn))

    @cached_property
    def latest_parts(self) -> pd.DataFrame:
        """Return the rows drawn of `latest`, cut where the law changes within it (`rate_parts`)."""

        def cut() -> pd.DataFrame:
            rows = self._dated(self.imports.rows)
            months = pd.to_datetime(rows["last"]).dt.to_period("M")
            drawn = True if self.is_year else rows["month"].between(self.first, self.last)
            rows = rows[drawn & (months == self.latest.to_period("M"))]
            return rate_parts(rows[list(_COUNTED)], assumptions=self.assumptions, extend=self.extended)

        return self._of_place(self.keep("latest_parts", cut))

    def _of_place(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the place: the law is worked out for all origins at once, for all places share that."""
        return rows if self.members is None else rows[rows["origin"].isin(self.members)].reset_index(drop=True)

    def _dated(self, rows: pd.DataFrame) -> pd.DataFrame:
        return year_rows(rows) if self.is_year else month_rows(rows)

    def _rated(self, rows: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
        return statutory_duty(rows, scenario=scenario, assumptions=self.assumptions, extend=self.extended)

    @cached_property
    def newest_spans(self) -> pd.DataFrame:
        """Return the periods that scenarios are worked out on: first and last day of each.

        Those are the last twelve months loaded that the law reaches into, or the newest year to date.
        """
        if self.is_year:
            spans = year_rows(self.imports.periods)[["first", "last"]].drop_duplicates()
            return spans[spans["last"] == spans["last"].max()]
        months = self.imports.months
        spans = month_rows(months.loc[months["loaded"], ["month"]])
        end = dt.date.max if self.extended else self.law.coverage.verified_through
        return spans.loc[spans["first"] <= end, ["first", "last"]].tail(12)

    @cached_property
    def latest(self) -> pd.Timestamp:
        """Return the newest of these months (or the month that the newest year to date runs through)."""
        return pd.Timestamp(self.newest_spans["last"].max()).to_period("M").to_timestamp()

    @cached_property
    def newest_year(self) -> pd.DataFrame:
        """Return the rows of these periods."""
        return self._newest(self.rows)

    def _newest(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["first"].isin(set(self.newest_spans["first"]))].reset_index(drop=True)

    @cached_property
    def year_words(self) -> str:
        """Return these periods in words."""
        first, last = pd.Timestamp(self.newest_spans["first"].min()), pd.Timestamp(self.newest_spans["last"].max())
        if (first.month, last.month, first.year) == (1, 12, last.year):
            return str(first.year)
        if (first.year, first.month) == (last.year, last.month):
            return numbers.month_name(first)
        return f"{numbers.month_name(first)} to {numbers.month_name(last)}"

    @cached_property
    def newest_rated(self) -> pd.DataFrame:
        """Return `newest_year` under the law of its own days."""
        return self._newest_of_all("newest_rated", self.own_law)

    def _newest_of_all(self, name: str, scenario: Scenario) -> pd.DataFrame:
        rated = self.keep(name, lambda: self._rated(self._newest(self._dated(self.imports.rows)), scenario))
        return self._of_place(rated)

    @property
    def is_selection(self) -> bool:
        """Return whether the newest period lists some partners only."""
        periods = self.imports.periods if self.is_year else self.imports.months
        told = periods["coverage"] if self.is_year else periods.loc[periods["loaded"], "coverage"]
        return told.iloc[-1] == "selection"

    @property
    def all_words(self) -> str:
        """Return the label of the sum over origins."""
        if self.members is not None:
            return self.place.name
        return "All listed partners" if self.is_selection else "All origins"

    @property
    def coverage_notes(self) -> list[str]:
        """Say what of the imports is not counted, in sentences."""
        notes = [self.partial_words] if self.partial_words else []
        if self.is_selection:
            count = self.newest_rated["origin"].nunique()
            notes.append(
                f"The table held lists some partners only ({count} here); imports from others are not counted."
            )
        return notes

    @cached_property
    def partial_words(self) -> str:
        """Say that the law held ends within the newest period, or ''."""
        least = self.newest_rated["share_of_days"].min()
        if not 0 < least < 1:
            return ""
        return (
            f"The law is verified through {numbers.day_name(self.law.coverage.verified_through)}; the last period "
            "rests on its days until then."
        )

    @cached_property
    def latest_words(self) -> str:
        return f"{self.year_words}" if self.is_year else numbers.month_name(self.latest)

    @property
    def own_law(self) -> Scenario:
        """Return the law of each entry's own day, as known."""
        return Scenario("law", law=self.law, known_on=self.known_on)

    @cached_property
    def today(self) -> pd.DataFrame:
        """Return `newest_year` under the law of the day."""
        return self._newest_of_all("today", self._on_a_day(Scenario("today", law=self.law)))

    def under(self, scenario: Scenario) -> pd.DataFrame:
        """Return `newest_year` under a scenario, on the day of the law unless it has a day of its own."""
        return self._rated(self.newest_year, self._on_a_day(scenario))

    def _on_a_day(self, scenario: Scenario) -> Scenario:
        day = scenario.on or self.facts.on
        is_later = scenario.on is not None and scenario.on > self.as_of
        known_on = scenario.known_on or (None if is_later else self.known_on)
        return Scenario(scenario.key, scenario.title, scenario.law, day, known_on, scenario.steps)

    def from_everywhere(self, prefix: str, day: date) -> pd.DataFrame:
        """Return the newest twelve months (or year) of lines that start so, from all origins, by the law of a day."""

        def rated() -> pd.DataFrame:
            held = self.imports.rows
            rows = self._newest(self._dated(held[held["code"].str.startswith(prefix)]))
            return self._rated(rows, Scenario("today", law=self.law, on=day, known_on=self.known_on))

        return self.keep(f"all_{prefix}_{day}", rated)

    @cached_property
    def by_scenario(self) -> dict[str, pd.DataFrame]:
        return {
            scenario.key: self._newest_of_all(f"under_{scenario.key}", self._on_a_day(scenario))
            for scenario in self.scenarios
        }

    # The reporter's series.

    @cached_property
    def daily(self) -> pd.DataFrame:
        """Return the series by day; empty where only months are held, or nothing."""
        if self.prices.frequency != "daily":
            return pd.DataFrame()
        return self.keep("p1020_daily", lambda: daily_series(self.prices.rows))

    @cached_property
    def averages_p1020(self) -> dict[str, pd.DataFrame]:
        """Return the averages of the series by day, over weeks, months and years."""
        return {
            name: self.keep(f"p1020_{name}", partial(average, self.daily))
            for name, average in (
                (p1020.WEEKLY, averages.weekly),
                (p1020.MONTHLY, averages.monthly),
                (p1020.YEARLY, averages.yearly),
            )
        }

    @cached_property
    def monthly_p1020(self) -> pd.DataFrame:
        """Return the series by month: means of days, or of monthly prices with the factor weighted by day."""
        if self.prices.frequency == "daily":
            return self.averages_p1020[p1020.MONTHLY]
        rows = self.prices.rows.rename(columns={"day": "month"})
        return averages.from_monthly_prices(rows) if len(rows) else pd.DataFrame()

    # Words.

    @property
    def from_place(self) -> str:
        if self.place.kind == "all" and self.imports is not None and self.is_selection:
            return "from the partners listed"
        return f"from {self.place.phrase}"

    @property
    def line_words(self) -> str:
        return printed(self.facts.hts)

    @property
    def origin_words(self) -> str:
        return countries.phrase(self.facts.origin)

    @property
    def concept_words(self) -> str:
        return CONCEPTS["consumption"]

    @property
    def day_words(self) -> str:
        return numbers.day_name(self.facts.on)

    @property
    def sources(self) -> tuple[dict[str, Any], ...]:
        return self.read_sources()

    @cached_property
    def law_source(self) -> str:
        held = self.law.coverage
        return (
            f"Source: the tariff law as held in this suite, verified through {numbers.day_name(held.verified_through)} "
            f"({held.verified_against}); its citations stand under The law's references."
        )

    @cached_property
    def import_source(self) -> str:
        return source_line(self.imports.sources, f"{self.concept_words.capitalize()}, and the tariff law as held")

    @cached_property
    def price_source(self) -> str:
        return price_line(self.prices.sources)

    def tidy(self, frame: pd.DataFrame, basis: str = "law", partial: bool = False) -> pd.DataFrame:
        """Return figure data with what every row must say."""
        out = frame.drop(columns=[name for name in ("partial", "not_listed") if name in frame])
        return out.assign(
            concept="consumption" if basis == "census" else "",
            data_basis=basis,
            vintage=pd.Timestamp(self.as_of),
            partial=partial,
            not_listed=False,
        )

    def name_of(self, origin: str) -> str:
        return countries.print_name(origin)


def price_line(sources: tuple[dict[str, Any], ...]) -> str:
    """Return the source line of prices: by publisher, its series in one, for a table may rest on seven of them."""
    if not sources:
        return "Source: none held."
    by_publisher: dict[str, list[str]] = {}
    for source in sources:
        title = source["title"].rsplit(", ", 1)[0]
        names = by_publisher.setdefault(source["publisher"], [])
        if title not in names:
            names.append(title)
    told = "; ".join(f"{publisher} ({', '.join(names)})" for publisher, names in by_publisher.items())
    days = [day for source in sources for day in (source["known_on"], source["captured_on"])]
    known = (
        f"known and retrieved {numbers.day_name(max(days))}"
        if min(days) == max(days)
        else (f"known and retrieved {numbers.day_name(min(days))} to {numbers.day_name(max(days))}")
    )
    kept = dict.fromkeys(source["publisher"] for source in sources if _NOT_PASSED_ON in source["license"])
    note = f" Not for redistribution: {numbers.joined(list(kept))}." if kept else ""
    return f"Source: {told}, {known}. The reporter's formula on these prices.{note}"


def p1020_facts(origin: str, day: date) -> Facts:
    """Return an entry of P1020 metal smelted and cast in its origin, a USMCA claim made where it can be."""
    claims = frozenset({"usmca"}) if origin in ("CAN", "MEX") else frozenset()
    return Facts(day, P1020_LINE, origin, origin, "", origin, claims)
