"""The world's trade compared: rankings, partners, shares, mixes, concentration, matrices, replacement, coverage.

Pure functions on FLOWS, STANDING and REPORTING (`ingest/global_trade/frames.py`). Missing is not zero: a sum with a
missing period is blank, a known period without a flow is 0.0.
"""

from __future__ import annotations

from aimlib.analysis.world.concentrations import concentration
from aimlib.analysis.world.countries import by_country, ranking
from aimlib.analysis.world.exporter_by_importer import matrix
from aimlib.analysis.world.mix import category_mix
from aimlib.analysis.world.net import net_trade
from aimlib.analysis.world.over_time import growth, series, world_series
from aimlib.analysis.world.partner_tables import partners
from aimlib.analysis.world.replacement import replaced, replacements
from aimlib.analysis.world.reporting import comparable_last, constant_partners, coverage, reporting_grid
from aimlib.analysis.world.spans import Span
from aimlib.analysis.world.standings import constant_set, one_standing

__all__ = [
    "Span",
    "by_country",
    "category_mix",
    "comparable_last",
    "concentration",
    "constant_partners",
    "constant_set",
    "coverage",
    "growth",
    "matrix",
    "net_trade",
    "one_standing",
    "partners",
    "ranking",
    "replaced",
    "replacements",
    "reporting_grid",
    "series",
    "world_series",
]
