"""Who reported what, as arrays: countries by periods, for a flow and for its counter-flow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from aimlib.errors import AimError
from aimlib.reference.countries import areas

COUNTER = {"export": "import", "import": "export"}
ENDS = {"export": ("exporter", "importer"), "import": ("importer", "exporter")}
"""The column of the country whose totals are asked for, and that of its partner."""


def codes_in(values: pd.Series, index: pd.Index) -> np.ndarray:
    """Return the place of each value in the index, -1 where it has none. Long columns repeat few values."""
    codes, uniques = pd.factorize(values)
    return np.append(index.get_indexer(pd.Index(uniques)), -1)[codes]


@dataclass(frozen=True)
class Board:
    """Countries and periods of the window, and who reported. Arrays are countries by periods.

    ``own``: the country reported the flow itself; ``selection``: it did so only in a selection; ``counter``: it
    reported the counter-flow, in which its partners look for theirs. ``asked`` (countries): it is among the reporters
    held, or was named. A country outside REPORTING never reported.
    """

    flow: str
    countries: pd.Index
    periods: pd.Index
    own: np.ndarray
    selection: np.ndarray
    counter: np.ndarray
    asked: np.ndarray

    @cached_property
    def shape(self) -> tuple[int, int]:
        return len(self.countries), len(self.periods)

    @cached_property
    def is_country(self) -> np.ndarray:
        """Return which are countries: areas not specified, bunkers and the like are partners that cannot report."""
        return ~self.countries.isin(list(areas()))

    def codes(self, countries: pd.Series) -> np.ndarray:
        """Return the row of each country."""
        return codes_in(countries, self.countries)

    def period_codes(self, periods: pd.Series) -> np.ndarray:
        """Return the column of each period of the window."""
        return codes_in(periods, self.periods)

    def inside(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Return the pairs of the window's periods."""
        within = pairs["period"].isin(self.periods)
        return pairs if within.all() else pairs[within]

    def mask(self, countries: Iterable[str]) -> np.ndarray:
        """Return which countries are among these."""
        return self.countries.isin(list(countries))


def board(pairs: pd.DataFrame, reporting: pd.DataFrame, flow: str, also: Iterable[str] = ()) -> Board:
    """Return the board of PAIRS and REPORTING for a flow; the window is every period in REPORTING.

    Raises: AimError for a flow that has no counter-flow.
    """
    if flow not in COUNTER:
        raise AimError(f"A mirror has two flows, export and import; this is {flow!r}.", "Ask for export or import.")
    asked = {*reporting["reporter"].unique(), *also}
    countries = pd.Index(sorted(asked | {*pairs["exporter"].unique(), *pairs["importer"].unique()}), dtype="str")
    periods = pd.Index(np.sort(reporting["period"].unique()))

    def told(rows: pd.DataFrame) -> np.ndarray:
        cells = np.zeros((len(countries), len(periods)), dtype=bool)
        cells[codes_in(rows["reporter"], countries), codes_in(rows["period"], periods)] = True
        return cells

    reported = reporting[reporting["reported"].astype(bool)]
    own, counter = (reported[reported["flow"] == name] for name in (flow, COUNTER[flow]))
    selections = told(own[own["coverage"] == "selection"])
    return Board(flow, countries, periods, told(own), selections, told(counter), countries.isin(list(asked)))
