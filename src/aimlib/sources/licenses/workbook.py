"""License files as Excel workbooks: of several sheets, the one that has the fields."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
import pandas as pd
import pyarrow as pa

from aimlib.sources.licenses.errors import NotLicenses
from aimlib.sources.licenses.header import LOOKED_AT, Header, fields_named, find_header

STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_CHUNK_ROWS = 50_000


@dataclass(frozen=True)
class Workbook:
    """The sheet of a workbook that holds licenses."""

    name: str
    body: bytes
    sheet: str
    header: Header

    def chunks(self, misshapen: list[tuple[int, str]]) -> Iterator[tuple[np.ndarray, pa.RecordBatch]]:
        """Yield (row numbers, batch of all columns by place), rows as the workbook counts them."""
        cells = _read(self.body, self.name, self.sheet)[self.sheet].iloc[self.header.row :]
        for start in range(0, len(cells), _CHUNK_ROWS):
            part = cells.iloc[start : start + _CHUNK_ROWS]
            columns = [pa.array([to_text(cell) for cell in part[place]], pa.string()) for place in part]
            rows = np.arange(len(part)) + self.header.row + 1 + start
            yield rows, pa.RecordBatch.from_arrays(columns, [str(place) for place in part])


def open_workbook(body: bytes, name: str) -> Workbook:
    """Find the sheet with the fields of a license and its header. Raises NotLicenses."""
    tops = {
        sheet: [[to_text(cell) for cell in row] for row in cells.itertuples(index=False, name=None)]
        for sheet, cells in _read(body, name, None, LOOKED_AT).items()
    }
    known = {sheet: max(map(fields_named, rows), default=0) for sheet, rows in tops.items()}
    if not known or not max(known.values()):
        raise NotLicenses(name, "has no sheet with the fields of a license")
    best = [sheet for sheet in known if known[sheet] == max(known.values())]
    if len(best) > 1:
        shown = ", ".join(f"'{sheet}'" for sheet in best[:4])
        raise NotLicenses(name, f"has several sheets with the fields of a license ({shown})", "Keep one to a file.")
    return Workbook(name, body, best[0], find_header(tops[best[0]], name))


def to_text(cell: object) -> str:
    """Return a cell as text: whole numbers without a point, days as yyyy-mm-dd, truth as yes or no."""
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and cell != cell):
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _read(body: bytes, name: str, sheet: str | None, rows: int | None = None) -> dict[str, pd.DataFrame]:
    try:
        with warnings.catch_warnings(action="ignore"):
            found = pd.read_excel(
                io.BytesIO(body),
                sheet_name=None if sheet is None else [sheet],
                header=None,
                dtype=object,
                keep_default_na=False,
                nrows=rows,
                engine="calamine",
            )
    except Exception:  # each format has its own errors, and all of them mean the same
        raise NotLicenses(
            name,
            "looks like an Excel workbook or an archive, but cannot be opened as a workbook",
            "Unpack an archive, take a password off, or save the sheet as CSV.",
        ) from None
    return {str(key): cells for key, cells in found.items()}
