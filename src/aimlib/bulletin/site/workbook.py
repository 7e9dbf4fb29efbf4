"""An edition's data as one Excel workbook: a sheet a figure or table, the data of all bulletins below each other."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from aimlib.bulletin.notices import SAMPLE_NOTICE
from aimlib.bulletin.site import words
from aimlib.bulletin.site.columns import TEXT, heading
from aimlib.bulletin.site.records import DataFile, Edition, Entry
from aimlib.present import numbers

ROWS_OF_A_SHEET = 1_048_576
_CHARACTERS_OF_A_CELL = 32_767
_CHARACTERS_OF_A_NAME = 31
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_DAY = "yyyy-mm-dd"
# Title, source and the columns' names as in the CSV files stand above the headings.
_HEADER_ROW = 3
_ALL = "All bulletins"
_TERMS = ("concept", "flow", "product", "origin", "law_day")
_HEADLINE_COLUMNS = [
    *("bulletin", "report", "headline", "printed", "unit", "note"),
    *("amount", "unit_of_amount", "period", "data_basis", "partial"),
    *_TERMS,
]
_ONCE = (
    "Shared rows are the same in each bulletin that has the figure and stand once: their column Bulletin says "
    f"“{_ALL}”, or names them all. A filter on one bulletin alone leaves them out."
)
# A sheet as the contents tell it: its name, the report, what it holds, its rows, and how many of them are shared.
_Line = tuple[str, str, str, int, int]
# From this share on, rows that all bulletins have in common stand once.
_MOSTLY = 0.5


def read_frames(edition: Edition, contents: Mapping[str, bytes | Path]) -> dict[str, pd.DataFrame]:
    """Return the data files of the edition as frames by path, codes as text; equal files are read once."""
    read: dict[str, pd.DataFrame] = {}
    frames = {}
    for entry in edition.entries:
        for data in entry.data:
            digest = entry.files.get(data.path, data.path)
            if digest not in read:
                content = contents[data.path]
                file = content if isinstance(content, Path) else io.BytesIO(content)
                read[digest] = pd.read_csv(
                    file, dtype=dict.fromkeys(TEXT, str), keep_default_na=False, na_values=[""], low_memory=False
                )
            frames[data.path] = read[digest]
    return frames


@dataclass
class _Sheet:
    """What goes into one sheet: the data files of one figure, with the bulletins they are of."""

    notebook: str
    key: str
    parts: list[tuple[Entry, DataFile]] = field(default_factory=list)


def workbook(edition: Edition, frames: Mapping[str, pd.DataFrame]) -> bytes:
    """Return the workbook's bytes; equal input gives equal bytes, dated by the edition's day.

    `frames` are the data by the path of their file in the edition's record (see :func:`read_frames`); a file without
    one is left out. There are a sheet of contents, one of headlines, and one for each figure of each notebook, in
    which a column says the bulletin and, where a bulletin has the figure in several reports, another the report.
    Rows that all bulletins share stand once. A figure with more rows than a sheet can hold goes on in the
    next sheet. Nothing from the data becomes a formula or a link.
    """
    with _without_collecting():
        return _workbook(edition, frames)


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the garbage collector from looking through a million cells again and again, none of them garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _workbook(edition: Edition, frames: Mapping[str, pd.DataFrame]) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    day = dt.datetime(edition.day.year, edition.day.month, edition.day.day)
    title = f"{words.SITE_TITLE}: {words.lower_first(words.edition_title(edition))}"
    book.set_properties({"title": title, "author": words.PUBLISHER, "created": day})
    styles = _Styles(book)
    names = _Names()
    contents = book.add_worksheet(names.take("Contents"))
    lines = [("Headlines", "", "Key figures of all bulletins", _headlines(book, names, edition, styles), 0)]
    sheets = _sheets(edition, frames)
    keys = [sheet.key for sheet in sheets]
    for sheet in sheets:
        # The notebook's name only where two of them have a figure of that name: sheet names are short.
        name = words.report_words(sheet.key)
        if keys.count(sheet.key) > 1:
            name += f", {words.lower_first(words.report_words(sheet.notebook))}"
        lines.extend(_write_sheet(book, names, name, sheet, frames, edition, styles))
    _contents(contents, title, edition, lines, styles)
    book.close()
    return buffer.getvalue()


class _Names:
    """Names of sheets: valid, at most 31 characters, unique whatever their case."""

    def __init__(self) -> None:
        self._taken = {"history"}

    def take(self, wanted: str) -> str:
        clean = _FORBIDDEN_IN_NAMES.sub(" ", wanted).strip() or "Sheet"
        number, name = 1, clean[:_CHARACTERS_OF_A_NAME].strip()
        while name.lower() in self._taken:
            number += 1
            ending = f" {number}"
            name = clean[: _CHARACTERS_OF_A_NAME - len(ending)].strip() + ending
        self._taken.add(name.lower())
        return name


class _Styles:
    """The workbook's cell formats, each made once."""

    def __init__(self, book) -> None:
        self._book, self._shown = book, {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.bold = book.add_format({"bold": True})
        self.muted = book.add_format({"font_color": "#4d5b66"})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        self.notice = book.add_format({"bold": True, "bg_color": "#fbeedd"})
        self.link = book.add_format({"font_color": "#14507f", "underline": 1})

    def shown(self, number_format: str):
        if not number_format:
            return None
        if number_format not in self._shown:
            self._shown[number_format] = self._book.add_format({"num_format": number_format})
        return self._shown[number_format]


def _sheets(edition: Edition, frames: Mapping[str, pd.DataFrame]) -> list[_Sheet]:
    found: dict[tuple[str, str], _Sheet] = {}
    for entry in edition.entries:
        for data in entry.data:
            if data.path in frames and len(frames[data.path].columns):
                # The bulletin's own data are a file a report, named after it: changes_<report>.
                kind = (data.label.split("-")[0], data.key if data.label else data.key.split("_")[0])
                found.setdefault(kind, _Sheet(*kind)).parts.append((entry, data))
    notebooks = list(dict.fromkeys(notebook for notebook, _ in found))
    return sorted(found.values(), key=lambda sheet: notebooks.index(sheet.notebook))


def _stacked(sheet: _Sheet, frames: Mapping[str, pd.DataFrame], edition: Edition) -> tuple[pd.DataFrame, str]:
    """Return the data of all bulletins below each other, with the bulletin's and, if needed, the report's name.

    Where most rows are the same in every bulletin that has the figure (a table of all origins stands in each
    country's), those rows stand once, first; what stands in their place of a bulletin's name is returned beside.
    """
    titles = words.short_titles(edition)
    who: dict[str, list[str]] = {"bulletin": [titles[entry.name] for entry, _ in sheet.parts]}
    if len({data.label for _, data in sheet.parts}) > 1:
        who["report"] = [words.report_words(data.label) for _, data in sheet.parts]
    held = [frames[data.path] for _, data in sheet.parts]
    lengths = [len(frame) for frame in held]
    rows = pd.concat([frame for frame in held if len(frame)] or held[:1], ignore_index=True)
    rows = rows.rename(columns={name: f"{name}_" for name in who})
    for place, (name, told) in enumerate(who.items()):
        rows.insert(place, name, pd.Series(told, dtype="str").repeat(lengths).reset_index(drop=True))
    bulletins = {entry.name: titles[entry.name] for entry, _ in sheet.parts}
    is_common = _in_all(rows, len(bulletins))
    if is_common.mean() < _MOSTLY:
        return rows, ""
    once = rows[is_common & (rows["bulletin"] == next(iter(bulletins.values())))]
    named = _ALL if len(bulletins) == len(edition.entries) else "; ".join(bulletins.values())
    return pd.concat([once.assign(bulletin=named), rows[~is_common]], ignore_index=True), named


def _in_all(rows: pd.DataFrame, bulletins: int) -> pd.Series:
    """Say of each row whether all of several bulletins have it."""
    if bulletins < 2:
        return pd.Series(False, index=rows.index)
    said = pd.util.hash_pandas_object(rows.drop(columns="bulletin"), index=False)
    return rows["bulletin"].groupby(said).transform("nunique") == bulletins


def _title(sheet: _Sheet) -> str:
    """Return the figure's title, that of all bulletins where they differ by the place only, else the key's words."""
    titles = {data.title for _, data in sheet.parts}
    if len(titles) > 1:
        titles = {_without_place(data.title, entry) for entry, data in sheet.parts}
    return titles.pop() if len(titles) == 1 else words.report_words(sheet.key)


def _without_place(title: str, entry: Entry) -> str:
    for name in words.place_names(entry):
        title = title.replace(name, "each place")
    return title


def _write_sheet(book, names, name, sheet, frames, edition, styles) -> Iterator[_Line]:
    stacked, shared = _stacked(sheet, frames, edition)
    title = _title(sheet)
    sources = list(dict.fromkeys(data.source for _, data in sheet.parts))
    room = ROWS_OF_A_SHEET - _HEADER_ROW - 1 - len(sources) - 1
    for start in range(0, max(len(stacked), 1), room):
        rows = stacked.iloc[start : start + room]
        taken = names.take(name)
        page = book.add_worksheet(taken)
        _head(page, title, sources, styles, _shared_words(shared))
        _write_frame(page, rows, styles)
        if len(sources) > 1:
            for place, source in enumerate(sources):
                page.write_string(_HEADER_ROW + 2 + len(rows) + place, 0, source, styles.muted)
        once = int((rows["bulletin"] == shared).sum()) if shared else 0
        yield taken, words.report_words(sheet.notebook), title, len(rows), once


def _head(page, title: str, sources: list[str], styles: _Styles, note: str = "") -> None:
    page.write_string(0, 0, _cell(title), styles.title)
    source = sources[0] if len(sources) == 1 else "Sources differ by bulletin: they stand below the data."
    page.write_string(1, 0, _cell(f"{note} {source}" if note else source), styles.muted)


def _shared_words(shared: str) -> str:
    """Say how to filter on one bulletin where rows that several have in common stand once."""
    if not shared:
        return ""
    said = f"Rows that are the same in each bulletin stand once, as “{shared}”"
    return f"{said}: to filter on one bulletin, choose that too."


def _write_frame(page, rows: pd.DataFrame, styles: _Styles) -> None:
    """Write a frame from the header row on: names as in the CSV, headings with units, then the rows."""
    for place, name in enumerate(rows.columns):
        column = heading(str(name))
        page.write_string(_HEADER_ROW - 1, place, str(name), styles.muted)
        page.write_string(_HEADER_ROW, place, column.text, styles.head)
        width = _write_column(page, place, rows[name], styles, column.number_format)
        page.set_column(place, place, min(max(width, len(column.text) / 2.2, 9) + 2, 44))
    page.freeze_panes(_HEADER_ROW + 1, 1)
    page.autofilter(_HEADER_ROW, 0, _HEADER_ROW + len(rows), len(rows.columns) - 1)


def _write_column(page, place: int, values: pd.Series, styles: _Styles, number_format: str) -> int:
    """Write a column below its heading by what is in it, and return how wide its widest cell is, about."""
    first = _HEADER_ROW + 1
    held = [(first + row, value) for row, value in enumerate(values.tolist()) if not numbers.is_missing(value)]
    if not held:
        return 0
    if all(isinstance(value, bool) or value in ("True", "False") for _, value in held):
        for row, value in held:
            page.write_boolean(row, place, value in (True, "True"))
        return 6
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for _, value in held):
        shown = styles.shown(number_format)
        for row, value in held:
            page.write_number(row, place, value, shown)
        return 11
    if all(isinstance(value, str) and _ISO_DAY.fullmatch(value) for _, value in held):
        shown = styles.shown(_DAY)
        for row, value in held:
            page.write_datetime(row, place, dt.date.fromisoformat(value), shown)
        return 10
    for row, value in held:
        page.write_string(row, place, _cell(str(value)))
    return max(len(str(value)) for _, value in held[:200])


