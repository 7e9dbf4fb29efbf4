"""What to ask UN Comtrade for: the periods, in blocks of a year or of years, without those that are held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest.months import last_finished, months_between, parse_month
from aimlib.reference import countries, products
from aimlib.reference._tables import load
from aimlib.sources.comtrade.question import FLOW_CODES, PERIODS_AT_ONCE
from aimlib.store.commits import COMPLETE
from aimlib.store.store import Store

FIRST_PUBLISHED = {"monthly": "2010-01", "annual": "1988"}
REVISED_MONTHS = 12  # a reporter revises the months of about a year
TRUSTED_DAYS = 25  # for so long what was fetched of them is not asked for again


@dataclass(frozen=True)
class Unit:
    """What becomes one commit: periods of a reporter's calendar year by months, or up to twelve of its years.

    ``reporter`` is the service's code for the country ``iso3`` in these years.
    """

    iso3: str
    reporter: int
    periods: tuple[str, ...]

    @property
    def name(self) -> str:
        """The unit as progress tells it: ``CAN 2024``, ``CAN 2015 to 2024``."""
        first, last = self.periods[0][:4], self.periods[-1][:4]
        return f"{self.iso3} {first}" if first == last else f"{self.iso3} {first} to {last}"


def periods_asked(first: str, last: str | None, frequency: str, today: date) -> list[str]:
    """Return the months ``YYYY-MM`` or years ``YYYY`` from `first` to `last`, or to the last that has ended.

    A year stands for its first month, or its last, where months are asked. Raises AimError for what makes no
    sense.
    """
    if frequency not in FIRST_PUBLISHED:
        raise AimError(f"'{frequency}' is no frequency of UN Comtrade.", "It is monthly or annual.")
    newest = last_finished(today) if frequency == "monthly" else str(today.year - 1)
    read = _month if frequency == "monthly" else _year
    start = read(first, "01", newest)
    end = read(last, "12", newest) if last else newest
    oldest = FIRST_PUBLISHED[frequency]
    if start < oldest:
        raise AimError(f"UN Comtrade's {frequency} figures begin in {oldest}.", f"Ask from {oldest} on.")
    if end > newest:
        raise AimError(f"{end} has not ended yet.", f"Ask up to {newest}.")
    if start > end:
        raise AimError(f"The first period, {start}, is after the last, {end}.", "Exchange them.")
    return months_between(start, end) if frequency == "monthly" else [str(y) for y in range(int(start), int(end) + 1)]


def reporters_asked(named: Sequence[str]) -> tuple[str, ...]:
    """Return the alpha-3 codes of countries, groups or ``all``, each once. Raises AimError for an unknown name."""
    places = [countries.resolve(name) for name in named]
    if not places:
        raise AimError("No reporter is named.", "Name countries (CAN,DEU), groups (EU27) or all.")
    every, areas = load("countries"), load("comtrade_countries")
    kinds = every[every["kind"].isin(["country", "former"])]["iso3"]
    reporting = set(kinds) & set(areas[areas["in_data"] == "yes"]["iso3"])
    for place in places:
        if place.kind == "country" and place.key not in reporting:
            raise AimError(f"UN Comtrade has no figures reported by {place.phrase}.", "Leave it out.")
    return tuple(dict.fromkeys(iso3 for place in places for iso3 in place.members if iso3 in reporting))


def codes_asked(codes: Sequence[str] | None) -> tuple[str, ...]:
    """Return the codes to ask for: the HS6 of the seven categories, unless said.

    HS4 headings of chapter 76 are asked as such. An HS6 brings the others of its heading with it, since the
    heading is what is held or not. Raises AimError for other codes.
    """
    every = gatm_codes()
    if not codes:
        return every
    found: list[str] = []
    headings = set(products.headings_of(products.resolve("chapter76")))
    for code in codes:
        if code in headings:
            found.append(code)
        elif code in every:
            found += [other for other in every if other[:4] == code[:4]]
        else:
            raise AimError(
                f"'{code}' is no code that can be asked for.",
                "Write a heading of chapter 76 (7601) or a code of the seven categories (760110).",
            )
    return tuple(dict.fromkeys(found))


def gatm_codes() -> tuple[str, ...]:
    """Return the HS6 codes of the seven categories."""
    return tuple(load("hs6_gatm")["hs6"])


def flows_asked(flows: Sequence[str]) -> tuple[str, ...]:
    """Return the flows, import first. Raises AimError for others than import and export."""
    wrong = [flow for flow in flows if flow not in FLOW_CODES]
    if wrong or not flows:
        raise AimError(
            f"'{wrong[0] if wrong else ''}' is no flow that can be fetched.",
            "Write import, export or both; re-exports and re-imports come in with aim load comtrade.",
        )
    return tuple(flow for flow in FLOW_CODES if flow in flows)


def units(reporters: Sequence[str], periods: Sequence[str], frequency: str) -> list[Unit]:
    """Return the units in order, without the years in which a country had no code of its own."""
    found = []
    start = int(periods[0][:4])
    years = list(dict.fromkeys(int(period[:4]) for period in periods))
    for iso3 in reporters:
        code_of = {year: countries.to_comtrade(iso3, on=year) for year in years}
        by_block: dict[tuple[int, int], list[str]] = {}
        for period in periods:
            year = int(period[:4])
            code = code_of[year]
            if code is not None:
                block = year if frequency == "monthly" else (year - start) // PERIODS_AT_ONCE
                by_block.setdefault((block, code), []).append(period)
        found += [Unit(iso3, code, tuple(of)) for (_, code), of in by_block.items()]
    return found


class Held:
    """What a store holds completely of some codes, with the days on which it was known."""

    def __init__(self, store: Store, codes: Sequence[str]) -> None:
        blocks = store.blocks("comtrade")
        blocks = blocks[blocks["coverage"] == COMPLETE]
        keys = zip(blocks["code_level"], blocks["concept"], blocks["period"], blocks["heading"], strict=True)
        self._days = dict(zip(keys, blocks["known_on"].dt.date, strict=True))
        self._levels = sorted({(f"hs{len(code)}", code[:4]) for code in codes})

    def since(self, iso3: str, flow: str, period: str) -> date | None:
        """Return the day since which all headings are known, None where one is not held."""
        days = [self._days.get((level, flow, period, f"{iso3} {heading}")) for level, heading in self._levels]
        return None if None in days else min(days)


def due(unit: Unit, held: Held, flows: Sequence[str], today: date, *, everything: bool = False) -> tuple[str, ...]:
    """Return the periods of a unit to ask for, in all `flows`: what is silent in one may be reported in another.

    A period is due that is not held in all headings and flows, or that is among the last twelve months and
    was known more than 25 days ago: then it may have been revised.
    """
    return tuple(
        period
        for period in unit.periods
        if everything or any(_is_due(period, held.since(unit.iso3, flow, period), today) for flow in flows)
    )


def _is_due(period: str, since: date | None, today: date) -> bool:
    if since is None:
        return True
    last_month = pd.Period(period if "-" in period else f"{period}-12", freq="M")
    still_revised = last_month >= pd.Period(today, freq="M") - REVISED_MONTHS
    return still_revised and since < today - timedelta(days=TRUSTED_DAYS)


def _month(text: str, of_year: str, newest: str) -> str:
    if re.fullmatch(r"(19|20)[0-9]{2}", text):
        month = f"{text}-{of_year}"
        return min(month, newest) if text == newest[:4] else month
    return parse_month(text)


def _year(text: str, of_year: str, newest: str) -> str:
    if not re.fullmatch(r"(19|20)[0-9]{2}", text):
        raise AimError(f"'{text}' is not a year.", "With --annual, write years as 2015.")
    return text
