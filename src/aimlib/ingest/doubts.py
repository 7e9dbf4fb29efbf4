"""What may be a mistake without being one for sure."""

from __future__ import annotations

import pandas as pd

from aimlib.ingest.report import first_few
from aimlib.reference import products


def few_lines(rows: pd.DataFrame) -> list[str]:
    """Say which headings have less than half of the HTS10 lines that lived in a period.

    A block is a heading: an answer for one line of it, taken as complete, would count the others as zero.
    Headings of which the reference tables do not list every line are not judged.
    """
    lines = rows[rows["code_level"] == "hts10"]
    found = lines.groupby(["heading", "period"])["code"].nunique()
    if found.empty:
        return []
    alive = {period: products.aim_lines(period)["hts10"].str[:4].value_counts() for period in lines["period"].unique()}
    whole = set(products.headings_of(products.resolve("gatm")))
    told: dict[str, list[str]] = {}
    for (heading, period), count in found.items():
        known = alive[period].get(heading, 0)
        if heading in whole and 2 * count < known:
            told.setdefault(heading, []).append(f"{period} ({count} of {known})")
    return [
        f"{heading} has few of its lines in {first_few(periods)}: those it lacks count as zero imports; if "
        f"only a part of the heading was asked for, ask for I_COMMODITY={heading}*."
        for heading, periods in told.items()
    ]
