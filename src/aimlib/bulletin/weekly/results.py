"""Finished work, kept by what it depends on: executed reports and set pages.

A report depends on its notebook, the library, law, tables and packages, its parameters and the settings, which make
its name, and on the rows that it read, which are told by digests beside it: it stands as long as the store still
holds those rows by its day. A page depends on the contents of its reports. Everything is written beside its place
and renamed into it, so that a run that is killed leaves nothing half made.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from aimlib.bulletin import manifest
from aimlib.bulletin.weekly.plan import PlannedReport
from aimlib.digests import part_digests
from aimlib.errors import AimError
from aimlib.settings import read_settings, share_dir
from aimlib.store import Store
from aimlib.store.reads import Read, digest

_RECORD, _NOTEBOOK = "record.json", "notebook.ipynb"
_UNUSED_AFTER_SECONDS = 60 * 24 * 3600
_LEFTOVER_AFTER_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Executed:
    """A finished report: the folder with its notebook, and its record (inputs, reads, synthetic, slug, seconds).

    ``left_out`` says why there is no notebook, where the store holds no figures for it.
    """

    folder: Path
    record: dict[str, Any]

    @property
    def notebook(self) -> Path:
        return self.folder / _NOTEBOOK

    @property
    def left_out(self) -> str:
        return self.record.get("left_out", "")

    @property
    def identity(self) -> str:
        """A digest of its content, that pages made from it depend on."""
        return self.record["sha256"]


def report_key(planned: PlannedReport) -> str:
    """Return the name of what a report depends on, the rows of the store apart."""
    settings = read_settings()
    parts = {name: told for name, told in part_digests().items() if name != "templates"}
    parameters = planned.parameters.model_dump(mode="json")
    told = {
        "notebook": planned.notebook,
        "notebook_sha256": _sha256(share_dir("notebooks") / f"{planned.notebook}.ipynb"),
        "parts": parts,
        "packages": manifest.packages(),
        "python": sys.version_info[:2],
        "parameters": parameters,
        "files": {name: _sha256(Path(value)) for name, value in parameters.items() if _is_file(value)},
        "settings": [settings.least_importers, settings.dominant_share],
    }
    return _digest(told)


def find_report(work: Path, key: str, as_of: date, store: Store) -> Executed | None:
    """Return the finished report of this name that still stands, None where it is to be made."""
    for folder in (work / "reports" / key).glob("[!.]*"):
        try:
            record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
            reads = _reads(record)
        except (OSError, ValueError, KeyError, TypeError):
            shutil.rmtree(folder, ignore_errors=True)
            continue
        found = Executed(folder, record)
        if digest(store, reads, as_of) != folder.name:
            continue
        if _is_whole(found):
            os.utime(folder)
            return found
        shutil.rmtree(folder, ignore_errors=True)
    return None


def _is_whole(found: Executed) -> bool:
    """Return whether the notebook is what was kept: after a loss of power a file may be there and empty."""
    try:
        return bool(found.left_out) or _sha256(found.notebook) == found.identity
    except OSError:
        return False


def _reads(record: dict[str, Any]) -> set[Read]:
    return {Read(table, concept, tuple(headings)) for table, concept, headings in record["reads"]}


def keep_report(
    work: Path,
    key: str,
    as_of: date,
    store: Store,
    notebook: bytes,
    record: dict[str, Any],
    reads: Iterable[Read],
) -> Executed:
    """Keep a finished report under its name and return it. `store` is the one that it read."""
    reads = sorted(reads)
    record = {
        **record,
        "as_of": str(as_of),
        "reads": [[read.table, read.concept, list(read.headings)] for read in reads],
        "sha256": hashlib.sha256(notebook).hexdigest() if notebook else _digest(record),
    }
    folder = work / "reports" / key / digest(store, reads, as_of)
    files = {_RECORD: json.dumps(record, default=str).encode()} | ({_NOTEBOOK: notebook} if notebook else {})
    _put(folder, files)
    return Executed(folder, record)


def changes_key(key: str, executed: Executed, before: str) -> str:
    """Return the name of what changed in the report of this name; `before` is what it is compared with, as text."""
    return _digest([key, executed.folder.name, executed.identity, before])


def find_changes(work: Path, key: str) -> dict[str, Any] | None:
    """Return what changed in a report, None where it is to be worked out."""
    try:
        path = work / "changes" / f"{key}.json"
        found = json.loads(path.read_text(encoding="utf-8"))
        os.utime(path)
        return found
    except (OSError, ValueError):
        return None


def keep_changes(work: Path, key: str, told: dict[str, Any]) -> None:
    """Keep what changed in a report."""
    folder = work / "changes"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".", delete=False, encoding="utf-8") as scratch:
        json.dump(told, scratch)
    os.replace(scratch.name, folder / f"{key}.json")


def page_key(told: Any) -> str:
    """Return the name of a bulletin's pages: a digest of all that `told` (JSON values) says they are made from."""
    return _digest([told, part_digests(), manifest.packages()])


