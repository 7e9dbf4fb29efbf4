"""What a bulletin of the global comparison looks at: settled flows, what they rest on, and the spans compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from aimlib.analysis import world
from aimlib.analysis.mirror import Settled
from aimlib.analysis.world import Span
from aimlib.present import numbers
from aimlib.present.measure import PrintedMeasure
from aimlib.present.view import source_line
from aimlib.reference import countries, trade_reporting
from aimlib.reference.products import Product

COMTRADE, BACI = "comtrade", "baci"
REST, TOTAL = "REST", "TOTAL"
AREAS = {"XNS": "Areas not specified"}
METHODS = {
    "reported": "own reports",
    "reverse": "own reports; for countries that do not report, their partners' (reverse flow)",
    "better": "the better reporter of each flow (Gehlhar)",
    "weighted": "the mean of both accounts, weighted by the reporters' variance (BACI's rule)",
}
MOST_MOVED = 0.02
"""Where the part of value without a weight moved by more, quantities of two spans do not compare."""
TABLES, REPLACED, DRAWN = "tables", "replaced", "drawn"
USES = (TABLES, REPLACED, DRAWN)
"""What is compared: the latest span with the year before, who replaced whom, the series drawn."""
STANDINGS = {
    "reported": "own reports",
    "mirror": "partners' reports",
    "both": "both sides",
    "spliced": "own, then partners' reports",
    "missing": "not reported",
    "incomplete": "reported in part",
    "selection": "own reports, part of the partners",
    "reconciled": "reconciled by CEPII",
}


def spans_periods(spans: Iterable[Span | None]) -> pd.DatetimeIndex:
    """Return the periods of several spans, each once."""
    found = [period for span in spans if span is not None for period in span.periods]
    return pd.DatetimeIndex(sorted(set(found))).as_unit("us")


@dataclass(frozen=True)
class TradeView:
    """One bulletin's look at the trade of the world.

    Attributes
    ----------
    source, edition
        ``comtrade``, or ``baci`` and its edition of the Harmonized System.
    flow
        Whose trade is compared: ``export`` or ``import``.
    asked
        The countries named, None for all; the largest are shown then.
    frequency
        ``monthly`` or ``annual``: what a period is.
    drawn
        The periods drawn.
    latest, before
        The span that tables are made over, and the same span a year before; None where that is not held.
    base, after
        The two spans of who replaced whom.
    method, mirrored, splice, factor, factor_words
        How flows are settled; None and empty for BACI.
    reporting
        Who has reported, in the shape of `ingest.global_trade.frames.REPORTING`.
    doubtful
        BACI's flows with a unit value beyond reason, largest first: exporter, importer, period, quantity_t,
        unit_value_usd_t. Empty for Comtrade.
    notes
        What the reading left out, in sentences.
    method_errors
        The errors of the methods in the synthetic world.
    settle
        Settles the flows of ``export`` or ``import`` for one of `USES`, by category or as a whole, with one set of
        partners over what is compared; gives with it the countries too thinly told. Asked once each.
    read_pairs
        Gives both accounts of each flow (PAIRS), empty for BACI.
    read_inside
        Gives what reporters tell apart as re-exports (re-imports) of the latest span: reporter, quantity_t.
    read_coverage
        Gives who has reported (REPORTING) from the first period drawn to the newest held.
    read_own
        Gives countries' own accounts by year and partner (ACCOUNTS), over all years held.
    band, read_bands
        The CIF/FOB factors tried, and the values of countries over them in the latest span.
    keep
        Works out the frame of a name, or finds it where another report that differs in `chosen_focus` alone did.
    """

    source: str
    edition: str
    flow: str
    product: Product
    measure: PrintedMeasure
    asked: tuple[str, ...] | None
    chosen_focus: str | None
    top: int
    frequency: str
    drawn: Span
    latest: Span
    before: Span | None
    base: Span
    after: Span
    method: str | None
    mirrored: tuple[str, ...]
    splice: bool
    factor: float
    factor_words: str
    factor_note: str
    band: tuple[float, ...]
    as_of: pd.Timestamp
    sources: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    reporting: pd.DataFrame = field(repr=False)
    doubtful: pd.DataFrame = field(repr=False)
    method_errors: pd.DataFrame = field(repr=False)
    settle: Callable[[str, str, bool], tuple[Settled, pd.DataFrame]] = field(repr=False)
    read_pairs: Callable[[], pd.DataFrame] = field(repr=False)
    read_bands: Callable[[], pd.DataFrame] = field(repr=False)
    read_inside: Callable[[], pd.DataFrame] = field(repr=False)
    read_coverage: Callable[[], pd.DataFrame] = field(repr=False)
    read_own: Callable[[tuple[str, ...]], pd.DataFrame] = field(repr=False)
    keep: Callable[[str, Callable[[], pd.DataFrame]], pd.DataFrame] = field(repr=False)
    _kept: dict = field(default_factory=dict, repr=False)

    def settled(self, flow: str | None = None, use: str = TABLES, *, by_category: bool = False) -> Settled:
        """Return the settled flows, of the bulletin's own flow and for its tables unless others are asked for."""
        return self._settle(flow or self.flow, use, by_category)[0]

    def thin(self, use: str = TABLES) -> pd.DataFrame:
        """Return the countries without a figure, for too much of what partners told is from late ones."""
        return self.kept(f"thin_{use}", lambda: self._settle(self.flow, use, False)[1])

    def _settle(self, *asked: Any) -> tuple[Settled, pd.DataFrame]:
        if asked not in self._kept:
            self._kept[asked] = self.settle(*asked)
        return self._kept[asked]

    def kept(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return the frame of a name, which `make` gives and which may not depend on the focus."""
        return self.once(name, lambda: self.keep(name, make))

    def once(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return the frame of a name, which `make` gives for this bulletin alone."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def periods_of(self, use: str) -> pd.DatetimeIndex:
        """Return the periods over which a use compares: the set of partners is held constant over them."""
        spans = {TABLES: (self.before, self.latest), REPLACED: (self.base, self.after), DRAWN: (self.drawn,)}[use]
        return spans_periods(spans)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        return self.read_pairs()

    @cached_property
    def bands(self) -> pd.DataFrame:
        return self.read_bands()

    @cached_property
    def inside(self) -> pd.DataFrame:
        return self.read_inside()

    @property
    def band_words(self) -> str:
        return numbers.joined([numbers.plain(factor, 3 if round(factor, 2) != factor else 2) for factor in self.band])

    @property
    def flows(self) -> pd.DataFrame:
        return self.settled().flows

    @property
    def standing(self) -> pd.DataFrame:
        return self.settled().standing

    @property
    def is_reconciled(self) -> bool:
        """Return whether the table has one figure a flow, and no second account."""
        return self.source == BACI

    @property
    def annual(self) -> bool:
        return self.frequency == "annual"

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """Return all countries ranked over the latest span, those that cannot be compared last."""

        def ranked() -> pd.DataFrame:
            spans = {"span": self.latest, "base": self.before}
            held = world.ranking(self.flows, self.standing, flow=self.flow, measure=self.measure.key, **spans)
            return held[held["country"].map(countries.is_country).astype(bool)].reset_index(drop=True)

        return self.comparable(self.kept("ranking", ranked))

    def comparable(self, held: pd.DataFrame) -> pd.DataFrame:
        """Return a table with changes of the quantity blank where the part without a weight moved too far."""
        if "covered_share_base" not in held:
            return held.assign(quantity_change=float("nan"), value_change=float("nan"))
        moved = (held["covered_share"] - held["covered_share_base"]).abs() > MOST_MOVED
        return held.assign(quantity_change=held["quantity_change"].mask(moved))

    @staticmethod
    def is_country(code: str) -> bool:
        """Tell a country from an area that is none (areas not specified, bunkers)."""
        return countries.is_country(code)

    @cached_property
    def compared(self) -> pd.DataFrame:
        """Return the ranked countries whose figures of the latest span are complete."""
        return self.ranking[self.ranking["rank"].notna()]

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """Return the countries that tables show: those asked for by size, or the largest."""
        if self.asked is None:
            return tuple(self.compared["country"].head(self.top))
        ranked = [country for country in self.ranking["country"] if country in self.asked]
        return (*ranked, *(country for country in self.asked if country not in ranked))

    @cached_property
    def focus(self) -> str:
        """Return the country whose partners are shown."""
        if self.chosen_focus:
            return self.chosen_focus
        if self.asked:
            return self.asked[0]
        # Where no country can be compared, the one of which most is known.
        known = self.ranking.sort_values("quantity_t_so_far", ascending=False, kind="stable")["country"]
        return next(iter([*self.shown, *known]), "")

    @property
    def share(self) -> str:
        return f"share_{self.measure.key}"

    @property
    def change(self) -> str:
        return f"{self.measure.key}_change"

    def amount(self, frame: pd.DataFrame) -> pd.Series:
        """Return the amounts of the measure, in printed units."""
        return frame[self.measure.column] / self.measure.scale

    # Words.

    @property
    def flows_word(self) -> str:
        return f"{self.flow}s"

    @property
    def role(self) -> str:
        """Return what a country compared is: exporter or importer."""
        return f"{self.flow}er"

    @property
    def partner_role(self) -> str:
        return "destination" if self.flow == "export" else "supplier"

    @property
    def to_or_from(self) -> str:
        return "to" if self.flow == "export" else "from"

    def words(self, span: Span) -> str:
        """Return a span in words: ``2024``, ``2019 to 2021``, ``September 2025 to August 2026``."""
        first, last = span.first, span.last
        if self.annual or (first.month == 1 and last.month == 12):
            return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
        if first == last:
            return numbers.month_name(first)
        if first.year == last.year:
            return f"{first:%B} to {numbers.month_name(last)}"
        return f"{numbers.month_name(first)} to {numbers.month_name(last)}"

    @property
    def latest_words(self) -> str:
        return self.words(self.latest)

    @property
    def before_words(self) -> str:
        return self.words(self.before) if self.before else ""

    @property
    def measure_title(self) -> str:
        """Return the measure as it heads a column."""
        noun = self.measure.noun
        return noun[0].upper() + noun[1:]

    @property
    def product_phrase(self) -> str:
        """Return the product as it reads in a sentence; codes of the world are the HS's."""
        return self.product.phrase.replace("HTS", "HS")

    @property
    def product_title(self) -> str:
        return self.product.title.replace("HTS", "HS")

    @property
    def period_word(self) -> str:
        return "year" if self.annual else "month"

    @property
    def period_noun(self) -> str:
        return f"{self.period_word}s"

    def period_name(self, period: pd.Timestamp) -> str:
        return str(period.year) if self.annual else numbers.month_name(period)

    @property
    def of_focus(self) -> str:
        """Return ``from Russia`` for exports, ``of Japan`` for imports."""
        if not self.focus:
            return "of all countries"
        return f"{'from' if self.flow == 'export' else 'of'} {self.phrase_of(self.focus)}"

    @property
    def valuation_note(self) -> str:
        """Return what values are."""
        if self.is_reconciled:
            return "Values are FOB, as BACI gives them."
        if self.flow == "export":
            return (
                f"Values are FOB. Where an importer's CIF value stands for them, it is divided by {self.factor_words}; "
                "values of importers that record FOB are not."
            )
        return (
            "Values are as importers record them: CIF, or FOB in the countries that the method box names. Rebuilt from "
            f"exports they are multiplied by {self.factor_words} where the importer records CIF."
        )

    @cached_property
    def source_text(self) -> str:
        """Return the source line."""
        what = f"{self.flows_word.capitalize()}, {self.measure.noun}"
        if self.source == BACI:
            what += "; reconciled by CEPII, no second account of a flow"
        return source_line(self.sources, what)

    def name_of(self, country: str) -> str:
        """Return a country's print name, or that of the rest and the total."""
        words = {REST: "Other countries", TOTAL: "All countries", **AREAS}
        return words.get(country) or countries.print_name(country)

    def phrase_of(self, country: str) -> str:
        """Return the name as it reads in a sentence."""
        return AREAS[country].lower() if country in AREAS else countries.phrase(country)

    def basis_of(self, row: Mapping[str, Any]) -> str:
        """Return what a country's figures rest on, with how many partners report where they rest on these."""
        word = STANDINGS[row["standing"]]
        if self.flow == "import" and self.measure.key == "value" and row["standing"] == "reported":
            word += f" ({self.valuation_of(row['country'])})"
        if row["standing"] in ("mirror", "spliced", "both") and not numbers.is_missing(row["partners_reporting"]):
            return f"{word} ({row['partners_reporting']} of {row['partners']})"
        return word

    def valuation_of(self, importer: str) -> str:
        """Return how an importer values its imports at the end of the latest span: CIF or FOB."""
        return trade_reporting.valuation(importer, self.latest.last).upper()

    def tidy(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return figure data with what every row must say."""
        newest = max(source["known_on"] for source in self.sources)
        named = {"concept": self.flow, "data_basis": self.source, "vintage": newest}
        return frame.assign(**named, partial=False, not_listed=False)
