"""What changed since last week, as a reader sees it: changes and their causes, words, and the section of a bulletin."""

from __future__ import annotations

from aimlib.present.changes.change import CAUSES, Change, Part
from aimlib.present.changes.section import cells, changes_blocks, changes_frame, lead_words

__all__ = ["CAUSES", "Change", "Part", "cells", "changes_blocks", "changes_frame", "lead_words"]
