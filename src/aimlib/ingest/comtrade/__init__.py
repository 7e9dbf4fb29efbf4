"""Comtrade into the store: files or answers, cleaned, held against the row of the world, as one commit."""

from aimlib.ingest.comtrade.asked import Asked
from aimlib.ingest.comtrade.load import commit_comtrade, load_comtrade

__all__ = ["Asked", "commit_comtrade", "load_comtrade"]
