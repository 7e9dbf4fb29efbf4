"""From a number on imports back to the rows of the Census table: which months, origins and lines were added up."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from aimlib.bulletin.explaining import derivation
from aimlib.bulletin.explaining.derivation import Derivation, Sum, derived
from aimlib.bulletin.explaining.places import Place
from aimlib.bulletin.explaining.published import data_of
from aimlib.present import numbers
from aimlib.present.view import View
from aimlib.reference import products

CENSUS, CENSUS_YTD = "census_imports", "census_imports_ytd"
_TO_DATE = ("suppliers", "world_map", "product_by_origin", "origin_contributions", "product_contributions", "products")
_WITHIN_PLACE = ("products", "product_contributions")
"""Blocks whose shares and contributions are of the place's own imports, not of those from all origins."""
_SHOWN = ["month", "origin", "code"]


@dataclass(frozen=True)
class _Part:
    """Which imports: origins (None for all), products (None for all), and how they are called."""

    words: str
    origins: tuple[str, ...] | None = None
    products: tuple[str, ...] | None = None


def derive_imports(view: View, place: Place) -> Derivation | None:
    """Return how a number of the import trends was worked out; None for what is not a sum, change or share of rows.

    Figures of license months are never derived: their rows stay in the store.
    """
    row = place.row
    if place.key == "key_figures":
        # What a key figure is compared with has a row of its own in the data.
        name = str(row["figure"]) if row is not None else "" if place.is_note else place.figure
        return _Headlines(view).derive(name)
    if row is None or row.get("data_basis") != "census":
        return None
    return _Cells(view, place).derive(place.column)


def sum_of(view: View, part: _Part, months: Sequence[pd.Timestamp], column: str, *, covered: bool = False) -> Sum:
    """Return the rows of some imports over some months; `covered` keeps to those that have a quantity."""
    rows = _rows(view, part, months)
    if covered:
        rows = rows[rows["quantity_kg"].notna()]
    return _as_sum(view, rows, part.words, months, column)


def _as_sum(view: View, rows: pd.DataFrame, words: str, months: Sequence[pd.Timestamp], column: str) -> Sum:
    kept = rows.loc[rows[column].notna(), [*_SHOWN, column]]
    kept = kept.sort_values(column, ascending=False, kind="stable", ignore_index=True)
    is_weight = column == "quantity_kg"
    return Sum(
        words=f"{words}, {span_words(months)}",
        table=CENSUS_YTD if view.cumulative else CENSUS,
        rows=kept,
        column=column,
        divisor=1000.0 if is_weight else 1.0,
        unit="t" if is_weight else "US$",
        concept=view.imports.concept,
        periods=tuple(f"{month:%Y-%m}" for month in sorted(set(months))),
    )


def _rows(view: View, part: _Part, months: Sequence[pd.Timestamp]) -> pd.DataFrame:
    held = view.imports.rows
    if part.origins is None:
        # Of a selection the published totals count, of a complete answer its countries.
        coverage = view.months.set_index("month")["coverage"]
        selections = [month for month in months if coverage.get(month) == "selection"]
        totals = view.imports.totals[view.imports.totals["month"].isin(selections)].assign(origin="TOTAL")
        countries = held[held["month"].isin([month for month in months if month not in selections])]
        rows = pd.concat([countries, totals], ignore_index=True) if len(totals) else countries
    else:
        rows = held[held["month"].isin(list(months)) & held["origin"].isin(part.origins)]
    if part.products is None:
        return rows
    return rows[(rows["code"] if view.by_line else rows["product"]).isin(part.products)]


def span_words(months: Sequence[pd.Timestamp]) -> str:
    """Return ``September 2026``, ``January to September 2026`` or ``October 2025 to September 2026``."""
    first, last = min(months), max(months)
    if first == last:
        return numbers.month_name(first)
    return f"{first:%B}{'' if first.year == last.year else f' {first.year}'} to {numbers.month_name(last)}"


def back(month: pd.Timestamp, count: int) -> tuple[pd.Timestamp, ...]:
    """Return the `count` months that end with `month`."""
    return tuple(month - pd.DateOffset(months=by) for by in range(count - 1, -1, -1))


def _earlier(months: Sequence[pd.Timestamp], by: int) -> tuple[pd.Timestamp, ...]:
    return tuple(month - pd.DateOffset(months=by) for month in months)


def _own(view: View) -> _Part:
    return _Part(f"Imports {view.from_place}", None if view.is_all else tuple(view.members))


_WHOLE = _Part("Imports from all countries")


