"""The sample as answers of the Census API: one a vintage and calendar year, as bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import pandas as pd

from aimlib.ingest.sample import parameters
from aimlib.ingest.sample.changes import apply_changes, months_alive
from aimlib.ingest.sample.panel import Panel, make_panel
from aimlib.ingest.sample.revisions import Revisions, schedule, with_withdrawn
from aimlib.ingest.sample.tables import read_tables
from aimlib.ingest.sample.writer import AnswerWriter, answer_of
from aimlib.reference import products


@dataclass(frozen=True)
class SampleAnswer:
    """The bytes of one answer, its months (``YYYY-MM``), and the day (``YYYY-MM-DD``) when it was known."""

    known_on: str
    months: tuple[str, ...]
    body: bytes


def code_changes() -> pd.DataFrame:
    """Return the code changes within the sample's months, as `products.breaks` gives them."""
    chapter = products.resolve("chapter76")
    return products.breaks(chapter, parameters.FIRST_MONTH, parameters.LAST_MONTH)


@cache
def sample_panel(folder: Path | None = None) -> Panel:
    """Return the panel as last revised, each month with the codes of its time; its arrays are not to be written to."""
    return apply_changes(make_panel(read_tables(folder)), code_changes())


def sample_answers(folder: Path | None = None) -> Iterator[SampleAnswer]:
    """Yield the sample's answers, oldest vintage first, made from the tables in `folder`.

    Each is what ``time=from ... to ...`` would give for the months of a vintage that lie in one calendar
    year. The same tables give the same bytes on every machine and in every process.
    """
    tables = read_tables(folder)
    changes = code_changes()
    panel = with_withdrawn(sample_panel(folder))
    writer = AnswerWriter(tables, panel, months_alive(panel, changes))
    revisions = Revisions(panel)
    for (known_on, _), of_year in groupby(schedule(), key=lambda entry: (entry[0], entry[1][:4])):
        entries = list(of_year)
        lines = [
            line
            for _, month, to_come in entries
            for line in writer.lines(known_on, month, revisions.as_known(month, to_come))
        ]
        yield SampleAnswer(known_on, tuple(month for _, month, _ in entries), answer_of(lines))
