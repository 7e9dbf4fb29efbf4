"""The weekly run: what stands is taken, what does not is made, side by side; then the edition is published."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from aimlib.bulletin.weekly import results
from aimlib.bulletin.weekly.lanes import AnyLane, lanes_here, lanes_on
from aimlib.bulletin.weekly.plan import Limits, PlannedBulletin, PlannedReport
from aimlib.bulletin.weekly.results import Executed
from aimlib.errors import AimError
from aimlib.settings import read_settings
from aimlib.store import Store, resolve_store


class Watch(Protocol):
    """Whoever looks on. Its methods are called from several threads."""

    def begins(self, reports: int, standing: int) -> None: ...
    def works(self, lane: int, title: str, section: str) -> None: ...
    def made(self, lane: int, title: str, seconds: float) -> None: ...
    def failed(self, lane: int, title: str, error: AimError) -> None: ...


@dataclass(frozen=True)
class Ready:
    """A bulletin whose pages are set: the plan's bulletin, the folder of its files, its entry, and what it rests on."""

    planned: PlannedBulletin
    folder: Path
    entry: dict[str, Any]
    synthetic: bool


_DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Cluster:
    """Where else the work is done: a Dask scheduler's address, and where its workers find the store."""

    address: str
    data: str


@dataclass
class Outcome:
    """What a run came to.

    ``ready`` are the bulletins in the plan's order, ``failures`` what went wrong by title, ``made`` and ``standing``
    how many reports were executed and taken as they were, ``set`` how many bulletins' pages were set.
    """

    ready: list[Ready] = field(default_factory=list)
    failures: dict[str, AimError] = field(default_factory=dict)
    made: int = 0
    standing: int = 0
    set: int = 0
    seconds: float = 0.0
    peak_bytes: int = 0


def make_bulletins(
    bulletins: Sequence[PlannedBulletin],
    work: Path,
    watch: Watch,
    *,
    jobs: int | None = None,
    keep_going: bool = False,
    force: bool = False,
    limits: Limits = _DEFAULT_LIMITS,
    cluster: Cluster | None = None,
) -> Outcome:
    """Make the bulletins of a plan where they do not stand already; nothing is published yet.

    `work` is the folder of finished work. `jobs` reports are made at a time, one for each processor unless said. The
    first failure ends the run unless `keep_going`; `force` makes everything anew; with `cluster` the work is done
    there.

    Raises
    ------
    AimError
        If the store cannot be read, or figures were loaded into it meanwhile.
    """
    clock = time.perf_counter()
    store = resolve_store(read_settings().store)
    run = _Run(bulletins, work, store, watch, keep_going, force)
    if left := run.todo():
        lanes = (
            lanes_on(cluster.address, cluster.data, limits, jobs or 0)
            if cluster
            else lanes_here(store, limits, min(jobs or os.cpu_count() or 1, left))
        )
        with lanes as working:
            run.work_off(working)
    _check_unchanged(store, run.reports.values())
    return run.finish(time.perf_counter() - clock)


def standing_bulletin(bulletin: PlannedBulletin, work: Path) -> Ready | None:
    """Return a bulletin whose pages stand as they are, None where something of it would be made."""
    store = resolve_store(read_settings().store)
    run = _Run([bulletin], work, store, _Nobody(), keep_going=False, force=False)
    run.todo()
    return next(iter(run.finish(0.0).ready), None)


class _Nobody:
    def begins(self, *_: object) -> None: ...
    def works(self, *_: object) -> None: ...
    def made(self, *_: object) -> None: ...
    def failed(self, *_: object) -> None: ...


