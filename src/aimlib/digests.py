"""What this installation would make a bulletin with: digests of its code, law, reference tables and templates.

Kept apart, so that a changed figure can be told to come from the one or the other.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_LAW, _TABLES = "reference/law/", "reference/tables/"
_TEMPLATES = "bulletin/templates/"


@cache
def part_digests() -> dict[str, str]:
    """Return the SHA-256 of each part: ``code``, ``law`` (its YAML files), ``tables`` and ``templates`` (of pages).

    Notebooks and packages are not among them: a result names those that it used.
    """
    parts: dict[str, list[str]] = {"code": [], "law": [], "tables": [], "templates": []}
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix == ".pyc" or "_share" in path.parts or not path.is_file():
            continue
        name = path.relative_to(_PACKAGE).as_posix()
        parts[_part(name)].append(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n")
    return {part: hashlib.sha256("".join(lines).encode()).hexdigest() for part, lines in parts.items()}


def _part(name: str) -> str:
    if name.startswith(_LAW) and not name.endswith(".py"):
        return "law"
    if name.startswith(_TABLES):
        return "tables"
    return "templates" if name.startswith(_TEMPLATES) else "code"
