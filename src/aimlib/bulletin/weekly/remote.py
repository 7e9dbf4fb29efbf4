"""Folders that are elsewhere: a store read through fsspec, and a published folder written through it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

import platformdirs

from aimlib.errors import AimError

# What a published folder says of itself is written last, when all that it speaks of is there.
_LAST = ("catalog.json", "index.html", "feed.xml")


def is_remote(address: str) -> bool:
    """Return whether `address` names a folder that only fsspec reaches (``s3://bucket/store``)."""
    return "://" in address and not address.startswith("file://")


def local_path(address: str) -> Path:
    """Return the local folder that an address names."""
    return Path(address.removeprefix("file://")).expanduser().absolute()


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
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    folder = Path(platformdirs.user_cache_dir("aimlib", appauthor=False)) / "stores" / name
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


def upload(folder: Path, address: str) -> None:
    """Bring the folder at `address` to what `folder` holds: new files first, the pages over all of them last.

    Raises
    ------
    AimError
        If the address cannot be written.
    """
    files, root = _system(address)
    here = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    try:
        there = {path[len(root) :].lstrip("/") for path in files.find(root)} if files.exists(root) else set()
        for name in sorted(here, key=lambda name: (name in _LAST, name.endswith(_LAST), name)):
            files.makedirs(f"{root}/{name}".rsplit("/", 1)[0], exist_ok=True)
            files.put_file(str(here[name]), f"{root}/{name}")
        for name in there - set(here):
            files.rm_file(f"{root}/{name}")
    except OSError as obstacle:
        raise AimError(f"{address} cannot be written ({obstacle}).", "Check the address and its permissions.") from None


def _system(address: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError:
        raise AimError("fsspec is not installed.", "Install it: pip install aimlib[cluster].") from None
    try:
        return fsspec.core.url_to_fs(address)
    except (ValueError, ImportError) as fault:
        raise AimError(f"{address} cannot be reached: {fault}", "Install the package of its protocol.") from None


def _fetch(files: Any, path: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as scratch:
        files.get_file(path, str(Path(scratch) / "file"))
        shutil.move(Path(scratch) / "file", target)
