"""Putting a bulletin's files into a folder: whole files only, and never over another bulletin."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from aimlib.bulletin.manifest import NAME
from aimlib.errors import AimError

_LEFTOVER_AFTER_SECONDS = 3600


def check_folder(folder: Path, slug: str) -> None:
    """Raise :class:`AimError` when `folder` cannot take the bulletin `slug`: no folder, not writable, another's."""
    if folder.exists() and not folder.is_dir():
        raise AimError(f"The output {folder.name} is a file, not a folder.", "Name a folder with --output.")
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise AimError(f"The folder {folder.name} cannot be made or written.", "Choose another with --output.")
    pages = [name.removesuffix(".html") for name in _held(folder) if name.endswith(".html")]
    if pages and _subject(slug) not in map(_subject, pages):
        other = pages[0]
        raise AimError(
            f"The folder {folder.name} already holds the bulletin {other}.",
            "Give each bulletin a folder of its own with --output.",
        )


def _subject(slug: str) -> str:
    """Return a bulletin's name without its day: a newer one takes the place of an older one."""
    return re.sub(r"-\d{4}-\d{2}-\d{2}$", "", slug)


def put(folder: Path, slug: str, files: dict[str, bytes]) -> None:
    """Write `files` (relative names to bytes) as the bulletin `slug` into `folder`.

    They are written into a new folder beside it, which is then renamed to take its place (the former one steps aside
    in the rename before), so that a process killed at any moment never leaves half a bulletin there. Where `folder`
    holds other things too, they stay, and the files are renamed into place one by one, the manifest last.
    """
    check_folder(folder, slug)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        staging = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
        try:
            for name, content in files.items():
                (staging / name).parent.mkdir(parents=True, exist_ok=True)
                (staging / name).write_bytes(content)
            staging.chmod(0o755)
            if _is_ours_alone(folder):
                _swap(staging, folder)
            else:
                _move_in(staging, folder, files)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as obstacle:
        raise AimError(
            f"The folder {folder.name} cannot be written ({obstacle.strerror}).", "Choose another with --output."
        ) from None


def _prefix(folder: Path) -> str:
    return f".{folder.name}.aim-"


def _sweep(folder: Path) -> None:
    """Remove what runs that were killed left beside the folder an hour ago or more."""
    for leftover in folder.parent.glob(f"{_prefix(folder)}*"):
        if leftover.stat().st_mtime < time.time() - _LEFTOVER_AFTER_SECONDS:
            shutil.rmtree(leftover, ignore_errors=True)


def _is_ours_alone(folder: Path) -> bool:
    """Return whether the folder is not there, or holds a bulletin and nothing else, and nobody stands in it."""
    if not folder.exists():
        return True
    if Path.cwd().is_relative_to(folder):
        return False
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}
    return there <= {*_held(folder), NAME} and NAME in there


def _swap(staging: Path, folder: Path) -> None:
    if folder.exists():
        former = staging.with_name(f"{staging.name}-former")
        os.rename(folder, former)
        os.rename(staging, folder)
        shutil.rmtree(former, ignore_errors=True)
    else:
        os.rename(staging, folder)


def _move_in(staging: Path, folder: Path, files: dict[str, bytes]) -> None:
    former = _held(folder)
    for name in sorted(files, key=lambda name: name == NAME):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(staging / name, folder / name)
    for name in former - set(files):
        (folder / name).unlink(missing_ok=True)


def _held(folder: Path) -> set[str]:
    """Return the names of the files that the manifest in `folder` lists, none where there is no manifest."""
    try:
        outputs = json.loads((folder / NAME).read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    # Only names inside the folder: a manifest is a file that anybody may have edited.
    return {name for name in outputs if not Path(name).is_absolute() and ".." not in Path(name).parts}
