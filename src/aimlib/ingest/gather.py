"""The rows of several answers together, as one load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import countries, products
from aimlib.sources.census.answer import read_answer, to_sheets
from aimlib.sources.census.clean import clean
from aimlib.sources.census.tidy import tidy_tables
from aimlib.store.raw import Snapshot
from aimlib.store.tables import MEASURES, QUANTITIES, TABLES

_FIGURES = [*MEASURES, *QUANTITIES, "quantity_unit"]


@dataclass(frozen=True)
class Gathered:
    """``tables`` are tidy rows by table, with file and row; ``rejects`` have file, row, reason, cells."""

    tables: dict[str, pd.DataFrame]
    rejects: pd.DataFrame
    rows_read: int
    aggregates: int
    notes: tuple[str, ...]

    def set_apart(self) -> pd.DataFrame:
        """Return period, heading and origin of the rejected rows, '' for what cannot be read; one a row.

        A row that only repeats another is left out, for its figures are in.
        """
        rejects = self.rejects[~self.rejects["reason"].str.startswith("repeats")]
        blank = pd.Series("", index=rejects.index, dtype="str")
        cells = {name: rejects.get(name, blank) for name in ("I_COMMODITY", "TIME", "CTY_CODE")}
        heading = cells["I_COMMODITY"].str.extract(r"^(76\d{2}|76)", expand=False).fillna("")
        period = cells["TIME"].where(cells["TIME"].str.fullmatch(r"\d{4}-\d{2}"), "")
        known = countries.known_census_codes()
        partner = cells["CTY_CODE"].where(cells["CTY_CODE"].isin(known))
        found = pd.DataFrame({"period": period, "heading": heading, "partner": partner}).dropna()
        return found.assign(origin=countries.from_census(found["partner"])).drop(columns="partner")

    def reasons(self) -> tuple[str, ...]:
        """Return a sentence for each rejected row."""
        return tuple(f"{row.file} row {row.row}: {row.reason}" for row in self.rejects.itertuples())


def gather(snapshots: Sequence[Snapshot]) -> Gathered:
    """Parse every answer and lay the rows together.

    Raises AimError where no row can be used, where two answers contradict each other, or on a code or country
    that the reference tables do not know.
    """
    names = _distinct([snapshot.name for snapshot in snapshots])
    answers = [read_answer(snapshot.body, name) for snapshot, name in zip(snapshots, names, strict=True)]
    cleaned = [clean(sheet) for sheet in to_sheets(answers)]
    parts: dict[str, list[pd.DataFrame]] = {}
    for part in cleaned:
        for table, rows in tidy_tables(part).items():
            parts.setdefault(table, []).append(rows)
    tables = {table: pd.concat(rows, ignore_index=True) for table, rows in parts.items()}
    rejects = pd.concat([part.rejects for part in cleaned], ignore_index=True)
    if not any(len(rows) for rows in tables.values()):
        why = rejects["reason"].value_counts().index[0] if len(rejects) else "there are none"
        raise AimError(f"{snapshots[0].name} has no row that can be used: {why}.", "Nothing was loaded.")
    notes = [note for part in cleaned for note in part.notes]
    for table, rows in tables.items():
        tables[table], repeated = _once(table, rows)
        if repeated:
            notes.append(f"Rows of {table} in more than one file, counted once: {repeated:,}.")
        _check_codes(rows)
    first = ["file", "row", "reason"]
    return Gathered(
        tables=tables,
        rejects=rejects[[*first, *(column for column in rejects if column not in first)]],
        rows_read=sum(len(answer.lines) for answer in answers),
        aggregates=sum(part.aggregates for part in cleaned),
        notes=tuple(dict.fromkeys(notes)),
    )


def _distinct(names: Sequence[str]) -> list[str]:
    """Return the names so that none comes twice, as two files of different folders may be called alike."""
    seen: Counter[str] = Counter()
    distinct = []
    for name in names:
        seen[name] += 1
        distinct.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return distinct


def _once(table: str, rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Drop what a second file repeats. Raises AimError where it gives other figures."""
    key = list(TABLES[table].key)
    repeats = rows.duplicated(key)
    if not repeats.any():
        return rows, 0
    contradicts = repeats & ~rows.duplicated([*key, *_FIGURES])
    if contradicts.any():
        later = rows[contradicts].iloc[0]
        earlier = rows[(rows[key] == later[key]).all(axis=1)].iloc[0]
        raise AimError(
            f"{earlier['file']} row {earlier['row']} and {later['file']} row {later['row']} give different "
            f"figures for {later['code']}, {later['origin']}, {later['period']}.",
            "Load files of different days one after the other, each with its own --known-on.",
        )
    return rows[~repeats].reset_index(drop=True), int(repeats.sum())


def _check_codes(rows: pd.DataFrame) -> None:
    """Raise AimError for a code that the products' table does not know in its year up to its month.

    Census lists a line through December once it has a figure in the year, though the code ended in July.
    """
    lines = rows[["code", "period"]].drop_duplicates()
    last = pd.to_datetime(lines["period"], format="%Y-%m")
    first = pd.to_datetime(lines["period"].str[:4], format="%Y")
    products.classify(lines["code"], last, first)
