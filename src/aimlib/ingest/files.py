"""A user's files as snapshots: read once, named in messages without their folders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from aimlib.errors import AimError
from aimlib.store.raw import Origin, Snapshot


def read_snapshots(
    paths: Sequence[Path | str], now: datetime, *, publisher: str, title: str, license: str
) -> list[Snapshot]:
    """Read files whole, each with its origin; `now` (UTC) is the moment at which they are taken.

    Raises AimError where none is named, or one is absent, a folder or not readable.
    """
    if not paths:
        raise AimError("No file to load was named.", "Name one or more files.")
    return [_snapshot(Path(path), now, publisher, title, license) for path in paths]


def shown_name(path: Path) -> str:
    """Return the file's name as it may be printed and kept: without folders, and without a key.

    A file that wget saved is named by its question, in which the key stands.
    """
    printable = "".join(sign for sign in path.name if sign.isprintable())
    return re.sub(r"(?i)\bkey=[^&\s]*", "key=", printable)


def _snapshot(path: Path, now: datetime, publisher: str, title: str, license: str) -> Snapshot:
    name = shown_name(path)
    if path.is_dir():
        raise AimError(f"{name} is a folder.", "Name the files in it.")
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        raise AimError(f"{name} does not exist.", "Check the name and the folder.") from None
    except OSError as error:
        raise AimError(f"{name} cannot be read: {error.strerror}.") from None
    return Snapshot(body, Origin(publisher, title, name, now, license), name)
