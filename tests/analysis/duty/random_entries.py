"""Entries at random: days near changes, every line, every country that a rule names, facts given and not given."""

from __future__ import annotations

import random
from datetime import date, timedelta

from aimlib.reference.law import CLAIMS, law

FIRST, LAST = date(2018, 1, 1), date(2026, 10, 9)
SHARES = (1.0, 1.0, 0.4, 0.85, 0.0)
DAY = timedelta(days=1)


def change_days() -> list[date]:
    """The days on which a rule or a stacking rule starts, ends or becomes known, and their neighbors."""
    found = set()
    for one in (*law().rules, *law().yields):
        found |= {one.first, one.last or LAST, one.known, one.until_known or one.known}
    return sorted({day + step * DAY for day in found for step in (-1, 0, 1) if FIRST <= day + step * DAY <= LAST})


def lines() -> list[str]:
    """Every line covered, at eight and ten digits; every ten-digit line that a rule names; and lines not covered."""
    eight = sorted(law().column_lines)
    named = {line for rule in law().rules for line in (*rule.lines.prefixes, *rule.lines.excluded) if len(line) == 10}
    return [*eight, *(line + "01" for line in eight), *sorted(named), "76169951", "76161090", "76151020", "76069999"]


def origins() -> list[str]:
    """Every country whose origin some rule tells from others, and one more."""
    named = {name for rule in law().rules for name in (rule.origins.only or set()) | rule.origins.excluded}
    return sorted(named | {"NOR"})


def metals() -> list[str]:
    """Every country that a metal test names, one that none names, the words, and most often nothing."""
    named = {name for rule in law().rules if rule.metal for name in rule.metal.countries}
    return [*sorted(named | {"unknown"}), "ARE", "N/A", "", "", ""]


def claims() -> list[str]:
    """Each claim, some together, and most often none."""
    together = ["usmca+commerce_authorisation", "usmca+in_quota", "exclusion+us_95", "uk_95+us_95", "usmca+nafta"]
    return ["", "", "", "", "", *CLAIMS, *together]


def weighted(day: random.Random, often: list[str], every: list[str]) -> str:
    return day.choice(often if day.random() < 0.6 else every)


def entries(seed: int, count: int) -> list[dict]:
    """Return entries as rows of a frame, the same for a seed on every machine."""
    dice = random.Random(seed)
    changes, codes, places, metal, claimed = change_days(), lines(), origins(), metals(), claims()
    often = ["CAN", "MEX", "RUS", "CHN", "GBR", "DEU", "ARE", "BRA"]
    span = (LAST - FIRST).days
    return [
        {
            "entry_date": dice.choice(changes) if dice.random() < 0.6 else FIRST + dice.randrange(span + 1) * DAY,
            "hts": dice.choice(codes),
            "origin": weighted(dice, often, places),
            "largest_smelt": dice.choice(metal),
            "second_smelt": dice.choice(metal),
            "recent_cast": dice.choice(metal),
            "claims": dice.choice(claimed),
            "metal_share": dice.choice(SHARES),
        }
        for _ in range(count)
    ]


def as_asked(row: dict) -> dict:
    """Return a row as the literal implementation takes it."""
    return {**row, "day": row["entry_date"], "claims": set(row["claims"].split("+")) - {""}}
