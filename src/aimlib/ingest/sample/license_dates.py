"""When licenses are applied for, corrected and cancelled, against when the goods are expected."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.license_flows import Flows
from aimlib.ingest.sample.license_parameters import LicenseParameters, Outage

LATEST_AFTER_IMPORT = 14
"""Days after the import by which the entry summary, and so the license, is due."""
EARLIEST_BEFORE_IMPORT = 60
_SATURDAY = 5
_EPOCH_WEEKDAY = 3  # January 1, 1970 was a Thursday; Monday is 0
_FIRST_DAYS = 3
_WEEKEND_SPREAD = 3
_MOVED_BEFORE, _MOVED_AFTER = 10, 15


def day_number(day: str) -> int:
    """Return days since January 1, 1970."""
    return int(np.datetime64(day, "D").astype(np.int64))


def with_dates(parameters: LicenseParameters, flows: Flows, licenses: pd.DataFrame) -> pd.DataFrame:
    """Add dates, as days since January 1, 1970, to one row a license; leave out those before the first day.

    `licenses` has row, month, unused, low_value and lines (how many). Added: expected (the import in the end),
    expected_first (as filed; the month before where a correction moves it), application, corrected_on,
    cancelled_on and replaced_on (that of a first license which this one replaces, applied for on
    replaced_application); -1 for none.
    """
    draws = Draws(f"{parameters.seed}|dates")
    count = len(licenses)
    months = np.array(flows.months, dtype="datetime64[M]")
    starts = months.astype("datetime64[D]").astype(np.int64)
    lengths = (months + 1).astype("datetime64[D]").astype(np.int64) - starts
    month = licenses["month"].to_numpy()
    expected = starts[month] + draws.below(2**20, count) * lengths[month] // 2**20

    plain = (~licenses["unused"] & ~licenses["low_value"]).to_numpy()
    alone = plain & (licenses["lines"] == 1).to_numpy()
    is_corrected = plain & (draws.below(1000, count) < parameters.corrected_permille)
    moved = alone & is_corrected & (draws.below(1000, count) < parameters.corrected_month_permille)
    moved &= (month > 0) & flows.alive[licenses["row"], np.maximum(month - 1, 0)]
    expected = np.where(moved, starts[month] + draws.below(_MOVED_AFTER, count), expected)
    expected_first = np.where(moved, starts[month] - 1 - draws.below(_MOVED_BEFORE, count), expected)

    most = np.where(moved, EARLIEST_BEFORE_IMPORT - _MOVED_BEFORE - _MOVED_AFTER, EARLIEST_BEFORE_IMPORT)
    lead = np.minimum(_leads(parameters, draws, month), most)
    application = _in_office(parameters, draws, expected_first - lead, expected_first)

    lead = expected_first - application
    may_be = alone & ~is_corrected & (lead >= 3)
    chance = parameters.cancelled_permille * count // max(int(may_be.sum()), 1)
    is_replaced = may_be & (draws.below(1000, count) < chance)
    between = 1 + draws.below(2**20, count) * np.maximum(lead - 2, 1) // 2**20
    again = _after_outages(parameters.outages, application + between, draws.below(2**20, count))
    corrected = _corrected(parameters, draws, application, expected_first, moved)
    purged = expected + _between(draws, parameters.unused_purged_after_days, count)
    purged = _on_weekdays(np.maximum(purged, application + 7))
    dated = licenses.assign(
        expected=expected,
        expected_first=expected_first,
        application=np.where(is_replaced, again, application),
        corrected_on=np.where(is_corrected, corrected, -1),
        moved=moved,
        cancelled_on=np.where(licenses["unused"], purged, -1),
        replaced_on=np.where(is_replaced, again, -1),
        replaced_application=np.where(is_replaced, application, -1),
    )
    return dated[expected_first >= day_number(parameters.first_day)].reset_index(drop=True)


def _between(draws: Draws, bounds: tuple[int, int], count: int) -> np.ndarray:
    first, last = bounds
    return first + draws.below(last - first + 1, count)


def _leads(parameters: LicenseParameters, draws: Draws, month: np.ndarray) -> np.ndarray:
    """Days from application to expected import, by the table of parts and the month's own shift."""
    firsts, lasts, parts = (np.array(column) for column in zip(*parameters.lead_days, strict=True))
    kind = np.searchsorted(np.cumsum(parts), draws.below(int(parts.sum()), len(month)), side="right")
    lead = firsts[kind] + draws.below(2**20, len(month)) * (lasts - firsts + 1)[kind] // 2**20
    shift = parameters.lead_shift_days
    shifts = Draws(f"{parameters.seed}|lead shifts").below(2 * shift + 1, int(month.max()) + 1) - shift
    return np.clip(lead + shifts[month], -LATEST_AFTER_IMPORT, EARLIEST_BEFORE_IMPORT)


def _in_office(parameters: LicenseParameters, draws: Draws, day: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Move applications off most weekends, out of outages, and to the days after licenses began."""
    at_home = draws.below(1000, len(day)) < parameters.weekend_permille
    weekday = _near_weekdays(day, draws.below(_WEEKEND_SPREAD, len(day)))
    within = (expected - weekday <= EARLIEST_BEFORE_IMPORT) & (weekday - expected <= LATEST_AFTER_IMPORT)
    weekday = np.where(within, weekday, day)
    day = np.where(at_home, day, weekday)
    first = day_number(parameters.first_day)
    day = np.where(day < first, first + draws.below(_FIRST_DAYS, len(day)), day)
    return _after_outages(parameters.outages, day, draws.below(2**20, len(day)))


def _near_weekdays(day: np.ndarray, further: np.ndarray) -> np.ndarray:
    """Move Saturdays to a Friday or some days earlier, Sundays to a Monday or later: `further` by how many days."""
    weekday = (day + _EPOCH_WEEKDAY) % 7
    moved = np.where(weekday > _SATURDAY, day + 1 + further, day - 1 - further)
    return np.where(weekday >= _SATURDAY, moved, day)


def _on_weekdays(day: np.ndarray) -> np.ndarray:
    """Move Saturdays and Sundays to the Monday after."""
    weekday = (day + _EPOCH_WEEKDAY) % 7
    return np.where(weekday >= _SATURDAY, day + 7 - weekday, day)


def _after_outages(outages: tuple[Outage, ...], day: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Move what falls into an outage to the days after it; `drawn` are whole numbers below 2**20."""
    for outage in outages:
        first, last = day_number(outage.first_day), day_number(outage.last_day)
        later = last + 1 + drawn * outage.catch_up_days // 2**20
        day = np.where((day >= first) & (day <= last), later, day)
    return day


def _corrected(
    parameters: LicenseParameters, draws: Draws, application: np.ndarray, expected: np.ndarray, moved: np.ndarray
) -> np.ndarray:
    """Days of the corrections: soon after the application, some late; a moved import is told around its day."""
    count = len(application)
    soon = application + 1 + draws.below(21, count)
    late = expected + 14 + draws.below(43, count)
    is_late = draws.below(1000, count) < parameters.late_corrections_permille
    told = expected - 3 + draws.below(10, count)
    day = np.where(moved, told, np.where(is_late, late, soon))
    day = _after_outages(parameters.outages, _on_weekdays(day), draws.below(2**20, count))
    return np.maximum(day, application + 1)
