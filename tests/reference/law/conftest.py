"""Files of law made for a test: a duty that no law knows, changed where the test says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from aimlib.reference.law import load_law

DUTY = {
    "program": "fictional",
    "family": "fictional",
    "family_title": "Fictional",
    "measure": "fictional_duty",
    "title": "A duty that no law knows",
    "scope": ["7607"],
    "origins": {"only": ["IND"]},
    "basis": "full",
}
VERSION = {
    "id": "X01",
    "from": date(2026, 5, 1),
    "known": date(2026, 4, 20),
    "known_basis": "made up for a test",
    "rate": 5,
    "heading": "9903.99.01",
    "citation": "Fictional Act, section 1",
    "link": "https://example.org/act",
    "confidence": "made up for a test",
}
ABSENT = object()


def without_absent(held: dict) -> dict:
    return {key: value for key, value in held.items() if value is not ABSENT}


class Writer:
    """Write a file of one measure: `version` changes its first version, `more` are later ones, the rest the measure."""

    absent = ABSENT

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def text(self, text: str, name: str = "fictional.yml") -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def duty(self, version: dict | None = None, more: tuple[dict, ...] = (), **measure: object) -> Path:
        first = VERSION | (version or {})
        versions = [without_absent(one) for one in (first, *(first | later for later in more))]
        held = without_absent(DUTY | measure) | {"versions": versions}
        return self.text(yaml.safe_dump(held, sort_keys=False), f"{held.get('measure', 'unnamed')}.yml")

    def stacking(self, **changes: object) -> dict:
        """A stacking rule, to be given as `stacking=[...]`."""
        named = {name: VERSION[name] for name in ("from", "known", "known_basis", "citation", "link")}
        rule = named | {"measures": "all", "yields_to": "s232", "part": "whole", "reason": "what it covers is exempt"}
        return without_absent(rule | changes)

    def law(self, *args: object, **kwargs: object):
        """Return the law with such a duty added."""
        return load_law(extra=[self.duty(*args, **kwargs)])


@pytest.fixture
def write(tmp_path) -> Writer:
    return Writer(tmp_path)
