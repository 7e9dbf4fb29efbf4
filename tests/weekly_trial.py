"""A small store of Census figures with two Thursdays, and a plan over three countries."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from census_server import answer, to_json

FIRST, SECOND = date(2024, 5, 9), date(2024, 5, 16)
MONTHS = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)][:15]
PLAN = """
title: Imports on trial
compare: true
bulletins:
  - for: [CAN, MEX, DEU]
    name: "{name}"
    title: Imports from {phrase}
    reports:
      - {notebook: import_trends, country: "{code}", product: unwrought}
      - {notebook: smelt_origin, country: "{code}", where_held: true}
"""


def load(root: Path, folder: Path, months: list[str], known_on: date, edition: int = 0) -> None:
    """Load figures of these months as known on a day; another `edition` has other figures."""
    from aimlib.ingest.load import load_census

    paths = []
    for month in months:
        path = folder / f"{known_on}-{edition}-{month}.json"
        path.write_bytes(to_json(answer(month, edition=edition)))
        paths.append(path)
    load_census(root, paths, known_on=known_on, codes=["76"], today=date(2026, 11, 21))


class Trial:
    """A weekly run that can be repeated: `run()` returns the outcome and what publishing did."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store, self.published, self.work = folder / "store", folder / "weekly", folder / ".weekly.work"
        self.seen: list[str] = []

    def plan(self, day: date):
        from aimlib.bulletin.weekly.plan import read_plan

        return read_plan(self.folder / "plan.yml", day)

    def run(self, day: date = FIRST, only: tuple[str, ...] = (), **options):
        from aimlib.bulletin.weekly.comparing import befores_of
        from aimlib.bulletin.weekly.publishing import publish, published_editions
        from aimlib.bulletin.weekly.run import make_bulletins

        plan = self.plan(day)
        befores = befores_of(self.published, published_editions(self.published), plan, day, False)
        outcome = make_bulletins(plan.chosen(only), self.work, self, befores, **{"jobs": 2} | options)
        done = publish(self.published, plan, day, outcome.ready) if outcome.ready else None
        return outcome, done

    def files(self) -> dict[str, bytes]:
        """Return what is published, by path."""
        return {
            path.relative_to(self.published).as_posix(): path.read_bytes()
            for path in self.published.rglob("*")
            if path.is_file()
        }

    def load(self, months: list[str], known_on: date, edition: int = 0) -> None:
        load(self.store, self.folder, months, known_on, edition)

    def begins(self, reports: int, standing: int) -> None: ...

    def works(self, lane: int, title: str, section: str) -> None: ...

    def made(self, lane: int, title: str, seconds: float, is_report: bool) -> None:
        self.seen.append(title)

    def failed(self, lane: int, title: str, error: Exception) -> None:
        self.seen.append(f"failed: {title}")
