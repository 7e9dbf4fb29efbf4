"""Raw snapshots: the bytes as the source gave them, beside a record of where they came from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from aimlib.store.files import write_once


@dataclass(frozen=True)
class Origin:
    """Where bytes came from.

    ``asked`` is the question without its key, or the name of a file without its folders; ``retrieved_at``
    is in UTC.
    """

    publisher: str
    title: str
    asked: str
    retrieved_at: datetime
    license: str


@dataclass(frozen=True)
class Snapshot:
    """Bytes with their origin, not yet in a store. ``name`` is what messages call them."""

    body: bytes
    origin: Origin
    name: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    def record(self) -> dict[str, str | int]:
        """Return the origin with the bytes' hash and size, as JSON keeps it."""
        known = asdict(self.origin) | {"retrieved_at": self.origin.retrieved_at.isoformat()}
        return known | {"sha256": self.sha256, "size": len(self.body)}


def keep(root: Path, snapshot: Snapshot) -> None:
    """Write the bytes and their origin record under ``raw/``; bytes already there keep their first record."""
    name = f"raw/{snapshot.sha256}"
    if not (root / name).exists():
        write_once(root, name, snapshot.body)
    write_once(root, f"{name}.json", json.dumps(snapshot.record(), indent=1).encode())


def read_raw(root: Path, sha256: str) -> bytes:
    """Return the bytes kept under this hash."""
    return (root / "raw" / sha256).read_bytes()
