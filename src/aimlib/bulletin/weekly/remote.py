"""Folders that are elsewhere: a store read through fsspec, and a published folder written through it."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import platformdirs

from aimlib.bulletin import manifest
from aimlib.bulletin.site.assemble import PAGE
from aimlib.bulletin.site.records import NAME, Edition
from aimlib.errors import AimError

# What a published folder says of itself is written last, when all that it speaks of is there.
_LAST = ("catalog.json", "index.html", "feed.xml")
_RECORD = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}/{re.escape(NAME)}")


def is_remote(address: str) -> bool:
    """Return whether `address` names a folder that only fsspec reaches (``s3://bucket/store``)."""
    return "://" in address and not address.startswith("file://")


def local_path(address: str) -> Path:
    """Return the local folder that an address names; of a link, the folder that it leads to."""
    return Path(address.removeprefix("file://")).expanduser().resolve()


def local_copy(address: str) -> Path:
    """Return a local folder with the store at `address`: itself where it is local, else a copy brought up to date.

    A store's files never change once written, so that only new ones are fetched; its list of commits comes last.

    Raises
    ------
    AimError
        If the address cannot be read.
    """
    if not is_remote(address):
        return local_path(address)
    folder = _cache("stores", address)
    files, root = _system(address)
    try:
        there = sorted(files.find(root), key=lambda path: "/commits/" in path)
        for path in there:
            relative = path[len(root) :].lstrip("/")
            # What others share and what they left is theirs.
            if relative.startswith(("shared/", "tmp/")) or "/shared/" in relative or "/tmp/" in relative:
                continue
            if not (folder / relative).exists():
                _fetch(files, path, folder / relative)
    except OSError as obstacle:
        raise AimError(f"The store at {address} cannot be read ({obstacle}).", "Check the address.") from None
    return folder


def mirror(address: str) -> Path:
    """Return a local folder with what is published at `address`, brought up to date.

    What others keep there is left alone, and stays there. Files whose record tells that they are here already are not
    fetched again.

    Raises
    ------
    AimError
        If the address cannot be read, or holds other things and no edition.
    """
    folder = _cache("published", address)
    files, root = _system(address)
    try:
        there = _listed(files, root)
        editions = _editions(files, root, there)
        if there and not editions:
            raise AimError(f"{address} holds other things and no edition.", "Name a new or empty place with --output.")
        folder.mkdir(parents=True, exist_ok=True)
        named = _files_of(editions)
        for gone in {path.name for path in folder.iterdir() if path.is_dir()} - {str(one.day) for one in editions}:
            shutil.rmtree(folder / gone)
        # What another machine has taken out would be brought back with the next edition.
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            if path.relative_to(folder).as_posix() not in named:
                path.unlink()
        for name, digest in named.items():
            if name in there and (digest is None or _digest(folder / name) != digest):
                _fetch(files, f"{root}/{name}", folder / name)
    except OSError as obstacle:
        raise AimError(f"{address} cannot be read ({obstacle}).", "Check the address and its permissions.") from None
    return folder


def upload(folder: Path, address: str) -> None:
    """Bring what is published at `address` to what `folder` holds: new files first, the pages over all of them last.

    Files that are there already are not written again, and of what is there only files of former editions are deleted.

    Raises
    ------
    AimError
        If the address cannot be written.
    """
    files, root = _system(address)
    here = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    try:
        there = _listed(files, root)
        former = _files_of(_editions(files, root, there))
        for name in sorted(here, key=lambda name: (name in _LAST, name.endswith(_LAST), name)):
            if name in there and former.get(name) == _digest(here[name]):
                continue
            files.makedirs(f"{root}/{name}".rsplit("/", 1)[0], exist_ok=True)
            files.put_file(str(here[name]), f"{root}/{name}")
        for name in (there & set(former)) - set(here):
            files.rm_file(f"{root}/{name}")
    except OSError as obstacle:
        raise AimError(f"{address} cannot be written ({obstacle}).", "Check the address and its permissions.") from None


def _listed(files: Any, root: str) -> set[str]:
    return {path[len(root) :].lstrip("/") for path in files.find(root)} if files.exists(root) else set()


def _editions(files: Any, root: str, there: Collection[str]) -> list[Edition]:
    return [Edition.from_json(files.cat_file(f"{root}/{name}")) for name in sorted(there) if _RECORD.fullmatch(name)]


def _files_of(editions: Iterable[Edition]) -> dict[str, str | None]:
    """Return all files of editions and the pages over them, with their SHA-256 where a record tells it."""
    named: dict[str, str | None] = dict.fromkeys(_LAST)
    for edition in editions:
        named |= dict.fromkeys((f"{edition.day}/{NAME}", f"{edition.day}/{PAGE}"))
        named |= {f"{edition.day}/{path}": digest for path, digest in edition.digests.items()}
    return named


def _digest(path: Path) -> str:
    return manifest.sha256(path.read_bytes()) if path.is_file() else ""


def _cache(kind: str, address: str) -> Path:
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    return Path(platformdirs.user_cache_dir("aimlib", appauthor=False)) / kind / name


def _system(address: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError:
        raise AimError("fsspec is not installed.", "Install it: pip install aimlib[cluster].") from None
    try:
        return fsspec.core.url_to_fs(address)
    except ImportError as fault:
        raise AimError(f"{address} cannot be reached: {fault}", "Install the package of its protocol.") from None
    except (ValueError, OSError) as fault:
        raise AimError(f"{address} cannot be reached: {fault}", "Check the address.") from None


def _fetch(files: Any, path: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as scratch:
        files.get_file(path, str(Path(scratch) / "file"))
        shutil.move(Path(scratch) / "file", target)
