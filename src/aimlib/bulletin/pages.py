"""Setting the pages of a bulletin of several executed reports: HTML, PDF, data, notebooks and manifest in a folder."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from aimlib.bulletin import manifest
from aimlib.bulletin.combine import Part, combine
from aimlib.bulletin.document import Document, read_document
from aimlib.bulletin.headline_terms import with_terms
from aimlib.bulletin.html import render_html
from aimlib.bulletin.pdf import render_pdf
from aimlib.bulletin.site.records import data_files
from aimlib.bulletin.weekly.comparing import Compared, section
from aimlib.present import numbers
from aimlib.present.headlines import headlines_of
from aimlib.present.lacking import of_the_data

ENTRY = "entry.json"


@dataclass(frozen=True)
class MadeReport:
    """An executed report: its label in the bulletin, the file of its notebook and its inputs."""

    label: str
    notebook: Path
    inputs: dict[str, Any]


@dataclass(frozen=True)
class PageWork:
    """A bulletin to set.

    ``left_out`` says by label why a report is not there, ``compared`` what changed in those that are.
    """

    name: str
    title: str
    place: str
    as_of: dt.date
    reports: Sequence[MadeReport]
    left_out: dict[str, str] = field(default_factory=dict)
    compared: dict[str, Compared] = field(default_factory=dict)


def make_pages(work: PageWork, folder: Path) -> dict[str, Any]:
    """Set a bulletin's pages into an empty folder, and return its entry in the edition (see `aimlib.bulletin.site`).

    The files are named as the entry tells, with ``run.json``, and the entry itself as ``entry.json``.
    """
    parts = [Part(one.label, read_document(nbformat.read(one.notebook, as_version=4))) for one in work.reports]
    subtitle = f"What was known on {numbers.day_name(work.as_of)}"
    titles = {part.label: part.document.cover["title"] for part in parts}
    compared = {titles[label]: found for label, found in work.compared.items()}
    changed, sentences = section(compared, work.as_of) if compared else ([], [])
    front = [*changed, *_left_out(work.left_out)]
    document = combine(work.name, work.title, subtitle, work.as_of, parts, front)
    slug = document.cover["slug"]
    files = {
        f"{slug}.html": render_html(document).encode(),
        f"{slug}.pdf": render_pdf(document),
        **{f"data/{key}.csv": text.encode() for key, text in document.data.items()},
        **{f"notebooks/{one.label}.ipynb": one.notebook.read_bytes() for one in work.reports},
    }
    inputs = {
        "bulletin": work.name,
        "title": work.title,
        "as_of": str(work.as_of),
        "reports": {one.label: one.inputs for one in work.reports},
        "left_out": work.left_out,
    }
    files[manifest.NAME] = manifest.build(inputs, files)
    entry = _entry(work, document, parts, files, sentences)
    files[ENTRY] = json.dumps(entry, ensure_ascii=False, indent=1).encode()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return entry


def _left_out(reasons: dict[str, str]) -> list[dict]:
    if not reasons:
        return []
    said = [
        {"text": f"Not in this bulletin: {of_the_data(reason)}", "style": "", "href": ""} for reason in reasons.values()
    ]
    return [{"kind": "list", "items": [[run] for run in said]}]


def _entry(
    work: PageWork, document: Document, parts: Sequence[Part], files: dict[str, bytes], changes: list[str]
) -> dict[str, Any]:
    slug = document.cover["slug"]
    return {
        "name": work.name,
        "title": work.title,
        "subtitle": document.cover["subtitle"],
        "place": work.place,
        "notebooks": [one.inputs["notebook"] for one in work.reports],
        "html": f"{work.name}/{slug}.html",
        "pdf": f"{work.name}/{slug}.pdf",
        "data": [asdict(data) for data in data_files(work.name, document)],
        "headlines": with_terms(
            (part.label, report.inputs["resolved"], headlines_of(part.document.nodes))
            for part, report in zip(parts, work.reports, strict=True)
        ),
        "changes": changes,
        "files": {f"{work.name}/{name}": manifest.sha256(content) for name, content in sorted(files.items())},
    }


def headlines_in(executed: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """Return the headlines of an executed notebook, as `aimlib.present.headlines` tells them."""
    return headlines_of(read_document(executed).nodes)
