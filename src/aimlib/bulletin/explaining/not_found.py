"""What to say where a number or a part is not found: the nearest there is comes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from aimlib.bulletin.explaining.numbers_asked import AskedNumber, asked_number, numbers_in
from aimlib.errors import did_you_mean

_CLOSE = 0.6
_SHOWN, _TAIL = 3, 8


def parts_words(asked: str, names: Sequence[str]) -> str:
    """Return the parts there are, those that are called most like `asked` first."""
    guess = did_you_mean(asked, [*names, *(name.partition("-")[2] or name for name in names)])
    return f"{guess} The parts are {', '.join(nearest_first(asked, names))}.".strip()


def nearest_first(asked: str, names: Sequence[str]) -> list[str]:
    """Return the names that are near misses of `asked`, the nearest first, then the others in their order."""
    scores = {name: max(_like(asked, name), _like(asked, name.partition("-")[2])) for name in names}
    near = sorted((name for name in scores if scores[name] >= _CLOSE), key=lambda name: -scores[name])
    return [*near, *(name for name in scores if name not in near)]


def _like(asked: str, name: str) -> float:
    return SequenceMatcher(None, asked.casefold(), name.casefold()).ratio()


def says(blocks: Iterable[tuple[str, Mapping]], word: str) -> bool:
    """Say whether a word stands in what a part, or anything in it, is called; `blocks` are with their names."""
    wanted = word.casefold()
    return any(wanted in text.casefold() for name, block in blocks for text in (name, *_called(block)))


def _called(block: Mapping) -> Iterator[str]:
    yield f"{block.get('title', '')}{': before, now, the change' if block.get('is_changes') else ''}"
    # What tells the data's rows apart stands in their text, and columns in its first line.
    yield block.get("csv") or ""
    yield from (f"{figure['label']}: {figure['note']}" for figure in block.get("figures", []))
    yield from (f"{column['group']} {column['label']}".strip() for column in block.get("columns", []))
    yield from (", ".join(filter(None, row["cells"][:2])) for row in block.get("rows", []))
    yield from block.get("paragraphs", [])


def nearest_numbers(blocks: Iterable[tuple[str, Mapping]], asked: str) -> str:
    """Return the numbers nearest to the one asked for as they are printed, with unit and the part they stand in."""
    wanted = asked_number(asked)
    found: dict[float, str] = {}
    # A number is told by a table or key figure, which has its unit, before a sentence.
    for name, block in sorted(blocks, key=lambda one: "paragraphs" in one[1]):
        for text, unit in _printed(block):
            for word in numbers_in(text):
                number = asked_number(word)
                if number is not None and _same_kind(number, wanted):
                    found.setdefault(_value(number), f"{_as_printed(text, word, unit)} in {name}")
    close = sorted(found, key=lambda value: abs(value - _value(wanted)))[:_SHOWN]
    return f"The nearest printed numbers are {'; '.join(found[value] for value in close)}." if close else ""


def _same_kind(number: AskedNumber, wanted: AskedNumber) -> bool:
    return number.is_percent or not wanted.is_percent


def _value(number: AskedNumber) -> float:
    return -float(number.digits) if number.sign == "-" else float(number.digits)


def _printed(block: Mapping) -> Iterator[tuple[str, str]]:
    for figure in block.get("figures", []):
        yield figure["number"], figure["unit"]
        yield figure["note"], ""
    for row in block.get("rows", []):
        for column, cell in zip(block["columns"], row["cells"], strict=True):
            yield cell, column["unit"]
    for paragraph in block.get("paragraphs", []):
        yield paragraph, ""


def _as_printed(text: str, word: str, unit: str) -> str:
    """Return a number found in a printed text: all of the text where it is little more, with its unit."""
    if not text.startswith(word) or len(text) > len(word) + _TAIL:
        return word.rstrip(",")
    # A unit with digits is the day or month that the column is of.
    return f"{text} {unit}".strip() if not any(sign.isdigit() for sign in unit) else text
