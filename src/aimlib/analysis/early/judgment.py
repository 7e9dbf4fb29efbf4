"""One month judged on one Thursday: the prediction of each part in logs, and the parts made to add to the total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aimlib.analysis.early.evidence import Evidence
from aimlib.analysis.early.reconcile import reconcile
from aimlib.analysis.early.rivals import three_months
from aimlib.analysis.early.signals import signal, weighed
from aimlib.analysis.early.student import quantile
from aimlib.analysis.early.vintages import ORIGIN, PRODUCT

LEVELS = (0.80, 0.95)
MINIMUM_MONTHS = 6
KINDS = (PRODUCT, ORIGIN)
_NOTHING = 1e-9  # of the total: below it a rest is rounding

NO_TOTAL, NO_LICENSES, FEW_MONTHS, PROTECTED = "no total", "no licenses", "few months", "protected"


@dataclass(frozen=True)
class Judgment:
    """One month on one day. Arrays run over the parts and then the rest of the products and that of the origins.

    Attributes
    ----------
    licenses
        License totals on the day.
    own
        Parts (without the two rests) that have an estimate of their own; the others are in the rest.
    months, ratio, weight, spread
        How many past months the estimate was made from, the mean log ratio of Census to licenses in them, the weight
        of licenses, and the standard deviation of a new month's error in logs, s * sqrt(1 + 1/n).
    alone, estimate
        Before and after the parts were made to add to the total.
    low, high
        Interval bounds, one row for each of `LEVELS`.
    history
        Months by parts: which past months were used.
    reason
        Why there is no estimate, '' where there is one.
    """

    licenses: np.ndarray
    own: np.ndarray
    months: np.ndarray
    ratio: np.ndarray
    weight: np.ndarray
    spread: np.ndarray
    alone: np.ndarray
    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    history: np.ndarray
    reason: np.ndarray


def judge(
    held: Evidence,
    month: int,
    day: int,
    weeks: int,
    *,
    known: np.ndarray | None = None,
    hidden: np.ndarray | None = None,
    minimum: int = MINIMUM_MONTHS,
) -> Judgment:
    """Return the judgment of `month` from its licenses on `day`, at a horizon of `weeks`.

    Parameters
    ----------
    known
        Census figures as known on the judging day (`Evidence.known`); those of `day` unless given.
    hidden
        Parts that may have no figures of their own and are counted in the rest.
    minimum
        Fewer past months than this give no estimate.

    History are the months before, not touched by an outage, of which both the licenses at the same horizon and a
    Census figure were known on the day. Before the month's end licenses are weighed with the mean of the last three
    Census months (`signals.weighed`).
    """
    known = held.known(day) if known is None else known
    past = (held.months < month) & ~held.left_out(weeks)
    now = held.licenses.latest(np.array([month]), day)[0]
    licensed, census = held.licensed(weeks)[past], known[past]

    own = (now > 0) & (signal(now, licensed, census).months >= minimum)
    if hidden is not None:
        own &= ~hidden
    now, licensed, census = (with_rest(values, own, held) for values in (now, licensed, census))
    found = signal(now, licensed, census)
    if weeks < 0:
        usual = three_months(known, held.months, month), held.usual(weeks)[past]
        found = weighed(found, signal(*(with_rest(values, own, held) for values in usual), census), minimum)
    months, spread = found.months, found.spread
    good = (now > 0) & (months >= minimum) & np.append(own, [True, True])
    alone = np.where(good, np.exp(np.where(good, found.log, 0.0)), np.nan)
    estimate = _reconciled(held, alone, spread, now, census) if good[0] else np.full(len(alone), np.nan)

    bounds = np.array([[_quantile(level, n) for n in found.freedom] for level in LEVELS]) * spread
    with np.errstate(invalid="ignore", over="ignore"):
        moved = np.where(good, estimate, np.nan)
        low, high = moved * np.exp(-bounds), moved * np.exp(bounds)
        # A part adjusted to zero keeps the upper bound that it had.
        high = np.where(moved == 0, alone * np.exp(bounds), high)
    history = np.zeros((len(held.months), len(now)), bool)
    history[past] = found.used
    reason = _reasons(now, estimate, good[0], hidden)
    return Judgment(now, own, months, found.ratio, found.weight, spread, alone, estimate, low, high, history, reason)


def with_rest(values: np.ndarray, own: np.ndarray, held: Evidence) -> np.ndarray:
    """Add to parts (the last axis) what the total holds beside the own ones: of the products, and of the origins.

    A rest below a billionth of the total is rounding and becomes zero.
    """
    total, kinds = values[..., 0], held.parts.get_level_values(0)
    rests = []
    for kind in KINDS:
        rest = total - values[..., own & (kinds == kind)].sum(axis=-1)
        rests.append(np.where(np.abs(rest) <= _NOTHING * np.abs(total), 0.0, rest))
    return np.concatenate([values, np.stack(rests, axis=-1)], axis=-1)


def kind_of(held: Evidence) -> np.ndarray:
    """Return the part_kind of every column, the two rests included."""
    return np.append(held.parts.get_level_values(0), KINDS)


def _quantile(level: float, freedom: int) -> float:
    return quantile((1 + level) / 2, int(freedom)) if freedom > 0 else np.nan


def _reconciled(
    held: Evidence, alone: np.ndarray, spread: np.ndarray, now: np.ndarray, census: np.ndarray
) -> np.ndarray:
    """Return the estimates, those of each kind adjusted to add to the total.

    A rest that is something, but has no estimate of its own, is what the total leaves.
    """
    out, kinds = alone.copy(), kind_of(held)
    for at, kind in enumerate(KINDS, start=len(alone) - len(KINDS)):
        members = np.flatnonzero((kinds == kind) & np.isfinite(alone))
        if np.isnan(alone[at]) and len(members) and (now[at] > 0 or (np.nan_to_num(census[:, at]) > 0).any()):
            members = np.append(members, at)
        if not len(members):
            continue
        unknown = np.isnan(alone[members])
        values = np.where(unknown, 0.0, alone[members])
        variances = np.where(unknown, np.inf, (values * spread[members]) ** 2)
        out[members] = reconcile(values, variances, alone[0])
    return out


def _reasons(now: np.ndarray, estimate: np.ndarray, has_total: bool, hidden: np.ndarray | None) -> np.ndarray:
    reason = np.where(np.isfinite(estimate), "", np.where(now > 0, FEW_MONTHS, NO_LICENSES)).astype(object)
    if not has_total:
        reason[1:] = NO_TOTAL
    if hidden is not None:
        reason[: len(hidden)][hidden] = PROTECTED
    return reason