def find_pages(work: Path, key: str) -> Path | None:
    """Return the folder of finished pages, None where they are to be set (anew, where a file is not what it was)."""
    folder = work / "pages" / key
    if not folder.is_dir():  # another run may put it there at any moment, so that only what was found is deleted
        return None
    try:
        files = entry_of(folder)["files"]
        if all(_sha256(folder / name.split("/", 1)[1]) == digest for name, digest in files.items()):
            os.utime(folder)
            return folder
    except (OSError, ValueError, KeyError, TypeError):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    return None


def entry_of(pages: Path) -> dict[str, Any]:
    """Return the entry that stands with a bulletin's pages."""
    return json.loads((pages / "entry.json").read_text(encoding="utf-8"))


def is_outdated(report: Executed, then: Store, now: Store) -> bool:
    """Return whether the rows that a report read `then` are others `now`."""
    reads, day = _reads(report.record), date.fromisoformat(report.record["as_of"])
    return digest(then, reads, day) != digest(now, reads, day)


def new_pages(work: Path) -> Path:
    """Return a new folder to set pages in; :func:`keep_pages` gives it its name."""
    (work / "pages").mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=".", dir=work / "pages"))


def keep_pages(work: Path, key: str, folder: Path, anew: bool = False) -> Path:
    """Give finished pages their name and return where they are; of two runs that set the same, one is kept.

    With `anew` they take the place of those that were there.
    """
    folder.chmod(0o755)
    if anew:
        shutil.rmtree(work / "pages" / key, ignore_errors=True)
    return _rename(folder, work / "pages" / key)


def prepare(work: Path) -> None:
    """Make the folder of finished work, and delete there what was not used for two months or left by killed runs.

    Raises AimError where it cannot be made.
    """
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as obstacle:
        raise AimError(f"{work} cannot be made ({obstacle.strerror}).", "Choose another --output.") from None
    now = time.time()
    for path in [*work.glob("reports/*/*"), *work.glob("pages/*"), *work.glob("changes/*")]:
        limit = _LEFTOVER_AFTER_SECONDS if path.name.startswith(".") else _UNUSED_AFTER_SECONDS
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < now - limit:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    for folder in work.glob("reports/*"):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _put(folder: Path, files: dict[str, bytes]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    for name, content in files.items():
        (scratch / name).write_bytes(content)
    _rename(scratch, folder)


def _rename(scratch: Path, folder: Path) -> Path:
    try:
        os.rename(scratch, folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


def _is_file(value: Any) -> bool:
    return isinstance(value, str) and os.sep in value and Path(value).is_file()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=_plain).encode()).hexdigest()[:40]


def _plain(value: Any) -> Any:
    return asdict(value) if hasattr(value, "__dataclass_fields__") else str(value)
