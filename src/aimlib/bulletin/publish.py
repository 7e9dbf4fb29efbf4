"""Putting a bulletin's files into a folder: whole files only, and never over another bulletin."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from aimlib.bulletin.manifest import NAME
from aimlib.errors import AimError


def check_folder(folder: Path, slug: str) -> None:
    """Raise :class:`AimError` when `folder` cannot take the bulletin `slug`: not a folder, or another's."""
    if folder.exists() and not folder.is_dir():
        raise AimError(f"The output {folder.name} is a file, not a folder.", "Name a folder with --output.")
    held = _held(folder)
    if held and f"{slug}.html" not in held:
        other = next((name.removesuffix(".html") for name in held if name.endswith(".html")), "another bulletin")
        raise AimError(
            f"The folder {folder.name} already holds the bulletin {other}.",
            "Give each bulletin a folder of its own with --output.",
        )


def put(folder: Path, files: dict[str, bytes]) -> None:
    """Write `files` (relative names to bytes) into `folder`.

    All of them are written aside first and then renamed into place one by one, the manifest last; files of the
    former making that are no longer made are removed. A run killed midway leaves whole files only.
    """
    former = _held(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".aim-", dir=folder))
    except OSError as obstacle:
        raise AimError(
            f"The folder {folder.name} cannot be written ({obstacle.strerror}).",
            "Choose another with --output.",
        ) from None
    try:
        for name, content in files.items():
            target = staging / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        for name in sorted(files, key=lambda name: name == NAME):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(staging / name, folder / name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
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
