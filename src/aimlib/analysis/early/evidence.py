"""All that estimates rest on, for one measure: versions of licenses and Census, outages, front-loading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from aimlib.analysis.early.outages import outages, touched
from aimlib.analysis.early.rivals import three_months
from aimlib.analysis.early.thursdays import month_numbers, thursday
from aimlib.analysis.early.vintages import Vintages, main_origins, parts_of, vintages
from aimlib.analysis.measures import Measure, measure
from aimlib.reference import early_events


@dataclass(frozen=True)
class Evidence:
    """Licenses and Census by month, part and day; `months` is the run of calendar months that either holds.

    ``importers`` and ``top_share`` stand behind the figures of ``licenses``; None where the panel does not tell them.
    """

    measure: Measure
    months: np.ndarray
    licenses: Vintages
    importers: Vintages | None
    top_share: Vintages | None
    census: Vintages
    outages: pd.DataFrame
    front_loaded: np.ndarray
    _licensed: dict[int, np.ndarray] = field(default_factory=dict, repr=False)
    _usual: dict[int, np.ndarray] = field(default_factory=dict, repr=False)

    @property
    def parts(self) -> pd.MultiIndex:
        """Return part_kind and part of every column."""
        return self.licenses.parts

    def licensed(self, weeks: int) -> np.ndarray:
        """Return months by parts: the license totals on each month's Thursday at a horizon, NaN where not held."""
        if weeks not in self._licensed:
            self._licensed[weeks] = self.licenses.exact(self.months, thursday(self.months, weeks))
        return self._licensed[weeks]

    def usual(self, weeks: int) -> np.ndarray:
        """Return months by parts: the mean of the last three Census months known on each month's Thursday."""
        if weeks not in self._usual:
            known = self.known(thursday(self.months, weeks))
            self._usual[weeks] = three_months(known, self.months, self.months)
        return self._usual[weeks]

    def left_out(self, weeks: int) -> np.ndarray:
        """Return which months an outage touched between the opening of their licenses and the horizon."""
        return touched(self.months, weeks, self.outages)

    def known(self, day: int | np.ndarray) -> np.ndarray:
        """Return months by parts: the Census figures as known on a day, NaN where none were; of each of many days."""
        days = np.asarray(day)
        months, each = np.broadcast_arrays(self.months, days[..., None])
        return self.census.latest(months.ravel(), each.ravel()).reshape(*months.shape, len(self.parts))


def evidence(
    panel: pd.DataFrame,
    prints: pd.DataFrame,
    filings: pd.DataFrame | None,
    which: str | Measure,
    *,
    origins: Sequence[str] | None = None,
    day: pd.Timestamp | None = None,
) -> Evidence:
    """Return the evidence in PANEL, PRINTS and FILINGS on a measure, known on `day` (all, unless said).

    `origins` are those to tell apart: unless given, the ten largest of the last twelve Census months known.
    """
    what = measure(which)
    if day is not None:
        panel, prints = panel[panel["day"] <= day], prints[prints["known_on"] <= day]
        filings = None if filings is None else filings[filings["day"] <= day]
    if origins is None:
        origins = main_origins(prints, prints["known_on"].max(), what.source) if len(prints) else ()
    parts = parts_of(panel, prints, origins)
    held = np.concatenate([month_numbers(panel["month"]), month_numbers(prints["month"])])
    run = np.arange(held.min(), held.max() + 1) if len(held) else np.arange(0)
    front = month_numbers(early_events.front_loaded_months())
    behind = [name for name in ("importers", "top_share") if name in panel]
    licenses, *told = vintages(panel, "day", [what.source, *behind], parts)
    (census,) = vintages(prints, "known_on", [what.source], parts)
    return Evidence(
        what,
        run,
        licenses,
        *(told if len(told) == 2 else (None, None)),
        census,
        outages(filings),
        np.isin(run, front),
    )
