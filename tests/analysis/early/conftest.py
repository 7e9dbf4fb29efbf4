"""The simulator, and small panels and prints written by hand."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest


def _simulator():
    name = "early_simulator"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("simulator.py"))
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def simulator():
    return _simulator()


@pytest.fixture(scope="session")
def simulated(simulator):
    """Simulate once for each set of numbers: simulated(seed=3, months=30) gives PANEL, PRINTS and FILINGS."""
    made = {}

    def make(**numbers):
        key = tuple(sorted(numbers.items()))
        if key not in made:
            made[key] = simulator.simulate(simulator.Trade(**numbers))
        return made[key]

    return make


class Ledger:
    """Licenses and Census of a few parts written by hand; tonnes, dollars at 1,000 a tonne."""

    def __init__(self) -> None:
        self._panel: list[dict] = []
        self._prints: list[dict] = []

    def licensed(self, month: str, horizon: int, total: float, importers: int = 9, **parts: float) -> Ledger:
        """License totals of a month on the Thursday at a horizon; `parts` are products (lower) and origins (upper)."""
        self._panel += self._rows("day", thursday(month, horizon), month, total, parts, importers)
        return self

    def printed(self, month: str, known_on: str | int, total: float, **parts: float) -> Ledger:
        """Census figures of a month known from a day on, or from the Thursday at a horizon."""
        day = thursday(month, known_on) if isinstance(known_on, int) else pd.Timestamp(known_on)
        self._prints += self._rows("known_on", day, month, total, parts, None)
        return self

    @staticmethod
    def _rows(name, day, month, total, parts, importers):
        extra = {} if importers is None else {"importers": importers, "top_share": 0.2}
        kinds = {("total", "all"): total} | {
            ("origin" if part.isupper() else "product", part): amount for part, amount in parts.items()
        }
        return [
            {name: day, "month": pd.Timestamp(month), "part_kind": kind, "part": part,
             "quantity_kg": amount * 1000.0, "customs_value_usd": amount * 1000.0} | extra
            for (kind, part), amount in kinds.items()
        ]  # fmt: skip

    @property
    def panel(self) -> pd.DataFrame:
        columns = ["day", "month", "part_kind", "part", "quantity_kg", "customs_value_usd", "importers", "top_share"]
        return self._frame(self._panel, columns, "day")

    @property
    def prints(self) -> pd.DataFrame:
        columns = ["known_on", "month", "part_kind", "part", "quantity_kg", "customs_value_usd"]
        return self._frame(self._prints, columns, "known_on")

    @staticmethod
    def _frame(rows, columns, day):
        types = {day: "datetime64[us]", "month": "datetime64[us]", "part_kind": "str", "part": "str"}
        types |= dict.fromkeys(("quantity_kg", "customs_value_usd"), "float64")
        return pd.DataFrame(rows, columns=columns).astype(types)


def thursday(month: str, weeks: int = 0) -> pd.Timestamp:
    """The Thursday at a horizon, by walking the days."""
    day = pd.Timestamp(month) + pd.offsets.MonthEnd(0)
    while day.day_of_week != 3:
        day += pd.Timedelta(days=1)
    return day + pd.Timedelta(weeks=weeks)


@pytest.fixture
def ledger():
    """Ten months of 2022: licensed are about 90% of Census at the month's end, and 95% once settled."""
    book = Ledger()
    for at, month in enumerate(pd.date_range("2022-01", periods=10, freq="MS").strftime("%Y-%m")):
        census = 100.0 + 10 * (at % 3)
        wobble = 1 + 0.02 * (-1) ** at
        book.licensed(month, -2, census * 0.6 * wobble, wire=census * 0.2, foil=census * (0.6 * wobble - 0.2))
        book.licensed(month, 0, census * 0.9 * wobble, wire=census * 0.3, foil=census * (0.9 * wobble - 0.3))
        book.licensed(month, 4, census * 0.95, wire=census * 0.3, foil=census * 0.65)
        book.printed(month, 5, census, wire=census * 0.32, foil=census * 0.68)
    return book


@pytest.fixture(scope="session")
def day_of():
    return thursday


@pytest.fixture(scope="session")
def busy_days():
    """FILINGS with 100 lines on every weekday, but for the days given."""

    def make(first: str, last: str, *silent: tuple[str, str], lines: int = 100) -> pd.DataFrame:
        days = pd.date_range(first, last, freq="D", unit="us")
        frame = pd.DataFrame({"day": days, "lines": np.where(days.day_of_week < 5, lines, 0)})
        for start, end in silent:
            frame.loc[frame["day"].between(start, end), "lines"] = 0
        return frame

    return make
