"""Frames that many reports of a run share, worked out once and kept in the store's folder.

Twenty countries' bulletins rest on the same sums over all countries. Where AIM_SHARED names a folder, such frames
are kept there under a name that tells all that they depend on: the code, the blocks of the tables they rest on as
of a day, and the arguments. They may hold sums with their importers, so that the folder is no more public than the
store. Without the folder everything is worked out where it is asked for.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from aimlib.digests import part_digests
from aimlib.store.reads import commits_digest, note
from aimlib.store.store import Store

FOLDER = "AIM_SHARED"
_LEFTOVER_AFTER_SECONDS = 8 * 24 * 3600
Frames = dict[str, pd.DataFrame]


def shared(
    store: Store | None,
    name: str,
    make: Callable[[], Mapping[str, pd.DataFrame]],
    *,
    tables: Sequence[str] = (),
    as_of: date | None = None,
    **arguments: Any,
) -> Frames:
    """Return the frames that `make` gives, or those that it gave for the same code, rows and arguments.

    `name` says what they are, `tables` what of the store they rest on, `arguments` (JSON values, dates, or what
    ``repr`` tells apart) all else. Column types, index and values are those that `make` gave; a column may not hold
    Python objects other than text.
    """
    folder = os.environ.get(FOLDER)
    if not folder:
        return dict(make())
    key = _key(store, name, tables, as_of, arguments)
    path = Path(folder) / f"{name}-{key}"
    for table in tables:
        note(table)
    if (found := _read(path)) is None:
        with _alone(path):
            if (found := _read(path)) is None:
                shutil.rmtree(path, ignore_errors=True)
                _keep(path, make())
                found = _read(path)
    return found or {}


def is_sharing() -> bool:
    """Return whether frames are shared: whether AIM_SHARED names a folder."""
    return bool(os.environ.get(FOLDER))


def sweep(folder: Path) -> None:
    """Delete what was not used for more than a week."""
    oldest = time.time() - _LEFTOVER_AFTER_SECONDS
    for path in folder.glob("*"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _key(
    store: Store | None, name: str, tables: Sequence[str], as_of: date | None, arguments: Mapping[str, Any]
) -> str:
    held = commits_digest(store, tables, as_of) if store is not None else ""
    told = json.dumps([name, part_digests(), held, str(as_of), arguments], sort_keys=True, default=repr)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process work out a thing while others that want it wait; a killed one lets go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows: both work it out, and the first to finish is kept
        yield
        return
    with (path.parent / f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _keep(path: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    import pyarrow as pa
    from pyarrow import feather

    scratch = Path(tempfile.mkdtemp(prefix=".", dir=path.parent))
    try:
        for name, frame in frames.items():
            feather.write_feather(pa.Table.from_pandas(frame), str(scratch / f"{name}.arrow"), compression="lz4")
        os.rename(scratch, path)
    except OSError:
        if not path.is_dir():  # another process was first, which is as good
            raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _read(path: Path) -> Frames | None:
    """Return what is kept, None where nothing is, or where a file is cut, as after a loss of power."""
    from pyarrow import ArrowException, feather

    try:
        os.utime(path)
        # Threads for files this small take twice the time, and each forked process would start its own.
        # Column by column, as most frames are made: pandas adds up columns that lie in one array in another order,
        # and the last digit of a sum may differ.
        return {
            file.stem: feather.read_table(str(file), use_threads=False).to_pandas(split_blocks=True, use_threads=False)
            for file in sorted(path.glob("*.arrow"))
        }
    except (OSError, ArrowException):
        return None
