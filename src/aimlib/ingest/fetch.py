"""Asking Census month by month, each month committed as it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest.commit import Declaration, commit_census
from aimlib.ingest.months import FIRST_PUBLISHED, due, last_finished, months_between, parse_month
from aimlib.ingest.report import LoadReport
from aimlib.ingest.scope import CHAPTER, chapter_headings
from aimlib.settings import Settings
from aimlib.sources.census.errors import KEY_PAGE, NoData
from aimlib.sources.census.request import CensusClient
from aimlib.sources.census.variables import LICENSE, PUBLISHER, TITLE
from aimlib.store.commits import COMPLETE
from aimlib.store.files import StoreError
from aimlib.store.raw import Origin, Snapshot
from aimlib.store.store import Store

_MAY_BE_LATE = 3  # months: a younger month without figures is not published yet, an older one has none


@dataclass(frozen=True)
class Progress:
    """One step of a fetch: ``number`` of ``of`` months, and what became of ``month``.

    ``outcome`` is ``asking``, ``waiting``, ``committed``, ``held already``, ``no figures``, ``not published``
    or ``failed``; ``detail`` says why where there is a reason.
    """

    month: str
    number: int
    of: int
    outcome: str
    detail: str = ""


@dataclass(frozen=True)
class FetchReport:
    """A fetch's outcome. Months are ``YYYY-MM``; ``failed`` pairs a month with what is wrong in its answer.

    ``up_to_date`` counts the months that were not asked for, ``not_published`` is the first month that the
    service has not published yet.
    """

    first: str
    last: str
    committed: tuple[str, ...] = ()
    held_already: tuple[str, ...] = ()
    without_figures: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    not_published: str | None = None
    up_to_date: int = 0
    loads: tuple[LoadReport, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(f"{load.files[0]}: {warning}" for load in self.loads for warning in load.warnings)

    @property
    def exit_status(self) -> int:
        """2 where the answer for a month could not be used, 1 where rows were set apart, else 0."""
        if self.failed:
            return 2
        return max((load.exit_status for load in self.loads), default=0)


def fetch_census(
    store_root: Path,
    first: str | date,
    last: str | date | None = None,
    *,
    everything: bool = False,
    today: date,
    settings: Settings,
    progress: Callable[[Progress], None] | None = None,
    wait_seconds: float = 1.0,
) -> FetchReport:
    """Ask Census for chapter 76 at HTS10 from month `first` to `last`, and commit each month as it comes.

    Only months that are missing or may have been revised are asked for (see `aimlib.ingest.months.due`), all
    of them with `everything`. Without `last` it goes to the last finished month. The figures count as known
    today. A month not published yet ends the fetch; an answer that does not meet its totals, or holds a code
    that the reference tables do not know, is told and the next month follows; anything wrong with the service
    or the key ends it with an error. What was committed stays, so that the same call goes on from there.

    Raises
    ------
    AimError
        There is no key, the months make no sense, or the service failed; ``report`` is then the FetchReport
        so far.
    """
    key = settings.census_api_key
    if key is None:
        raise AimError(
            "Asking Census needs a key, and CENSUS_API_KEY is not set.",
            f"Get one, free, at {KEY_PAGE} and set it in the environment.",
        )
    first, last = _range(first, last, today)
    months = months_between(first, last)
    held = known_days(Store.open(store_root))
    asked = months if everything else due(months, held, today)
    report = FetchReport(first, last, up_to_date=len(months) - len(asked))
    tell = _Teller(progress, len(asked))
    with CensusClient(settings.census_url, key, wait_seconds=wait_seconds, on_wait=tell.waiting) as client:
        for month in asked:
            tell.next(month)
            try:
                report = _one_month(report, store_root, client, month, today, tell)
            except AimError as error:
                raise _with_report(error, report) from None
            if report.not_published:
                break
    return report


def known_days(store: Store) -> dict[str, date]:
    """Return the months held completely at HTS10, with the day since which all their figures are known."""
    blocks = store.blocks("census_imports")
    blocks = blocks[(blocks["code_level"] == "hts10") & (blocks["coverage"] == COMPLETE)]
    blocks = blocks[blocks["heading"].isin(chapter_headings())]
    months = blocks.groupby("period").agg(blocks=("heading", "size"), known_on=("known_on", "min"))
    whole = months[months["blocks"] == 2 * len(chapter_headings())]  # both concepts
    return {month: day.date() for month, day in whole["known_on"].items()}


def _one_month(
    report: FetchReport, root: Path, client: CensusClient, month: str, today: date, tell: _Teller
) -> FetchReport:
    try:
        replies = client.month(month, CHAPTER, chapter_headings())
    except NoData:
        if month > str(pd.Period(last_finished(today), freq="M") - _MAY_BE_LATE):
            tell.outcome("not published")
            return replace(report, not_published=month)
        tell.outcome("no figures")
        return replace(report, without_figures=(*report.without_figures, month))
    now = datetime.now(UTC)
    snapshots = [
        Snapshot(reply.body, Origin(PUBLISHER, TITLE, reply.asked, now, LICENSE), f"The answer for {month}")
        for reply in replies
    ]
    declared = Declaration(known_on=today, captured_at=now, today=today, codes=(CHAPTER,))
    try:
        load = commit_census(root, snapshots, declared)
    except StoreError:
        raise
    except AimError as error:
        tell.outcome("failed", error.message)
        return replace(report, failed=(*report.failed, (month, str(error))))
    if load.already_held:
        tell.outcome("held already")
        return replace(report, held_already=(*report.held_already, month))
    tell.outcome("committed", f"{load.rows_read:,} rows")
    return replace(report, committed=(*report.committed, month), loads=(*report.loads, load))


def _range(first: str | date, last: str | date | None, today: date) -> tuple[str, str]:
    start, end = parse_month(first), parse_month(last) if last else last_finished(today)
    if start < FIRST_PUBLISHED:
        raise AimError(f"The service's figures begin in {FIRST_PUBLISHED}.", f"Ask from {FIRST_PUBLISHED} on.")
    if end > last_finished(today):
        raise AimError(f"{end} has not ended yet.", f"Ask up to {last_finished(today)}.")
    if start > end:
        raise AimError(f"The first month, {start}, is after the last, {end}.", "Exchange them.")
    return start, end


def _with_report(error: AimError, report: FetchReport) -> AimError:
    count = len(report.committed)
    if count:
        done = f"{count} months" if count > 1 else "1 month"
        error.message = f"{error.message} Before that {done} came in, to {report.committed[-1]}, and stay."
        error.advice = f"{error.advice} The same command goes on from there.".strip()
    error.report = report
    return error


class _Teller:
    """Tells the caller how far it is."""

    def __init__(self, progress: Callable[[Progress], None] | None, of: int) -> None:
        self._progress = progress or (lambda step: None)
        self._of = of
        self._month, self._number = "", 0

    def next(self, month: str) -> None:
        self._month, self._number = month, self._number + 1
        self.outcome("asking")

    def outcome(self, outcome: str, detail: str = "") -> None:
        self._progress(Progress(self._month, self._number, self._of, outcome, detail))

    def waiting(self, error: Exception) -> None:
        self.outcome("waiting", getattr(error, "message", ""))
