"""What a smelt and cast bulletin looks at: protected tables of the metal's origin, and the imports beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from aimlib.analysis.confidentiality import Rule
from aimlib.analysis.metal.spans import GROUP
from aimlib.analysis.metal.tables import MetalTables
from aimlib.analysis.totals import TOTAL
from aimlib.present import numbers
from aimlib.present.early.held import LICENSES
from aimlib.present.measure import PrintedMeasure
from aimlib.present.view import CONCEPTS, View, source_line
from aimlib.reference import countries
from aimlib.reference.countries import Place
from aimlib.reference.products import Product

WORDS = {
    "N/A": "N/A (no primary metal)",
    "unknown": "Unknown",
    "not collected": "Not collected",
    "not covered": "Not covered by licenses",
    "withheld": "Not shown, together",
    TOTAL: "Total",
}
AMOUNTS = {"quantity": ("quantity_kg", "share_quantity"), "value": ("customs_value_usd", "share_value")}


@dataclass(frozen=True)
class MetalView:
    """One bulletin's look at the origin of the metal.

    Attributes
    ----------
    place, product, measure, concept, top
        What it is about, as in `View`.
    first, last
        The months that the shares rest on.
    as_of
        The day on which all of it was known.
    watch
        The countries watched, ISO alpha-3.
    primary_only
        Whether metal without a smelt country is left out of the shares.
    rule
        The rule of confidentiality.
    sources
        Where the license figures come from, in the shape of `Imports.sources`.
    notes
        What the reading left out, in sentences.
    basis
        ``licenses``, or ``monitor`` where the store holds only what the public monitor shows.
    trends
        The imports from Census with their license months, None where the store holds no Census months.
    read_tables
        Works the tables out; called once, when a section first asks for them.
    """

    place: Place
    product: Product
    measure: PrintedMeasure
    concept: str
    top: int
    first: pd.Timestamp
    last: pd.Timestamp
    as_of: pd.Timestamp
    watch: tuple[str, ...]
    primary_only: bool
    rule: Rule
    sources: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    basis: str
    trends: View | None
    read_tables: Callable[[], MetalTables] = field(repr=False)

    @cached_property
    def tables(self) -> MetalTables:
        """Return the protected tables."""
        return self.read_tables()

    @property
    def amount(self) -> str:
        """Return the column of the measure in the tables: kilograms, or US dollars."""
        return AMOUNTS[self.measure.key][0]

    @property
    def share(self) -> str:
        return AMOUNTS[self.measure.key][1]

    @property
    def is_all(self) -> bool:
        return self.place.kind == "all"

    @property
    def row(self) -> str:
        """Return the key of the place's row in the tables."""
        if self.is_all:
            return TOTAL
        if self.place.kind == "country":
            return self.place.key
        return GROUP if len(self.place.members) > 1 else self.place.members[0]

    def scaled(self, amount: float) -> float:
        """Return kilograms as metric tons; dollars stay."""
        return amount / 1000 if self.measure.key == "quantity" else amount

    def write(self, amount: float) -> str:
        """Write an amount of the tables in the printed unit."""
        return self.measure.write(self.scaled(amount))

    def origins_shown(self, matrix: pd.DataFrame) -> list[str]:
        """Return the rows of a two-way table that are printed, the place's first, the total last.

        Those are the largest; one whose total is hidden is left out.
        """
        column = matrix.columns[2]
        totals = matrix[(matrix[column] == TOTAL) & matrix["quantity_kg"].notna() & (matrix["quantity_kg"] > 0)]
        ranked = totals[totals["row_kind"] == "origin"].sort_values(self.amount, ascending=False)["origin"].tolist()
        if self.place.kind == "group":
            ranked = [origin for origin in ranked if origin in self.place.members]
        held = set(totals["origin"])
        first = [self.row] if self.row != TOTAL and self.row in held else []
        rest = [origin for origin in ranked[: self.top] if origin not in first]
        return [*first, *rest, *([TOTAL] if TOTAL in held else [])]

    def hidden_origins(self, matrix: pd.DataFrame) -> list[str]:
        """Return the origins of a two-way table whose total is hidden, by name."""
        column = matrix.columns[2]
        rows = matrix[(matrix[column] == TOTAL) & (matrix["suppressed"] != "") & (matrix["row_kind"] == "origin")]
        names = rows["origin"] if self.is_all else rows.loc[rows["origin"].isin(self.place.members), "origin"]
        return sorted(countries.print_name(origin) for origin in names)

    def name_of(self, key: str) -> str:
        """Return the print name of an origin, a metal column or a sum."""
        if key == GROUP:
            return self.place.name
        if key == TOTAL:
            return "All origins"
        return WORDS.get(key) or countries.print_name(key)

    def metal_name(self, key: str) -> str:
        return WORDS.get(key) or countries.print_name(key)

    @property
    def from_place(self) -> str:
        return f"from {self.place.phrase}"

    @property
    def concept_words(self) -> str:
        return CONCEPTS[self.concept]

    @property
    def period_words(self) -> str:
        return period_words(self.first, self.last)

    @cached_property
    def source(self) -> str:
        what = "licenses" if self.basis == LICENSES else "shares of licenses in the public monitor's volumes"
        return source_line(self.sources, f"{self.concept_words.capitalize()}, {what}")

    @cached_property
    def implied_source(self) -> str:
        """Return the source line of what applies license shares to Census."""
        census = self.trends.imports.sources if self.trends else ()
        return source_line((*census, *self.sources), f"{self.concept_words.capitalize()}, implied")

    def tidy(self, frame: pd.DataFrame, basis: str = "license") -> pd.DataFrame:
        """Return figure data with what every row must say."""
        if self.basis != LICENSES:
            # The monitor's shares are applied to its volumes, most months of which are those of Census.
            basis = "license shares of the public monitor's volumes"
        elif self.trends is None:
            basis = "license"
        out = frame.drop(columns=[name for name in ("partial",) if name in frame])
        # Why a cell is hidden, for its own sake or another's, would tell where single importers are.
        flags = [name for name in ("suppressed", "base_suppressed") if name in out]
        out = out.assign(**{name: out[name].where(out[name] == "", "confidential") for name in flags})
        return out.assign(
            period_from=self.first, period_to=self.last, concept=self.concept, data_basis=basis, vintage=self.as_of,
            partial=False, not_listed=False,
        )  # fmt: skip

    def confidential_note(self, names: Sequence[str]) -> list[str]:
        """Say which origins are not shown."""
        if not names:
            return []
        shown = numbers.joined([*names[:8], *([f"{len(names) - 8} more"] if len(names) > 8 else [])])
        return [f"Not shown, because it would tell too much about single importers: {shown}."]


def period_words(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Return ``2024``, ``July 2024`` or ``October 2025 to September 2026``."""
    if first == last:
        return numbers.month_name(first)
    if first.year == last.year and (first.month, last.month) == (1, 12):
        return str(first.year)
    if (first.month, last.month) == (1, 12):
        return f"{first.year} to {last.year}"
    return f"{numbers.month_name(first)} to {numbers.month_name(last)}"
