"""Headlines as numbers: what a program reads of a key figure, beside what a reader sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from aimlib.present import numbers

BASES = ("census", "license", "license_estimate", "law", "prices", "declared")
"""On what a headline rests; ``license_estimate`` is what licenses point to, and no sum of licenses."""


def for_programs(
    name: str,
    amount: float | None,
    amount_unit: str,
    period: str,
    data_basis: str,
    *,
    partial: bool = False,
    subject: str = "",
) -> dict[str, Any]:
    """Return the fields of a `KeyFigure` that programs read; a missing number is None.

    Raises ValueError for a data basis that is none of `BASES`.
    """
    if data_basis not in BASES:
        raise ValueError(f"{data_basis} is no data basis")
    return {
        "name": name,
        "amount": None if numbers.is_missing(amount) else float(amount),
        "amount_unit": amount_unit,
        "period": period,
        "data_basis": data_basis,
        "partial": bool(partial),
        "subject": subject,
    }


def headlines_of(contents: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the headlines of a report from the content of its blocks, in reading order.

    Each is a dict of a `KeyFigure`'s fields. Key figures without a name are for readers only.
    """
    found = [
        figure
        for content in contents
        for figure in (*content.get("figures", ()), *content.get("headlines", ()))
        if figure.get("name")
    ]
    return [dict(figure) for figure in found]


def month_period(month: pd.Timestamp) -> str:
    """Return a month in the grammar of periods: ``2026-09``."""
    return f"{pd.Timestamp(month):%Y-%m}"


def span_period(first: pd.Timestamp, last: pd.Timestamp, *, annual: bool = False) -> str:
    """Return a run of months (or years) in the grammar of periods: ``2025-10:2026-09``, ``2026-09``, ``2024``."""
    ends = [f"{pd.Timestamp(end):%Y}" if annual else month_period(end) for end in (first, last)]
    return ends[0] if ends[0] == ends[1] else ":".join(ends)
