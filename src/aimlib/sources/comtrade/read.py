"""From the bytes of a Comtrade file to records of text, whatever form the file has.

==================== =================================================================================================
form                 recognized by
==================== =================================================================================================
answer of the API    JSON: an envelope with ``data``, ``count`` and ``error``, or the bare list of records
bulk file            tab-separated text, mostly gzipped
table                comma-separated text: the web export (Latin-1; its rows end in one comma more than the header), or
                     a data frame written by pandas (``True``, ``2010.0``)
workbook             Excel; the first sheet that has Comtrade's columns
archive              gzip, or a zip of any of these
==================== =================================================================================================
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from aimlib.sources.comtrade.damage import CUT_ADVICE, UTF16_ADVICE, cut_at, is_utf16
from aimlib.sources.comtrade.fields import COLUMNS, OPTIONAL, REQUIRED
from aimlib.sources.comtrade.problems import CutShort, NotComtrade

LIMITS = (500, 100_000, 250_000)
"""Records at which the service ends an answer without saying so: preview, free and premium key."""

_ADVICE = "Give an answer of the API as saved, a bulk file, or the export of the web page (CSV or Excel)."
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_TRAILING = "(trailing)"


@dataclass(frozen=True)
class Records:
    """A file's records. ``rows`` has the columns of `COLUMNS` as text, ``file`` and ``row``.

    ``row`` counts as the file does: a table's first record is row 2, an answer's is record 1. ``at_limit`` says that
    it is an answer with exactly as many records as the service gives at most.
    """

    rows: pd.DataFrame
    at_limit: bool = False


def read(body: bytes, name: str) -> Records:
    """Read one file. An answer or a table without a record gives no rows.

    Raises NotComtrade where the bytes are something else or tell of a failure, CutShort where an answer holds fewer
    records than it says.
    """
    found = _read(body, name)
    rows = pd.concat([part.rows for part in found], ignore_index=True) if len(found) > 1 else found[0].rows
    return Records(rows, any(part.at_limit for part in found))


def _read(body: bytes, name: str) -> list[Records]:
    if body.startswith(b"\x1f\x8b"):
        return _read(_gunzipped(body, name), name)
    if body.startswith(b"PK\x03\x04"):
        return _zipped(body, name)
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        return [_workbook(body, name)]
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise NotComtrade(f"{name} is empty.", _ADVICE)
    if text.startswith((b"{", b"[")):
        return [_answer(text, name)]
    if text.startswith(b"<"):
        raise NotComtrade(f"{name} is a web page, not figures.", _ADVICE)
    if is_utf16(body):
        raise NotComtrade(f"{name} is UTF-16 text, which cannot be read.", UTF16_ADVICE)
    if _CONTROL.search(text[:4096]):
        raise NotComtrade(f"{name} is not text.", _ADVICE)
    return [_table(text, name)]


def _gunzipped(body: bytes, name: str) -> bytes:
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error):
        raise NotComtrade(f"{name} is a damaged gzip archive.", "Download it again.") from None


def _zipped(body: bytes, name: str) -> list[Records]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
        members = [member for member in archive.namelist() if not member.endswith("/")]
        if any(member.startswith("xl/") for member in members):
            return [_workbook(body, name)]
        bodies = {f"{name}: {member.rsplit('/')[-1]}": archive.read(member) for member in members}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, OSError):
        raise NotComtrade(f"{name} is a damaged or locked archive.", "Download it again.") from None
    if not bodies:
        raise NotComtrade(f"{name} is an archive without a file.", _ADVICE)
    return [part for member, inner in bodies.items() for part in _read(inner, member)]


def _workbook(body: bytes, name: str) -> Records:
    from aimlib.sources.sheets import read_sheets

    missing: list[str] = []
    for sheet in read_sheets(body, name):
        header = sheet.find_header(lambda cells: {"reportercode", "cmdcode"} <= {cell.lower() for cell in cells})
        if header is not None:
            rows = sheet.below(header)
            named = rows.set_axis(list(sheet.cells.loc[header]), axis=1)
            return Records(_chosen(named.loc[:, named.columns != ""], sheet.name, rows.index))
        missing.append(sheet.name)
    raise NotComtrade(f"{', '.join(missing)}: there is no row with Comtrade's columns.", _ADVICE)


def _answer(text: bytes, name: str) -> Records:
    try:
        told = json.loads(text)
    except ValueError:
        raise NotComtrade(f"{name} begins as JSON and is not: it may have been cut off.", "Ask for it again.") from None
    envelope = told if isinstance(told, dict) else {"data": told}
    records = envelope.get("data")
    failure = _failure(envelope)
    if failure or not isinstance(records, list):
        raise NotComtrade(
            f"{name} is no answer with figures: {failure or 'it has no data'}.", "Ask for it again, then load it."
        )
    count = envelope.get("count")
    if isinstance(count, int) and count > len(records):
        raise CutShort(f"{name} holds {len(records):,} of {count:,} records.", "Ask in smaller parts, or again.")
    if not all(isinstance(record, dict) for record in records):
        raise NotComtrade(f"{name} has records that are not objects.", _ADVICE)
    frame = pd.DataFrame.from_records(records) if records else pd.DataFrame(columns=list(COLUMNS))
    wanted = [column for column in frame if column in COLUMNS]
    cells = frame[wanted].astype(object).map(_text).astype("str")
    return Records(_chosen(cells, name, range(1, len(cells) + 1)), len(records) in LIMITS)


def _failure(envelope: dict) -> str:
    """Return what an answer says went wrong, '' where it says nothing."""
    told = envelope.get("errorObject") or {}
    text = told.get("errorMessage") if isinstance(told, dict) else told
    text = text or envelope.get("error") or (envelope.get("message") if "data" not in envelope else "")
    return str(text).strip().rstrip(".") if text else ""


def _text(cell: object) -> str:
    if cell is None or cell != cell:  # NaN
        return ""
    return repr(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15 else str(cell)


def _table(text: bytes, name: str) -> Records:
    first = text.split(b"\n", 1)[0].decode("latin-1").rstrip("\r")
    separator = max(",\t;", key=first.count)
    header = [cell.strip() for cell in next(csv.reader([first], delimiter=separator))]
    _check_columns(header, name)
    try:
        text.decode("utf-8")
        encoding = "utf8"
    except UnicodeDecodeError:
        encoding = "latin-1"

    def parse(columns: list[str]) -> pd.DataFrame:
        wanted = [column for column in columns if column.casefold() in _FOLDED or column == _TRAILING]
        return arrow_csv.read_csv(
            io.BytesIO(text),
            read_options=arrow_csv.ReadOptions(column_names=columns, skip_rows=1, encoding=encoding),
            parse_options=arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()), include_columns=wanted, strings_can_be_null=False
            ),
        ).to_pandas()

    rows = _as_wide_as_header(parse, header, name)
    return Records(_chosen(rows, name, range(2, len(rows) + 2)))


def _as_wide_as_header(parse: Callable[[list[str]], pd.DataFrame], header: list[str], name: str) -> pd.DataFrame:
    """Parse with the header's columns, or with one empty one more, as the web export has it."""
    try:
        return parse(header)
    except pa.ArrowInvalid as error:
        narrow = str(error)
    try:
        rows = parse([*header, _TRAILING])
    except pa.ArrowInvalid as error:
        cut = cut_at(narrow) or cut_at(str(error))
        what, advice = (cut, CUT_ADVICE) if cut else (_first_line(narrow), _ADVICE)
        raise NotComtrade(f"{name} is not a table that can be read: {what}.", advice) from None
    if (rows[_TRAILING] != "").any():
        raise NotComtrade(f"{name} has a column more than its header names, and it is not empty.", _ADVICE)
    return rows.drop(columns=_TRAILING)


