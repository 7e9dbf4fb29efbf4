"""The weekly run: what stands is taken, what does not is made, side by side; then the edition is published."""

from __future__ import annotations

import errno
import os
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from aimlib.bulletin.pages import MadeReport, PageWork
from aimlib.bulletin.weekly import results
from aimlib.bulletin.weekly.comparing import Before, Compared
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
    def made(self, lane: int, title: str, seconds: float, is_report: bool) -> None: ...
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
    befores: Mapping[tuple[str, str], Before],
    *,
    jobs: int | None = None,
    keep_going: bool = False,
    force: bool = False,
    limits: Limits = _DEFAULT_LIMITS,
    cluster: Cluster | None = None,
) -> Outcome:
    """Make the bulletins of a plan where they do not stand already; nothing is published yet.

    `work` is the folder of finished work, `befores` what reports are compared with, by bulletin and label. `jobs`
    reports are made at a time, one for each processor unless said. The first failure ends the run unless
    `keep_going`; `force` makes everything anew; with `cluster` the work is done there.

    Raises
    ------
    AimError
        If the store cannot be read, or figures were loaded into it meanwhile.
    """
    clock = time.perf_counter()
    store = resolve_store(read_settings().store)
    run = _Run(bulletins, work, store, watch, befores, keep_going, force)
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


def standing_bulletin(bulletin: PlannedBulletin, work: Path, befores: Mapping[tuple[str, str], Before]) -> Ready | None:
    """Return a bulletin whose pages stand as they are, None where something of it would be made."""
    store = resolve_store(read_settings().store)
    run = _Run([bulletin], work, store, _Nobody(), befores, keep_going=False, force=False)
    run.todo()
    return next(iter(run.finish(0.0).ready), None)


class _Nobody:
    def begins(self, *_: object) -> None: ...
    def works(self, *_: object) -> None: ...
    def made(self, *_: object) -> None: ...
    def failed(self, *_: object) -> None: ...


# Pages first, so that what is finished is out of the way, then comparisons, then reports.
_PAGES, _CHANGES, _REPORT = range(3)


@dataclass(frozen=True, order=True)
class _Task:
    """Something to do, lowest rank first."""

    rank: int
    place: int
    title: str = field(compare=False)
    do: Callable[[AnyLane], None] = field(compare=False)


