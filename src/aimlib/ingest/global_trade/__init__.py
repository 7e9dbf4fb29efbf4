"""Trade of the world out of the store: what reporters declare, both accounts of a flow, who has reported."""

from aimlib.ingest.global_trade.baci import RECONCILED, read_baci
from aimlib.ingest.global_trade.held import held_trade, reading_notes, trade_sources
from aimlib.ingest.global_trade.read import (
    read_accounts,
    read_asymmetries,
    read_controls,
    read_pairs,
    read_reporting,
    totals,
)

__all__ = [
    "RECONCILED",
    "held_trade",
    "read_accounts",
    "read_asymmetries",
    "read_baci",
    "read_controls",
    "read_pairs",
    "read_reporting",
    "reading_notes",
    "totals",
    "trade_sources",
]
