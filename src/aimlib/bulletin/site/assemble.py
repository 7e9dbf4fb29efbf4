"""Putting an edition and the pages over all editions into a folder."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from aimlib.bulletin.site import records
from aimlib.bulletin.site.catalog import catalog
from aimlib.bulletin.site.feed import feed
from aimlib.bulletin.site.pages import edition_page, index_page
from aimlib.bulletin.site.records import Edition
from aimlib.errors import AimError

PAGE = "index.html"


def assemble(
    folder: Path,
    edition: Edition,
    contents: Mapping[str, bytes | Path],
    earlier: Sequence[Edition] = (),
    base_url: str = "",
) -> Edition:
    """Write `edition` and the front page, feed and catalog over all editions into `folder`, and return its record.

    `contents` are the edition's files by their path in it, as bytes or as files to copy; its page and its record are
    made here. The record returned has the workbook's digest filled in. The folder is meant to be one that nobody
    reads yet: files are written as they come. An earlier edition of the same day gives way to this one.

    Raises
    ------
    AimError
        If the files are not those that the record names, or not those whose digests it holds.
    """
    named = {path: digest for entry in edition.entries for path, digest in entry.files.items()}
    _check_names(edition, set(named), set(contents))
    place = folder / str(edition.day)
    with ThreadPoolExecutor() as pool:  # copying and hashing hold no lock of the interpreter
        written = pool.map(lambda path: _write(place / path, contents[path]), contents)
        digests = dict(zip(contents, written, strict=True))
    stale = [path for path, digest in named.items() if digests[path] != digest]
    if stale:
        raise AimError(
            f"{stale[0]} is not the file that its bulletin's record names.", "Make the edition again with --force."
        )
    edition = replace(edition, files={path: digests[path] for path in sorted(set(contents) - set(named))})
    for path, content in pages(edition, earlier, base_url).items():
        _write(folder / path, content)
    return edition


def pages(edition: Edition, earlier: Sequence[Edition] = (), base_url: str = "") -> dict[str, bytes]:
    """Return what is made from the records alone, by path: the edition's page and record, and what is over all."""
    editions = [edition, *(other for other in earlier if other.day != edition.day)]
    return {
        f"{edition.day}/{PAGE}": edition_page(edition),
        f"{edition.day}/{records.NAME}": edition.to_json(),
        PAGE: index_page(editions),
        "feed.xml": feed(editions, base_url),
        "catalog.json": catalog(editions),
    }


def _check_names(edition: Edition, named: set[str], given: set[str]) -> None:
    promised = {path for entry in edition.entries for path in (entry.html, entry.pdf, *(d.path for d in entry.data))}
    workbook = {edition.workbook} - {""}
    absent, foreign = (promised | named | workbook) - given, given - named - workbook
    unhashed = promised - named
    if absent or foreign or unhashed:
        path = min(absent or foreign or unhashed)
        what = "is not there" if absent else "is in no bulletin's record" if foreign else "has no digest in its record"
        raise AimError(f"The file {path} of the edition of {edition.day} {what}.", "Make the edition again.")


def _write(path: Path, content: bytes | Path) -> str:
    """Write or copy a file and return its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        shutil.copyfile(content, path)
        with path.open("rb") as written:
            return hashlib.file_digest(written, "sha256").hexdigest()
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()
