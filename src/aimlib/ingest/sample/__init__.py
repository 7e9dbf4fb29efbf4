"""The sample: synthetic imports around published totals, made here and loaded like real answers.

The way: `tables` reads the committed tables, `pairs` spreads the totals of 2024 over lines, `flows` and
`duty` make months of them, `panel` lays them together, `changes` gives each month its codes, `revisions` its
vintages, `writer` and `answers` write them as Census would, `fill` loads them. `parameters` holds the numbers
chosen, `figures` shows how the totals were computed, `draws` is where chance comes from.
"""

from __future__ import annotations

from aimlib.ingest.sample.answers import SampleAnswer, sample_answers
from aimlib.ingest.sample.fill import SampleReport, fill_sample

__all__ = ["SampleAnswer", "SampleReport", "fill_sample", "sample_answers"]
