"""A commit: one load's blocks, sources and days, as its JSON file in the store tells them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from aimlib.errors import AimError

FORMAT = 1
COMPLETE, SELECTION = "complete", "selection"


@dataclass(frozen=True)
class BlockGroup:
    """Blocks that share everything but their heading.

    ``headings`` maps each heading to its row count and content hash; a heading with 0 rows is a true zero.
    ``partners`` are the origins that a selection lists, empty where the answer is complete.
    """

    table: str
    code_level: str
    concept: str
    period: str
    coverage: str
    headings: Mapping[str, tuple[int, str]]
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Commit:
    """What one load put into the store. ``sources`` are origin records with ``sha256`` and ``size``.

    ``digest`` is that of its file.
    """

    name: str
    known_on: date
    captured_at: datetime
    sample: bool
    sources: tuple[Mapping[str, Any], ...]
    groups: tuple[BlockGroup, ...] = field(repr=False)
    digest: str = field(default="", repr=False, compare=False)

    def rows(self, table: str | None = None) -> int:
        """Return the rows of `table`, or of all tables."""
        groups = (group for group in self.groups if table in (None, group.table))
        return sum(rows for group in groups for rows, _ in group.headings.values())

    def tables(self) -> list[str]:
        """Return the names of the tables that this commit has blocks of."""
        return sorted({group.table for group in self.groups})

    def to_json(self) -> bytes:
        """Return the commit as its file holds it."""
        fields = asdict(self) | {"format": FORMAT, "known_on": self.known_on.isoformat()}
        del fields["digest"]
        return json.dumps(fields | {"captured_at": self.captured_at.isoformat()}).encode()

    @classmethod
    def read(cls, path: Path) -> Commit:
        """Read a commit's file. Raises AimError when it was damaged or written by a later aimlib."""
        try:
            content = path.read_bytes()
            fields = json.loads(content)
            if fields.pop("format") > FORMAT:
                raise AimError("The store was written by a later aimlib.", "Upgrade aimlib to read it.")
            groups = fields.pop("groups")
            return cls(
                name=fields.pop("name"),
                known_on=date.fromisoformat(fields.pop("known_on")),
                captured_at=datetime.fromisoformat(fields.pop("captured_at")),
                sources=tuple(fields.pop("sources")),
                groups=tuple(_group(group) for group in groups),
                digest=hashlib.sha256(content).hexdigest(),
                **fields,
            )
        except (ValueError, KeyError, TypeError):
            raise AimError(
                f"The store's record of the commit {path.stem} is damaged.",
                "Take that file out of the store's folder commits, and load its source again.",
            ) from None


def commit_name(known_on: date, hashes: Iterable[str], declaration: Mapping[str, Any]) -> str:
    """Return the name that the same bytes, known on the same day and declared alike, always get."""
    told = json.dumps([FORMAT, known_on.isoformat(), sorted(hashes), declaration], sort_keys=True)
    return f"{known_on.isoformat()}-{hashlib.sha256(told.encode()).hexdigest()[:20]}"


def _group(fields: dict[str, Any]) -> BlockGroup:
    headings = {heading: (int(rows), content) for heading, (rows, content) in fields.pop("headings").items()}
    return BlockGroup(headings=headings, partners=tuple(fields.pop("partners")), **fields)
