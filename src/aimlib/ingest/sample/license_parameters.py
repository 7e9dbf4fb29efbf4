"""The numbers behind the sample's licenses, fixed before any estimator was written.

An early estimate that is tuned on the noise it is tested with proves nothing. So the size of that noise comes
from a published record and stands here; tests vary the seed and the numbers.

The record is steel's, for none has been published for aluminum: in 2014, final imports of flat-rolled steel
exceeded the licensed tonnage by 4.6% in January to April, 3.79% in January to June, 3.07% in January to October
and 2.72% in the year, with the sign of the monthly error alternating (Steel Market Update, June 2014 and February
2015). Licensed over final is therefore 1 / 1.0272 = 0.9735 in the long run. The four-month figure lies 1.9
points from the year's; were the months independent with standard deviation s, that difference would have one of
s * sqrt(1/4 - 1/12) = 0.41 s, so that s is about 4.6%; with alternating signs somewhat less of it is needed at
four months, and 4.0% is taken.

All else here (lead times, corrections, cancellations, zones) is assumed: no source gives it for aluminum.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outage:
    """Days, both included, on which no license could be taken; those due are taken in the days after."""

    first_day: str
    last_day: str
    catch_up_days: int


@dataclass(frozen=True)
class Surge:
    """Licenses of one origin and product in `month`, in thousandths of the mean of the three Census months before."""

    origin: str
    product: str
    month: str
    permille: int


@dataclass(frozen=True)
class LicenseParameters:
    """How licenses relate to what Census counts. Parts are in thousandths, days are calendar days.

    ``covered_permille`` is licensed over final imports in the long run, ``month_noise_permille`` the standard
    deviation of a month's ratio around it, common to all lines, and ``alternation_permille`` the first-order
    autocorrelation of that noise. ``origin_noise_permille`` and ``cell_noise_permille`` come on top, by
    origin and month and by line, origin and month. ``lead_days`` gives parts of the licenses by the days
    between application and expected import; negative is after it.
    """

    seed: str = "licenses"
    first_day: str = "2021-06-28"
    last_day: str = "2026-11-19"
    covered_permille: int = 973
    month_noise_permille: int = 40
    alternation_permille: int = -300
    origin_noise_permille: int = 30
    cell_noise_permille: int = 80
    lead_days: tuple[tuple[int, int, int], ...] = (
        # from, to (days before the expected import), thousandths of licenses
        (31, 60, 110),
        (15, 30, 190),
        (4, 14, 330),
        (0, 3, 220),
        (-14, -1, 150),
    )
    lead_shift_days: int = 2
    """By so many days at most the whole month's leads move, earlier or later: completeness varies by month."""

    unused_permille: int = 30
    """Licenses for goods that never came, over and above those that did; cancelled when the rolls are purged."""
    unused_purged_after_days: tuple[int, int] = (25, 95)
    cancelled_permille: int = 20
    """Licenses that were cancelled before the import and replaced by others."""
    corrected_permille: int = 60
    corrected_quantity_permille: int = 120
    """By so much at most a correction moves the quantity."""
    corrected_month_permille: int = 150
    """The part of corrections that move the expected import into the next month."""

    zone_permille: int = 60
    """The part of goods that are admitted to a free-trade zone first and withdrawn for consumption later."""
    zone_stay_months: int = 2
    warehouse_permille: int = 15
    low_value_permille: int = 8

    unknown_smelt_permille: int = 350
    """The part of licenses with smelt unknown while that was allowed (through 2022-06-28)."""
    unknown_again_permille: int = 6
    """The same from 2025-06-28, when customs accepts unknown at the 200% rate."""

    outages: tuple[Outage, ...] = (Outage("2024-08-05", "2024-08-16", 7),)
    bad_rows_permille: int = 2
    tonnes_a_license: int = 180
    most_licenses_a_cell: int = 14

    joined_permille: int = 100
    """Lines that stand on the license of another line of the same importer, product, origin and month."""
    late_corrections_permille: int = 200
    """The part of corrections that come two to eight weeks after the import."""
    value_noise_permille: int = 25
    """Declared values stray by so much (standard deviation) from those that Census counts."""
    weekend_permille: int = 80
    """Applications left on the weekend that they fall on; the others go to a weekday nearby."""
    surges: tuple[Surge, ...] = (Surge("AUS", "unwrought", "2026-10", 2800),)


LICENSES = LicenseParameters()
