"""Every number of the sample that is chosen rather than published, in one place.

The tables beside the README in ``data/sample`` hold what goes by origin, line or month; here are the
numbers that hold for all. None of them is a fact about trade: they make a plausible shape around the
published totals of 2024.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_MONTH = "2019-01"
LAST_MONTH = "2026-09"
BASE_YEAR = 2024

SEASON_PERMILLE = (978, 905, 1075, 1030, 1045, 1025, 1030, 1000, 965, 1000, 975, 972)
"""January to December; near the mean of 2013 to 2019 in the monthly chapter 76 file."""

SHOCKS_PERMILLE = {
    "2020-04": 880,
    "2020-05": 800,
    "2020-06": 830,
    "2020-07": 900,
    "2025-01": 1120,
    "2025-02": 1150,
    "2025-03": 1100,
    "2025-05": 1080,
    "2025-06": 880,
    "2025-07": 900,
}
"""The pandemic, and goods brought forward before the duties of March and June 2025."""

SURGES_PERMILLE = {
    ("ZAF", "plates_sheets_strip", "2026-09"): 2300,
    ("VNM", "foil", "2026-09"): 1900,
    ("IND", "wire", "2026-09"): 1700,
}
"""Origins and categories that leap in the last month, for the surge list to find."""

KEEP_LINE_USD = 1_500_000
"""An origin's line below this value in the base year is folded into the origin's other lines."""

TRADE_SIZES = (
    # value in the base year of at least, chance of trade in a month (permille), noise (permille)
    (20_000_000, 1000, 90),
    (5_000_000, 990, 150),
    (1_000_000, 880, 240),
    (250_000, 520, 330),
    (60_000, 260, 380),
    (0, 110, 400),
)

PRICE_NOISE_PERMILLE = 45
PRICE_LEVEL_PERMILLE = 110
REEXPORT_PERMILLE = 7
"""Arrivals that never enter for consumption: general imports stand above consumption by up to this."""

FLAGGED_ROWS_PER_MILLE = 2
"""Rows whose quantity is suppressed: quantity 0 with a flag."""

DEPARTED = {
    ("RUS", "unwrought"): 420_000_000,
    ("RUS", "plates_sheets_strip"): 80_000_000,
    ("RUS", "foil"): 60_000_000,
}
"""Yearly value of trade that ended before the base year, and so is not in its table."""
DEPARTED_UNTIL = "2023-03"
DEPARTED_DUTY_PERMILLE = 100

WHOLLY_DUTIABLE_PERMILLE = 20
"""From this rate on all of a row's value counts as dutiable; below it, what this rate would explain."""

GROUPS = {
    # Census group code: name, member origins among those of the sample
    "0003": ("EUROPEAN UNION", ("SVK",)),
    "0020": ("USMCA (NAFTA)", ("CAN", "MEX")),
    "4XXX": ("EUROPE", ("CHE", "GBR", "NOR", "RUS", "SVK", "TUR")),
}


FIRST_RELEASED_TO = "2021-06"
"""The first vintage gives all months up to here at once; the licenses begin then."""
ANNUAL_REVISION_MONTH = 6
REVISED_LAST_FROM = "2026-07"
LAST_DAY = "2026-11-19"
"""The last vintage revises the months from there on, and brings none."""

REVISED_ROWS_PERMILLE = 160
REVISION_PERMILLE = 30


@dataclass(frozen=True)
class Withdrawal:
    """A row of `month` that is published first and withdrawn by the revision."""

    month: str = "2026-09"
    code: str = "7604291090"
    origin: str = "KWT"
    customs_value_usd: int = 184_300
    calculated_duty_usd: int = 101_365
    quantity_kg: int = 31_400


WITHDRAWN = Withdrawal()
