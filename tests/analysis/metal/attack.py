"""Recompute hidden cells from everything that is printed: all sums over origins, metals, months and quarters."""

from __future__ import annotations

import numpy as np
import pandas as pd

AMOUNTS = ["quantity_kg", "customs_value_usd"]
KEYS = ["origin", "metal", "when"]


def truth(detail: pd.DataFrame, field: str, group: list[str]) -> pd.DataFrame:
    """Return every cell by origin, metal and time, sums over all and over the group among them."""
    rows = detail.rename(columns={field: "metal"})
    by_origin = [rows, rows.assign(origin="TOTAL"), rows[rows["origin"].isin(group)].assign(origin="GROUP")]
    by_metal = [part.assign(metal=metal) for part in by_origin for metal in (part["metal"], "TOTAL")]
    parts = []
    for part in by_metal:
        parts.append(part.assign(when="month " + part["month"].dt.strftime("%Y-%m")))
        parts.append(part.assign(when="quarter " + part["month"].dt.to_period("Q").dt.start_time.dt.strftime("%Y-%m")))
        parts.append(part.assign(when="period"))
    by_importer = pd.concat(parts).groupby([*KEYS, "importer"], as_index=False)[AMOUNTS].sum()
    cells = by_importer.groupby(KEYS)
    top = (cells[AMOUNTS].max() / cells[AMOUNTS].sum()).max(axis=1)
    out = cells[AMOUNTS].sum().assign(sensitive=(cells.size() < 3) | (top > 0.8 + 1e-9))
    return out.reset_index()


def printed(found, field: str) -> pd.DataFrame:
    """Return the cells by origin, metal and time that the tables of one report print."""
    over = found.over_time[found.over_time["field"] == field]
    over = over.assign(when=over["by"] + " " + over["period"].dt.strftime("%Y-%m"))
    matrix = found.matrix_smelt if field == "largest_smelt" else found.matrix_cast
    matrix = matrix.rename(columns={field: "metal"}).assign(when="period")
    return pd.concat([over, matrix])[[*KEYS, *AMOUNTS, "suppressed"]]


def sums(cells: pd.DataFrame, group: list[str]) -> np.ndarray:
    """Return all sums among the cells as rows of coefficients over them."""
    place = {key: at for at, key in enumerate(zip(*(cells[key] for key in KEYS), strict=True))}
    origins = [name for name in cells["origin"].unique() if name not in ("TOTAL", "GROUP")]
    metals = [name for name in cells["metal"].unique() if name != "TOTAL"]
    months = [when for when in cells["when"].unique() if when.startswith("month")]
    quarters = [when for when in cells["when"].unique() if when.startswith("quarter")]
    parts = [(0, "TOTAL", origins), (0, "GROUP", group), (1, "TOTAL", metals), (2, "period", quarters)]
    for quarter in quarters:
        start = pd.Timestamp(quarter.split()[1])
        inside = [month for month in months if pd.Timestamp(month.split()[1]).to_period("Q").start_time == start]
        parts.append((2, quarter, inside))
    out = []
    for axis, whole, members in parts:
        for key in [key for key in place if key[axis] == whole]:
            line = np.zeros(len(cells))
            line[place[key]] = -1
            for member in members:
                at = place.get((*key[:axis], member, *key[axis + 1 :]))
                if at is not None:
                    line[at] = 1
            out.append(line)
    return np.array(out) if out else np.zeros((0, len(cells)))


def follows(lines: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Tell which of the hidden cells the sums determine, given all others, by singular values."""
    known = lines[:, hidden]
    out = np.zeros(len(hidden), dtype=bool)
    if not hidden.any():
        return out
    _, size, vectors = np.linalg.svd(known, full_matrices=True)
    free = vectors[(size > 1e-9).sum() :]
    out[np.flatnonzero(hidden)] = ~(np.abs(free) > 1e-7).any(axis=0)
    return out


def attacked(detail: pd.DataFrame, reports: list, field: str, group: list[str]) -> pd.DataFrame:
    """Return all cells that hold something, with what was printed and whether hidden ones follow all the same."""
    start = pd.Timestamp("2022-07-01") if field == "largest_smelt" else pd.Timestamp("2021-07-01")
    cells = truth(detail[detail["month"] >= start], field, group)
    shown = pd.concat([printed(report, field) for report in reports]).drop_duplicates(KEYS)
    out = cells.merge(shown, on=KEYS, how="left", suffixes=("", "_shown"))
    out["suppressed"] = out["suppressed"].fillna("not printed")
    out["follows"] = follows(sums(out, group), (out["suppressed"] != "").to_numpy())
    return out
