"""Where a number stands in a bulletin: a key figure, a table's cell, a sentence, or the data of a figure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from aimlib.bulletin.explaining.key_figures import name_of
from aimlib.bulletin.explaining.not_found import nearest_first, nearest_numbers, parts_words, says
from aimlib.bulletin.explaining.numbers_asked import AskedNumber, asked_number, numbers_in
from aimlib.bulletin.explaining.published import Published, PublishedReport, data_of
from aimlib.bulletin.explaining.told_changes import ToldChange, told_changes
from aimlib.errors import AimError
from aimlib.present.blocks import TIDY_COLUMNS

_SHOWN = 8
_COMPARED = {
    "level": "yoy",
    "mom": "prior_month",
    "ytd": "ytd_yoy",
    "last_12_months": "last_12_months_yoy",
    "unit_value": "unit_value_yoy",
}
"""The row of the data that tells what a key figure is compared with."""
_NUMBERED = re.compile(r"^\s*(figure|table)\s+(\d+)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A place in a bulletin.

    Attributes
    ----------
    report, block
        Which report and which of its blocks.
    where
        What the number is, in words: a key figure's label, a table's row and column.
    printed, unit
        The number as printed, with its unit; empty for a block as a whole.
    row
        The row of the block's data that holds the number, None where the data hold it nowhere.
    column
        The column of it, '' likewise.
    figure
        The name of a key figure, such as ``level``, '' elsewhere.
    known, period
        The unrounded number, and what it is about (in the grammar of periods), where the key figure carries them.
    is_note
        The number stands in what a key figure is compared with.
    change
        The change that the number is of, in what changed since the edition before.
    """

    report: PublishedReport
    block: dict = field(repr=False)
    where: str
    printed: str = ""
    unit: str = ""
    row: dict[str, Any] | None = None
    column: str = ""
    figure: str = ""
    known: float | None = None
    period: str = ""
    is_note: bool = False
    change: ToldChange | None = None

    @property
    def key(self) -> str:
        return self.block["key"]

    @property
    def name(self) -> str:
        """Return what ``--in`` takes to name the block."""
        return self.report.name_of(self.key)

    @property
    def amount(self) -> float | None:
        """Return the unrounded number, None where the data do not hold it."""
        return float(self.row[self.column]) if self.row is not None and self.column else self.known


def find(published: Published, asked: str, within: Sequence[str] = ()) -> tuple[Place, tuple[Place, ...]]:
    """Return the place that `asked` names, and others in which the same digits stand.

    `asked` is a number as printed, a figure's or table's number (``Figure 3``), a part's key, or a key figure's name
    or label. ``within`` narrows the search: keys of parts to look in, and words of what the number is called there. A
    key figure comes before tables, tables before the data of figures, and those before sentences.

    Raises AimError where nothing is found (with the nearest), and where several places are equally good.
    """
    every = [
        _whole(report, block) for report in (*published.reports, *published.fronts) for block in report.blocks.values()
    ]
    named = [place for words in within for place in _blocks(every, words)]
    words = [text for text in within if not _blocks(every, text)]
    _check_words(published, named or every, words)
    pool = named or every
    whole = _only(_blocks([place for place in pool if _told(place, words)], asked), asked)
    if whole is None and not within:
        whole = next(_by_name(every, asked), None)
    if whole is not None:
        return whole, ()
    if numbered := _NUMBERED.match(asked):
        raise AimError(f"{asked} is in none of the parts of {published.slug}.", _numbers_there(pool, numbered[1]))
    number = asked_number(asked)
    if number is None:
        raise AimError(
            f"{asked!r} is neither a number nor a part of {' and '.join(within) or published.slug}.",
            parts_words(asked, [place.name for place in pool if place.block.get("csv")]),
        )
    for search, held in _searches(pool):
        found = [place for one in held for place in search(one.report, one.block, number) if _told(place, words)]
        if found:
            return _one(found, asked), tuple(_others(every, found, number))
    raise AimError(
        f"{asked} does not stand in {' and '.join(within) or published.slug}.", _elsewhere(every, within, number, asked)
    )


def _searches(pool: Sequence[Place]) -> Iterator[tuple[Callable[..., Iterator[Place]], list[Place]]]:
    """Yield how to look for a number and where, the best places first.

    What changed since the edition before repeats what the reports say, so that it comes after them.
    """
    fronts = [place for place in pool if place.report.is_front]
    reports = [place for place in pool if not place.report.is_front]
    yield _key_figures, reports
    yield _cells, reports
    yield _changes, fronts
    yield _data, reports
    yield _change_data, fronts
    yield _sentences, [*reports, *fronts]


