"""How many countries of smelt an origin's metal comes from, and how evenly."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.metal.fields import NOT_APPLICABLE, NOT_COLLECTED, UNKNOWN
from aimlib.analysis.metal.shares import AMOUNTS
from aimlib.analysis.totals import TOTAL

WORDS = (NOT_APPLICABLE, UNKNOWN, NOT_COLLECTED)


def concentration(matrix: pd.DataFrame, column: str = "largest_smelt") -> pd.DataFrame:
    """Return the concentration of smelt (or cast) countries within each origin and over all.

    `matrix` is that of `shares.matrix`: only what it shows is used, so nothing hidden can follow from an index.
    Shares are of the metal whose country is said: *N/A*, *unknown* and *not collected* are outside and their shares
    of all are columns.

    Returns
    -------
    pandas.DataFrame
        origin, row_kind, measure (``quantity`` or ``value``), herfindahl_low, herfindahl_high (fractions, 1 for
        a single country; equal where nothing is hidden, else the bounds over what the hidden cells, whose sum is
        known, may be), countries (their number), top_country, share_top, share_top3 (blank where a hidden cell
        could be among them), share_na, share_unknown, share_not_collected, share_hidden (of the said). All are
        blank where the origin's total or one of the words' cells is hidden, or no country is said.
    """
    rows = []
    for (origin, kind), cells in matrix.groupby(["origin", "row_kind"], sort=False):
        for amount, measure in zip(AMOUNTS, ("quantity", "value"), strict=True):
            found = _of_row(cells.set_index(column), amount)
            rows.append({"origin": origin, "row_kind": kind, "measure": measure, **found})
    out = pd.DataFrame(rows)
    return out.assign(countries=out["countries"].astype("Int64"), top_country=out["top_country"].astype("str"))


def _of_row(cells: pd.DataFrame, amount: str) -> dict[str, object]:
    shown = cells[amount]
    total = shown[TOTAL]
    words = {word: shown.get(word, 0.0) for word in WORDS}
    share = {word: words[word] / total if total > 0 else np.nan for word in WORDS}
    out = {
        "herfindahl_low": np.nan,
        "herfindahl_high": np.nan,
        "countries": pd.NA,
        "top_country": "",
        "share_top": np.nan,
        "share_top3": np.nan,
        "share_na": share[NOT_APPLICABLE],
        "share_unknown": share[UNKNOWN],
        "share_not_collected": share[NOT_COLLECTED],
        "share_hidden": np.nan,
    }
    said = total - sum(words.values())
    if not said > 0:
        return out
    by_country = shown[cells["column_kind"] == "country"]
    hidden = int(by_country.isna().sum())
    by_country = by_country[by_country > 0].sort_values(ascending=False, kind="stable") / said
    left = max(1.0 - by_country.sum(), 0.0) if hidden else 0.0
    known = float((by_country**2).sum())
    out |= {
        "herfindahl_low": known + (left**2 / hidden if hidden else 0.0),
        "herfindahl_high": min(known + left**2, 1.0),
        "countries": len(by_country) + hidden,
        "share_hidden": left,
    }
    # A country is the largest for sure if it is not smaller than all that is hidden together.
    if len(by_country) and by_country.iloc[0] >= left:
        out |= {"top_country": by_country.index[0], "share_top": by_country.iloc[0]}
    if hidden == 0 or (len(by_country) >= 3 and by_country.iloc[2] >= left):
        out["share_top3"] = min(by_country.iloc[:3].sum(), 1.0)
    return out
