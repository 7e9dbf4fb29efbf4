"""What changed since the edition before: what that edition said of a report, and the section that compares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from aimlib.bulletin.manifest import NAME as MANIFEST
from aimlib.bulletin.site.records import Edition
from aimlib.bulletin.weekly.plan import Plan, PlannedBulletin, PlannedReport
from aimlib.present import numbers
from aimlib.present.changes import changes_blocks
from aimlib.present.changes.change import Change, Part
from aimlib.reference.release_days import previous_release


@dataclass(frozen=True)
class Before:
    """What a report is compared with: the day, and what was published then, None where that is worked out anew.

    ``told`` has ``headlines`` and ``inputs`` as the edition before recorded them.
    """

    since: date
    told: Mapping[str, Any] | None = None

    def as_json(self) -> str:
        """Return it as text, the same for the same."""
        return json.dumps([str(self.since), self.told], sort_keys=True, default=str)


@dataclass(frozen=True)
class Compared:
    """What changed in a report since a day; since None where there is nothing to compare with."""

    since: date | None
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "since": str(self.since) if self.since else None,
            "changes": [asdict(change) for change in self.changes],
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Compared:
        """Return what :meth:`as_json` gave."""
        changes = [Change(**{**one, "parts": tuple(Part(**part) for part in one["parts"])}) for one in told["changes"]]
        return cls(date.fromisoformat(told["since"]) if told["since"] else None, tuple(changes))


def befores_of(
    folder: Path, editions: Sequence[Edition], plan: Plan, day: date, synthetic: bool
) -> dict[tuple[str, str], Before]:
    """Return what each report of a plan is compared with, by bulletin and label; nothing where the plan says so.

    Editions of the sample are not compared with others (`synthetic`: whether the figures are the sample's).
    """
    if not plan.compare:
        return {}
    editions = [edition for edition in editions if edition.synthetic == synthetic]
    return {
        (bulletin.name, report.label): before_of(folder, editions, bulletin, report, day)
        for bulletin in plan.bulletins
        for report in bulletin.reports
    }


def before_of(
    folder: Path, editions: Iterable[Edition], bulletin: PlannedBulletin, report: PlannedReport, day: date
) -> Before:
    """Return what a report is compared with: the newest edition before its day, else the release day before.

    `folder` is the published one, `editions` those in it. An edition that had no such report does not count.
    """
    for edition in sorted((one for one in editions if one.day < day), key=lambda one: one.day, reverse=True)[:1]:
        entry = next((one for one in edition.entries if one.name == bulletin.name), None)
        manifest = folder / str(edition.day) / bulletin.name / MANIFEST
        if entry is None or not manifest.exists():
            break
        inputs = json.loads(manifest.read_text(encoding="utf-8"))["inputs"]["reports"].get(report.label)
        if inputs is None or inputs["notebook"] != report.notebook:
            break
        headlines = [dict(figure) for figure in entry.headlines if figure.get("report") == report.label]
        return Before(edition.day, {"headlines": headlines, "inputs": inputs})
    return Before(previous_release(day))


def section(reports: Mapping[str, Compared], now: date) -> tuple[list[dict], list[str]]:
    """Return the section at the front of a bulletin as nodes, and its sentences; `reports` are by their title."""
    days = [one.since for one in reports.values() if one.since]
    since = max(days, default=None)
    # Reports that are compared with another day than the rest stay out: one sentence cannot speak of two days.
    told = {title: one.changes for title, one in reports.items() if one.since == since}
    blocks = changes_blocks(told, since, now)
    title = f"What changed since {numbers.day_name(since)}" if since else "What changed"
    nodes = [{"kind": "heading", "level": 2, "text": title}, *(block.content() for block in blocks)]
    sentences = [paragraph for node in nodes if node["kind"] == "prose" for paragraph in node["paragraphs"]]
    return nodes, sentences
