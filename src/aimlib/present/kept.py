"""What takes a second to build and never changes, kept in the user's cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs


def kept(name: str, build: Callable[[], bytes]) -> bytes:
    """Return the bytes kept under `name`, built and kept if they are not there yet.

    The name must tell everything that the content depends on. A file that is cut or was changed is built anew, and
    so is everything, each time, where the folder cannot be written.
    """
    path = Path(platformdirs.user_cache_dir("aimlib", appauthor=False)) / name
    try:
        digest, content = path.read_bytes().split(b"\n", 1)
        if digest == _digest(content):
            return content
    except (OSError, ValueError):
        pass
    content = build()
    # A cache that cannot be written costs time on the next run, nothing else.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as scratch:
            scratch.write(_digest(content) + b"\n" + content)
        os.replace(scratch.name, path)
    return content


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
