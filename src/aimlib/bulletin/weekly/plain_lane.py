"""A lane for systems that cannot fork: an ordinary kernel a report, pages set in this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from aimlib.bulletin import manifest
from aimlib.bulletin.execution import execute, file_of
from aimlib.bulletin.opening import open_report
from aimlib.bulletin.pages import PageWork, headlines_in, make_pages
from aimlib.bulletin.weekly.comparing import Before
from aimlib.bulletin.weekly.in_child import changes_since
from aimlib.bulletin.weekly.lane import Made
from aimlib.bulletin.weekly.plan import PlannedReport
from aimlib.errors import AimError
from aimlib.settings import share_dir
from aimlib.store.reads import Read
from aimlib.store.tables import TABLES

# What a notebook reads in a kernel of its own is not told here, so that it is taken to read everything.
_EVERYTHING = {Read(table) for table in TABLES}
_one_at_a_time = threading.Lock()


class PlainLane:
    """See the module. Kernels inherit this process's environment."""

    peak_bytes = 0

    def __init__(self, number: int) -> None:
        self.number = number

    def start(self) -> None:
        """Do nothing: a kernel starts with each report."""

    def stop(self) -> None:
        """Do nothing: kernels end by themselves."""

    def make(self, planned: PlannedReport, befores: Sequence[Before], on_section: Callable[[str], None]) -> Made:
        """Execute a report in an ordinary kernel, and compare it with each of `befores`."""
        clock = time.perf_counter()
        on_section("reading")
        try:
            with _one_at_a_time:
                report = open_report(planned.parameters)
        except AimError as error:
            if not planned.where_held or error.exit_status != 2:
                raise
            return Made(b"", {"left_out": error.message}, _EVERYTHING)
        source = share_dir("notebooks") / f"{planned.notebook}.ipynb"
        on_section("notebook")
        executed = execute(source, report.parameters.as_papermill())
        with _one_at_a_time:
            inputs = manifest.inputs_of(
                planned.notebook,
                source.read_bytes(),
                planned.parameters.model_dump(mode="json"),
                report.parameters.model_dump(mode="json"),
                report.blocks,
            )
        seconds = time.perf_counter() - clock
        record = {
            "inputs": inputs,
            "synthetic": report.synthetic,
            "slug": report.slug,
            "headlines": headlines_in(executed),
            "seconds": seconds,
        }
        compared = [self.compare(planned, before, record) for before in befores]
        return Made(file_of(executed), record, _EVERYTHING, compared)

    def compare(self, planned: PlannedReport, before: Before, after: dict[str, Any]) -> dict[str, Any]:
        """Compare a report with what was before; `after` are its headlines and inputs."""
        with _one_at_a_time:
            return changes_since(planned.notebook, str(before.since), before.told, after)

    def set_pages(self, work: PageWork, folder: Path) -> dict[str, Any]:
        """Set a bulletin's pages into `folder` and return its entry."""
        with _one_at_a_time:
            return make_pages(work, folder)
