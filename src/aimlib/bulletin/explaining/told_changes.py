"""A change since the edition before as a bulletin tells it: the headline, both values, and what each cause adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from aimlib.present.changes.change import CAUSES
from aimlib.present.early.months import ESTIMATE, LICENSED

VALUES = ("before", "after", "difference")
_COLUMNS = {*VALUES, "part", "headline", "cause", "words", "period_before", "period_after"}


@dataclass(frozen=True)
class ToldPart:
    """A cause as the bulletin tells it: its name, its words for this headline, what it adds (None: no number)."""

    cause: str
    words: str
    amount: float | None
    printed: str = ""


@dataclass(frozen=True)
class ToldChange:
    """A headline's change as a bulletin tells it.

    Amounts and texts (as printed, '' where the page does not show the headline) are by `VALUES`; ``since`` and ``now``
    are the two vintages. ``rows`` are the rows of the data that tell it, one a cause.
    """

    headline: str
    label: str
    unit: str
    amounts: Mapping[str, float | None]
    texts: Mapping[str, str]
    period_before: str
    period_after: str
    since: date | None
    now: date
    data_basis: str
    parts: tuple[ToldPart, ...]
    rows: pd.DataFrame = field(repr=False, compare=False)

    @property
    def periods(self) -> str:
        """Return both periods, or the one that both are of."""
        if not self.period_before or not self.period_after or self.period_before == self.period_after:
            return self.period_after or self.period_before
        return f"{self.period_before} before, {self.period_after} now"

    @property
    def block_key(self) -> str:
        """Return the key of the report's block that holds the headline."""
        return "early" if self.headline.startswith((LICENSED, ESTIMATE)) else "key_figures"

    def numbers(self) -> Iterator[tuple[str, str, int, float | None]]:
        """Yield each number: its column in the data, as printed, its row among `rows`, and unrounded."""
        for column in VALUES:
            yield column, self.texts[column], 0, self.amounts[column]
        # What the only cause adds is the difference.
        for place, part in enumerate(self.parts if len(self.parts) > 1 else ()):
            yield "part", part.printed, place, part.amount


def told_changes(block: Mapping[str, Any], data: pd.DataFrame) -> list[ToldChange]:
    """Return the changes that a table of them tells; none where the data are not of that form."""
    if not set(data.columns) >= _COLUMNS:
        return []
    printed = {row["cells"][0]: row["cells"] for row in block["rows"] if len(row["cells"]) == 5}
    return [
        _told(rows.reset_index(drop=True), printed.get(str(rows["label"].iloc[0]), [""] * 5), block["since"])
        for _, rows in data.groupby("headline", sort=False)
    ]


def _told(rows: pd.DataFrame, cells: list[str], since: date | None) -> ToldChange:
    first = rows.iloc[0]
    pieces = [piece.rpartition(": ") for piece in cells[4].split("; ")]
    shown = {words: text for words, _, text in pieces}
    text = {name: "" if pd.isna(first[name]) else str(first[name]) for name in ("period_before", "period_after")}
    return ToldChange(
        headline=str(first["headline"]),
        label=str(first["label"]),
        unit=str(first["unit"]),
        amounts={name: _amount(first[name]) for name in VALUES},
        texts=dict(zip(VALUES, cells[1:4], strict=True)),
        since=since,
        now=pd.Timestamp(first["vintage"]).date(),
        data_basis=str(first["data_basis"]),
        parts=tuple(
            ToldPart(str(row["cause"]), str(row["words"]), _amount(row["part"]), shown.get(str(row["words"]), ""))
            for row in rows.to_dict("records")
            if row["cause"] in CAUSES
        ),
        rows=rows,
        **text,
    )


def _amount(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