def _numbers_there(pool: Sequence[Place], kind: str) -> str:
    """Return which figures or tables there are, the first and the last."""
    heads = [str(place.block.get("title", "")).partition(".")[0] for place in pool]
    found = sorted({int(head.split()[1]) for head in heads if re.fullmatch(rf"{kind.capitalize()} \d+", head)})
    return (
        f"There are {kind.capitalize()}s {found[0]} to {found[-1]}." if found else f"There is no {kind.lower()} there."
    )


def _check_words(published: Published, pool: Sequence[Place], words: Sequence[str]) -> None:
    """Raise AimError for words with which nothing in the parts is called."""
    blocks = [(place.name, place.block) for place in pool]
    for word in words:
        if not says(blocks, word):
            names = [place.name for place in pool if place.block.get("csv")]
            raise AimError(f"--in {word!r}: nothing in {published.slug} is called so.", parts_words(word, names))


def _elsewhere(every: Sequence[Place], within: Sequence[str], number: AskedNumber, asked: str) -> str:
    """Return where a number stands that is not in the parts named; where it stands nowhere, the nearest ones."""
    if within:
        for search, held in _searches(every):
            found = {place.name: place for one in held for place in search(one.report, one.block, number)}
            if found:
                names = nearest_first(within[-1], list(found))
                return f"It stands in {', '.join(names[:_SHOWN])}: choose a part with --in."
    named = [place for words in within for place in _blocks(every, words)]
    return nearest_numbers(((place.name, place.block) for place in named or every), asked)


def _told(place: Place, words: Sequence[str]) -> bool:
    """Say whether all words stand in what the place is called."""
    return all(word.casefold() in f"{place.name} {place.where}".casefold() for word in words)


def _by_name(pool: Sequence[Place], asked: str) -> Iterator[Place]:
    """Yield the key figures of that name or label."""
    for held in pool:
        for figure in held.block.get("figures", []):
            if asked.casefold() in (name_of(figure), figure["label"].casefold()):
                number = asked_number(figure["number"])
                found = _key_figures(held.report, held.block, number) if number else iter(())
                yield from (one for one in found if one.figure == name_of(figure) and not one.is_note)


def _others(pool: Sequence[Place], found: list[Place], number: AskedNumber) -> Iterator[Place]:
    seen = {place.name for place in found}
    for held in pool:
        searches = (_changes,) if held.report.is_front else (_key_figures, _cells, _data)
        if held.name not in seen and any(next(search(held.report, held.block, number), None) for search in searches):
            yield held


def _one(found: list[Place], asked: str) -> Place:
    """Return the only place, or the one that all say the same of."""
    numbers = [place for place in found if not place.is_note] or found
    distinct = {(place.name, place.where): place for place in numbers}
    if len(distinct) == 1:
        return numbers[0]
    shown = [f"{place.name} ({place.where})" for place in list(distinct.values())[:_SHOWN]]
    more = f", and {len(distinct) - _SHOWN} more" if len(distinct) > _SHOWN else ""
    names = list(dict.fromkeys(place.name for place in numbers))
    words = numbers[0].where if len(names) == 1 else ""
    raise AimError(
        f"{asked} stands in {len(distinct)} places: {'; '.join(shown)}{more}.",
        f"Choose one with --in and words of what it is called there: --in '{words}'."
        if words
        else f"Choose a part with --in: {', '.join(names)}.",
    )


# Blocks as a whole.


def _whole(report: PublishedReport, block: dict) -> Place:
    return Place(report, block, block.get("title") or block["key"])


def _blocks(pool: Sequence[Place], asked: str) -> list[Place]:
    """Return the blocks of that key or number: ``monthly``, ``import_trends-monthly``, ``Figure 3``."""
    if numbered := _NUMBERED.match(asked):
        wanted = f"{numbered[1].capitalize()} {numbered[2]}."
        return [place for place in pool if str(place.block.get("title", "")).startswith(wanted)]
    named = [place for place in pool if asked.strip() == place.name]
    return named or [place for place in pool if asked.strip() in (place.key, f"{place.report.label}/{place.key}")]


def _only(found: Sequence[Place], asked: str) -> Place | None:
    if len(found) > 1:
        raise AimError(
            f"Several reports of this bulletin have {asked}.", f"Take {' or '.join(place.name for place in found)}."
        )
    return found[0] if found else None


# Places of a number.


def _key_figures(report: PublishedReport, block: dict, number: AskedNumber) -> Iterator[Place]:
    if block["kind"] != "strip":
        return
    data = data_of(block)
    for figure in block["figures"]:
        for text, is_note in ((figure["number"], False), (figure["note"], True)):
            if number.stands_in(text):
                printed = next(word for word in numbers_in(text) if number.stands_in(word))
                where = f"{figure['label']}{': ' + text if is_note else ''}"
                place = Place(
                    report, block, where, printed, "" if is_note else figure["unit"], figure=name_of(figure),
                    known=None if is_note else figure.get("amount"), period=figure.get("period", ""), is_note=is_note,
                )  # fmt: skip
                yield _with_amount(place, figure, data, number)


