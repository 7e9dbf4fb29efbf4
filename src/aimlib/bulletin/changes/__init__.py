"""What changed in a bulletin since another day: each headline's difference, laid to its causes."""

from __future__ import annotations

from aimlib.bulletin.changes.compare import changes_between
from aimlib.bulletin.changes.recompute import LawDay, Through, recompute, take_record
from aimlib.bulletin.changes.record import Record

__all__ = ["LawDay", "Record", "Through", "changes_between", "recompute", "take_record"]
