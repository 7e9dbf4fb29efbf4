"""What is known of each published edition: the record that its pages, its feed and its catalog are made from.

An edition is all bulletins of one day. Its record stands in its folder as ``catalog.json``, and with the records of
the editions before it the pages over all of them can be made without opening a bulletin. All paths in a record are
relative to the edition's folder, whose name is its day, and are ASCII in lower case, so that they hold on every file
system and in every link as they are.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

from aimlib.bulletin.document import Document
from aimlib.errors import AimError

NAME = "catalog.json"
_PATH = re.compile(r"[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class DataFile:
    """The data of one figure, table or strip as CSV.

    ``label`` is that of the report, empty for data of the bulletin itself, and ``key`` that of the block in it;
    ``title`` is the block's, without a number; ``source`` its source line.
    """

    path: str
    title: str
    label: str
    key: str
    source: str


def data_files(name: str, document: Document) -> tuple[DataFile, ...]:
    """Return the data files of the bulletin `name` that was combined as `document`: one a block that has data."""
    return tuple(
        DataFile(
            f"{name}/data/{node['key']}.csv",
            node.get("bare_title", node["title"]),
            node.get("report", ""),
            node.get("block", node["key"]),
            node["source"],
        )
        for node in document.nodes
        if node.get("csv")
    )


@dataclass(frozen=True)
class Entry:
    """A bulletin of an edition.

    ``name`` is its folder, a word such as ``canada``; ``place`` whom it is about, as printed or as the key of a
    country, empty for none; ``notebooks`` the names of the notebooks it is made from. ``headlines`` are key figures
    as the strip holds them: ``label``, ``number``, ``unit`` and ``note`` as printed, and where known ``amount``,
    ``amount_unit``, ``period``, ``data_basis`` and ``partial``, ``concept`` (general or consumption), ``flow``,
    ``product``, ``origin`` and ``law_day`` where they apply, and ``repeats``, the report that has told the same figure
    before. ``changes`` are sentences on what changed since the
    edition before. ``files`` has the SHA-256 of every file of the bulletin by path, data and notebooks among them.
    """

    name: str
    title: str
    subtitle: str
    place: str
    notebooks: tuple[str, ...]
    html: str
    pdf: str
    data: tuple[DataFile, ...] = ()
    headlines: tuple[dict[str, Any], ...] = ()
    changes: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in (self.name, self.html, self.pdf, *(data.path for data in self.data), *self.files):
            check_path(path)

    @property
    def executed(self) -> tuple[str, ...]:
        """Return the paths of the executed notebooks."""
        return tuple(sorted(path for path in self.files if path.endswith(".ipynb")))


@dataclass(frozen=True)
class Edition:
    """All bulletins of one day; ``workbook`` is the Excel file's path, empty for none, ``files`` has its SHA-256."""

    day: dt.date
    synthetic: bool
    entries: tuple[Entry, ...]
    workbook: str = ""
    files: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in (*([self.workbook] if self.workbook else []), *self.files):
            check_path(path)
        names = [entry.name for entry in self.entries]
        if len(set(names)) < len(names):
            raise AimError(f"Two bulletins of {self.day} have the same name.", "Give each a name of its own.")

    @property
    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of every file that the record names, by its path in the edition's folder."""
        return self.files | {path: digest for entry in self.entries for path, digest in entry.files.items()}

    def to_json(self) -> bytes:
        """Return the record as JSON; equal records give equal bytes."""
        record = {"edition": 1, **asdict(self), "day": self.day.isoformat()}
        return (json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    @classmethod
    def from_json(cls, content: bytes | str) -> Edition:
        """Return the edition that `content` records.

        Raises
        ------
        AimError
            If it is no record of an edition.
        """
        try:
            record = json.loads(content)
            entries = tuple(entry_from(entry) for entry in record["entries"])
            day = dt.date.fromisoformat(record["day"])
            return cls(day, bool(record["synthetic"]), entries, record["workbook"], _digests(record["files"]))
        except (ValueError, KeyError, TypeError) as reason:
            raise AimError(
                f"This is no record of an edition ({type(reason).__name__}: {reason}).",
                "Remove the edition's folder and make it again with aim weekly --as-of.",
            ) from None


def entry_from(record: dict[str, Any]) -> Entry:
    """Return the entry that JSON values record, as :meth:`Edition.to_json` writes them."""
    return Entry(
        **{
            **record,
            "notebooks": tuple(record["notebooks"]),
            "data": tuple(DataFile(**data) for data in record["data"]),
            "headlines": tuple(dict(headline) for headline in record["headlines"]),
            "changes": tuple(record["changes"]),
            "files": _digests(record["files"]),
        }
    )


def _digests(record: dict[str, str]) -> dict[str, str]:
    wrong = [path for path, digest in record.items() if not _SHA256.fullmatch(digest)]
    if wrong:
        raise ValueError(f"no SHA-256 of {wrong[0]}")
    return dict(record)


def check_path(path: str) -> None:
    """Raise AimError for a path that is not relative, or not of ASCII words in lower case."""
    if not _PATH.fullmatch(path) or ".." in path:
        raise AimError(
            f"{path!r} cannot be a path in the published folder.",
            "Take words in lower case without accents, joined by hyphens, such as south-korea.",
        )


def newest_first(editions: list[Edition]) -> list[Edition]:
    """Return the editions by day, the newest first."""
    return sorted(editions, key=lambda edition: edition.day, reverse=True)
