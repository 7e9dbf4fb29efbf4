"""What is asked about one entry, and entries as a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from aimlib.analysis.duty.entries import METAL, NOT_GIVEN


@dataclass(frozen=True)
class Facts:
    """One entry: what is asked about it. Metal fields are ISO codes, ``unknown``, ``N/A`` or '' (not given)."""

    on: date
    hts: str
    origin: str
    largest_smelt: str = NOT_GIVEN
    second_smelt: str = NOT_GIVEN
    recent_cast: str = NOT_GIVEN
    claims: frozenset[str] = frozenset()
    metal_share: float | None = None


def entries_of(facts: Sequence[Facts]) -> pd.DataFrame:
    """Return the frame of entries, as `rate_entries` takes it, one row a member."""
    rows = [
        {
            "entry_date": one.on,
            "hts": one.hts,
            "origin": one.origin,
            **{name: getattr(one, name) for name in METAL},
            "claims": "+".join(sorted(one.claims)),
            "metal_share": one.metal_share,
        }
        for one in facts
    ]
    return pd.DataFrame(rows)
