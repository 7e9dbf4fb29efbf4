"""License files as text: the encoding, the separator, and the rows in chunks."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from aimlib.sources.licenses.errors import NotLicenses
from aimlib.sources.licenses.header import LOOKED_AT, Header, fields_named, find_header

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_OTHERS = {
    b"PAR1": "is a Parquet file",
    b"\x1f\x8b": "is a gzip archive; unpack it first",
    b"%PDF": "is a PDF",
    b"Rar!": "is an archive; unpack it first",
    b"7z\xbc\xaf": "is an archive; unpack it first",
}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_SEPARATORS = (",", ";", "\t")
_CHUNK_BYTES = 16 << 20
_TOP_BYTES = 1 << 18


@dataclass(frozen=True)
class TextFile:
    """A license file as text, ready to be read in chunks any number of times."""

    name: str
    body: bytes
    encoding: str
    separator: str
    header: Header

    def chunks(self, misshapen: list[tuple[int, str]]) -> Iterator[tuple[np.ndarray, pa.RecordBatch]]:
        """Yield (row numbers, batch of all columns by place), rows as a spreadsheet counts them.

        Rows with more or fewer cells than the header are left out and added to `misshapen` as (row, content).
        """

        def leave_out(row: arrow_csv.InvalidRow) -> str:
            misshapen.append((row.number, row.text))
            return "skip"

        names = [str(place) for place in range(self.header.width)]
        text = dict.fromkeys(names, pa.string())
        try:
            reader = arrow_csv.open_csv(
                pa.BufferReader(self.body),
                # One thread only: with more, a row that is left out does not know its number.
                read_options=arrow_csv.ReadOptions(
                    use_threads=False,
                    block_size=_CHUNK_BYTES,
                    column_names=names,
                    skip_rows_after_names=self.header.row,
                    encoding=_ARROW_NAMES[self.encoding],
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.separator,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=leave_out,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=text, strings_can_be_null=False, quoted_strings_can_be_null=False
                ),
            )
            first = self.header.row + 1
            for batch in reader:
                # The reader is ahead of what it hands out: some of those left out may come after this batch.
                left_out = [row for row, _ in misshapen if row >= first]
                numbers = np.arange(first, first + batch.num_rows + len(left_out))
                rows = np.setdiff1d(numbers, left_out, assume_unique=True)[: batch.num_rows]
                yield rows, batch
                first = int(rows[-1]) + 1 if len(rows) else first
        except pa.ArrowInvalid as error:
            if "straddl" in str(error):
                raise NotLicenses(
                    self.name, "has a cell of many megabytes", "Look for a quotation mark that is not closed."
                ) from None
            raise NotLicenses(self.name, "cannot be read as rows of cells") from None


_ARROW_NAMES = {"utf-8-sig": "utf8", "utf-8": "utf8", "utf-16": "utf-16", "cp1252": "cp1252"}


def open_text(body: bytes, name: str) -> TextFile:
    """Find the encoding, the separator and the header of a text file. Raises NotLicenses."""
    encoding = _encoding(body, name)
    top = _top(body, encoding)
    if not top.strip():
        raise NotLicenses(name, "is empty")
    if top.lstrip().startswith("<"):
        raise NotLicenses(name, "is a web page or XML, not rows of licenses", "Save the table as CSV or Excel.")
    if top.lstrip().startswith(("{", "[")):
        raise NotLicenses(name, "is JSON, not rows of licenses", "Save the table as CSV or Excel.")
    rows_by_separator = {separator: _rows(top, separator) for separator in _SEPARATORS}
    separator = max(_SEPARATORS, key=lambda sign: max(map(fields_named, rows_by_separator[sign]), default=0))
    return TextFile(name, body, encoding, separator, find_header(rows_by_separator[separator], name))


def _encoding(body: bytes, name: str) -> str:
    for start, what in _OTHERS.items():
        if body.startswith(start):
            raise NotLicenses(name, what)
    for mark, encoding in _BOMS.items():
        if body.startswith(mark):
            if not _decodes(body, encoding):
                raise NotLicenses(name, f"begins as {encoding.upper()[:6]} text but cannot be read as such to its end")
            return encoding
    if b"\x00" in body or _CONTROL.search(body[:_CHUNK_BYTES]):
        advice = "Save it as CSV (UTF-8) or as Excel workbook; UTF-16 needs a byte order mark."
        raise NotLicenses(name, "is not text", advice)
    for encoding in ("utf-8", "cp1252"):
        if _decodes(body, encoding):
            return encoding
    raise NotLicenses(
        name, "is text in an encoding that is neither UTF-8, UTF-16 nor Windows-1252", "Save it as UTF-8."
    )


def _decodes(body: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(body), _CHUNK_BYTES):
            decoder.decode(body[start : start + _CHUNK_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _top(body: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)().decode(body[:_TOP_BYTES])


def _rows(top: str, separator: str) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(io.StringIO(top, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) == LOOKED_AT:
                break
    except csv.Error:
        pass
    return rows
