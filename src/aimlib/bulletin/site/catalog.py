"""The machine-readable catalog of the published folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from aimlib.bulletin.site import records, words
from aimlib.bulletin.site.records import Edition, Entry, newest_first


def catalog(editions: Sequence[Edition]) -> bytes:
    """Return the catalog as JSON, in the terms of DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/).

    The top level has ``title``, ``publisher``, ``language``, ``as_of`` (the latest edition's day), ``dataset`` (the
    latest edition, a dataset a bulletin and one for the workbook) and ``catalog`` (all editions, newest first: a
    catalog within this one, with the ``path`` and ``sha256`` of its own record, which has every file of that week).

    A dataset has ``identifier``, ``title``, ``description``, ``as_of``, ``synthetic``, ``spatial`` (the place, where
    it has one), ``source`` (the publishers and vintages that its data rest on, as their source lines say) and
    ``distribution``, its files. A file has ``title``, ``path``, ``media_type``, ``sha256`` and ``as_of``; a data file
    also ``source``, ``report`` and ``figure``. Paths are relative to this catalog. Where no digest is recorded,
    ``sha256`` is null.

    Raises
    ------
    ValueError
        If there is no edition.
    """
    if not editions:
        raise ValueError("a catalog needs at least one edition")
    ordered = newest_first(list(editions))
    latest = ordered[0]
    content = {
        "title": f"{words.SITE_TITLE}: weekly bulletins",
        "publisher": words.PUBLISHER,
        "language": "en-US",
        "as_of": str(latest.day),
        "dataset": [*_workbook(latest), *(_dataset(latest, entry) for entry in latest.entries)],
        "catalog": [_nested(edition) for edition in ordered],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _nested(edition: Edition) -> dict:
    return {
        "title": words.edition_title(edition),
        "as_of": str(edition.day),
        "synthetic": edition.synthetic,
        "bulletins": [entry.name for entry in edition.entries],
        "path": f"{edition.day}/{records.NAME}",
        "media_type": words.media_type(records.NAME),
        "sha256": hashlib.sha256(edition.to_json()).hexdigest(),
    }


def _dataset(edition: Edition, entry: Entry) -> dict:
    known = {data.path: data for data in entry.data}
    pages = {entry.html: f"{entry.title}, HTML", entry.pdf: f"{entry.title}, PDF"}
    files = []
    for path in [*pages, *known, *(path for path in sorted(entry.files) if path not in known and path not in pages)]:
        file = _file(edition, path, entry.files.get(path))
        if path in known:
            data = known[path]
            file |= {"title": data.title, "source": words.source_text(data.source)}
            file |= {"report": data.label, "figure": data.key}
        elif path in pages:
            file["title"] = pages[path]
        files.append(file)
    return {
        "identifier": f"{edition.day}/{entry.name}",
        "title": entry.title,
        "description": entry.subtitle,
        "as_of": str(edition.day),
        "synthetic": edition.synthetic,
        **({"spatial": entry.place} if entry.place else {}),
        "source": list(dict.fromkeys(words.source_text(data.source) for data in entry.data)),
        "distribution": files,
    }


def _workbook(edition: Edition) -> list[dict]:
    if not edition.workbook:
        return []
    title = f"All data of the {words.lower_first(words.edition_title(edition))}"
    file = _file(edition, edition.workbook, edition.files.get(edition.workbook)) | {"title": title}
    sources = (words.source_text(data.source) for entry in edition.entries for data in entry.data)
    return [
        {
            "identifier": f"{edition.day}/workbook",
            "title": title,
            "description": "One sheet a figure or table, the data of all bulletins below each other.",
            "as_of": str(edition.day),
            "synthetic": edition.synthetic,
            "source": list(dict.fromkeys(sources)),
            "distribution": [file],
        }
    ]


def _file(edition: Edition, path: str, digest: str | None) -> dict:
    return {
        "title": path.rsplit("/", 1)[-1],
        "path": f"{edition.day}/{path}",
        "media_type": words.media_type(path),
        "sha256": digest,
        "as_of": str(edition.day),
    }
