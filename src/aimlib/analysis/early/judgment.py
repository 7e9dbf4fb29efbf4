"""Months judged on a Thursday each: the prediction of each part in logs, and the parts made to add to the total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aimlib.analysis.early.evidence import Evidence
from aimlib.analysis.early.reconcile import reconcile_rows
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
class Judgments:
    """Months, each judged on one day. Arrays run over the trials, and then the parts, of which the last two are the
    rest of the products and that of the origins.

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
        Interval bounds: trials by `LEVELS` by parts.
    history
        Trials by months by parts: which past months were used.
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

    def __getitem__(self, trial: int) -> Judgments:
        """Return one trial; its arrays run over the parts (after the levels, or the months)."""
        return Judgments(*(values[trial] for values in vars(self).values()))


def judge(
    held: Evidence,
    judged: np.ndarray,
    days: np.ndarray,
    weeks: int,
    *,
    known: np.ndarray | None = None,
    hidden: np.ndarray | None = None,
    minimum: int = MINIMUM_MONTHS,
) -> Judgments:
    """Return the judgments of months from their licenses on a day each, at a horizon of `weeks`.

    Parameters
    ----------
    judged, days
        The months and the days, whole numbers since 1970.
    known
        Census figures as known on the judging days, days by months by parts (`Evidence.known`); those of `days`
        unless given.
    hidden
        By trials, the parts that may have no figures of their own and are counted in the rest.
    minimum
        Fewer past months than this give no estimate.

    History are the months before, not touched by an outage, of which both the licenses at the same horizon and a
    Census figure were known on the day. Before the month's end licenses are weighed with the mean of the last three
    Census months (`signals.weighed`).
    """
    known = held.known(days) if known is None else known
    past = (held.months < judged[:, None]) & ~held.left_out(weeks)
    now, licensed = held.licenses.latest(judged, days), held.licensed(weeks)
    census = np.where(past[:, :, None], known, np.nan)

    own = (now > 0) & (signal(now, licensed, census).months >= minimum)
    if hidden is not None:
        own &= ~hidden
    now, census = with_rest(now, own, held), with_rest(census, own, held)
    found = signal(now, with_rest(np.broadcast_to(licensed, known.shape), own, held), census)
    if weeks < 0:
        usual = with_rest(three_months(known, held.months, judged), own, held)
        past_usual = with_rest(np.broadcast_to(held.usual(weeks), known.shape), own, held)
        found = weighed(found, signal(usual, past_usual, census), minimum)
    months, spread = found.months, found.spread
    good = (now > 0) & (months >= minimum) & np.pad(own, ((0, 0), (0, len(KINDS))), constant_values=True)
    alone = np.where(good, np.exp(np.where(good, found.log, 0.0)), np.nan)
    estimate = np.full(alone.shape, np.nan)
    with_total = np.flatnonzero(good[:, 0])
    estimate[with_total] = _reconciled(held, *(values[with_total] for values in (alone, spread, now, census)))

    bounds = _quantiles(found.freedom) * spread[:, None]
    with np.errstate(invalid="ignore", over="ignore"):
        moved = np.where(good, estimate, np.nan)[:, None]
        low, high = moved * np.exp(-bounds), moved * np.exp(bounds)
        # A part adjusted to zero keeps the upper bound that it had.
        high = np.where(moved == 0, alone[:, None] * np.exp(bounds), high)
    told = found.used, _reasons(now, estimate, good[:, 0], hidden)
    return Judgments(now, own, months, found.ratio, found.weight, spread, alone, estimate, low, high, *told)


def with_rest(values: np.ndarray, own: np.ndarray, held: Evidence) -> np.ndarray:
    """Add to parts what the total holds beside the own ones: of the products, and of the origins.

    `own` is trials by parts; `values` have trials first and parts last. A rest below a billionth of the total is
    rounding and becomes zero.
    """
    kinds = held.parts.get_level_values(0)
    rests = np.empty((*values.shape[:-1], len(KINDS)))
    masks, trial_of = np.unique(own, axis=0, return_inverse=True)
    for number, mask in enumerate(masks):
        mine = trial_of.ravel() == number
        of = values[mine]
        for at, kind in enumerate(KINDS):
            taken = of[..., mask & (kinds == kind)]
            rest = of[..., 0] - (np.ascontiguousarray(taken) if of.ndim == 2 else taken).sum(axis=-1)
            rest = np.where(np.abs(rest) <= _NOTHING * np.abs(of[..., 0]), 0.0, rest)
            rests[mine, ..., at] = rest
    return np.concatenate([values, rests], axis=-1)


def kind_of(held: Evidence) -> np.ndarray:
    """Return the part_kind of every column, the two rests included."""
    return np.append(held.parts.get_level_values(0), KINDS)


def _quantiles(freedom: np.ndarray) -> np.ndarray:
    """Return trials by levels by parts: how many standard deviations each interval reaches, NaN without freedom."""
    most = int(freedom.max(initial=0))
    table = [[np.nan, *(quantile((1 + level) / 2, n) for n in range(1, most + 1))] for level in LEVELS]
    return np.array(table)[:, np.clip(freedom, 0, None)].swapaxes(0, 1)


def _reconciled(
    held: Evidence, alone: np.ndarray, spread: np.ndarray, now: np.ndarray, census: np.ndarray
) -> np.ndarray:
    """Return the estimates, those of each kind adjusted to add to the total.

    A rest that is something, but has no estimate of its own, is what the total leaves.
    """
    out, kinds = alone.copy(), kind_of(held)
    for at, kind in enumerate(KINDS, start=alone.shape[1] - len(KINDS)):
        members = (kinds == kind) & np.isfinite(alone)
        something = (now[:, at] > 0) | (np.nan_to_num(census[:, :, at]) > 0).any(axis=1)
        members[:, at] |= np.isnan(alone[:, at]) & members.any(axis=1) & something
        masks, mask_of = np.unique(members, axis=0, return_inverse=True)
        for number, mask in enumerate(masks):
            rows, columns = np.flatnonzero(mask_of.ravel() == number), np.flatnonzero(mask)
            if len(columns):
                values = alone[np.ix_(rows, columns)]
                unknown = np.isnan(values)
                values = np.where(unknown, 0.0, values)
                variances = np.where(unknown, np.inf, (values * spread[np.ix_(rows, columns)]) ** 2)
                out[np.ix_(rows, columns)] = reconcile_rows(values, variances, alone[rows, 0])
    return out


def _reasons(now: np.ndarray, estimate: np.ndarray, has_total: np.ndarray, hidden: np.ndarray | None) -> np.ndarray:
    reason = np.where(np.isfinite(estimate), "", np.where(now > 0, FEW_MONTHS, NO_LICENSES)).astype(object)
    reason[~has_total, 1:] = NO_TOTAL
    if hidden is not None:
        reason[:, : hidden.shape[1]][hidden] = PROTECTED
    return reason
