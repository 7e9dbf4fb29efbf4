"""Every number of the synthetic world that is chosen and holds for all; what goes by country or link is in its tables.

None of them is a fact about trade. Permille unless the name says otherwise.
"""

from __future__ import annotations

FIRST_MONTH = "2019-01"
LAST_MONTH = "2026-08"
LEAD_MONTHS = 2
"""Months before the first in which goods leave that arrive after it."""

FIRST_KNOWN_ON = "2025-11-20"
FIRST_KNOWN_TO = "2025-08"
FIRST_KNOWN_YEAR = "2023"
"""The first vintage: the day, its last month, and the last year of those who report years."""
REVISED_MONTHS = 12
REVISED_ROWS = 250
REVISION = 60
LATE_ROWS = 15
"""Of the first vintage's last months: how many rows are revised later, by up to how much, and how many come later."""

BASE_PRICE_USD_T = 2419
PRICE_LEVEL, PRICE_NOISE = 35, 20
"""How far a link's prices lie from the code's (standard deviation), and a month's from the link's."""

SEASON_SHARE = 500
"""How much of the season of United States imports the world has."""
SHOCKS = {"2020-04": 900, "2020-05": 860, "2020-06": 900}

FOLD_BELOW_T = {"unwrought": 40_000, "bars_rods_profiles": 35_000, "wire": 15_000, "plates_sheets_strip": 40_000}
FOLD_OTHERS_BELOW_T = 12_000
"""A code of a link below this many metric tons a year is folded into the link's other codes."""
UNFOLDED_LINKS = 4
"""So many links of a category, the largest, keep all codes."""
TRADE_SIZES = (
    # metric tons a year of at least, chance of a shipment in a month, noise (standard deviation)
    (20_000, 1000, 70),
    (4_000, 1000, 120),
    (1_200, 800, 180),
    (300, 500, 240),
    (0, 250, 280),
)

NEAR = (
    ("europe", "eastern_europe"),
    ("eastern_europe", "gulf"),
    ("gulf", "south_asia"),
    ("east_asia", "southeast_asia"),
    ("south_asia", "southeast_asia"),
    ("southeast_asia", "oceania"),
)
MIDDLE = (
    ("europe", "gulf"),
    ("europe", "north_america"),
    ("europe", "africa"),
    ("north_america", "south_america"),
    ("gulf", "africa"),
    ("gulf", "southeast_asia"),
    ("south_asia", "eastern_europe"),
    ("south_asia", "east_asia"),
    ("east_asia", "oceania"),
    ("east_asia", "eastern_europe"),
)
"""Regions near one another; the same region is nearer, all others are far."""

# by distance: within a region, near, middle, far
FREIGHT = (28, 42, 55, 72)
FREIGHT_SPREAD = 15
FREIGHT_LEAST, FREIGHT_MOST = 20, 90
"""Freight and insurance on top of the FOB value, by pair."""
ARRIVALS = ((930, 70, 0), (650, 350, 0), (400, 500, 100), (200, 500, 300))
"""What arrives in the month of shipment, the next, and the one after."""

PORT = "NLD"
ROTTERDAM = {"DEU": 300, "POL": 250, "FRA": 180, "ITA": 120}
"""Unwrought metal from outside Europe that goes by Rotterdam: its exporters name the Netherlands, its importer the
origin."""
ROTTERDAM_RELEASED = 500
"""Of that, what the Netherlands count as their import and re-export; the rest is transit and in no one's figures."""
REEXPORTED = {"USA": 25, "ARE": 60}
"""Of declared exports, what is foreign goods; it is inside the exports."""

VALUE_NOISE_SHARE = 300
"""A reporter's noise in values beside that in quantities, as part of it."""
ESTIMATE_NOISE = 120
"""A weight estimated from the value is off by so much (standard deviation)."""
