"""From bytes to text cells: the service's JSON, or the CSV form of the same columns."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from aimlib.sources.census.errors import BadKey, BadRequest, ExportsAnswer, MissingKey, NotCensus, Truncated

_BINARY = {
    b"PK\x03\x04": "is a zip archive or an Excel workbook",
    b"PAR1": "is a Parquet file",
    b"\x1f\x8b": "is a gzip archive",
    b"%PDF": "is a PDF",
    b"\xff\xfe": "is UTF-16 text",
    b"\xfe\xff": "is UTF-16 text",
}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True)
class Answer:
    """One answer as it was read: its name in messages, its columns in capitals, its lines with their numbers.

    The header is line 1.
    """

    name: str
    columns: tuple[str, ...]
    lines: list[tuple[int, list[Any]]]


@dataclass(frozen=True)
class Sheet:
    """The rows of answers with the same columns, as text.

    ``cells`` has file, row (the line in the file) and the answers' columns in capitals. ``misshapen`` holds
    lines with another number of cells than their header: file, row, reason, content.
    """

    cells: pd.DataFrame
    misshapen: pd.DataFrame


def read_answer(body: bytes, name: str) -> Answer:
    """Read the bytes of an answer; `name` says in messages which one.

    Raises a `CensusError` that names what the bytes are, if not rows of Census.
    """
    text = _decoded(body, name)
    check_page(text, name)
    header, lines = _json_lines(text, name) if text.startswith(("[", "{")) else _csv_lines(text, name)
    columns = tuple(str(column).strip().upper() for column in header)
    if "I_COMMODITY" not in columns and {"E_COMMODITY", "ALL_VAL_MO", "ALL_VAL_YR"} & set(columns):
        raise ExportsAnswer(name)
    return Answer(name, columns, lines)


def to_sheets(answers: Sequence[Answer]) -> list[Sheet]:
    """Lay answers with the same columns together: one table is read in a fraction of the time of many."""
    alike: dict[tuple[str, ...], list[Answer]] = {}
    for answer in answers:
        alike.setdefault(answer.columns, []).append(answer)
    return [_sheet(columns, group) for columns, group in alike.items()]


def _sheet(columns: tuple[str, ...], answers: Sequence[Answer]) -> Sheet:
    width = len(columns)
    lines = [(answer.name, row, line) for answer in answers for row, line in answer.lines]
    good = [line for line in lines if len(line[2]) == width]
    bad = [
        (file, row, f"has {len(line)} values where the header has {width}", json.dumps(line))
        for file, row, line in lines
        if len(line) != width
    ]
    texts = pd.DataFrame([line for _, _, line in good], columns=range(width), dtype="object")
    try:
        texts = _one_of_each(texts.fillna("").astype("str"), columns, answers[0].name)
    except UnicodeEncodeError:  # half of a character pair, which JSON can spell out
        raise NotCensus(answers[0].name, "is not text") from None
    for column in texts:
        texts[column] = texts[column].str.strip()
    texts.insert(0, "file", pd.Series([file for file, _, _ in good], dtype="str"))
    texts.insert(1, "row", pd.Series([row for _, row, _ in good], dtype="int64"))
    return Sheet(texts, pd.DataFrame(bad, columns=["file", "row", "reason", "content"]))


def check_page(text: str, name: str) -> None:
    """Raise the error that `text` stands for when it is a page or a message of the service, not rows."""
    if text.startswith("<"):
        folded = " ".join(re.sub(r"<[^>]*>", " ", text).casefold().split())
        if "invalid key" in folded or "not valid" in folded:
            raise BadKey(name)
        if "missing key" in folded or "key must be included" in folded:
            raise MissingKey(name)
        raise NotCensus(name, "is a web page, not figures")
    if text.casefold().startswith("error:"):
        raise BadRequest(name, " ".join(text[6:].split())[:200].rstrip("."))
    if text.startswith("There was an error while running your query"):
        raise NotCensus(name, "is the service's message about a question too large", "Ask for fewer codes at once.")


def _decoded(body: bytes, name: str) -> str:
    for start, what in _BINARY.items():
        if body.startswith(start):
            raise NotCensus(name, what)
    if _CONTROL.search(body):
        raise NotCensus(name, "is not text")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:  # a CSV saved by Excel; only names, which are not read, can hold such letters
        text = body.decode("cp1252", errors="replace")
    text = text.strip()
    if not text:
        raise NotCensus(name, "is empty")
    return text


def _json_lines(text: str, name: str) -> tuple[list[Any], list[tuple[int, list[Any]]]]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        if "]" not in text[error.pos :] and not error.msg.startswith("Extra data"):
            raise Truncated(name) from None
        raise NotCensus(name, f"is not JSON that can be read (line {error.lineno})") from None
    except RecursionError:
        raise NotCensus(name, "is not JSON that can be read") from None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        raise NotCensus(name, "is JSON, but not the rows under a header row that the service gives")
    return rows[0], list(enumerate(rows[1:], start=2))


def _csv_lines(text: str, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = next(reader)
        return header, [(reader.line_num, line) for line in reader if line]
    except csv.Error as error:
        raise NotCensus(name, f"is not CSV that can be read (line {reader.line_num}: {error})") from None


def _one_of_each(cells: pd.DataFrame, columns: Sequence[str], name: str) -> pd.DataFrame:
    """Name the columns, keeping the first of those that are there twice, which must agree."""
    first: dict[str, int] = {}
    for place, column in enumerate(columns):
        if not cells[place].equals(cells[first.setdefault(column, place)]):
            raise NotCensus(name, f"has the column {column} twice, with different contents")
    return cells[list(first.values())].set_axis(list(first), axis=1)
