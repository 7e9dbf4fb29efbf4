"""The early figures of one place and product, as the sections take them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

LICENSES, MONITOR = "licenses", "monitor"


@dataclass(frozen=True)
class Study:
    """What past months teach about the license months.

    Attributes
    ----------
    estimates
        The early estimate of each license month of the place; columns as `aimlib.analysis.early` tells.
    record
        Its back-test beside four rivals, of the place; columns as `aimlib.analysis.early` tells.
    completeness, coverage
        How complete licenses are by horizon, and settled licenses over Census, summed up by part.
    surges
        Origins and products of the newest month that is full, over the last three Census months.
    """

    estimates: pd.DataFrame
    record: pd.DataFrame
    completeness: pd.DataFrame
    coverage: pd.DataFrame
    surges: pd.DataFrame


@dataclass(frozen=True)
class Early:
    """License figures after the last Census month, for the place and product of a report, as of its day.

    Attributes
    ----------
    series
        One row a license month, oldest first: month, partial (still filling), known_on, quantity_kg,
        customs_value_usd (blank where `protected`), protected.
    zone
        Zone admissions of the same months, which stay out of `series` where the concept is consumption: month,
        quantity_kg, customs_value_usd, protected. Empty where they count.
    basis
        ``licenses``, or ``monitor`` where the store holds only what the public monitor shows.
    sources
        Where the figures come from, in the shape of `Imports.sources`.
    part
        The kind and name of the place among the parts of the study: ('total', 'all') or ('origin', its key).
    read_study
        Works out the study; called once, when a section first asks for it.
    """

    series: pd.DataFrame
    zone: pd.DataFrame
    basis: str
    sources: tuple[dict[str, Any], ...]
    part: tuple[str, str]
    read_study: Callable[[], Study] = field(repr=False)

    @cached_property
    def study(self) -> Study:
        """Return what past months teach about the license months."""
        return self.read_study()

    def of_place(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a frame of the study that are the place's."""
        kind, part = self.part
        return frame[(frame["part_kind"] == kind) & (frame["part"] == part)]

    @property
    def full(self) -> pd.DataFrame:
        """Return the license months that are not still filling."""
        return self.series[~self.series["partial"]]

    @property
    def source_words(self) -> str:
        """Return what the early figures rest on, for a sentence."""
        return "import licenses" if self.basis == LICENSES else "the public monitor's license months"