class _Headlines:
    """The key figures of the place, by the names that `analysis.headline` gives them."""

    def __init__(self, view: View) -> None:
        self.view, self.column = view, view.analysis_measure.source
        self.month, self.own = view.latest, _own(view)

    def _sum(self, months: Sequence[pd.Timestamp], part: _Part | None = None) -> Sum:
        return sum_of(self.view, part or self.own, months, self.column)

    def derive(self, name: str) -> Derivation | None:
        found = self._ways.get(name)
        return found() if found else None

    @property
    def _ways(self) -> dict[str, Callable[[], Derivation | None]]:
        view, own, window = self.view, self.own, self.view.to_date
        month, year = (self.month,), back(self.month, 12)
        to_date = month if view.cumulative else back(self.month, self.month.month)
        month_before, year_before = _earlier(month, 1), _earlier(month, 12)
        value, sums = "customs_value_usd", self._sum
        return {
            "level": lambda: derivation.total(sums(month)),
            "prior_month": lambda: derivation.total(sums(month_before)),
            "prior_year": lambda: derivation.total(sums(year_before)),
            "mom": lambda: derivation.change(sums(month), sums(month_before)),
            "yoy": lambda: derivation.change(sums(month), sums(year_before)),
            "ytd": lambda: derivation.total(sums(to_date)),
            "ytd_prior": lambda: derivation.total(sums(window.base)),
            "ytd_yoy": lambda: derivation.change(sums(window.compared), sums(window.base)),
            "last_12_months": lambda: derivation.total(sums(year)),
            "last_12_months_yoy": lambda: derivation.change(sums(year), sums(_earlier(year, 12))),
            "annualized": lambda: derived(f"A × 12 / {len(to_date)}", lambda a: a * 12 / len(to_date), [sums(to_date)]),
            "total": lambda: derivation.total(sums(month, _WHOLE)),
            "share_of_total": lambda: derivation.ratio(sums(month), sums(month, _WHOLE)),
            "share_of_total_prior_year": lambda: derivation.ratio(sums(year_before), sums(year_before, _WHOLE)),
            "unit_value": lambda: unit_value(view, own, month),
            "unit_value_usd_t": lambda: unit_value(view, own, month),
            "unit_value_yoy": lambda: unit_value_change(view, own, month, year_before),
            "unit_value_mom": lambda: unit_value_change(view, own, month, month_before),
            "share_value_covered": lambda: derivation.ratio(
                sum_of(view, own, month, value, covered=True), sum_of(view, own, month, value)
            ),
            "rank": self._rank,
        }

    def _rank(self) -> Derivation:
        """Return the rank: how many origins have more, and one."""
        rows = _rows(self.view, _Part("", tuple(self.view.imports.rows["origin"].unique())), (self.month,))
        by_origin = rows.groupby("origin", as_index=False)[self.column].sum()
        own = by_origin.loc[by_origin["origin"].isin(self.own.origins), self.column].sum()
        ahead = set(by_origin.loc[by_origin[self.column] > own, "origin"])
        listed = _as_sum(
            self.view, rows[rows["origin"].isin(ahead | set(self.own.origins))], "Imports of the origin and of those "
            "with more", (self.month,), self.column,
        )  # fmt: skip
        more = f"{len(ahead)} origins have more" if len(ahead) != 1 else "1 origin has more"
        return Derivation("the number of origins with more, and one", (listed,), len(ahead) + 1.0, (f"{more}.",))