def _with_amount(place: Place, figure: dict, data: pd.DataFrame, number: AskedNumber) -> Place:
    """Add the row of the strip's data that the key figure is: by its name where it has one, else by its number."""
    if "amount" not in data:
        return place
    rows = data[[number.rounds_from(amount) for amount in data["amount"]]]
    named = rows[rows["figure"] == place.figure]
    if place.is_note:
        named = rows[rows["figure"] == _COMPARED.get(place.figure)]
    rows = rows if named.empty else named
    return place if rows.empty else replace(place, row=rows.iloc[0].to_dict(), column="amount")


def _cells(report: PublishedReport, block: dict, number: AskedNumber) -> Iterator[Place]:
    if block["kind"] != "table":
        return
    data, columns = data_of(block), block["columns"]
    for line in block["rows"]:
        cells = line["cells"]
        for column, text in zip(columns, cells, strict=True):
            if not number.stands_in(text):
                continue
            names = [
                cell for cell, head in zip(cells, columns, strict=True) if head["align"] == "left" and cell
            ] or cells[:1]
            where = f"{', '.join(names[:2])}: {' '.join(filter(None, (column['group'], column['label'])))}"
            # A range or a list in a cell: the number asked for, not all of them.
            printed = text if asked_number(text) else next(word for word in numbers_in(text) if number.stands_in(word))
            place = Place(report, block, where, printed, column["unit"])
            yield _cell_data(place, cells, data, number)


def _cell_data(place: Place, cells: list[str], data: pd.DataFrame, number: AskedNumber) -> Place:
    """Add the row of the data that a printed row comes from: the one in which most of its numbers are found."""
    asked = [found for found in (asked_number(cell) for cell in cells) if found is not None]
    best, best_count = None, 0
    for row in data.to_dict("records"):
        amounts = {name: value for name, value in row.items() if name not in TIDY_COLUMNS}
        hits = [name for name, value in amounts.items() if _is_number(value) and number.rounds_from(value)]
        if hits:
            count = sum(any(one.rounds_from(value) for value in amounts.values() if _is_number(value)) for one in asked)
            if count > best_count:
                best, best_count = (row, hits[0]), count
    return place if best is None else replace(place, row=best[0], column=best[1])


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _data(report: PublishedReport, block: dict, number: AskedNumber) -> Iterator[Place]:
    data = data_of(block)
    for row in data.to_dict("records"):
        for column, value in row.items():
            if column not in TIDY_COLUMNS and _is_number(value) and number.rounds_from(value):
                told = [str(row[name]) for name in data if isinstance(row[name], str) and name not in TIDY_COLUMNS]
                where = f"{', '.join(told[:3])}: {column}" if told else column
                yield Place(report, block, where, f"{value:,.10g}", "", row, column)


def _sentences(report: PublishedReport, block: dict, number: AskedNumber) -> Iterator[Place]:
    paragraphs = block.get("paragraphs", []) if block["kind"] == "prose" else []
    for paragraph in paragraphs:
        for sentence in re.split(r"(?<=[a-z)]\.)\s+", paragraph):
            if number.stands_in(sentence):
                printed = next(word for word in numbers_in(sentence) if number.stands_in(word))
                yield Place(report, block, sentence, printed)


def _changes(report: PublishedReport, block: dict, number: AskedNumber) -> Iterator[Place]:
    """Yield the numbers printed in a table of what changed."""
    for change in told_changes(block, data_of(block)) if block["kind"] == "table" else ():
        for column, text, row, amount in change.numbers():
            if number.stands_in(text):
                yield _of_change(report, block, change, column, text, row, amount)


def _change_data(report: PublishedReport, block: dict, number: AskedNumber) -> Iterator[Place]:
    """Yield the unrounded numbers of what changed, also of headlines that the page does not show."""
    for change in told_changes(block, data_of(block)) if block["kind"] == "table" else ():
        for column, text, row, amount in change.numbers():
            if amount is not None and number.rounds_from(amount):
                yield _of_change(report, block, change, column, text or f"{amount:,.10g}", row, amount)


def _of_change(
    report: PublishedReport, block: dict, change: ToldChange, column: str, text: str, row: int, amount: float | None
) -> Place:
    heads = {"before": "before", "after": "now", "difference": "the change"}
    where = f"What changed: {change.label}, {heads.get(column) or change.parts[row].words}"
    held = change.rows.iloc[row].to_dict() if amount is not None else None
    return Place(
        report, block, where, text, "", held, column if held else "", change.headline, period=change.periods,
        change=change,
    )  # fmt: skip
