"""Hand-written and random imports for the analysis tests."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

MEASURED = ["customs_value_usd", "cif_value_usd", "duty_usd", "quantity_kg"]


class Book:
    """Imports written by hand: a calendar from `first` to `last`, not loaded until said otherwise."""

    def __init__(self, first: str, last: str) -> None:
        unloaded = {
            "loaded": False,
            "coverage": "",
            "data_basis": "",
            "partial": False,
            "provisional": False,
        }
        self._months = {month: dict(unloaded) for month in pd.date_range(first, last, freq="MS")}
        self._rows: list[dict] = []
        self._totals: list[dict] = []
        self._listed: list[dict] = []

    def _between(self, first: str, last: str | None) -> list[pd.Timestamp]:
        first, last = pd.Timestamp(first), pd.Timestamp(last or first)
        return [month for month in self._months if first <= month <= last]

    def complete(self, first: str, last: str | None = None, **columns: object) -> Book:
        """Months answered for all partners; `columns` says otherwise."""
        for month in self._between(first, last):
            told = {"loaded": True, "coverage": "complete", "data_basis": "census"} | columns
            self._months[month] |= told
        return self

    def selection(self, first: str, last: str | None = None, *, listed: tuple[str, ...] = ()) -> Book:
        """Months answered for some partners."""
        self.complete(first, last, coverage="selection")
        self._listed += [{"month": m, "origin": o} for m in self._between(first, last) for o in listed]
        return self

    def not_loaded(self, first: str, last: str | None = None) -> Book:
        return self.complete(first, last, loaded=False, coverage="")

    def without(self, month: str, *origins: str) -> Book:
        """Take back the rows of a month, of all origins unless some are named."""
        self._rows = [
            row
            for row in self._rows
            if row["month"] != pd.Timestamp(month) or (origins and row["origin"] not in origins)
        ]
        return self

    def since(self, first: str) -> Book:
        """Let the calendar begin later."""
        first = pd.Timestamp(first)
        self._months = {month: row for month, row in self._months.items() if month >= first}
        self._rows = [row for row in self._rows if row["month"] >= first]
        return self

    def row(
        self,
        month: str,
        origin: str,
        value: float,
        tonnes: float | None = None,
        product: str = "unwrought",
        code: str = "",
    ) -> Book:
        self._rows.append(self._line(month, value, tonnes, product, code) | {"origin": origin})
        return self

    def rows_(self, first: str, origin: str, values: list[float], **columns: object) -> Book:
        """One row a month from `first` on."""
        for month, value in zip(pd.date_range(first, periods=len(values), freq="MS"), values, strict=True):
            self.row(month, origin, value, **columns)
        return self

    def published(
        self,
        month: str,
        value: float,
        tonnes: float | None = None,
        product: str = "unwrought",
        code: str = "",
    ) -> Book:
        self._totals.append(self._line(month, value, tonnes, product, code))
        return self

    @staticmethod
    def _line(month: str, value: float, tonnes: float | None, product: str, code: str) -> dict:
        return {
            "month": pd.Timestamp(month),
            "product": product,
            "code": code or f"code of {product}",
            "customs_value_usd": value,
            "cif_value_usd": np.nan,
            "duty_usd": np.nan,
            "quantity_kg": np.nan if tonnes is None else tonnes * 1000.0,
        }

    @property
    def months(self) -> pd.DataFrame:
        return pd.DataFrame([{"month": month} | row for month, row in self._months.items()])

    @property
    def rows(self) -> pd.DataFrame:
        return self._frame(self._rows, ["month", "origin", "product", "code", *MEASURED])

    @property
    def totals(self) -> pd.DataFrame:
        return self._frame(self._totals, ["month", "product", "code", *MEASURED])

    @property
    def listed(self) -> pd.DataFrame:
        return self._frame(self._listed, ["month", "origin"])

    @property
    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        return self.rows, self.totals, self.months, self.listed

    @staticmethod
    def _frame(records: list[dict], columns: list[str]) -> pd.DataFrame:
        types = {name: "datetime64[s]" if name == "month" else float if name in MEASURED else "str" for name in columns}
        return pd.DataFrame(records, columns=columns).astype(types)


def random_book(seed: int, *, gaps: float = 0.05, selections: float = 0.2, missing: float = 0.1) -> Book:
    """Random imports of four origins, three products and six codes over about four years.

    `gaps`, `selections` and `missing` are the chances that a month is not loaded, that it is a selection
    (with a published total four times in five), and that a row lacks its quantity. The last month is still
    filling, and the last two rest on licenses.
    """
    rng = np.random.default_rng(seed)
    calendar = pd.date_range(f"20{rng.integers(10, 20)}-{rng.integers(1, 13):02d}", periods=46, freq="MS")
    book = Book(str(calendar[0].date()), str(calendar[-1].date()))
    origins, products = ["ARE", "CAN", "CHN", "NAM"], ["foil", "unwrought", "wire"]
    for month in calendar:
        drawn = rng.random()
        last = month == calendar[-1]
        if drawn < gaps and not last:
            continue
        basis = "license" if month > calendar[-3] else "census"
        listed = [o for o in origins if rng.random() < 0.8]
        is_selection = drawn < gaps + selections and not last
        if is_selection:
            book.selection(month, listed=tuple(listed))
        else:
            book.complete(month, partial=last, data_basis=basis)
        sums: dict[tuple[str, str], list[float]] = {}
        for origin in origins:
            for product in products:
                for code in (f"{product} a", f"{product} b"):
                    if rng.random() < 0.4:
                        continue
                    value = float(rng.integers(0, 50)) * 1000
                    tonnes = None if rng.random() < missing else float(rng.integers(0, 20))
                    # Now and then an answer on one heading lists a partner that the others do not.
                    if not is_selection or origin in listed or rng.random() < 0.05:
                        book.row(month, origin, value, tonnes, product, code)
                    held = sums.setdefault((product, code), [0.0, 0.0])
                    held[0] += value
                    held[1] += tonnes or 0.0
        if is_selection and rng.random() < 0.8:
            for (product, code), (value, tonnes) in sums.items():
                book.published(month, value, tonnes, product, code)
    return book


@pytest.fixture(scope="session")
def book() -> type[Book]:
    return Book


@pytest.fixture(scope="session")
def random_imports():
    return random_book


@pytest.fixture(scope="session")
def plain():
    """The second, literal implementation."""
    spec = importlib.util.spec_from_file_location("plain_analysis", Path(__file__).with_name("plain.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def at():
    """Read one figure: at(frame, column, month, **keys); None where it is blank."""

    def read(frame: pd.DataFrame, column: str, month: str | None = None, **keys: object) -> object:
        found = frame
        for name, wanted in ({"month": pd.Timestamp(month)} if month else {}).items():
            found = found[found[name] == wanted]
        for name, wanted in keys.items():
            found = found[found[name] == wanted]
        assert len(found) == 1, f"{len(found)} rows for {month} {keys}"
        value = found[column].iloc[0]
        return None if pd.isna(value) else value

    return read
