"""A lane of the weekly run: makes one report after the other, each in a forked child, and sets pages in a warm process.

Several lanes run side by side, each with a setter of its own, so that at any moment one process a lane is at work.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any

from aimlib.bulletin.engine.charts import SetterGone
from aimlib.bulletin.engine.client import Child, ChildDied, OutOfMemory, OutOfTime, Zygote
from aimlib.bulletin.execution import Forked, KernelDied, execute, file_of
from aimlib.bulletin.pages import PageWork, headlines_in
from aimlib.bulletin.weekly.comparing import Before
from aimlib.bulletin.weekly.plan import Limits, PlannedReport
from aimlib.errors import AimError
from aimlib.settings import share_dir
from aimlib.store.reads import Read

_READY_S = 60
_ATTEMPTS = 3


@dataclass
class Made:
    """A report just executed: its notebook (empty where it was left out), record and reads, and what changed."""

    notebook: bytes
    record: dict[str, Any]
    reads: set[Read]
    compared: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Lane:
    """See the module. `environ` is the environment of its processes."""

    number: int
    zygote: Callable[[], Zygote]
    environ: dict[str, str]
    limits: Limits
    _setter: Child | None = field(default=None, init=False)
    _pages: Connection | None = field(default=None, init=False)
    _address: str = field(default="", init=False)
    peak_bytes: int = field(default=0, init=False)

    def start(self) -> None:
        """Start the process that converts charts and sets pages; it gets ready while the first notebook runs."""
        for attempt in range(_ATTEMPTS):
            try:
                self._start()
                return
            except ChildDied:  # the zygote has just been killed; the next call finds that out and starts another
                if attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(0.2)

    def _start(self) -> None:
        zygote = self.zygote()
        self._address = str(zygote.folder / f"setter-{self.number}-{time.monotonic_ns()}")
        self._setter = zygote.fork()
        self._setter.begin(zygote.folder, self.environ)
        self._setter.send("call", "aimlib.bulletin.engine.charts:serve_setting", {"address": self._address})
        self._pages = None

    def make(self, planned: PlannedReport, befores: Sequence[Before], on_section: Callable[[str], None]) -> Made:
        """Execute a report in a child of its own, and compare it with each of `befores`.

        A process that died is replaced, and the report run again, once.

        Raises
        ------
        AimError
            NotebookFailed where a section fails, and what else a user is to know.
        """
        return self._twice(lambda: self._make(planned, befores, on_section))

    def compare(self, planned: PlannedReport, before: Before, after: dict[str, Any]) -> dict[str, Any]:
        """Compare a report that stands with what was before; `after` are its headlines and inputs."""
        return self._twice(lambda: self._compare(planned, before, after))

    def _twice(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except (KernelDied, ChildDied):
            self.restart()
        except AimError as error:
            if self._is_setting() and SetterGone.__name__ not in error.message:
                raise
            self.restart()  # the charts' process died under the notebook, which is no fault of the notebook's
        try:
            return work()
        except (KernelDied, ChildDied):
            raise AimError(
                "Its process ended twice without an answer.",
                "Run it alone to see why: aim run with the same parameters.",
            ) from None

    def _compare(self, planned: PlannedReport, before: Before, after: dict[str, Any]) -> dict[str, Any]:
        child = self.zygote().fork()
        try:
            child.begin(self.zygote().folder, self.environ)
            return self._compared(child, planned, before, after)
        except OutOfTime:
            raise AimError(f"Comparing took more than {self.limits.report_seconds} seconds.", _LIMITS) from None
        except OutOfMemory as much:
            raise AimError(f"Comparing was stopped: {much}.", _LIMITS) from None
        finally:
            child.close()

    def _compared(self, child: Child, planned: PlannedReport, before: Before, after: dict[str, Any]) -> dict[str, Any]:
        told = {"notebook": planned.notebook, "since": str(before.since), "told": before.told, "after": after}
        bounds = {"seconds": self.limits.report_seconds, "memory": self.limits.report_bytes}
        return child.call("aimlib.bulletin.weekly.in_child:changes_since", **told, **bounds)

    def _make(self, planned: PlannedReport, befores: Sequence[Before], on_section: Callable[[str], None]) -> Made:
        clock = time.perf_counter()
        limits = self.limits
        bounds = {"seconds": limits.report_seconds, "memory": limits.report_bytes}
        child = self.zygote().fork()
        with tempfile.TemporaryDirectory(prefix="aim-") as scratch:
            try:
                child.begin(scratch, self.environ, self._address)
                self._await_setter()
                on_section("reading")
                try:
                    asked = {"notebook": planned.notebook, "given": planned.parameters.as_papermill()}
                    given = child.call("aimlib.bulletin.weekly.in_child:begin_report", **asked, **bounds)
                except AimError as error:
                    if not planned.where_held or error.exit_status != 2:
                        raise
                    reads = set(child.call("aimlib.bulletin.weekly.in_child:reads_so_far"))
                    return Made(b"", {"left_out": error.message}, reads)
                source = share_dir("notebooks") / f"{planned.notebook}.ipynb"
                forked = Forked(child, limits.cell_seconds, limits.report_seconds, limits.report_bytes, on_section)
                executed = execute(source, given, forked)
                told = child.call("aimlib.bulletin.weekly.in_child:end_report", **bounds)
                told["headlines"] = headlines_in(executed)
                on_section("what changed")
                compared = [self._compared(child, planned, before, told) for before in befores]
            except OutOfTime:
                raise AimError(f"It took more than {limits.report_seconds} seconds.", _LIMITS) from None
            except OutOfMemory as much:
                raise AimError(f"Reading was stopped: {much}.", _LIMITS) from None
            finally:
                self.peak_bytes = max(self.peak_bytes, child.peak_bytes)
                child.close()
        reads = set(told.pop("reads"))
        record = {**told, "seconds": time.perf_counter() - clock}
        return Made(file_of(executed), record, reads, compared)

    def set_pages(self, work: PageWork, folder: Path) -> dict[str, Any]:
        """Set a bulletin's pages into `folder` and return its entry; a setter that died is replaced once."""
        for attempt in (1, 2):
            try:
                if self._pages is None:
                    self._await_setter()
                    self._pages = Client(self._address, family="AF_UNIX")
                self._pages.send(("pages", {"work": work, "folder": folder}))
                worth, told = self._pages.recv()
                break
            except (EOFError, OSError, ChildDied):
                if attempt == 2:
                    raise AimError("The process that sets pages ended twice.", "Run again.") from None
                self.restart()
        if worth != "value":
            raise told
        return told

    def restart(self) -> None:
        """Replace the setter, and the zygote where it has ended."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """End the setter."""
        if self._pages is not None:
            self._pages.close()
            self._pages = None
        if self._setter is not None:
            self._setter.kill()
            self._setter.close()
            self._setter = None

    def _await_setter(self) -> None:
        until = time.monotonic() + _READY_S
        while not os.path.exists(self._address):
            if time.monotonic() > until or not self._is_setting():
                raise ChildDied("no process could be started to set pages")
            time.sleep(0.01)

    def _is_setting(self) -> bool:
        with suppress(ChildDied, AttributeError):
            return self._setter.is_alive
        return False


_LIMITS = "Raise its limit under limits in the plan, or ask for less."
