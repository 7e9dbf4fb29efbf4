"""Tariff numbers of eight digits whose ten-digit lines some rules treat differently: answered where all agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from aimlib.analysis.duty.entries import Coded, Entries
from aimlib.reference.law.model import Law

_OTHER = ("00", "99")
"""Suffixes that stand for those that no rule names; the first that is free."""


def split_lines(law: Law, codes: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return, of numbers of eight digits, those that rules split: the lines they name, and one that none names."""
    found = {}
    for code in codes:
        if len(code) > 8:
            continue
        named = {
            prefix
            for rule in law.rules
            if rule.in_total
            for prefix in (*rule.lines.prefixes, *rule.lines.excluded)
            if len(prefix) > 8 and prefix.startswith(code)
        }
        if named:
            other = next(code + suffix for suffix in _OTHER if code + suffix not in named)
            found[code] = (other, *sorted(named))
    return found


def settled(
    entries: Entries, split: dict[str, tuple[str, ...]], rate: Callable[[Entries], pd.DataFrame]
) -> tuple[Entries, np.ndarray]:
    """Return entries with ten digits where all lines of their eight have the same answer, and which have not.

    `rate` gives the answers of entries with ten digits, as `Rated.frame`.
    """
    of_code = np.array([code in split for code in entries.hts.values])
    rows = np.flatnonzero(of_code[entries.hts.codes])
    undecided = np.zeros(len(entries), dtype=bool)
    if not len(rows):
        return entries, undecided
    candidates = [split.get(code, ()) for code in entries.hts.values]
    counts = np.array([len(held) for held in candidates])[entries.hts.codes[rows]]
    lines = tuple(dict.fromkeys(line for held in candidates for line in held))
    place = {line: at for at, line in enumerate(lines)}
    tables = [np.array([place[line] for line in held], dtype=np.int64) for held in candidates]
    asked = taken(
        entries, np.repeat(rows, counts), np.concatenate([tables[entries.hts.codes[row]] for row in rows]), lines
    )
    answers = rate(asked)[["low_pct", "high_pct", "refundable_pct", "missing", "refused"]].reset_index(drop=True)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    same = (
        answers.fillna(-1.0).eq(answers.iloc[np.repeat(first, counts)].fillna(-1.0).reset_index(drop=True)).all(axis=1)
    )
    undecided[rows] = ~np.logical_and.reduceat(same.to_numpy(), first)
    offset = len(entries.hts.values)
    codes = entries.hts.codes.copy()
    codes[rows] = offset + asked.hts.codes[first]
    return replace(entries, hts=Coded(codes, (*entries.hts.values, *lines))), undecided


def taken(entries: Entries, rows: np.ndarray, codes: np.ndarray, lines: tuple[str, ...]) -> Entries:
    """Return some rows of entries with other tariff numbers."""
    return Entries(
        days=entries.days[rows],
        hts=Coded(codes, lines),
        origin=Coded(entries.origin.codes[rows], entries.origin.values),
        metal={name: Coded(held.codes[rows], held.values) for name, held in entries.metal.items()},
        claims=Coded(entries.claims.codes[rows], entries.claims.values),
        metal_share=entries.metal_share[rows],
        value_usd=None,
    )