class _Run:
    """The state of a run: reports and comparisons that are there, and what is left to do."""

    def __init__(
        self,
        bulletins: Sequence[PlannedBulletin],
        work: Path,
        store: Store,
        watch: Watch,
        befores: Mapping[tuple[str, str], Before],
        keep_going: bool,
        force: bool,
    ) -> None:
        self.bulletins, self.work_folder, self.store, self.watch = bulletins, work, store, watch
        self.befores, self.keep_going, self.force = befores, keep_going, force
        self.outcome = Outcome()
        self.reports: dict[str, Executed] = {}
        self._keys: dict[PlannedReport, str] = {}
        self._compared: dict[tuple[str, str], Compared] = {}
        self._ready: dict[str, Ready] = {}
        self._lock = threading.RLock()
        self._tasks: queue.PriorityQueue[_Task] = queue.PriorityQueue()
        self._open = 0
        self._stopped = threading.Event()

    def todo(self) -> int:
        """Look up what stands, and return how much is left to do."""
        planned = {self._key(report): report for report in _in_turn(self.bulletins)}
        for key, report in planned.items():
            found = (
                None if self.force else results.find_report(self.work_folder, key, report.parameters.as_of, self.store)
            )
            if found:
                self.reports[key] = found
        self.outcome.standing = len(self.reports)
        self.watch.begins(len(planned), len(self.reports))
        for place, (key, report) in enumerate(planned.items()):
            if key not in self.reports:
                title = report_title(report)
                self._add(_Task(_REPORT, place, title, partial(self._make, report=report, title=title)))
        for bulletin in self.bulletins:
            self._consider(bulletin)
        return self._open

    def _key(self, report: PlannedReport) -> str:
        if report not in self._keys:
            self._keys[report] = results.report_key(report)
        return self._keys[report]

    def _add(self, task: _Task) -> None:
        with self._lock:
            self._open += 1
        self._tasks.put(task)

    def _report(self, report: PlannedReport) -> Executed | None:
        return self.reports.get(self._key(report))

    def _consider(self, bulletin: PlannedBulletin) -> None:
        """Once all reports of a bulletin are there: compare them; then take its pages, or put them on the list."""
        if bulletin.name in self._ready or not all(map(self._report, bulletin.reports)):
            return
        place = self.bulletins.index(bulletin)
        missing = [report for report in bulletin.reports if not self._is_compared(bulletin, report)]
        for report in missing:
            title = f"{report_title(report)}: what changed"
            self._add(_Task(_CHANGES, place, title, partial(self._compare, bulletin=bulletin, report=report)))
        if missing:
            return
        pages = None if self.force else results.find_pages(self.work_folder, self._page_key(bulletin))
        if pages is not None:
            self._ready[bulletin.name] = Ready(bulletin, pages, results.entry_of(pages), self.store.is_sample)
        else:
            self._add(_Task(_PAGES, place, bulletin.title, partial(self._set, bulletin=bulletin)))

    def _is_compared(self, bulletin: PlannedBulletin, report: PlannedReport) -> bool:
        where = bulletin.name, report.label
        executed = self._report(report)
        if where not in self.befores or where in self._compared or executed.left_out:
            return True
        key = results.changes_key(self._key(report), executed, self.befores[where].as_json())
        found = results.find_changes(self.work_folder, key)
        if found is not None:
            self._compared[where] = Compared.from_json(found)
        return found is not None

    def _page_key(self, bulletin: PlannedBulletin) -> str:
        reports = [
            [report.label, self._report(report).identity, self._told(bulletin, report)] for report in bulletin.reports
        ]
        return results.page_key([bulletin.name, bulletin.title, bulletin.place, reports])

    def _told(self, bulletin: PlannedBulletin, report: PlannedReport) -> dict[str, Any] | None:
        compared = self._compared.get((bulletin.name, report.label))
        return compared.as_json() if compared else None

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
            if not self._stopped.is_set():
                self._fail(lane, "The workers", AimError(f"A worker could not be started ({fault}).", "Run again."))
            self._stopped.set()
        while not self._stopped.is_set():
            try:
                task = self._tasks.get(timeout=0.05)
            except queue.Empty:
                if self._open == 0:
                    break
                continue
            self._do(lane, task)
        lane.stop()

    def _do(self, lane: AnyLane, task: _Task) -> None:
        clock = time.perf_counter()
        try:
            task.do(lane)
            self.watch.made(lane.number, task.title, time.perf_counter() - clock, task.rank == _REPORT)
        except AimError as error:
            if not self._stopped.is_set():
                self._fail(lane, task.title, error)
        except Exception as fault:
            if not self._stopped.is_set():
                self._fail(lane, task.title, self._told_fault(fault))
        finally:
            with self._lock:
                self._open -= 1

    def _told_fault(self, fault: Exception) -> AimError:
        """Return what a user is told of a fault; one from another process has its kind in its text only."""
        if os.strerror(errno.ENOSPC) in str(fault):
            return AimError(
                f"There is no space left for {self.work_folder}, or for temporary files.",
                "Make room and run again: what is finished is kept.",
            )
        return AimError(f"Something went wrong inside aim ({type(fault).__name__}: {fault}).")

    def _fail(self, lane: AnyLane, title: str, error: AimError) -> None:
        self.outcome.failures[title] = error
        self.watch.failed(lane.number, title, error)
        if not self.keep_going:
            self._stopped.set()

    def _make(self, lane: AnyLane, report: PlannedReport, title: str) -> None:
        wanted = [
            self.befores[one.name, report.label]
            for one in self.bulletins
            if report in one.reports and (one.name, report.label) in self.befores
        ]
        made = lane.make(report, wanted, lambda section: self.watch.works(lane.number, title, section))
        kept = results.keep_report(
            self.work_folder,
            self._key(report),
            report.parameters.as_of,
            self.store,
            made.notebook,
            made.record,
            made.reads,
        )
        for before, told in zip(wanted, made.compared, strict=False):
            results.keep_changes(self.work_folder, results.changes_key(self._key(report), kept, before.as_json()), told)
        with self._lock:
            self.reports[self._key(report)] = kept
            self.outcome.made += 1
            for bulletin in self.bulletins:
                if report in bulletin.reports:
                    self._consider(bulletin)

    def _compare(self, lane: AnyLane, bulletin: PlannedBulletin, report: PlannedReport) -> None:
        before, executed = self.befores[bulletin.name, report.label], self._report(report)
        self.watch.works(lane.number, report_title(report), "what changed")
        told = lane.compare(report, before, {name: executed.record[name] for name in ("headlines", "inputs")})
        results.keep_changes(self.work_folder, results.changes_key(self._key(report), executed, before.as_json()), told)
        with self._lock:
            self._compared[bulletin.name, report.label] = Compared.from_json(told)
            if all(self._is_compared(bulletin, other) for other in bulletin.reports):
                self._consider(bulletin)

    def _set(self, lane: AnyLane, bulletin: PlannedBulletin) -> None:
        self.watch.works(lane.number, bulletin.title, "pages")
        held = {report.label: self._report(report) for report in bulletin.reports}
        made = [
            MadeReport(label, one.notebook, one.record["inputs"]) for label, one in held.items() if not one.left_out
        ]
        if not made:
            raise AimError(next(iter(held.values())).left_out, "Load figures, or take the bulletin out of the plan.")
        compared = {one.label: found for one in made if (found := self._compared.get((bulletin.name, one.label)))}
        work = PageWork(
            bulletin.name,
            bulletin.title,
            bulletin.place,
            bulletin.reports[0].parameters.as_of,
            made,
            {label: one.left_out for label, one in held.items() if one.left_out},
            compared,
        )
        folder = results.new_pages(self.work_folder)
        lane.set_pages(work, folder)
        kept = results.keep_pages(self.work_folder, self._page_key(bulletin), folder, anew=self.force)
        with self._lock:
            # Another run may have kept the same pages first, and those count.
            self._ready[bulletin.name] = Ready(bulletin, kept, results.entry_of(kept), self.store.is_sample)
            self.outcome.set += 1


def _in_turn(bulletins: Sequence[PlannedBulletin]) -> list[PlannedReport]:
    """Return the reports bulletin by bulletin, but one of each notebook first.

    What the reports of a notebook share is worked out by the first of them; two that began at once would wait.
    """
    every = list(dict.fromkeys(report for bulletin in bulletins for report in bulletin.reports))
    first = {report.notebook: report for report in reversed(every)}
    return list(dict.fromkeys([*(report for report in every if first[report.notebook] is report), *every]))


def report_title(report: PlannedReport) -> str:
    """Return what progress calls a report: ``import trends CAN``."""
    parameters = report.parameters.model_dump()
    about = parameters.get("country") or parameters.get("focus") or ""
    return " ".join(filter(None, [report.label.replace("_", " "), about]))


def _check_unchanged(store: Store, reports: Iterable[Executed]) -> None:
    now = resolve_store(read_settings().store)
    if [commit.name for commit in now.commits] == [commit.name for commit in store.commits]:
        return
    if any(results.is_outdated(report, store, now) for report in reports):
        raise AimError(
            "Figures were loaded while the bulletins were made, and some rest on what was there before.",
            "Run again: only those are made anew.",
        )
