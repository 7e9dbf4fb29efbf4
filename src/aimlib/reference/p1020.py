"""The price reporter's import duty on P1020 aluminum: its tariff factor by day, its events and its symbols.

The factor is a parameter of a formula, a series of its own beside the law: see ``p1020_factor.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from aimlib.errors import AimError, did_you_mean
from aimlib.reference._tables import load

USD_T_FOR_C_LB = 22.0462
"""Dollars a tonne for one cent a pound, rounded as the reporter does it; the store's own is `price_series`'s."""

NEWEST_NOTE = date(2026, 1, 2)
"""The newest of the reporter's notes that was seen: a change announced later is not in the table."""

DAILY, WEEKLY, MONTHLY, YEARLY = "daily", "weekly", "monthly", "yearly"


@dataclass(frozen=True)
class Factor:
    """The factor in force from `first_day` to `last_day` (None: open).

    ``rate`` is a fraction (0.25), ``factor`` what the FOB value is divided by (1.25). ``confidence`` is sourced,
    inferred or recalled.
    """

    rate: float
    factor: float
    first_day: date
    last_day: date | None
    decided_on: date
    confidence: str
    source: str
    note: str


@dataclass(frozen=True)
class Event:
    """What the reporter did on a day, or from it on, and when that was known.

    ``kind`` is launch, consultation, proposal, decision or note.
    """

    event: str
    day: date
    known_on: date
    kind: str
    title: str
    confidence: str
    source: str
    note: str


@cache
def factors() -> tuple[Factor, ...]:
    """Return all factors, oldest first."""
    return tuple(
        Factor(
            rate=float(row["rate"]),
            factor=float(row["factor"]),
            first_day=date.fromisoformat(row["valid_from"]),
            last_day=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            decided_on=date.fromisoformat(row["decided_on"]),
            confidence=row["confidence"],
            source=row["source"],
            note=row["note"],
        )
        for row in load("p1020_factor").to_dict("records")
    )


def factor_on(day: date) -> Factor:
    """Return the factor in force on a day.

    >>> factor_on(date(2025, 6, 3)).rate, factor_on(date(2025, 6, 4)).rate
    (0.25, 0.5)

    Raises AimError before the first day of the series.
    """
    found = [factor for factor in factors() if factor.first_day <= day]
    if not found:
        raise AimError(
            f"On {day} there was no import duty series of P1020; it starts on {factors()[0].first_day}.",
            "Take a later day, or give the rate itself.",
        )
    return found[-1]


def factors_between(first: date, last: date) -> tuple[Factor, ...]:
    """Return the factors in force on any day from `first` to `last`, both included; none before the series starts."""
    return tuple(factor for factor in factors() if factor.first_day <= last and (factor.last_day or date.max) >= first)


def changeover_days(first: date = date.min, last: date = date.max) -> tuple[date, ...]:
    """Return the days from `first` to `last` on which one factor took the place of another (the launch is none)."""
    return tuple(factor.first_day for factor in factors()[1:] if first <= factor.first_day <= last)


def rates(days: pd.Series) -> pd.DataFrame:
    """Return the factor of each of `days` (timestamps), with their index: rate, confidence, changed_on.

    ``changed_on`` is the first day of the factor. Before the series starts the three are missing.
    """
    held = factors()
    starts = pd.DatetimeIndex([factor.first_day for factor in held]).as_unit("us")
    at = pd.Series(starts.searchsorted(pd.DatetimeIndex(days), side="right") - 1, index=days.index)
    at = at.where(days.notna(), -1).astype(int)
    by_place = {
        "rate": pd.Series({place: factor.rate for place, factor in enumerate(held)}, dtype="float64"),
        "confidence": pd.Series({place: factor.confidence for place, factor in enumerate(held)}, dtype="str"),
        "changed_on": pd.Series(starts),
    }
    return pd.DataFrame({name: at.map(column) for name, column in by_place.items()})


@cache
def events() -> tuple[Event, ...]:
    """Return the events in the order of their days."""
    rows = load("p1020_events").to_dict("records")
    found = [Event(**row | {name: date.fromisoformat(row[name]) for name in ("day", "known_on")}) for row in rows]
    return tuple(sorted(found, key=lambda event: event.day))


def event(name: str) -> Event:
    """Return one event by its key. Raises AimError where there is none."""
    by_name = {event.event: event for event in events()}
    if name not in by_name:
        hint = did_you_mean(name, by_name) or f"The events are {', '.join(by_name)}."
        raise AimError(f"No event of the P1020 series is called '{name}'.", hint)
    return by_name[name]


@cache
def symbol(value: str, unit: str, average: str = DAILY) -> str:
    """Return the reporter's symbol of a value, in c/lb or USD/t, daily or averaged; '' where it has none.

    >>> symbol("duty", "c/lb"), symbol("duty_unpaid_premium", "USD/t", "monthly"), symbol("fob", "c/lb")
    ('MMOEU00', 'MMOIU03', '')

    Raises AimError where the unit or the average is not one of those published.
    """
    table = load("p1020_symbols")
    for name, given in (("unit", unit), ("average", average)):
        known = list(table[name].unique())
        if given not in known:
            hint = did_you_mean(given, known) or f"Use {' or '.join(known)}."
            raise AimError(f"'{given}' is no {name} of the P1020 series.", hint)
    found = table[(table["value"] == value) & (table["unit"] == unit) & (table["average"] == average)]
    return "" if found.empty else str(found["symbol"].iloc[0])
