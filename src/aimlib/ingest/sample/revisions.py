"""What a month's figures were before Census revised them."""

from __future__ import annotations

from collections import Counter

import numpy as np

from aimlib.ingest.sample import parameters
from aimlib.ingest.sample.changes import merged
from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.panel import MEASURES, Panel, month_names
from aimlib.ingest.sample.releases import releases

_MOST_REVISIONS = 2


def schedule() -> list[tuple[str, str, int]]:
    """Return every answer of the sample as (known_on, month, how many revisions of it are still to come)."""
    published = [
        (release.known_on, month)
        for release in releases()
        for first, last in release.spans
        for month in month_names(first, last)
    ]
    to_come = Counter(month for _, month in published)
    answers = []
    for known_on, month in published:
        to_come[month] -= 1
        answers.append((known_on, month, to_come[month]))
    return answers


def with_withdrawn(panel: Panel) -> Panel:
    """Add an empty row for what is published once and withdrawn afterwards."""
    gone = parameters.WITHDRAWN
    empty = np.zeros((len(MEASURES), 1, len(panel.months)), dtype=np.int64)
    numbers = np.concatenate([panel.numbers, empty], axis=1)
    return merged(Panel([*panel.codes, gone.code], [*panel.origins, gone.origin], panel.months, numbers))


class Revisions:
    """The months of a panel, as last revised and as they stood before."""

    def __init__(self, panel: Panel) -> None:
        rows = zip(panel.codes, panel.origins, strict=True)
        self._panel = panel
        self._corrections = np.array([self._permille(code, origin) for code, origin in rows])
        gone = parameters.WITHDRAWN
        self._gone = list(zip(panel.codes, panel.origins, strict=True)).index((gone.code, gone.origin))

    def _permille(self, code: str, origin: str) -> np.ndarray:
        """Corrections by step before the last and month: most are none, the others a few percent."""
        shape = (_MOST_REVISIONS, len(self._panel.months))
        draws = Draws(f"revision|{code}|{origin}")
        revised = draws.below(1000, shape[0] * shape[1]) < parameters.REVISED_ROWS_PERMILLE
        moved = draws.around_zero(parameters.REVISION_PERMILLE, shape[0] * shape[1])
        return (revised * moved).reshape(shape)

    def as_known(self, month: str, revisions_to_come: int) -> np.ndarray:
        """Return the numbers of `month` (measures x rows) as they stood before so many revisions.

        A revision moves all measures of a row alike.
        """
        place = self._panel.months.index(month)
        numbers = self._panel.numbers[:, :, place].copy()
        for step in range(revisions_to_come):
            numbers = numbers * (1000 + self._corrections[:, step, place]) // 1000
        gone = parameters.WITHDRAWN
        if month == gone.month and revisions_to_come:
            value, duty, kg = gone.customs_value_usd, gone.calculated_duty_usd, gone.quantity_kg
            numbers[:, self._gone] += (value, value, kg, value, duty, value, value, kg)
        return numbers
