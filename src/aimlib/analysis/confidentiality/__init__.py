"""Confidentiality: figures that rest on too few importers, and those that would give them away, are hidden."""

from __future__ import annotations

from aimlib.analysis.confidentiality.rule import Rule, is_sensitive
from aimlib.analysis.confidentiality.tables import Protected, protect, protect_series

__all__ = ["Protected", "Rule", "is_sensitive", "protect", "protect_series"]
