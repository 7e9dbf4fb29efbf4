"""What changed since the edition before, read back from a bulletin's page and data: it stands in no notebook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

_FILE = re.compile(r"data/(changes(?:_[a-z0-9_]+)?)\.csv")
_TABLE = '<figure class="table" id="{key}">(.*?)</figure>'
_LEAD = re.compile(r"<h2[^>]*>What changed[^<]*</h2>(.*?)<(?:figure|h2|section)\b", re.DOTALL)
_SINCE = re.compile(r"since (\w+ \d{1,2}, \d{4})$")
LEAD = "changes_lead"


def changes_keys(outputs: Mapping[str, str]) -> dict[str, str]:
    """Return the tables of what changed among a bulletin's files: the file of each by its key."""
    found = {name: _FILE.fullmatch(name) for name in outputs}
    return {match[1]: name for name, match in found.items() if match}


def changes_block(key: str, csv: str, page: str) -> dict[str, Any]:
    """Return a table of what changed as a node; without rows where the page does not show it.

    ``since`` is the day it compares with, None where the page does not tell.
    """
    read = _Table()
    found = re.search(_TABLE.format(key=re.escape(key)), page, re.DOTALL)
    read.feed(found[1] if found else "")
    title = read.texts["title"] or "What changed since the edition before"
    day = _SINCE.search(title)
    units = read.units or [""] * len(read.columns)
    return {
        "kind": "table",
        "key": key,
        "title": title,
        "caption": read.texts["caption"],
        "source": read.texts["source"],
        "columns": [
            {"label": label, "unit": unit, "align": "", "group": ""}
            for label, unit in zip(read.columns, units, strict=True)
        ],
        "rows": [{"cells": cells} for cells in read.rows],
        "csv": csv,
        "is_changes": True,
        "since": datetime.strptime(day[1], "%B %d, %Y").date() if day else None,
    }


def changes_lead(page: str) -> dict[str, Any] | None:
    """Return the paragraph above the tables as a node, None where the page has none."""
    found = _LEAD.search(page)
    read = _Paragraphs()
    read.feed(found[1] if found else "")
    said = [" ".join(text.split()) for text in read.paragraphs]
    return {"kind": "prose", "key": LEAD, "paragraphs": said, "is_changes": True} if said else None


class _Paragraphs(HTMLParser):
    """The text of each paragraph."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "p":
            self._inside = True
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "p"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.paragraphs[-1] += data


class _Table(HTMLParser):
    """A table of the suite's own making: title, caption, source, columns with their units, and cells."""

    def __init__(self) -> None:
        super().__init__()
        self.texts = {"title": "", "caption": "", "source": ""}
        self.columns: list[str] = []
        self.units: list[str] = []
        self.rows: list[list[str]] = []
        self._where: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        told = dict(attrs)
        match tag:
            case "figcaption":
                self._where.append("title")
            case "span" if told.get("class") in ("caption", "unit"):
                self._where.append(told["class"])
            case "p" if told.get("class") == "source":
                self._where.append("source")
            case "tr":
                self.rows.append([])
            case "th" if told.get("scope") == "col":
                self._where.append("column")
                self.columns.append("")
                self.units.append("")
            case "th" | "td":
                self._where.append("cell")
                self.rows[-1].append("")
            case _:
                self._where.append("" if tag in ("a", "span") else self._where[-1] if self._where else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self.rows = [row for row in self.rows if row]
        elif self._where:
            self._where.pop()

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        where = self._where[-1] if self._where and text else ""
        match where:
            case "title" | "caption" | "source":
                self.texts[where] = f"{self.texts[where]} {text}".strip()
            case "column":
                self.columns[-1] += text
            case "unit":
                self.units[-1] += text
            case "cell":
                self.rows[-1][-1] += text
