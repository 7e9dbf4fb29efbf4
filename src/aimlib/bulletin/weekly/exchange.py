"""Putting a folder in the place of another at one stroke, so that whoever looks sees the one or the other, whole."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_FORMER = "former"
_LEFTOVER_AFTER_SECONDS = 3600
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time put a folder in this place; a killed one lets go. Mends what a killed one left."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        with contextlib.suppress(ImportError):  # Windows: two runs at once publish one after the other by chance
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        _mend(folder)
        yield


def new_beside(folder: Path) -> Path:
    """Return a new empty folder beside `folder`, on the same file system."""
    made = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
    made.chmod(0o755)
    return made


def exchange(new: Path, folder: Path) -> None:
    """Put `new` in the place of `folder`; what was there before is deleted.

    On Linux nobody ever finds neither of them. Elsewhere the former folder steps aside first; where a process is
    killed between the two, the next one puts it back.
    """
    if not folder.exists():
        os.rename(new, folder)
        return
    if _exchanged(new, folder):
        shutil.rmtree(new, ignore_errors=True)
        return
    former = folder.parent / f"{_prefix(folder)}{_FORMER}"
    os.rename(folder, former)
    os.rename(new, folder)
    shutil.rmtree(former, ignore_errors=True)


def link_tree(source: Path, target: Path) -> None:
    """Give every file below `source` a second name below `target`, or copy it where that cannot be."""
    shutil.copytree(source, target, copy_function=link_file, dirs_exist_ok=True)


def link_file(source: Path | str, target: Path | str) -> None:
    """Give a file a second name, or copy it where that cannot be."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _prefix(folder: Path) -> str:
    return f".{folder.name}.aim-"


def _mend(folder: Path) -> None:
    former = folder.parent / f"{_prefix(folder)}{_FORMER}"
    if former.exists() and not folder.exists():
        os.rename(former, folder)
    for leftover in folder.parent.glob(f"{_prefix(folder)}*"):
        if leftover.name.endswith(_FORMER) or leftover.stat().st_mtime < time.time() - _LEFTOVER_AFTER_SECONDS:
            shutil.rmtree(leftover, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    if sys.platform != "linux":
        return False
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:  # an old C library
        return False
    return swap(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0
