"""What a bulletin looks at: the imports it rests on, and the place, product, measure and months it shows.

Everything that the sections share is worked out here once; the calculations are the analysis room's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from aimlib.analysis import measures
from aimlib.analysis.grid import grid
from aimlib.analysis.headline import Headline, headline
from aimlib.analysis.months import Window, comparable_months, latest_month, month_window, year_to_date_window
from aimlib.analysis.totals import total
from aimlib.analysis.windows import window_sum
from aimlib.ingest.read import Imports
from aimlib.present import numbers
from aimlib.present.early.held import Early
from aimlib.present.measure import PrintedMeasure
from aimlib.reference import countries
from aimlib.reference.countries import Place

# Below this share of value, missing quantities are not worth a note.
_NEGLIGIBLE = 0.0005
CONCEPTS = {"consumption": "imports for consumption", "general": "general imports"}


@dataclass(frozen=True)
class View:
    """One bulletin's look at the imports.

    Attributes
    ----------
    imports
        Rows, published totals and calendar of one concept and product, as of a day.
    place
        The origin the bulletin is about: a country, a group, or all.
    measure
        ``value`` or ``quantity``.
    top
        How many origins are shown by name.
    first, last
        The months drawn.
    cumulative
        The figures are sums from January through the month that the row carries, for there are no months to show.
    early
        What licenses say of the months after the last Census month, None where they are not held.
    """

    imports: Imports
    place: Place
    measure: PrintedMeasure
    top: int
    first: pd.Timestamp
    last: pd.Timestamp
    cumulative: bool = False
    early: Early | None = None

    @property
    def is_all(self) -> bool:
        return self.place.kind == "all"

    @property
    def is_country(self) -> bool:
        return self.place.kind == "country"

    @property
    def members(self) -> list[str] | None:
        """Return the origins of the place, None for all."""
        return None if self.is_all else list(self.place.members)

    @property
    def marked(self) -> tuple[str, ...]:
        """Return the origins that charts and tables mark: the place's, none when it is all."""
        return () if self.is_all else self.place.members

    @property
    def analysis_measure(self) -> measures.Measure:
        return measures.measure(self.measure.key)

    @property
    def months(self) -> pd.DataFrame:
        return self.imports.months

    @cached_property
    def latest(self) -> pd.Timestamp:
        """Return the newest month that may be compared."""
        return latest_month(self.months)

    @cached_property
    def calendar(self) -> pd.DataFrame:
        """Return data_basis, known_on and partial of every month shown, license months after the Census months."""
        shown = ["month", "data_basis", "known_on", "partial"]
        held = self.months[shown]
        if self.early is not None:
            held = pd.concat([held, self.early.series.assign(data_basis="license")[shown]], ignore_index=True)
        return held.set_index("month")

    @cached_property
    def is_selection(self) -> bool:
        """Return whether the newest month rests on a selection of partners."""
        return self.months.set_index("month")["coverage"][self.latest] == "selection"

    @property
    def is_known_whole(self) -> bool:
        """Return whether the newest month lists the place (all of a group's members), so that early figures go on."""
        newest = self.own[self.own["month"] == self.latest]
        return not self.cumulative and not newest["not_listed"].any()

    @cached_property
    def whole(self) -> pd.DataFrame:
        """Return the grid of imports from all partners."""
        return total(self.imports.rows, self.imports.totals, self.months)

    @cached_property
    def own(self) -> pd.DataFrame:
        """Return the grid of imports from the place."""
        return self.whole if self.is_all else self._grid(origins=self.members)

    @cached_property
    def headline(self) -> Headline:
        """Return the key figures of the place in the latest month."""
        imports = self.imports
        frames = imports.rows, imports.totals, imports.months, imports.listed
        at_hand = {"whole": self.whole, "place": self.own}
        return headline(*frames, origins=self.members, which=self.analysis_measure, month=self.latest, **at_hand)

    @cached_property
    def by_origin(self) -> pd.DataFrame:
        """Return the grid by origin, for all origins that occur and the place's."""
        present = [
            *self.imports.rows["origin"].unique(),
            *self.imports.listed["origin"].unique(),
            *(self.members or []),
        ]
        return self._grid(by=("origin",), origins=sorted(set(present)))

    @cached_property
    def by_line(self) -> bool:
        """Return whether products are shown by tariff line, because all rows are of one category."""
        rows = self.imports.rows
        return rows["product"].nunique() == 1 and rows["code"].nunique() > 1

    @cached_property
    def product_rows(self) -> pd.DataFrame:
        """Return the country rows by the products shown: categories, or lines of the one category."""
        rows = self.imports.rows
        return rows.assign(product=rows["code"]) if self.by_line else rows

    @cached_property
    def own_product_rows(self) -> pd.DataFrame:
        """Return the country rows of the place by the products shown."""
        rows = self.product_rows
        return rows if self.is_all else rows[rows["origin"].isin(self.members)]

    @cached_property
    def product_totals(self) -> pd.DataFrame:
        """Return the published totals by the same parts."""
        totals = self.imports.totals
        return totals.assign(product=totals["code"]) if self.by_line else totals

    @cached_property
    def own_by_product(self) -> pd.DataFrame:
        """Return the grid of the place's imports by product: category, or line of the one category there is."""
        if self.is_all:
            return total(self.product_rows, self.product_totals, self.months, by=("product",), products=self.categories)
        listed = self.imports.listed
        return grid(
            self.product_rows, self.months, listed, by=("product",), origins=self.members, products=self.categories
        )

    @cached_property
    def own_rows(self) -> pd.DataFrame:
        """Return the country rows of the place."""
        rows = self.imports.rows
        return rows if self.is_all else rows[rows["origin"].isin(self.members)]

    @cached_property
    def categories(self) -> list[str]:
        """Return the products that occur: categories in the order of the reference, or lines by code."""
        held = set(self.product_rows["product"].unique())
        return sorted(held) if self.by_line else [slug for slug in self.imports.product.categories if slug in held]

    @cached_property
    def listed_members(self) -> int:
        """Return how many of a group's members are listed in the newest month, or trade where all partners are."""
        listed = self.imports.listed
        if self.is_selection:
            named = set(listed.loc[listed["month"] == self.latest, "origin"])
        else:
            named = set(self.imports.rows["origin"].unique())
        return len(named & set(self.place.members))

    def cover_note(self, frame: pd.DataFrame, window: Window, words: str) -> list[str]:
        """Say how much of the value has no quantity, where quantities are shown and it is not nothing.

        Such rows are left out of quantities, so that these are lower bounds.
        """
        if self.measure.key != "quantity":
            return []
        value, covered = (
            float(window_sum(frame, name, window.months).sum())
            for name in ("customs_value_usd", "customs_value_with_quantity_usd")
        )
        if not value > 0 or covered / value > 1 - _NEGLIGIBLE:
            return []
        lacking = numbers.percent(1 - covered / value)
        return [
            f"Census withheld the quantity of rows worth {lacking} of the value in {words}; tonnages leave them out."
        ]

    @cached_property
    def to_date(self) -> Window:
        """Return the window that tables are made over: the year to date, or the latest month.

        The month it is where a month of the year is not loaded, so that the sum over the year is not known.
        """
        if self.cumulative:
            return self._one_period("ytd", "_ytd")
        window = year_to_date_window(self.months, self.latest)
        whole = set(window.months) <= set(comparable_months(self.months))
        return window if whole else month_window(self.months, self.latest)

    def _one_period(self, kind: str, suffix: str) -> Window:
        """Return the window of a table whose rows are sums from January: the row is the whole window."""
        month = month_window(self.months, self.latest)
        return replace(month, kind=kind, suffix=suffix)

    def _grid(self, **chosen) -> pd.DataFrame:
        return grid(self.imports.rows, self.months, self.imports.listed, **chosen)

    def drawn(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the months drawn."""
        return frame[frame["month"].between(self.first, self.last)]

    # Words.

    @property
    def from_place(self) -> str:
        """Return ``from Canada``, ``from the European Union``, ``from all countries``."""
        return f"from {self.place.phrase}"

    @property
    def concept_words(self) -> str:
        return CONCEPTS[self.imports.concept]

    @property
    def rest_words(self) -> str:
        """Return the label of the remainder: it takes in partners that a selection does not list."""
        return "Others, incl. not listed" if self.is_selection else "Other countries"

    @property
    def latest_words(self) -> str:
        return numbers.month_name(self.latest)

    @property
    def ytd_words(self) -> str:
        """Return ``January to July 2021``, or ``January 2021`` when the year has one month."""
        if self.latest.month == 1:
            return self.latest_words
        return f"January to {self.latest_words}"

    @property
    def to_date_words(self) -> str:
        """Return the words for the window of the tables: ``January to July 2021``, or ``July 2021``."""
        return self.ytd_words if self.to_date.kind == "ytd" else self.latest_words

    @property
    def to_date_base(self) -> str:
        """Return what that window is compared with: ``the same months of 2020``, or ``July 2020``."""
        if self.to_date.kind == "ytd":
            return f"the same months of {self.latest.year - 1}"
        return numbers.month_name(self.latest - pd.DateOffset(years=1))

    @cached_property
    def source(self) -> str:
        """Return the source line: the tables, what was known when, and the day of retrieval."""
        return source_line(self.imports.sources, self.concept_words.capitalize())

    @cached_property
    def early_source(self) -> str:
        """Return the source line of what shows license months too."""
        return source_line(self.sources, self.concept_words.capitalize())

    @property
    def sources(self) -> tuple[dict[str, Any], ...]:
        """Return where all figures come from, those of license months too."""
        return self.imports.sources + (self.early.sources if self.early else ())

    def tidy(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return figure data with what every row must say: concept, data basis, vintage, partial, not listed."""
        at = self.calendar.index.get_indexer(frame["month"] if "month" in frame else [self.latest] * len(frame))
        told = self.calendar.take(at).set_axis(frame.index)
        if (at < 0).any():
            told = told.mask(at < 0)
        columns = {"data_basis": "data_basis", "vintage": "known_on", "partial": "partial"}
        out = frame.drop(columns=[name for name in ("coverage",) if name in frame])
        out = out.assign(concept=self.imports.concept, **{name: told[held] for name, held in columns.items()})
        return out if "not_listed" in out else out.assign(not_listed=False)

    def name_of(self, origin: str) -> str:
        """Return the print name of an origin, or of the rest and the total."""
        if origin == "TOTAL":
            return "All countries"
        if origin == "REST":
            return self.rest_words
        if origin == self.place.key:
            return self.place.name
        return countries.print_name(origin)


def months_window(
    months: pd.DataFrame,
    latest: pd.Timestamp,
    period: tuple[pd.Timestamp, pd.Timestamp] | None,
    early: Early | None = None,
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the months to draw: the period asked for, kept within what is held, or the last three years.

    License months after the last Census month are among them.
    """
    first, last = months["month"].iloc[0], months["month"].iloc[-1]
    last = last if early is None else early.series["month"].iloc[-1]
    if period is None:
        return max(first, latest - pd.DateOffset(months=35)), last
    return max(first, period[0]), min(last, period[1])


def source_line(sources: Iterable[Mapping[str, Any]], what: str) -> str:
    """Return the source line: the tables, what was known when and the day of retrieval, and `what` is counted."""
    said = [f"{name}, {vintages}" for name, vintages in by_title(sources).items()]
    return f"Source: {'; '.join(said)}. {what}."


def by_title(sources: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return, by publisher and title, the days on which the vintages used were known and retrieved."""
    found = pd.DataFrame(list(sources))
    names = found["publisher"] + ", " + found["title"]
    return {name: _vintages(group) for name, group in found.groupby(names, sort=False)}


def _vintages(sources: pd.DataFrame) -> str:
    """Return when the vintages used were known and retrieved: ``known July 8, 2021, retrieved July 9, 2021``."""
    known, retrieved = _days(sources["known_on"]), _days(sources["captured_on"])
    return f"known and retrieved {known}" if known == retrieved else f"known {known}, retrieved {retrieved}"


def _days(days: pd.Series) -> str:
    """Return one day, or the first and the last of several."""
    first, last = min(days), max(days)
    return numbers.day_name(first) if first == last else f"{numbers.day_name(first)} to {numbers.day_name(last)}"
