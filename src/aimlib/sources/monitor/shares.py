"""Shares as printed: percent or fraction, and whether those of one origin, month and product add up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.errors import AimError
from aimlib.sources.monitor.read import Dashboard

OFF = 0.002
"""By how much the shares of an origin may miss one: 0.2 points, or what the rounding of that many cells explains."""
SHARES = ("share_quantity", "share_value")
_GROUP = ["month", "code_level", "code", "origin"]


def as_fractions(rows: pd.DataFrame, board: Dashboard) -> list[str]:
    """Turn the shares in `rows` into fractions, in place, and give a reason to those that do not add up.

    Whether a column is in percent is told by % signs in it, else by what its groups without a withheld or
    rejected cell sum to, else by its header. Returns notes. Raises AimError where nothing tells.
    """
    notes = []
    is_part = ~(rows[["origin", "largest_smelt", "recent_cast"]] == "GROUP").any(axis=1)
    is_part &= (rows["largest_smelt"] != "TOTAL") & (rows["recent_cast"] != "TOTAL")
    for column in SHARES:
        if column not in board.cells:
            continue
        groups = _sums(rows[is_part], column)
        hundred, note = _hundred(groups, board, column)
        notes += [note] if note else []
        rows[column] = rows[column] / hundred
        sums = groups["sum"] / hundred
        slack = np.maximum(OFF, _last_place(board.cells[column]) / hundred * groups["cells"] / 2) + 1e-9
        off = np.where(groups["whole"], (sums - 1).abs() > slack, sums > 1 + slack)
        bad = groups[off]
        text = dict(zip(bad.index, (sums[off] * 100).map("{:,.2f}".format), strict=True))
        mine = pd.Series(
            [text.get(key, "") for key in rows[_GROUP].itertuples(index=False, name=None)], index=rows.index
        )
        reason = (
            f"the {column.replace('_', ' of ')} of this origin, month and product add up to " + mine + "%, not 100%"
        )
        rows["reason"] = rows["reason"].mask((mine != "") & is_part & (rows["reason"] == ""), reason)
    return notes


def _sums(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the groups with a share: sum, cells, and whole: no cell is withheld or in a row set apart."""
    usable = rows[column].notna() & (rows["reason"] == "")
    groups = rows.assign(usable=usable, part=rows[column].where(usable)).groupby(_GROUP)
    found = groups.agg(sum=("part", "sum"), cells=("usable", "sum"), all_of=("usable", "all"))
    found = found[found["cells"] > 0]
    return found.assign(whole=found["all_of"])


def _hundred(groups: pd.DataFrame, board: Dashboard, column: str) -> tuple[float, str]:
    """Return 100 for percent or 1 for fractions, and a note where the header says otherwise."""
    unit = board.units[column]
    said = {"percent": 100.0, "fraction": 1.0}.get(unit)
    if board.cells[column].str.contains("%").any():
        return 100.0, ""
    whole = groups[groups["whole"] & (groups["sum"] > 0)]
    if len(whole):
        found = 100.0 if float(whole["sum"].median()) > 10 else 1.0
        note = f"{board.name}: '{column}' is in {unit} by its header, but the shares add up to {found:g}; taken so."
        return found, note if said and said != found else ""
    if said is None:
        raise AimError(
            f"{board.name}: whether {column} is in percent cannot be told, for no origin is listed in full.",
            f"Call the column {column.replace('_', '_of_')}_pct.",
        )
    return said, ""


def _last_place(cells: pd.Series) -> float:
    """Return the unit of the last place that the column is printed with."""
    places = cells.str.extract(r"\.(\d+)", expand=False).fillna("").str.len().max()
    return 10.0 ** -float(places)