class _Run:
    """The state of a run: reports that are there, and what is left to do."""

    def __init__(
        self,
        bulletins: Sequence[PlannedBulletin],
        work: Path,
        store: Store,
        watch: Watch,
        keep_going: bool,
        force: bool,
    ) -> None:
        self.bulletins, self.work_folder, self.store, self.watch = bulletins, work, store, watch
        self.keep_going, self.force = keep_going, force
        self.outcome = Outcome()
        self.reports: dict[str, Executed] = {}
        self._ready: dict[str, Ready] = {}
        self._lock = threading.Lock()
        self._tasks: queue.PriorityQueue[tuple[int, int, Any]] = queue.PriorityQueue()
        self._open = 0
        self._stopped = threading.Event()

    def todo(self) -> int:
        """Look up what stands, and return how much is left to do."""
        planned = _interleaved(self.bulletins)
        for key, report in planned.items():
            found = None if self.force else results.find_report(self.work_folder, report, self.store)
            if found:
                self.reports[key] = found
        self.outcome.standing = len(self.reports)
        self.watch.begins(len(planned), len(self.reports))
        for place, (key, report) in enumerate(planned.items()):
            if key not in self.reports:
                self._add(1, place, report)
        for bulletin in self.bulletins:
            self._consider(bulletin)
        return self._open

    def _add(self, rank: int, place: int, task: Any) -> None:
        self._open += 1
        self._tasks.put((rank, place, task))

    def _consider(self, bulletin: PlannedBulletin) -> None:
        """Take a bulletin's pages where they stand, or put them on the list once all of its reports are there."""
        held = [self.reports.get(results.report_key(report)) for report in bulletin.reports]
        if bulletin.name in self._ready or not all(held):
            return
        pages = None if self.force else results.find_pages(self.work_folder, self._page_key(bulletin))
        if pages is not None:
            self._ready[bulletin.name] = Ready(bulletin, pages, results.entry_of(pages), self.store.is_sample)
        else:
            self._add(0, self.bulletins.index(bulletin), bulletin)

    def _page_key(self, bulletin: PlannedBulletin) -> str:
        reports = [[report.label, self.reports[results.report_key(report)].identity] for report in bulletin.reports]
        return results.page_key([bulletin.name, bulletin.title, bulletin.place, reports])

    def work_off(self, lanes: Sequence[AnyLane]) -> None:
        """Work the list off in several lanes; Ctrl-C ends them all."""
        threads = [threading.Thread(target=self._work, args=(lane,), daemon=True) for lane in lanes]
        try:
            for thread in threads:
                thread.start()
            while any(thread.is_alive() for thread in threads):
                for thread in threads:
                    thread.join(0.1)
        finally:
            self._stopped.set()
        self.outcome.peak_bytes = max(lane.peak_bytes for lane in lanes)

    def finish(self, seconds: float) -> Outcome:
        """Return what the run came to."""
        self.outcome.seconds = seconds
        self.outcome.ready = [self._ready[one.name] for one in self.bulletins if one.name in self._ready]
        return self.outcome

    def _work(self, lane: AnyLane) -> None:
        try:
            lane.start()
        except Exception as fault:
            self._fail(lane, "The workers", AimError(f"A worker could not be started ({fault}).", "Run again."))
            self._stopped.set()
        while not self._stopped.is_set():
            try:
                _rank, _place, task = self._tasks.get(timeout=0.05)
            except queue.Empty:
                if self._open == 0:
                    break
                continue
            self._do(lane, task)
        lane.stop()

    def _do(self, lane: AnyLane, task: Any) -> None:
        title = _title(task)
        clock = time.perf_counter()
        try:
            if isinstance(task, PlannedReport):
                self._make(lane, task, title)
            else:
                self._set(lane, task, title)
            self.watch.made(lane.number, title, time.perf_counter() - clock)
        except AimError as error:
            if not self._stopped.is_set():
                self._fail(lane, title, error)
        except Exception as fault:
            if not self._stopped.is_set():
                told = AimError(f"Something went wrong inside aim ({type(fault).__name__}: {fault}).")
                self._fail(lane, title, told)
        finally:
            with self._lock:
                self._open -= 1

    def _fail(self, lane: AnyLane, title: str, error: AimError) -> None:
        self.outcome.failures[title] = error
        self.watch.failed(lane.number, title, error)
        if not self.keep_going:
            self._stopped.set()

    def _make(self, lane: AnyLane, report: PlannedReport, title: str) -> None:
        made = lane.make(report, lambda section: self.watch.works(lane.number, title, section))
        kept = results.keep_report(self.work_folder, report, self.store, made.notebook, made.record, made.reads)
        with self._lock:
            self.reports[results.report_key(report)] = kept
            self.outcome.made += 1
            for bulletin in self.bulletins:
                if report in bulletin.reports:
                    self._consider(bulletin)

    def _set(self, lane: AnyLane, bulletin: PlannedBulletin, title: str) -> None:
        from aimlib.bulletin.pages import MadeReport, PageWork

        self.watch.works(lane.number, title, "pages")
        held = {report.label: self.reports[results.report_key(report)] for report in bulletin.reports}
        made = [
            MadeReport(label, one.notebook, one.record["inputs"], one.record["seconds"])
            for label, one in held.items()
            if not one.left_out
        ]
        if not made:
            raise AimError(next(iter(held.values())).left_out, "Load figures, or take the bulletin out of the plan.")
        left_out = {label: one.left_out for label, one in held.items() if one.left_out}
        day = bulletin.reports[0].parameters.as_of
        folder = results.new_pages(self.work_folder)
        entry = lane.set_pages(PageWork(bulletin.name, bulletin.title, bulletin.place, day, made, left_out), folder)
        kept = results.keep_pages(self.work_folder, self._page_key(bulletin), folder, anew=self.force)
        with self._lock:
            self._ready[bulletin.name] = Ready(bulletin, kept, entry, self.store.is_sample)
            self.outcome.set += 1


def _interleaved(bulletins: Iterable[PlannedBulletin]) -> dict[str, PlannedReport]:
    """Return each report once, by its key, bulletin by bulletin; lanes that start get different notebooks.

    What all reports of a notebook share is worked out by the first, so that two at once would wait for each other.
    """
    return {results.report_key(report): report for bulletin in bulletins for report in bulletin.reports}


def _title(task: Any) -> str:
    if isinstance(task, PlannedBulletin):
        return task.title
    parameters = task.parameters.model_dump()
    about = parameters.get("country") or parameters.get("focus") or ""
    return " ".join(filter(None, [task.label.replace("_", " "), about]))


def _check_unchanged(store: Store, reports: Iterable[Executed]) -> None:
    now = resolve_store(read_settings().store)
    if [commit.name for commit in now.commits] == [commit.name for commit in store.commits]:
        return
    if any(results.is_outdated(report, store, now) for report in reports):
        raise AimError(
            "Figures were loaded while the bulletins were made, and some rest on what was there before.",
            "Run again: only those are made anew.",
        )
