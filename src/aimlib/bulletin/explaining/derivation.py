"""How a number was worked out from rows: the sums it rests on, and the formula that joins them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Sum:
    """Rows that are added up.

    Attributes
    ----------
    words
        What is added up.
    table
        The table of the store that the rows stand in; '' for rows of the bulletin's own data or of the law.
    rows
        The rows, ``column`` among their columns.
    column
        What is added up.
    divisor, unit
        The sum divided by `divisor` is in `unit` (kilograms as metric tons).
    concept, periods, headings
        Which blocks of the table hold the rows: its concept, its periods (``YYYY-MM``), its headings; empty for all.
    """

    words: str
    table: str
    rows: pd.DataFrame = field(repr=False)
    column: str
    divisor: float = 1.0
    unit: str = ""
    concept: str = ""
    periods: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()

    @property
    def stored(self) -> float:
        """Return the sum as the rows have it."""
        return float(self.rows[self.column].sum())

    @property
    def amount(self) -> float:
        """Return the sum in `unit`."""
        return self.stored / self.divisor


@dataclass(frozen=True)
class Derivation:
    """A number out of sums.

    ``formula`` names the sums A, B, ... in their order; ``amount`` is what it gives. ``remarks`` are sentences.
    """

    formula: str
    sums: tuple[Sum, ...]
    amount: float
    remarks: tuple[str, ...] = ()

    def agrees_with(self, amount: float) -> bool:
        """Say whether `amount`, as the bulletin's data hold it, is this number, but for the last digits kept."""
        return math.isclose(self.amount, amount, rel_tol=1e-9, abs_tol=1e-9)


def derived(
    formula: str, work: Callable[..., float], sums: Sequence[Sum], remarks: Sequence[str] = ()
) -> Derivation | None:
    """Return the derivation of `work` on the sums' amounts; None where it has no answer (a division by zero)."""
    try:
        amount = float(work(*(one.amount for one in sums)))
    except ZeroDivisionError:
        return None
    return Derivation(formula, tuple(sums), amount, tuple(remarks)) if math.isfinite(amount) else None


def total(one: Sum, remarks: Sequence[str] = ()) -> Derivation | None:
    """Return the derivation of a plain sum."""
    return derived("A", lambda a: a, [one], remarks)


def ratio(part: Sum, whole: Sum) -> Derivation | None:
    """Return the derivation of a share or a price: one sum over another."""
    return derived("A / B", lambda a, b: a / b, [part, whole])


def change(now: Sum, then: Sum) -> Derivation | None:
    """Return the derivation of a change, a fraction of the earlier sum."""
    return derived("A / B − 1", lambda a, b: a / b - 1, [now, then])
