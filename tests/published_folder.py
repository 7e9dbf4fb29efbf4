"""Whether a published folder is whole: every file that its records and pages speak of, and nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path

from aimlib.bulletin.site.assemble import pages
from aimlib.bulletin.site.records import Edition, newest_first


def check_whole(folder: Path) -> list[Edition]:
    """Assert that a published folder is whole, and return its editions; one that is not there has none."""
    editions = newest_first(
        [Edition.from_json(record.read_bytes()) for record in folder.glob("????-??-??/catalog.json")]
    )
    if not folder.exists():
        return []
    expected: dict[str, bytes | str] = {}
    for edition in editions:
        digests = edition.files | {path: sha for entry in edition.entries for path, sha in entry.files.items()}
        expected |= {f"{edition.day}/{path}": sha for path, sha in digests.items()}
        expected |= pages(edition, [other for other in editions if other is not edition])
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert set(found) == set(expected)
    for path, content in found.items():
        wanted = expected[path]
        assert wanted in (content, hashlib.sha256(content).hexdigest()), path
    return editions
