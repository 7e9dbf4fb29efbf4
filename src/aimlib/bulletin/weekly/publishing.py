"""Publishing an edition: the whole folder is put together beside the published one, and takes its place at a stroke."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from aimlib.bulletin.pages import ENTRY
from aimlib.bulletin.site import records
from aimlib.bulletin.site.assemble import assemble
from aimlib.bulletin.site.records import Edition, entry_from
from aimlib.bulletin.site.workbook import workbook
from aimlib.bulletin.weekly.exchange import alone, exchange, link_tree, new_beside
from aimlib.bulletin.weekly.plan import Plan
from aimlib.bulletin.weekly.run import Ready
from aimlib.digests import part_digests
from aimlib.errors import AimError

_MADE_WITH = "made-with.txt"


@dataclass(frozen=True)
class Published:
    """What publishing did: the folder, whether anything in it changed, and the bulletins taken out of the edition."""

    folder: Path
    changed: bool
    taken_out: tuple[str, ...]


def published_editions(folder: Path) -> list[Edition]:
    """Return the editions in a published folder, newest first; a folder that is not there holds none.

    Raises AimError for a folder that holds other things and no edition.
    """
    editions = [
        Edition.from_json(record.read_bytes())
        for record in folder.glob(f"*/{records.NAME}")
        if _is_day(record.parent.name)
    ]
    if not editions and folder.exists() and any(folder.iterdir()):
        raise AimError(
            f"The folder {folder.name} holds other things and no edition.", "Name a new or empty folder with --output."
        )
    return records.newest_first(editions)


def publish(folder: Path, plan: Plan, day: date, ready: Sequence[Ready]) -> Published:
    """Publish the bulletins that are ready as the edition of `day`, with the editions before and after it kept.

    Bulletins of that edition that are not among them are taken out: they are no longer in the plan, or rest on
    figures that have changed. Nothing is written where nothing changed.
    """
    with alone(folder):
        others = published_editions(folder)
        before = next((edition for edition in others if edition.day == day), None)
        kept = [edition for edition in others if edition.day != day][: plan.keep - 1]
        entries = tuple(entry_from(one.entry) for one in ready)
        names = {entry.name for entry in entries}
        taken_out = tuple(entry.title for entry in before.entries if entry.name not in names) if before else ()
        edition = Edition(day, any(one.synthetic for one in ready), entries, f"aluminum-imports-{day}.xlsx")
        if before and _stands(folder, before, edition, len(kept) + 1 == len(others)):
            return Published(folder, False, ())
        book = workbook(edition, _frames(ready))
        contents: dict[str, Any] = {edition.workbook: book}
        for one in ready:
            contents |= {name: one.folder / name.split("/", 1)[1] for name in one.entry["files"]}
        staging = new_beside(folder)
        for older in kept:
            link_tree(folder / str(older.day), staging / str(older.day))
        assemble(staging, replace(edition, files={}), contents, kept, plan.address)
        (staging / _MADE_WITH).write_text(_made_with())
        exchange(staging, folder)
        return Published(folder, True, taken_out)


def _stands(folder: Path, before: Edition, edition: Edition, all_kept: bool) -> bool:
    """Return whether the published folder holds this very edition, each file as its record says."""
    try:
        same = replace(before, files={}) == edition and (folder / _MADE_WITH).read_text() == _made_with()
        place = folder / str(edition.day)
        files = before.files | {path: digest for entry in before.entries for path, digest in entry.files.items()}
        return same and all_kept and all(_sha256(place / path) == digest for path, digest in files.items())
    except OSError:
        return False


def _made_with() -> str:
    """Return what the pages over all editions are made with, so that they are made anew where it changed."""
    parts = part_digests()
    return f"{parts['code']} {parts['templates']}\n"


def _frames(ready: Sequence[Ready]) -> dict[str, pd.DataFrame]:
    """Return the data of every bulletin by its path in the edition."""
    return {
        data["path"]: pd.read_csv(
            io.BytesIO((one.folder / data["path"].split("/", 1)[1]).read_bytes()), keep_default_na=False, na_values=[""]
        )
        for one in ready
        for data in one.entry["data"]
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_day(name: str) -> bool:
    try:
        return str(date.fromisoformat(name)) == name
    except ValueError:
        return False


__all__ = ["ENTRY", "Published", "publish", "published_editions"]
