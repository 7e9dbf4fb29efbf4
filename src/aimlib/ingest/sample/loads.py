"""The loads that make up the sample's store, oldest vintage first: prices, Census, licenses, the world, the monitor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from itertools import groupby
from pathlib import Path

from aimlib.errors import AimError
from aimlib.ingest.commit import Declaration, commit_census
from aimlib.ingest.comtrade import Asked, commit_comtrade
from aimlib.ingest.licenses import commit_licenses
from aimlib.ingest.monitor import commit_monitor
from aimlib.ingest.prices import commit_prices
from aimlib.ingest.report import LoadReport
from aimlib.ingest.sample import parameters
from aimlib.ingest.sample.answers import SampleAnswer, sample_answers
from aimlib.ingest.sample.license_files import license_files
from aimlib.ingest.sample.monitor_files import monitor_files
from aimlib.ingest.sample.price_files import daily_file, monthly_files, premium_file
from aimlib.ingest.sample.releases import releases
from aimlib.ingest.sample.world_files import how_many_batches, world_files
from aimlib.store.raw import Origin, Snapshot

PUBLISHER = "Synthetic sample"
MONITOR_THURSDAYS = 4
MONITOR_MONTHS, MONITOR_MONTHS_BEFORE = 24, 3
"""How many months back the last Thursday's files reach, and those of the Thursdays before it."""
_CENSUS = (
    "made around totals of the U.S. Census Bureau for 2024",
    "synthetic figures; the totals of 2024 are public domain",
)
_LICENSES = ("licenses made up around the sample's imports", "synthetic figures")
_WORLD = ("a made-up world as its countries would declare it to UN Comtrade", "synthetic figures")
_MONITOR = ("the sample's licenses as the public monitor would show them", "synthetic figures")
_MONTHLY = (
    "World Bank Commodity Price Data (The Pink Sheet) through May 2026, assumed from then on",
    "World Bank CC BY 4.0; assumed figures",
)
_DAILY = ("synthetic days around the Pink Sheet's monthly averages", "synthetic figures")
_PREMIUMS = ("synthetic days of premiums and freight between a few published points", "synthetic figures")


@dataclass(frozen=True)
class Load:
    """One commit of the sample: the day (``YYYY-MM-DD``) on which it was known, and what puts it into a folder."""

    known_on: str
    commit: Callable[[Path], None]


def sample_loads() -> Iterator[Load]:
    """Yield the loads in their order; they are made one by one, as they are asked for."""
    for known_on, body in monthly_files():
        yield Load(known_on, _of(commit_prices, known_on, [("prices by month", body)], _MONTHLY))
    for name, body, told in (
        ("prices by day", daily_file(), _DAILY),
        ("premiums by day", premium_file(), _PREMIUMS),
    ):
        yield Load(parameters.LAST_DAY, _of(commit_prices, parameters.LAST_DAY, [(name, body)], told))
    yield from census_loads(sample_answers())
    yield _licenses()
    yield from _world()
    for day in monitor_days():
        back = MONITOR_MONTHS if day == monitor_days()[-1] else MONITOR_MONTHS_BEFORE
        files = [(f"monitor {name}.csv", body) for name, body in monitor_files(day, months_back=back).items()]
        yield Load(day.isoformat(), _of(commit_monitor, day.isoformat(), files, _MONITOR, own_store=True))


def how_many() -> int:
    """Return the number of loads, without making them."""
    return len(monthly_files()) + 2 + len(releases()) + 1 + how_many_batches() + MONITOR_THURSDAYS


def census_loads(answers: Iterator[SampleAnswer]) -> Iterator[Load]:
    """Yield one load a vintage of `answers`."""
    for known_on, together in groupby(answers, key=lambda answer: answer.known_on):
        files = [
            (f"{answer.months[0]} to {answer.months[-1]}, known on {known_on}", answer.body) for answer in together
        ]
        yield Load(known_on, _of(commit_census, known_on, files, _CENSUS, codes=("76",), own_store=True))


def monitor_days() -> list[date]:
    """Return the last Thursdays, of which the store holds what the public monitor would have shown."""
    last = date.fromisoformat(parameters.LAST_DAY)
    return [last - timedelta(weeks=back) for back in reversed(range(MONITOR_THURSDAYS))]


def _licenses() -> Load:
    files = license_files()
    named = [(file.name, file.body) for file in files]
    bad = sum(file.bad_rows for file in files)
    return Load(parameters.LAST_DAY, _of(commit_licenses, parameters.LAST_DAY, named, _LICENSES, bad_rows=bad))


def _world() -> Iterator[Load]:
    for batch in world_files():
        asked = Asked(batch.reporters, batch.flows, batch.frequency, batch.periods, batch.codes)
        files = [(f"world {name}", body) for name, body in batch.files]
        yield Load(batch.known_on, _of(commit_comtrade, batch.known_on, files, _WORLD, asked=asked, own_store=True))


def _of(
    commit: Callable[..., LoadReport],
    known_on: str,
    files: Sequence[tuple[str, bytes]],
    told: tuple[str, str],
    *,
    codes: tuple[str, ...] | None = None,
    bad_rows: int = 0,
    **options: bool | Asked,
) -> Callable[[Path], None]:
    """Return what commits `files` (names and bytes) with an ordinary loader and checks what it says of them."""
    day = date.fromisoformat(known_on)
    moment = datetime.combine(day, clock(21), UTC)
    title, license = told
    snapshots = [
        Snapshot(body, Origin(PUBLISHER, title, f"sample {name}", moment, license), f"sample {name}")
        for name, body in files
    ]

    def into(folder: Path) -> None:
        declared = Declaration(day, moment, today=None, codes=codes, sample=True)
        _check(commit(folder, snapshots, declared, **options), bad_rows, strict=commit is commit_census)

    return into


def _check(report: LoadReport, bad_rows: int, *, strict: bool) -> None:
    """Raise AimError unless exactly the rows meant to be bad were set apart; warnings count where `strict`."""
    if report.rows_rejected != bad_rows or (strict and report.warnings):
        first = (*report.reasons, *report.warnings, "no reason is told")[0]
        raise AimError(
            f"The sample is not what the loader takes: {report.rows_rejected} rows set apart where {bad_rows} are "
            f"meant to be; {first}"
        )
