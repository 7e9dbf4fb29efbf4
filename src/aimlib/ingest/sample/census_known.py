"""What Census had published by a day, without a store: the sample's panel at the revision of that day."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from aimlib.ingest.sample.answers import sample_panel
from aimlib.ingest.sample.panel import MEASURES
from aimlib.ingest.sample.revisions import Revisions, schedule, with_withdrawn
from aimlib.ingest.sample.writer import suppressed_rows
from aimlib.reference import products


def census_known(day: str, first_month: str, folder: Path | None = None) -> pd.DataFrame:
    """Return imports for consumption of the AIM scope as known on `day` (``YYYY-MM-DD``), from `first_month` on.

    Columns: month (``YYYY-MM``), origin, product, quantity_kg (without suppressed quantities),
    customs_value_usd; whole numbers.
    """
    revisions, panel, suppressed = _revisions(folder)
    lines = products.aim_lines()
    category = dict(zip(lines["hts10"], lines["category"], strict=True))
    rows = np.array([row for row, code in enumerate(panel.codes) if code in category])
    origins = np.array(panel.origins)[rows]
    slugs = np.array([category[panel.codes[row]] for row in rows])
    newest = {month: to_come for known_on, month, to_come in schedule() if known_on <= day and month >= first_month}
    parts = []
    for month, to_come in sorted(newest.items()):
        numbers = revisions.as_known(month, to_come)[:, rows]
        kg = np.where(suppressed[rows, panel.months.index(month)], 0, numbers[MEASURES.index("con_kg")])
        value = numbers[MEASURES.index("con_value")]
        part = pd.DataFrame({"origin": origins, "product": slugs, "quantity_kg": kg, "customs_value_usd": value})
        parts.append(part.groupby(["origin", "product"], as_index=False).sum().assign(month=month))
    columns = ["month", "origin", "product", "quantity_kg", "customs_value_usd"]
    known = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    return known[known["customs_value_usd"] > 0].reset_index(drop=True)


@cache
def _revisions(folder: Path | None) -> tuple:
    panel = with_withdrawn(sample_panel(folder))
    return Revisions(panel), panel, suppressed_rows(panel)