class _Cells:
    """Cells of the data of figures and tables, by their columns' names."""

    def __init__(self, view: View, place: Place) -> None:
        self.view, self.place, self.row = view, place, place.row
        self.c, self.column = view.measure.column, view.analysis_measure.source
        self.part = self._part()
        self.whole = _own(view) if place.key in _WITHIN_PLACE else _WHOLE

    def derive(self, column: str) -> Derivation | None:
        if self.part is None or column in ("", "rank"):
            return None
        if self.place.key == "quantity_price_mix":
            return self._split(column)
        is_rest = "REST" in (self.row.get("origin"), self.row.get("product"))
        found = re.fullmatch(rf"{self.c}(_ytd)?(?:_(compared|prior|yoy|mom|qoq|base_recent))?", column)
        if found:
            months = self._window(bool(found[1]))
            if is_rest:
                return None if found[2] else self._rest(months)
            return self._amount(months, found[2] or "")
        if is_rest:
            return None
        return self._of_window(column, self._window(self.place.key in _TO_DATE))

    def _of_window(self, column: str, months: _Months) -> Derivation | None:
        match column:
            case "share_of_total":
                return derivation.ratio(self._sum(months.now), self._sum(months.now, self.whole))
            case "share_of_total_prior":
                return derivation.ratio(self._sum(months.base), self._sum(months.base, self.whole))
            case "contribution" if months.base:
                sums = [self._sum(months.compared), self._sum(months.base), self._sum(months.base, self.whole)]
                return derived("(A − B) / C", lambda a, b, c: (a - b) / c, sums)
            case "unit_value_usd_t":
                return unit_value(self.view, self.part, months.now)
            case "unit_value_usd_t_12m":
                return unit_value(self.view, self.part, back(self._month, 12))
            case "unit_value_usd_t_yoy" if months.base:
                return unit_value_change(self.view, self.part, months.compared, months.base)
            case "change_recent":
                now, base = self._sum(months.now), self._recent()
                count = len(base.periods)
                return derived(f"A / (B / {count}) − 1", lambda a, b: a / (b / count) - 1, [now, base])
        return None

    def _amount(self, months: _Months, kind: str) -> Derivation | None:
        match kind:
            case "":
                return derivation.total(self._sum(months.now))
            case "compared":
                return derivation.total(self._sum(months.compared)) if months.compared else None
            case "prior":
                return derivation.total(self._sum(months.base)) if months.base else None
            case "yoy":
                return derivation.change(self._sum(months.compared), self._sum(months.base)) if months.base else None
            case "base_recent":
                base = self._recent()
                return derived(f"A / {len(base.periods)}", lambda a: a / len(base.periods), [base])
        distance = {"mom": 1, "qoq": 3}[kind]
        return derivation.change(self._sum(months.now), self._sum(_earlier(months.now, distance)))

    def _sum(self, months: Sequence[pd.Timestamp], part: _Part | None = None) -> Sum:
        return sum_of(self.view, part or self.part, months, self.column)

    def _recent(self) -> Sum:
        first, last = pd.Timestamp(self.row["recent_from"]), pd.Timestamp(self.row["recent_to"])
        return self._sum(tuple(pd.date_range(first, last, freq="MS")))

    def _rest(self, months: _Months) -> Derivation | None:
        by = "origin" if self.row.get("origin") == "REST" else "product"
        data = data_of(self.place.block)
        named = tuple(data.loc[data["row_kind"].eq(by), by].unique())
        if by == "product":
            whole, part = _own(self.view), _Part("Imports of the products shown", self.part.origins, named)
        else:
            goods = self.part.words.removeprefix(_own(self.view).words)
            whole = _Part(f"{_WHOLE.words}{goods}", None, self.part.products)
            part = _Part(f"Imports from the origins shown{goods}", named, self.part.products)
        return derived("A − B", lambda a, b: a - b, [self._sum(months.now, whole), self._sum(months.now, part)])

    def _split(self, column: str) -> Derivation | None:
        """Return the value of a bar's period, or of that before; the effects themselves are no sums of rows."""
        to_date = str(self.row["period"]).endswith("to date")
        year = back(self._month, 12)
        now, base = (self.view.to_date.compared, self.view.to_date.base) if to_date else (year, _earlier(year, 12))
        months = {"customs_value_usd": now, "customs_value_usd_prior": base}.get(column)
        return derivation.total(sum_of(self.view, self.part, months, "customs_value_usd")) if months else None

    @property
    def _month(self) -> pd.Timestamp:
        return pd.Timestamp(self.row["month"])

    def _window(self, to_date: bool) -> _Months:
        if "period_start" in self.row:
            start = pd.Timestamp(self.row["period_start"])
            count = 12 if self.row["kind"] == "year" else 3
            now = tuple(start + pd.DateOffset(months=by) for by in range(count))
            return _Months(now, now, _earlier(now, 12))
        if to_date:
            window = self.view.to_date
            return _Months(window.months, window.compared, window.base)
        now = (self._month,)
        return _Months(now, now, _earlier(now, 12))

    def _part(self) -> _Part | None:
        """Return the imports that the row is about."""
        own, row = _own(self.view), self.row
        if row.get("series") == "All countries":
            return _WHOLE
        origin, product = row.get("origin"), row.get("product")
        part = own
        if isinstance(origin, str) and origin not in (self.view.place.key, "REST"):
            part = _WHOLE if origin == "TOTAL" else _Part(f"Imports from {self.view.name_of(origin)}", (origin,))
        if isinstance(product, str) and product not in ("TOTAL", "REST"):
            slugs = (product,) if product in self.view.categories else products.resolve(product).categories
            part = _Part(f"{part.words}, {_title(product)}", part.origins, tuple(slugs))
        return part


@dataclass(frozen=True)
class _Months:
    now: tuple[pd.Timestamp, ...]
    compared: tuple[pd.Timestamp, ...]
    base: tuple[pd.Timestamp, ...]


def unit_value(view: View, part: _Part, months: Sequence[pd.Timestamp]) -> Derivation | None:
    """Return the derivation of a unit value: value over quantity of the rows that have both."""
    return derivation.ratio(
        sum_of(view, part, months, "customs_value_usd", covered=True), sum_of(view, part, months, "quantity_kg")
    )


def unit_value_change(
    view: View, part: _Part, now: Sequence[pd.Timestamp], then: Sequence[pd.Timestamp]
) -> Derivation | None:
    """Return the derivation of a unit value's change."""
    sums = [
        sum_of(view, part, months, column, covered=column == "customs_value_usd")
        for months in (now, then)
        for column in ("customs_value_usd", "quantity_kg")
    ]
    return derived("(A / B) / (C / D) − 1", lambda a, b, c, d: (a / b) / (c / d) - 1, sums)


def _title(product: str) -> str:
    return products.dotted(product) if product.isdecimal() else products.title(product).lower()
