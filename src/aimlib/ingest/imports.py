"""What an analysis of imports starts from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from aimlib.reference.products import Product


@dataclass(frozen=True)
class Imports:
    """Imports of one product and concept as of a day.

    Attributes
    ----------
    rows
        Country rows, one a month, origin and code: month, origin (ISO3), product (category slug), code,
        customs_value_usd, cif_value_usd, duty_usd (USD), quantity_kg (NaN where missing).
    totals
        Published totals over all partners, one a month and code: the columns of `rows` without origin.
    months
        One row for every calendar month from the first to the last loaded: month, loaded, coverage
        ('complete', 'selection', ''), data_basis ('census', 'license', ''), partial, provisional, known_on,
        captured_on, why (what is missing where a month is not loaded).
    listed
        The partners that a selection lists: month, origin. No rows for complete months.
    sources
        One dict for each publication and vintage: table, publisher, title, known_on, captured_on, license,
        sample, blocks (how many), commits (their names).

    In a loaded complete month an origin without a row is a true zero; in a selection one that is not listed
    is not known.
    """

    rows: pd.DataFrame
    totals: pd.DataFrame
    months: pd.DataFrame
    listed: pd.DataFrame
    concept: str
    product: Product
    code_level: str
    as_of: date
    has_quantity: bool
    sources: tuple[dict[str, Any], ...]

    def through(self, month: pd.Timestamp) -> Imports:
        """Return the same figures as if no month after `month` were loaded."""
        frames = {name: getattr(self, name) for name in ("rows", "totals", "months", "listed")}
        kept = {name: frame[frame["month"] <= month].reset_index(drop=True) for name, frame in frames.items()}
        return replace(self, **kept)


@dataclass(frozen=True)
class YearToDate:
    """Published year-to-date figures of one product and concept as of a day.

    Columns as in `Imports`, with year and through_month in the place of month; ``periods`` has one row for
    each loaded year and month: year, through_month, coverage, known_on, captured_on.
    """

    rows: pd.DataFrame
    totals: pd.DataFrame
    periods: pd.DataFrame
    listed: pd.DataFrame
    concept: str
    product: Product
    code_level: str
    as_of: date
    has_quantity: bool
    sources: tuple[dict[str, Any], ...]

    def through(self, month: pd.Timestamp) -> YearToDate:
        """Return the same figures as if none that runs through a month after `month` were loaded."""
        frames = {name: getattr(self, name) for name in ("rows", "totals", "periods", "listed")}
        last = month.year * 12 + month.month
        kept = {
            name: frame[frame["year"] * 12 + frame["through_month"] <= last].reset_index(drop=True)
            for name, frame in frames.items()
        }
        return replace(self, **kept)
