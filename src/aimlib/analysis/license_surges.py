"""Surges in licenses: a month of early data held against the last three months that Census has published."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import change, keys_of, levels, series_of
from aimlib.analysis.confidentiality import Rule
from aimlib.analysis.early.protection import sensitive
from aimlib.analysis.grid import grid
from aimlib.analysis.measures import Measure, measure
from aimlib.analysis.months import comparable_months, shift
from aimlib.analysis.surges import MINIMUM, THRESHOLD


def license_surges(
    licenses: pd.DataFrame,
    census: pd.DataFrame,
    months: pd.DataFrame,
    which: str | Measure = "quantity",
    *,
    month: pd.Timestamp | Sequence[pd.Timestamp] | None = None,
    listed: pd.DataFrame | None = None,
    minimum: float | None = None,
    threshold: float = THRESHOLD,
    rule: Rule | None = None,
) -> pd.DataFrame:
    """Return the license cells that stand far above their base, the greatest excess first.

    Parameters
    ----------
    licenses
        License cells as of a day: month, origin, product (or one of the two), quantity_kg, customs_value_usd,
        importers, top_share. One row a cell.
    census
        Census rows as of the same day: month, origin, product, quantity_kg, customs_value_usd.
    months
        The calendar of the Census rows; license months may be in it, marked by their `data_basis`.
    month
        The month or months to judge; all of `licenses` unless given. A month still filling (`partial` in the
        calendar) is not judged: it compares with nothing.
    listed
        Partners that selections list: month, origin.
    minimum, threshold
        As in `surges`: the least size in the measure's unit (250 t, 1 million USD), and the least change.
    rule
        The rule of confidentiality; its default unless given.

    The base is the mean of the last three Census months before the month judged, as the industry's monthly
    report takes it; the month itself and license months before it are not in it. It is blank where the three do
    not follow one another, and where one of them is not loaded, does not list the origin or lacks its
    quantity; in a complete month no row is a true zero.

    Columns: origin and product (those in `licenses`), month, ``c``, ``c_base``, change (a fraction, blank on a base
    of zero), new (the base is zero), from, to (the months of the base), protected. Where a cell is protected its
    licenses, its change and new are blank (new is <NA>); such cells come last, in the order of their keys.
    """
    what, keys = measure(which), keys_of(licenses)
    if licenses.duplicated(["month", *keys]).any():
        raise ValueError("licenses must hold one row a cell")
    least = MINIMUM[what.key] if minimum is None else minimum
    judged = _judged(licenses, months, month)
    found = [_of_month(licenses, census, months, listed, what, keys, at) for at in judged]
    c = what.column
    columns = [*keys, "month", c, f"{c}_base", "change", "new", "from", "to", "protected"]
    if not found:
        return pd.DataFrame(columns=columns)
    out = pd.concat(found, ignore_index=True)
    surged = (out[c] >= least) & (out["new"] | (out["change"] >= threshold))
    out = out[surged].assign(excess=lambda rows: rows[c] - rows[f"{c}_base"])
    out["protected"] = sensitive(out, rule or Rule())
    out["new"] = out["new"].astype("boolean").mask(out["protected"])
    out[[c, "change"]] = out[[c, "change"]].mask(out["protected"])
    out["excess"] = out["excess"].mask(out["protected"])
    out = out.sort_values(keys).sort_values(["protected", "excess"], ascending=[True, False], kind="stable")
    return out[columns].reset_index(drop=True)


def _judged(
    licenses: pd.DataFrame, months: pd.DataFrame, month: pd.Timestamp | Sequence[pd.Timestamp] | None
) -> list[pd.Timestamp]:
    """Return the months to judge, oldest first, without those still filling."""
    wanted = licenses["month"].unique() if month is None else np.atleast_1d(np.asarray(month, dtype="datetime64[us]"))
    filling = set(months["month"][months["partial"].astype(bool)])
    return [at for at in sorted(pd.DatetimeIndex(wanted)) if at not in filling]


def _of_month(
    licenses: pd.DataFrame,
    census: pd.DataFrame,
    months: pd.DataFrame,
    listed: pd.DataFrame | None,
    what: Measure,
    keys: list[str],
    month: pd.Timestamp,
) -> pd.DataFrame:
    """Return the cells of one month with their base, their change and their importers."""
    now = licenses[licenses["month"] == month]
    last = _last_three_census(months, month)
    level, mean = now[what.source].to_numpy(float) / what.divisor, np.full(len(now), np.nan)
    if len(last):
        base, cells = _base(census, months, listed, what, keys, last), pd.MultiIndex.from_frame(now[keys])
        complete = months["coverage"][months["month"].isin(last)].eq("complete").all()
        # An origin or product without a row in three complete months traded nothing in them.
        mean = np.where(~cells.isin(base.index) & complete, 0.0, base.reindex(cells).to_numpy(float))
    c = what.column
    return now[[*keys, "month", "importers", "top_share"]].assign(
        **{c: level, f"{c}_base": mean, "change": change(level, mean), "new": (mean == 0) & (level > 0)},
        **{"from": last[0] if len(last) else pd.NaT, "to": last[-1] if len(last) else pd.NaT},
    )


def _last_three_census(months: pd.DataFrame, before: pd.Timestamp) -> pd.DatetimeIndex:
    """Return the last three Census months before a month, none unless they follow one another."""
    census = comparable_months(months[months["data_basis"] == "census"])
    last = census[census < before][-3:]
    return last if len(last) == 3 and shift(last[0], 2) == last[-1] else last[:0]


def _base(
    census: pd.DataFrame,
    months: pd.DataFrame,
    listed: pd.DataFrame | None,
    what: Measure,
    keys: list[str],
    last: pd.DatetimeIndex,
) -> pd.Series:
    """Return the mean over the base months by the keys, in the measure's unit; blank where a month has no figure."""
    calendar = months[months["month"].isin(last)].reset_index(drop=True)
    told = pd.DataFrame({"month": calendar["month"][:0], "origin": pd.Series([], dtype="str")})
    if listed is not None:
        told = listed[listed["month"].isin(last)]
    cells = grid(census[census["month"].isin(last)], calendar, told, by=keys)
    return pd.Series(levels(cells, what).mean(axis=1), index=pd.MultiIndex.from_frame(series_of(cells)))
