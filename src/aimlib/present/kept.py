"""What takes a second to build and never changes, kept in the user's cache folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs


def kept(name: str, build: Callable[[], bytes]) -> bytes:
    """Return the bytes kept under `name`, built and kept if they are not there yet.

    The name must tell everything that the content depends on. Where the folder cannot be written the content is
    built each time.
    """
    path = Path(platformdirs.user_cache_dir("aimlib", appauthor=False)) / name
    try:
        return path.read_bytes()
    except OSError:
        pass
    content = build()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as scratch:
            scratch.write(content)
        os.replace(scratch.name, path)
    except OSError:
        # A read-only home costs time on the next run, nothing else.
        pass
    return content
