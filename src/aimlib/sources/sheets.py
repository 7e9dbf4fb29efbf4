"""From a file's bytes to text cells: CSV, or the sheets of an Excel workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from aimlib.errors import AimError

_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BINARY = {
    b"PAR1": "is a Parquet file",
    b"\x1f\x8b": "is a gzip archive",
    b"%PDF": "is a PDF",
    b"\xff\xfe": "is UTF-16 text",
    b"\xfe\xff": "is UTF-16 text",
}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_ADVICE = "Give a CSV in UTF-8 or an Excel workbook."
_HEADER_WITHIN = 30  # rows: titles and notes may stand above a header


@dataclass(frozen=True)
class Sheet:
    """A table of text cells. ``name`` is the file's, and the sheet's where a workbook has several.

    The index of ``cells`` counts the file's rows from 1, its columns from 0; an empty cell is ''.
    """

    name: str
    title: str
    cells: pd.DataFrame

    def find_header(self, is_header: Callable[[list[str]], bool]) -> int | None:
        """Return the number of the first row that `is_header` accepts, None where there is none."""
        for number, row in self.cells.head(_HEADER_WITHIN).iterrows():
            if is_header(list(row)):
                return int(number)
        return None

    def below(self, header: int) -> pd.DataFrame:
        """Return the rows below row `header` that hold anything."""
        rows = self.cells.loc[header + 1 :]
        return rows[(rows != "").any(axis=1)]


def read_sheets(body: bytes, name: str) -> list[Sheet]:
    """Read the bytes of a CSV or a workbook (xlsx, xls); `name` says in messages which file.

    Sheets without a cell are left out. Raises AimError that says what the bytes are, if no table.
    """
    sheets = _workbook(body, name) if body.startswith(_EXCEL) else [Sheet(name, "", _csv_cells(body, name))]
    held = [sheet for sheet in sheets if len(sheet.cells)]
    if not held:
        raise AimError(f"{name} is empty.", _ADVICE)
    return held


def _workbook(body: bytes, name: str) -> list[Sheet]:
    from python_calamine import CalamineError

    try:
        sheets = pd.read_excel(
            io.BytesIO(body), engine="calamine", sheet_name=None, header=None, dtype=object, na_filter=False
        )
    except (CalamineError, ValueError, OSError, KeyError):
        raise AimError(
            f"{name} is an archive or a damaged or locked workbook, not Excel that can be read.", _ADVICE
        ) from None
    several = len(sheets) > 1
    return [
        Sheet(f"{name}, sheet '{title}'" if several else name, title, _numbered(cells.map(_text)))
        for title, cells in sheets.items()
    ]


def _csv_cells(body: bytes, name: str) -> pd.DataFrame:
    text = _decoded(body, name)
    if text.lstrip().startswith("<"):
        raise AimError(f"{name} is a web page, not a table.", f"{_ADVICE} A page saved from a browser is neither.")
    if text.lstrip().startswith(("{", "[")):
        raise AimError(f"{name} is JSON, not a table.", _ADVICE)
    lines = text.splitlines()
    separator = max(",;\t", key=lambda sign: sum(line.count(sign) for line in lines[:_HEADER_WITHIN]))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise AimError(f"{name} is not CSV that can be read: {error}.", _ADVICE) from None
    width = max((len(row) for row in rows), default=0)
    padded = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in rows]
    return _numbered(pd.DataFrame(padded, dtype="str"))


def _decoded(body: bytes, name: str) -> str:
    for start, what in _BINARY.items():
        if body.startswith(start):
            raise AimError(f"{name} {what}, not a table.", _ADVICE)
    if _CONTROL.search(body):
        raise AimError(f"{name} is not text.", _ADVICE)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:  # a CSV saved by Excel in the code page of Windows
        text = body.decode("cp1252", errors="replace")
    if not text.strip():
        raise AimError(f"{name} is empty.", _ADVICE)
    return text


def _numbered(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.astype("str").set_axis(range(1, len(cells) + 1), axis=0)


def _text(cell: object) -> str:
    """Return a cell of Excel as a CSV would hold it: whole numbers without a point, days as 2024-01-31."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return "" if cell is None else str(cell).strip()
