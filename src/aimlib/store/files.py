"""Writing so that a process killed at any moment leaves whole files only, and two may write at once."""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from aimlib.errors import AimError

TMP = "tmp"
_LEFTOVER_AFTER_SECONDS = 24 * 3600


def write_whole(root: Path, relative: str, body: bytes) -> None:
    """Write `body` to ``root/relative``, whole or not at all, over whatever is there."""
    with _written(root, body) as scratch:
        final = _final(root, relative)
        os.replace(scratch, final)
        _sync_folder(final.parent)


def write_once(root: Path, relative: str, body: bytes) -> bool:
    """Write `body` to ``root/relative`` unless it is there; return whether this call wrote it.

    Of two processes that try at once exactly one returns True.
    """
    with _written(root, body) as scratch:
        final = _final(root, relative)
        try:
            os.link(scratch, final)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links: the window between the two lines is accepted
            if final.exists():
                return False
            os.replace(scratch, final)
        _sync_folder(final.parent)
    return True


def sweep(root: Path) -> None:
    """Delete what killed processes left in the scratch folder more than a day ago."""
    oldest = time.time() - _LEFTOVER_AFTER_SECONDS
    for leftover in (root / TMP).glob("*"):
        with contextlib.suppress(OSError):
            if leftover.stat().st_mtime < oldest:
                leftover.unlink()


class StoreError(AimError):
    """The store's folder cannot be read or written."""


@contextlib.contextmanager
def obstacles_explained(doing: str) -> Iterator[None]:
    """Turn what the operating system refuses (no space, no permission, ...) into a StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"The store could not be {doing}: {error.strerror or type(error).__name__}.",
            "Check the folder that AIM_STORE names, its permissions and the free space.",
        ) from None


@contextlib.contextmanager
def _written(root: Path, body: bytes) -> Iterator[Path]:
    scratch = root / TMP / uuid.uuid4().hex
    scratch.parent.mkdir(parents=True, exist_ok=True)
    try:
        with scratch.open("xb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        yield scratch
    finally:
        scratch.unlink(missing_ok=True)


def _final(root: Path, relative: str) -> Path:
    final = root / relative
    final.parent.mkdir(parents=True, exist_ok=True)
    return final


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder to sync it
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
