"""What may be a mistake without being one for sure."""

from __future__ import annotations

import pandas as pd

from aimlib.ingest.report import first_few
from aimlib.reference import products


def few_lines(rows: pd.DataFrame) -> list[str]:
    """Say which headings lack lines that lived in a period: half of the HTS10 lines, or all of an HS6.

    A block is a heading: an answer for one line of it, taken as complete, would count the others as zero.
    Headings of which the reference tables do not list every line are not judged.
    """
    lines = rows[rows["code_level"] == "hts10"]
    found = lines.groupby(["heading", "period"])["code"].nunique()
    if found.empty:
        return []
    codes = {period: products.aim_lines(period)["hts10"] for period in lines["period"].unique()}
    alive = {period: lived.str[:4].value_counts() for period, lived in codes.items()}
    whole = set(products.headings_of(products.resolve("gatm")))
    told: dict[str, list[str]] = {}
    for (heading, period), count in found.items():
        known = alive[period].get(heading, 0)
        there = set(lines.loc[(lines["heading"] == heading) & (lines["period"] == period), "code"].str[:6])
        lived = {code[:6] for code in codes[period] if code.startswith(heading)}
        if heading in whole and (2 * count < known or lived - there):
            told.setdefault(heading, []).append(f"{period} ({count} of {known})")
    return [
        f"{heading} has few of its lines in {first_few(periods)}: those it lacks count as zero imports; if "
        f"only a part of the heading was asked for, ask for I_COMMODITY={heading}*."
        for heading, periods in told.items()
    ]
