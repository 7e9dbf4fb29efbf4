"""The record: what the estimate and its rivals would have said, on what was known then, against what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.analysis.early.coverage import FIRST, LATEST, first_print
from aimlib.analysis.early.evidence import Evidence, evidence
from aimlib.analysis.early.judgment import KINDS, LEVELS, MINIMUM_MONTHS, judge, kind_of, with_rest
from aimlib.analysis.early.rivals import RIVALS, rivals
from aimlib.analysis.early.thursdays import as_months, day_numbers, thursday
from aimlib.analysis.early.vintages import REST
from aimlib.analysis.measures import Measure

HORIZONS = (-2, 0, 1, 2, 4)
ESTIMATE = "estimate"
METHODS = (ESTIMATE, *RIVALS)
GROUP = ["against", "horizon", "part_kind", "part"]
_COLUMNS = (
    *(*GROUP, "method", "n", "bias", "mae"),
    *(f"coverage_{level * 100:.0f}" for level in LEVELS),
    *("months_front_loaded", "months_left_out", "first_month", "last_month", "winner"),
)


@dataclass(frozen=True)
class Trials:
    """Judgments of past months at one horizon; arrays are trials by parts (the two rests last).

    ``said`` is methods by trials by parts in the order of `METHODS`, ``low`` and ``high`` levels by trials by parts,
    ``actual`` the figures of the same parts by what they are held against.
    """

    weeks: int
    months: np.ndarray
    touched: np.ndarray
    front_loaded: np.ndarray
    said: np.ndarray
    low: np.ndarray
    high: np.ndarray
    actual: dict[str, np.ndarray]


def trials(held: Evidence, weeks: int, day: int, minimum: int = MINIMUM_MONTHS) -> Trials:
    """Judge every past month at a horizon, each on what was known on its own Thursday; `day` is that of the actuals.

    A month is tried if licenses are held of just that Thursday and Census had published neither it nor a later one.
    """
    first, latest = first_print(held), held.known(day)
    days = thursday(held.months, weeks)
    known, licensed = held.known(days), held.licensed(weeks)
    later = held.months[None, :] >= held.months[:, None]
    is_tried = (days <= day) & ~np.isnan(licensed[:, 0]) & ~(np.isfinite(known[:, :, 0]) & later).any(axis=1)
    at = np.flatnonzero(is_tried)
    months, known = held.months[at], known[at]
    found = judge(held, months, days[at], weeks, known=known, minimum=minimum)
    # Each trial's rivals, and what they are all held against, are sums over the same parts.
    others = with_rest(rivals(licensed[at], known, held.months, months), found.own, held)
    actual = with_rest(np.stack([first[at], latest[at]], axis=1), found.own, held)
    return Trials(
        weeks,
        months,
        held.left_out(weeks)[at],
        held.front_loaded[at],
        np.concatenate([found.estimate[:, None], others], axis=1).swapaxes(0, 1),
        found.low.swapaxes(0, 1),
        found.high.swapaxes(0, 1),
        {FIRST: actual[:, 0], LATEST: actual[:, 1]},
    )


def backtest(
    panel: pd.DataFrame,
    prints: pd.DataFrame,
    filings: pd.DataFrame | None,
    day: pd.Timestamp,
    which: str | Measure = "quantity",
    *,
    origins: Sequence[str] | None = None,
    horizons: Sequence[int] = HORIZONS,
    minimum: int = MINIMUM_MONTHS,
) -> pd.DataFrame:
    """Return the record of the estimate and its four rivals, as of a day.

    Every past month is judged at every horizon with an expanding window: on the Thursday itself, with the panel
    rows of that day and before and the Census figures known by then. What said something is held against the first
    print (within 75 days of the month's end) and, apart, against the latest figure known on `day`. Estimates are
    those shown, made to add up. `origins` are those told apart in all of it (the ten largest of the last twelve
    Census months known on `day` unless given): which origins are asked about is the reader's choice today, what is
    said of them is not. In a group all methods are measured over the same months: those in which all said
    something, Census has a figure above zero and no outage lies between the opening of licenses and the horizon.

    Columns: against ('first' or 'latest'), horizon, part_kind, part, method ('estimate' and the rivals: 'licenses',
    'last_month', 'three_months', 'last_year'), n, bias (mean of (said - actual) / actual), mae (mean of its size),
    coverage_80 and coverage_95 (the parts of months inside the estimate's intervals; blank for rivals and where no
    month has an interval), months_front_loaded, months_left_out (for an outage), first_month, last_month, winner
    (the method of the group with the least mae, the estimate where it is equal to the best). Groups without a
    month have no rows.
    """
    held = evidence(panel, prints, filings, which, origins=origins, day=day)
    return backtest_from(held, day, horizons=horizons, minimum=minimum)


def backtest_from(
    held: Evidence, day: pd.Timestamp, *, horizons: Sequence[int] = HORIZONS, minimum: int = MINIMUM_MONTHS
) -> pd.DataFrame:
    """Return what `backtest` does from the evidence known on the day."""
    today = int(day_numbers(pd.DatetimeIndex([day]))[0])
    tried = [trials(held, weeks, today, minimum) for weeks in horizons]
    records = [_record(held, found, against) for against in (FIRST, LATEST) for found in tried]
    return pd.DataFrame({name: np.concatenate([record[name] for record in records]) for name in records[0]})


def rivals_ahead(record: pd.DataFrame) -> pd.DataFrame:
    """Return the groups of `backtest` in which a rival errs less than the estimate.

    Columns: against, horizon, part_kind, part, n, winner, mae (the winner's), mae_estimate, ahead (the difference).
    """
    beaten = record[record["winner"] != ESTIMATE]
    best = beaten[beaten["method"] == beaten["winner"]][[*GROUP, "n", "winner", "mae"]]
    own = beaten[beaten["method"] == ESTIMATE][[*GROUP, "mae"]].rename(columns={"mae": "mae_estimate"})
    out = best.merge(own, on=GROUP, how="left")
    return out.assign(ahead=out["mae_estimate"] - out["mae"])


def _record(held: Evidence, found: Trials, against: str) -> dict[str, np.ndarray]:
    """Return the columns of one horizon against one figure: the methods of each part that has a month."""
    actual = found.actual[against]
    with np.errstate(invalid="ignore", divide="ignore"):
        error = (found.said - actual) / np.where(actual > 0, actual, np.nan)
    whole = np.isfinite(error).all(axis=0)
    used = whole & ~found.touched[:, None]
    n = used.sum(axis=0)
    taken = np.where(used, error, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        bias, mae = taken.sum(axis=1) / n, np.abs(taken).sum(axis=1) / n
        bounded = used & np.isfinite(found.low) & np.isfinite(found.high)
        inside = (bounded & (found.low <= actual) & (actual <= found.high)).sum(axis=1) / bounded.sum(axis=1)
    own = METHODS.index(ESTIMATE)
    intervals = np.full((len(LEVELS), len(METHODS), len(n)), np.nan)
    intervals[:, own] = inside
    order = np.where(used, found.months[:, None], -1)
    early = np.where(used, found.months[:, None], np.iinfo(np.int64).max)
    by_part = {
        "part_kind": kind_of(held),
        "part": np.append(held.parts.get_level_values(1), [REST] * len(KINDS)),
        "n": n,
        "months_front_loaded": (used & found.front_loaded[:, None]).sum(axis=0),
        "months_left_out": (whole & found.touched[:, None]).sum(axis=0),
        "first_month": as_months(early.min(axis=0, initial=np.iinfo(np.int64).max) * (n > 0)),
        "last_month": as_months(order.max(axis=0, initial=-1)),
        "winner": np.array(METHODS, dtype=object)[np.nan_to_num(mae, nan=np.inf).argmin(axis=0)],
    }
    by_method = {"bias": bias, "mae": mae}
    by_method |= {f"coverage_{level * 100:.0f}": intervals[at] for at, level in enumerate(LEVELS)}
    part, method = (places.ravel() for places in np.indices((len(n), len(METHODS))))
    part, method = part[n[part] > 0], method[n[part] > 0]
    columns = {name: values[part] for name, values in by_part.items()}
    columns |= {name: values[method, part] for name, values in by_method.items()}
    columns["method"] = np.array(METHODS, dtype=object)[method]
    columns["against"] = np.full(len(part), against, dtype=object)
    columns["horizon"] = np.full(len(part), found.weeks)
    return {name: columns[name] for name in _COLUMNS}
