"""The manifest of a bulletin, ``run.json``: what it was made from, with which versions, and what was made."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from functools import cache
from typing import Any

import aimlib
from aimlib.digests import part_digests
from aimlib.reference.law import law, law_digest

NAME = "run.json"
_PACKAGES = ("altair", "duckdb", "mini-racer", "nbconvert", "pandas", "papermill", "typst", "vl-convert-python")


def sha256(content: bytes) -> str:
    """Return the hexadecimal SHA-256 of `content`."""
    return hashlib.sha256(content).hexdigest()


@cache
def packages() -> dict[str, str]:
    """Return the versions of the packages that a figure may depend on."""
    return {name: importlib.metadata.version(name) for name in _PACKAGES}


def inputs_of(
    notebook: str,
    source: bytes,
    parameters: dict[str, Any],
    resolved: dict[str, Any],
    blocks: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return what a report is made from, equal for equal inputs; no key, path or user name is in it."""
    return {
        "notebook": notebook,
        "notebook_sha256": sha256(source),
        "aimlib": aimlib.__version__,
        "digests": part_digests(),
        "law": {"verified_through": str(law().coverage.verified_through), "sha256": law_digest()},
        "packages": packages(),
        "parameters": parameters,
        "resolved": resolved,
        "blocks": blocks,
    }


def build(inputs: dict[str, Any], outputs: dict[str, bytes]) -> bytes:
    """Return the manifest as JSON, equal for equal ``inputs`` (see :func:`inputs_of`) and ``outputs``.

    No clock and no duration is in it: catalogs hold its digest, and a bulletin made again has the same.
    """
    manifest = {
        "inputs": inputs,
        "outputs": {name: sha256(content) for name, content in sorted(outputs.items())},
        "run": {"python": platform.python_version()},
    }
    return (json.dumps(manifest, indent=2, ensure_ascii=False, default=str) + "\n").encode()
