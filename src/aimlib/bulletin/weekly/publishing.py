"""Publishing an edition: the whole folder is put together beside the published one, and takes its place at a stroke."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from aimlib.bulletin import manifest
from aimlib.bulletin.site import records
from aimlib.bulletin.site.assemble import assemble, pages
from aimlib.bulletin.site.records import Edition, entry_from
from aimlib.bulletin.site.workbook import read_frames, workbook
from aimlib.bulletin.weekly.exchange import alone, exchange, link_file, link_tree, new_beside
from aimlib.bulletin.weekly.plan import Plan
from aimlib.bulletin.weekly.run import Ready
from aimlib.errors import AimError

_OURS = ("index.html", "feed.xml", "catalog.json")


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
            f"The folder {folder} holds other things and no edition.", "Name a new or empty folder with --output."
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
        if before and _stands(folder, before, edition, kept, plan):
            return Published(folder, False, ())
        contents: dict[str, Any] = {
            name: one.folder / name.split("/", 1)[1] for one in ready for name in one.entry["files"]
        }
        contents[edition.workbook] = workbook(edition, read_frames(edition, contents))
        staging = new_beside(folder)
        try:
            for older in kept:
                link_tree(folder / str(older.day), staging / str(older.day))
            _carry_over(folder, staging)
            assemble(staging, replace(edition, files={}), contents, kept, plan.address)
            exchange(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        return Published(folder, True, taken_out)


def check_folder(folder: Path, synthetic: bool) -> list[Edition]:
    """Return the editions in the folder to publish, or raise AimError where it cannot take one.

    That is a file, a folder that cannot be written or holds other things, one inside a published folder, or one whose
    editions are the sample's where this one is not, or the other way round.
    """
    if folder.exists() and not folder.is_dir():
        raise AimError(f"The output {folder} is a file, not a folder.", "Name a folder with --output.")
    if os.path.ismount(folder):
        raise AimError(
            f"The folder {folder} is a mount point: another cannot take its place at one stroke.",
            "Name a folder below it with --output.",
        )
    nearest = next(parent for parent in (folder.parent, *folder.parent.parents) if parent.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK) or (folder.exists() and not os.access(folder, os.W_OK)):
        raise AimError(f"The folder {folder} cannot be made or written.", "Choose another with --output.")
    for parent in folder.parents:
        if any(_is_day(path.parent.name) for path in parent.glob(f"????-??-??/{records.NAME}")):
            raise AimError(
                f"The folder {folder.name} would lie inside the published folder {parent.name}.",
                "Name one outside of it with --output.",
            )
    editions = published_editions(folder)
    if any(edition.synthetic != synthetic for edition in editions):
        held = "real figures" if synthetic else "the sample"
        raise AimError(
            f"The folder {folder.name} holds editions of {held}, which are not mixed with "
            f"{'the sample' if synthetic else 'real ones'}.",
            "Name another folder with --output.",
        )
    return editions


def _carry_over(folder: Path, staging: Path) -> None:
    """Take along what others put into the published folder: a CNAME, a robots.txt, their notes."""
    if not folder.exists():
        return
    for path in folder.iterdir():
        if _is_day(path.name) or path.name in _OURS:
            continue
        link_tree(path, staging / path.name) if path.is_dir() else link_file(path, staging / path.name)


def _stands(folder: Path, before: Edition, edition: Edition, kept: Sequence[Edition], plan: Plan) -> bool:
    """Return whether the published folder holds this very edition, each file as its record and its pages say."""
    try:
        if replace(before, files={}) != edition or {one.day for one in kept} != _days(folder) - {edition.day}:
            return False
        place = folder / str(edition.day)
        return all(_sha256(place / path) == digest for path, digest in before.digests.items()) and all(
            (folder / path).read_bytes() == content for path, content in pages(before, kept, plan.address).items()
        )
    except OSError:
        return False


def _days(folder: Path) -> set[date]:
    return {date.fromisoformat(path.name) for path in folder.iterdir() if _is_day(path.name)}


def _sha256(path: Path) -> str:
    return manifest.sha256(path.read_bytes())


def _is_day(name: str) -> bool:
    try:
        return str(date.fromisoformat(name)) == name
    except ValueError:
        return False
