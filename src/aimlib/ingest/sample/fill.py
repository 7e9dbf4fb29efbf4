"""Putting the sample into a store of its own, below the user's store: whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aimlib import settings
from aimlib.errors import AimError
from aimlib.ingest.sample.loads import how_many, sample_loads
from aimlib.store.files import TMP, obstacles_explained
from aimlib.store.store import SAMPLE, Store

MADE_FROM = "made_from.txt"
"""Beside the commits: a hash of the code and tables that the sample was made with."""

_CENSUS = "census_imports"
_ROOMS = ("ingest", "sources", "store", "reference")
_LEFTOVER_AFTER_SECONDS = 24 * 3600


@dataclass(frozen=True)
class SampleReport:
    """What `fill_sample` did: the sample's folder, and of its Census imports months (``YYYY-MM``), vintages and rows.

    ``known_on`` is the last day of all that it holds.
    """

    folder: Path
    first: str
    last: str
    known_on: date
    vintages: int
    rows: int
    already_held: bool


def fill_sample(
    store_root: Path | str,
    progress: Callable[[int, int, str], None] | None = None,
    *,
    beside_real: bool = False,
) -> SampleReport:
    """Fill ``<store_root>/sample`` with the synthetic sample, through the ordinary load and its checks.

    A sample that this version made is left as it is; one of another version is replaced. `progress` is called
    with the number of the load at hand, their count, and the day on which it was known.

    Raises AimError when the store holds real data, with nothing changed, unless `beside_real`: then the sample
    waits in its own folder, and only a run that asks for it reads it. Sample and real data never mix.
    """
    root = Path(store_root)
    if not beside_real and not Store.open(root).is_empty:
        raise AimError(
            "The store holds real data, and the sample goes only into an empty store.",
            "Set AIM_STORE to another folder for the sample.",
        )
    folder = root / SAMPLE
    fingerprint = _fingerprint()
    held = _made_from(folder) == fingerprint
    if not held:
        _check_replaceable(folder)
        with _scratch(root) as scratch:
            _commit_all(scratch, progress)
            with obstacles_explained("written"):
                (scratch / MADE_FROM).write_text(fingerprint, encoding="ascii")
                _put(scratch, folder, fingerprint)
    return _report(folder, held)


def _commit_all(folder: Path, progress: Callable[[int, int, str], None] | None) -> None:
    count = how_many()
    for number, load in enumerate(sample_loads(), start=1):
        if progress is not None:
            progress(number, count, load.known_on)
        load.commit(folder)


@contextlib.contextmanager
def _scratch(root: Path) -> Iterator[Path]:
    """A folder to fill, gone afterwards if it is still there; so are those of runs killed a day ago."""
    scratch = root / TMP / f"{SAMPLE}-{uuid.uuid4().hex}"
    with obstacles_explained("written"):
        scratch.mkdir(parents=True)
        for leftover in scratch.parent.glob(f"{SAMPLE}-*"):
            if leftover.stat().st_mtime < time.time() - _LEFTOVER_AFTER_SECONDS:
                shutil.rmtree(leftover, ignore_errors=True)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _check_replaceable(folder: Path) -> None:
    """Raise AimError when the sample's folder holds what is not the sample."""
    if any(not commit.sample for commit in Store.open(folder).commits):
        raise AimError(
            f"The folder {SAMPLE} in the store holds real data, so that the sample cannot be put there.",
            "Set AIM_STORE to another folder for the sample.",
        )


def _put(scratch: Path, folder: Path, fingerprint: str) -> None:
    """Move the filled folder to its place, the sample of another version out of it.

    Of two processes that fill at once the first wins, and the second finds the same sample there.
    """
    if _made_from(folder) == fingerprint:  # another process put it there meanwhile, and may be reading it
        return
    before = scratch.with_name(f"{scratch.name}-before")
    with contextlib.suppress(FileNotFoundError):
        os.replace(folder, before)
    shutil.rmtree(before, ignore_errors=True)
    try:
        os.replace(scratch, folder)
    except OSError:
        if _made_from(folder) != fingerprint:
            raise


def _made_from(folder: Path) -> str:
    try:
        return (folder / MADE_FROM).read_text(encoding="ascii")
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _fingerprint() -> str:
    """A hash of all that the sample's store depends on: its tables, the generator, and the loader's rooms."""
    package = Path(settings.__file__).parent
    rooms = [package / room for room in _ROOMS]
    files = [file for room in rooms for file in room.rglob("*") if file.suffix in (".py", ".csv")]
    files += settings.share_dir(SAMPLE).glob("*.csv")
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def _report(folder: Path, held: bool) -> SampleReport:
    store = Store.open(folder)
    blocks = store.blocks(_CENSUS)
    return SampleReport(
        folder=folder,
        first=blocks["period"].min(),
        last=blocks["period"].max(),
        known_on=store.known_days()[-1],
        vintages=len(store.known_days(_CENSUS)),
        rows=int(blocks["rows"].sum()),
        already_held=held,
    )
