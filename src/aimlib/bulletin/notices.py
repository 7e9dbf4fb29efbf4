"""What every page made from the sample says."""

from __future__ import annotations

SAMPLE_NOTICE = "Made from the embedded sample: synthetic figures, shaped by published totals. Not for citation."
