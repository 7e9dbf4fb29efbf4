"""What the law does not answer: days and lines outside what it holds, and lines that need ten digits."""

from __future__ import annotations

from datetime import date

from aimlib.reference.law.model import Law, printed

BEFORE, BEYOND, NOT_COVERED, TEN_DIGITS = "before coverage", "beyond verified coverage", "not covered", "ten digits"


def refusal_of_line(law: Law, code: str) -> str:
    """Return why a tariff line has no answer on any day, or ''."""
    return "" if code[:8] in law.column_lines else NOT_COVERED


def sentence(law: Law, kind: str, code: str, day: date | None = None) -> str:
    """Return the refusal in words: what is asked, and why there is no number."""
    held = law.coverage
    line = printed(code)
    if kind == NOT_COVERED:
        if not code.startswith(held.chapter):
            return f"{line} is not in chapter {held.chapter}; the law held covers no other."
        return f"{line} is not covered: the law held has no column 1 rate for it."
    if kind == TEN_DIGITS:
        return f"{line} needs ten digits: on {day}, not all of its lines are treated alike."
    if kind == BEFORE:
        return f"{day} is before the first day covered, {held.first_day}."
    return (
        f"{day} is beyond verified coverage: the law was verified through {held.verified_through} "
        f"({held.verified_against})."
    )
