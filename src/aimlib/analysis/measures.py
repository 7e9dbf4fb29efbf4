"""The measures a report may show: which column each is read from, and the unit it is shown in."""

from __future__ import annotations

from dataclasses import dataclass

from aimlib.errors import AimError, did_you_mean


@dataclass(frozen=True)
class Measure:
    """One measure of imports.

    Attributes
    ----------
    key
        The parameter's value: ``value`` or ``quantity``.
    source
        The column of the tidy tables and of the grid: ``customs_value_usd`` or ``quantity_kg``.
    column
        The column of every derived table, from which the names of changes are made
        (``customs_value_usd_yoy``, ``quantity_t_yoy``).
    unit
        The unit of `column` as printed: ``USD`` or ``t``.
    divisor
        What a figure of `source` is divided by to be one of `column`.
    """

    key: str
    source: str
    column: str
    unit: str
    divisor: float


VALUE = Measure("value", "customs_value_usd", "customs_value_usd", "USD", 1.0)
QUANTITY = Measure("quantity", "quantity_kg", "quantity_t", "t", 1000.0)
MEASURES = {found.key: found for found in (VALUE, QUANTITY)}


def measure(name: str | Measure) -> Measure:
    """Return the measure called `name`; a `Measure` is handed back. Unknown names raise AimError."""
    if isinstance(name, Measure):
        return name
    if name not in MEASURES:
        raise AimError(f"Unknown measure: {name}.", did_you_mean(str(name), MEASURES) or "Use value or quantity.")
    return MEASURES[name]