def _first_line(text: str) -> str:
    return text.splitlines()[0][:120].rstrip(". ")


_FOLDED = {column.casefold(): column for column in COLUMNS}


def _check_columns(header: list[str], name: str) -> None:
    found = {column.casefold() for column in header}
    missing = [column for column in REQUIRED if column.casefold() not in found]
    if missing:
        raise NotComtrade(f"{name} has no column {', '.join(missing)}.", _ADVICE)


def _chosen(rows: pd.DataFrame, name: str, numbers: object) -> pd.DataFrame:
    """Return the columns that are used, under Comtrade's own spelling, with defaults where one is absent or empty."""
    _check_columns(list(rows.columns), name)
    named = {_FOLDED[column.casefold()]: rows[column] for column in rows if column.casefold() in _FOLDED}
    chosen = pd.DataFrame(index=pd.RangeIndex(len(rows)))
    for column in COLUMNS:
        default = OPTIONAL.get(column, "")
        cells = named[column].reset_index(drop=True) if column in named else None
        if cells is None:
            chosen[column] = pd.Series(default, index=chosen.index, dtype="str")
        else:
            chosen[column] = cells.str.strip()
            if default:
                chosen[column] = chosen[column].where(chosen[column] != "", default)
    return chosen.assign(file=name, row=list(numbers)).astype({"file": "str"})
