"""How rates and money of the duty bulletin read."""

from __future__ import annotations

from aimlib.analysis.duty.explain import Answer
from aimlib.analysis.duty.reasons import metal_name
from aimlib.present import numbers
from aimlib.present.duty_scenarios.view import DutyView
from aimlib.reference import countries
from aimlib.reference.law.model import CLAIMS


def percent(number: float | None) -> str:
    """Write a rate in percent as the law does: 2.5%, 50%, 12.5%."""
    return "" if numbers.is_missing(number) else f"{number:.4g}%"


def effective(number: float | None) -> str:
    """Write an average rate, percent, with one decimal."""
    return "" if numbers.is_missing(number) else f"{numbers.plain(number, 1)}%"


def rate_words(low: float, high: float) -> str:
    """Write a rate, or both ends of its range."""
    return percent(low) if low == high else f"{percent(low)} to {percent(high)}"


def total_words(answer: Answer) -> str:
    return rate_words(answer.low_pct, answer.high_pct)


def millions(usd: float | None) -> str:
    """Write US dollars in millions."""
    return "" if numbers.is_missing(usd) else numbers.plain(usd / 1e6, 1)


def signed_millions(usd: float | None) -> str:
    return "" if numbers.is_missing(usd) else numbers.signed(usd / 1e6, 1)


def capitalized(text: str) -> str:
    """Return a text with its first letter as a capital, the others as they are."""
    return text[:1].upper() + text[1:]


def entry_words(view: DutyView) -> str:
    """Return the metal and the claims of the entry: ``smelted and cast in Canada, no claims``."""
    facts = view.facts
    smelt, cast = metal_name(facts.largest_smelt), metal_name(facts.recent_cast)
    if smelt != cast:
        metal = f"largest smelt {smelt}, most recent cast {cast}"
    elif countries.is_country_key(facts.recent_cast):
        metal = f"smelted and cast in {countries.phrase(facts.recent_cast)}"
    else:
        metal = f"largest smelt and most recent cast {smelt}"
    claims = f"claimed: {claim_words(facts.claims)}" if facts.claims else "nothing claimed"
    return f"{metal}, {claims}"


def claim_words(claims: frozenset[str]) -> str:
    """Return claims by what they are, ``none`` for none."""
    return "; ".join(CLAIMS[word] for word in sorted(claims)) or "none"