def _cell(text: str) -> str:
    return text if len(text) <= _CHARACTERS_OF_A_CELL else text[: _CHARACTERS_OF_A_CELL - 1] + "…"


def _headlines(book, names: _Names, edition: Edition, styles: _Styles) -> int:
    titles = words.short_titles(edition)
    rows = pd.DataFrame(
        [
            {
                "bulletin": titles[entry.name],
                "report": words.report_words(headline["report"]) if headline.get("report") else "",
                "headline": headline["label"],
                "printed": headline.get("number") or "n.a.",
                "unit": headline.get("unit", ""),
                "note": headline.get("note", ""),
                "amount": headline.get("amount"),
                "unit_of_amount": headline.get("amount_unit", ""),
                "period": headline.get("period", ""),
                "data_basis": headline.get("data_basis", ""),
                "partial": headline.get("partial"),
                **{term: headline.get(term, "") for term in _TERMS},
            }
            for entry in edition.entries
            for headline in entry.headlines
            if not headline.get("repeats")
        ],
        columns=_HEADLINE_COLUMNS,
    )
    page = book.add_worksheet(names.take("Headlines"))
    _head(page, "Headlines", [_known(edition)], styles)
    _write_frame(page, rows, styles)
    return len(rows)


def _known(edition: Edition) -> str:
    return f"As of {numbers.day_name(edition.day)}: what was known by that day."


def _contents(page, title: str, edition: Edition, lines: list[_Line], styles: _Styles) -> None:
    page.write_string(0, 0, title, styles.title)
    is_shared = any(once for *_, once in lines)
    page.write_string(1, 0, f"{_known(edition)} {_ONCE if is_shared else ''}".strip(), styles.muted)
    if edition.synthetic:
        page.write_string(2, 0, SAMPLE_NOTICE, styles.notice)
    for place, head in enumerate(("Sheet", "Report", "What it holds", "Rows", "Of these, shared rows")):
        page.write_string(_HEADER_ROW, place, head, styles.head)
    for row, (name, report, what, count, once) in enumerate(lines, start=_HEADER_ROW + 1):
        page.write_url(row, 0, f"internal:'{name}'!A1", styles.link, name)
        page.write_string(row, 1, report)
        page.write_string(row, 2, _cell(what))
        page.write_number(row, 3, count)
        page.write_number(row, 4, once)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 20)
    page.set_column(2, 2, 100)
    page.set_column(4, 4, 20)
    page.freeze_panes(_HEADER_ROW + 1, 0)
