"""The early estimate of the months that Census has not published, from their licenses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality import Rule
from aimlib.analysis.early.evidence import Evidence, evidence
from aimlib.analysis.early.judgment import KINDS, LEVELS, MINIMUM_MONTHS, PROTECTED, Judgments, judge, kind_of
from aimlib.analysis.early.protection import hidden_parts
from aimlib.analysis.early.thursdays import as_days, as_months, day_numbers, horizon, month_numbers
from aimlib.analysis.early.vintages import REST
from aimlib.analysis.measures import Measure


def estimate(
    panel: pd.DataFrame,
    prints: pd.DataFrame,
    filings: pd.DataFrame | None,
    day: pd.Timestamp,
    which: str | Measure = "quantity",
    *,
    origins: Sequence[str] | None = None,
    minimum: int = MINIMUM_MONTHS,
    rule: Rule | None = None,
) -> pd.DataFrame:
    """Return the estimate of every open month as it stood on a day.

    Parameters
    ----------
    panel, prints, filings
        PANEL, PRINTS and FILINGS; what they hold of later days is not looked at.
    day
        The judging day. Licenses are those of the newest panel day on or before it, at the horizon of that day.
    origins
        Those to show apart, the rest being one row; the ten largest of the last twelve Census months unless given.
    minimum
        Fewer past months than this give no estimate.
    rule
        With a rule of confidentiality, a part whose licenses are sensitive on the day gets no figures and is
        counted in the rest; were it alone there, the smallest other part joins it.

    The method: for each part, take the log of Census (as known on the day) over the license total on the same
    Thursday relative to the month's end, over past months; its mean m and standard deviation s. The estimate is
    licenses * exp(m), the median of what is to be expected, with the interval
    licenses * exp(m -+ t * s * sqrt(1 + 1/n)) where t is Student's with n - 1 degrees of freedom. Over the same
    months, m is minus the mean log of completeness (licenses at the horizon over settled licenses) minus the mean
    log of coverage (settled licenses over Census): what is still to come, and what licenses never say, in one.

    Before the month's end (a horizon below zero) licenses are thin, and what they say is weighed with the mean of the
    last three Census months known, taken the same way, by the inverse of the variance of past errors in logs; the
    interval is that of the mixture's past errors, with n - 2 degrees of freedom. In made-up trades with the noise of
    the steel record this cut the error of the total by about a sixth two weeks before the month's end and by a
    quarter four weeks before. From the month's end on licenses speak alone, so that the estimate of a full
    month is never drawn back to what was usual.

    Products, and origins with their rest, are then made to add to the total (`reconcile`), which stays as it
    is; their intervals keep their width in logs around the moved center.

    Columns: day (of the licenses), month, partial (its last Thursday is still to come), horizon, part_kind, part,
    ``c_license`` (c being the measure's column, in its unit), ``c_estimate``, ``c_low_80``, ``c_high_80``,
    ``c_low_95``, ``c_high_95``, ``c_alone`` (before parts were made to add up), ratio (exp(m)), weight (of licenses,
    1 from the month's end on), months (n), months_front_loaded (those among them), front_loaded and outage (the
    month itself is, or is touched), reason (why there is no estimate: 'no total', 'no licenses', 'few months',
    'protected', or '').
    """
    held = evidence(panel, prints, filings, which, origins=origins, day=day)
    return estimate_from(held, day, minimum=minimum, rule=rule)


def estimate_from(
    held: Evidence, day: pd.Timestamp, *, minimum: int = MINIMUM_MONTHS, rule: Rule | None = None
) -> pd.DataFrame:
    """Return what `estimate` does from the evidence known on the day."""
    if not len(held.licenses.days):
        return _table(held, [])
    today, judged = int(held.licenses.days.max()), int(day_numbers(pd.DatetimeIndex([day]))[0])
    known = held.known(judged)
    found = []
    for month in open_months(held, known, today):
        weeks = int(horizon(np.array([month]), np.array([today]))[0])
        at = np.array([month]), np.array([today])
        hidden = None if rule is None else hidden_parts(held, *at, rule)
        one = judge(held, *at, weeks, known=known[None], hidden=hidden, minimum=minimum)[0]
        found.append((month, today, weeks, one))
    return _table(held, found)


def open_months(held: Evidence, known: np.ndarray, day: int) -> np.ndarray:
    """Return the months with licenses on a panel day, up to its own, after the last that Census has published."""
    published = held.months[np.isfinite(known[:, 0])]
    own = month_numbers(as_days(np.array([day])))[0]
    licensed = held.licenses.months[held.licenses.days == day]
    return licensed[(licensed <= own) & (licensed > (published.max() if len(published) else -1))]


def _table(held: Evidence, found: list[tuple[int, int, int, Judgments]]) -> pd.DataFrame:
    """Return judgments as rows; a rest that is nothing has none."""
    if not found:
        return pd.DataFrame(columns=_columns(held.measure))
    return pd.concat([_rows(held, *one) for one in found], ignore_index=True)


def _columns(what: Measure) -> list[str]:
    bounds = [f"{side}_{level * 100:.0f}" for level in LEVELS for side in ("low", "high")]
    amounts = [f"{what.column}_{name}" for name in ("license", "estimate", *bounds, "alone")]
    first = ["day", "month", "partial", "horizon", "part_kind", "part"]
    return [*first, *amounts, "ratio", "weight", "months", "months_front_loaded", "front_loaded", "outage", "reason"]


def _rows(held: Evidence, month: int, day: int, weeks: int, what: Judgments) -> pd.DataFrame:
    c, divisor = held.measure.column, held.measure.divisor
    amounts = {"license": what.licenses, "estimate": what.estimate}
    for at, level in enumerate(LEVELS):
        amounts |= {f"low_{level * 100:.0f}": what.low[at], f"high_{level * 100:.0f}": what.high[at]}
    amounts["alone"] = what.alone
    here = held.months == month
    rows = pd.DataFrame(
        {
            "day": as_days(day),
            "month": as_months(month),
            "partial": weeks < 0,
            "horizon": weeks,
            "part_kind": kind_of(held),
            "part": np.append(held.parts.get_level_values(1), [REST] * len(KINDS)),
            **{f"{c}_{name}": values / divisor for name, values in amounts.items()},
            "ratio": np.where(np.isfinite(what.alone), np.exp(what.ratio), np.nan),
            "weight": np.where(np.isfinite(what.alone), what.weight, np.nan),
            "months": what.months,
            "months_front_loaded": what.history[held.front_loaded].sum(axis=0),
            "front_loaded": bool(held.front_loaded[here].any()),
            "outage": bool(held.left_out(weeks)[here].any()),
            "reason": what.reason,
        }
    )
    hidden = rows["reason"].eq(PROTECTED)
    if hidden.iloc[0]:
        hidden[:] = True  # a total that is protected leaves nothing to show, its rests included
    rows.loc[hidden, [f"{c}_license", "ratio", "weight"]] = np.nan
    rows.loc[hidden, ["months", "months_front_loaded"]] = 0
    is_nothing = rows["part"].eq(REST) & rows[f"{c}_license"].fillna(0).eq(0) & rows[f"{c}_estimate"].isna()
    return rows[~is_nothing]
