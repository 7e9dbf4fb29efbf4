"""Two accounts of one flow: mirror statistics, and one settled figure out of both."""

from __future__ import annotations

from aimlib.analysis.mirror.accounts import accounts
from aimlib.analysis.mirror.against_truth import errors_against
from aimlib.analysis.mirror.asymmetry import asymmetry
from aimlib.analysis.mirror.board import Board, board
from aimlib.analysis.mirror.factors import FACTOR_SOURCES, FACTORS, Factor, estimate_factor, factor_band
from aimlib.analysis.mirror.invisible import invisible
from aimlib.analysis.mirror.settle import METHODS, Settled, known_share, settle
from aimlib.analysis.mirror.thin import without_thin

__all__ = [
    "FACTORS",
    "FACTOR_SOURCES",
    "METHODS",
    "Board",
    "Factor",
    "Settled",
    "accounts",
    "asymmetry",
    "board",
    "errors_against",
    "estimate_factor",
    "factor_band",
    "invisible",
    "known_share",
    "settle",
    "without_thin",
]
