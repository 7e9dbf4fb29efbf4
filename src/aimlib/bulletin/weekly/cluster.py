"""The same run on a Dask cluster: each report and each bulletin's pages a task, made by the workers' own lanes.

A worker needs the same aimlib and a way to the store. A task that a lost worker had begun is done by another; results
come back to the process that asked, which keeps and publishes them, so that each is there once.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aimlib.bulletin.pages import PageWork
from aimlib.bulletin.weekly.comparing import Before
from aimlib.bulletin.weekly.lane import Lane, Made
from aimlib.bulletin.weekly.plan import Limits, PlannedReport
from aimlib.bulletin.weekly.remote import local_copy
from aimlib.digests import part_digests
from aimlib.errors import AimError
from aimlib.settings import Settings
from aimlib.store.shared import FOLDER as SHARED

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_S = 20
_LOST_WORKERS = 3


@contextlib.contextmanager
def connected(address: str) -> Iterator[Client]:
    """Yield a client of the cluster at `address` (``tcp://scheduler:8786``).

    Raises
    ------
    AimError
        If Dask is not installed, nobody answers, or a worker has another aimlib.
    """
    try:
        from distributed import Client
    except ImportError:
        raise AimError("Dask is not installed.", "Install it: pip install aimlib[cluster].") from None
    if not re.fullmatch(r"[a-z]+://\S+:\d+/?", address):
        raise AimError(
            f"No Dask scheduler answers at {address}: it is no address.", "Write it as tcp://scheduler:8786."
        )
    try:
        client = Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as obstacle:
        raise AimError(
            f"No Dask scheduler answers at {address} ({type(obstacle).__name__}).",
            "Check the address, and that the scheduler runs: dask scheduler.",
        ) from None
    with client:
        others = {worker: told for worker, told in client.run(part_digests).items() if told != part_digests()}
        if others:
            raise AimError(
                f"{len(others)} of the cluster's workers have another aimlib than this process.",
                "Install the same version everywhere.",
            )
        yield client


class ClusterLane:
    """What a lane is to the run, with the work done by whichever worker is free. Many threads may share one."""

    peak_bytes = 0

    def __init__(self, client: Client, number: int, data: str, settings: Settings, limits: Limits) -> None:
        self.number = number
        self._client = client
        self._told = {
            "data": data,
            "limits": limits,
            "environ": {
                "AIM_LEAST_IMPORTERS": str(settings.least_importers),
                "AIM_DOMINANT_SHARE": str(settings.dominant_share),
                **({"AIM_MEMORY": settings.memory} if settings.memory else {}),
            },
        }

    def start(self) -> None:
        """Do nothing: workers start what they need themselves."""

    def stop(self) -> None:
        """Do nothing: workers stay warm for the next run."""

    def make(self, planned: PlannedReport, befores: Sequence[Before], on_section: Any) -> Made:
        """Have a worker execute a report, and compare it."""
        on_section("on the cluster")
        return self._ask(make_there, planned=planned, befores=list(befores))

    def compare(self, planned: PlannedReport, before: Before, after: dict[str, Any]) -> dict[str, Any]:
        """Have a worker compare a report."""
        return self._ask(compare_there, planned=planned, before=before, after=after)

    def set_pages(self, work: PageWork, folder: Path) -> dict[str, Any]:
        """Have a worker set a bulletin's pages, and write them into `folder`."""
        notebooks = {one.label: one.notebook.read_bytes() for one in work.reports}
        entry, files = self._ask(set_there, work=work, notebooks=notebooks)
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return entry

    def _ask(self, function: Any, **arguments: Any) -> Any:
        from distributed import KilledWorker

        # Not pure: equal arguments may meet a store that has changed since.
        future = self._client.submit(function, **arguments, **self._told, pure=False)
        try:
            return future.result()
        except KilledWorker:
            raise AimError(
                f"It ended {_LOST_WORKERS} workers one after the other.",
                "Give workers more memory, or run it alone to see why: aim run with the same parameters.",
            ) from None
        finally:
            future.release()


def make_there(planned: PlannedReport, befores: list[Before], **told: Any) -> Made:
    """Execute a report; this runs on a worker."""
    with _lane(**told) as lane:
        return lane.make(planned, befores, lambda _section: None)


def compare_there(planned: PlannedReport, before: Before, after: dict[str, Any], **told: Any) -> dict[str, Any]:
    """Compare a report; this runs on a worker."""
    with _lane(**told) as lane:
        return lane.compare(planned, before, after)


def set_there(work: PageWork, notebooks: dict[str, bytes], **told: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Set a bulletin's pages and return its entry and its files by name; this runs on a worker."""
    with _lane(**told) as lane, tempfile.TemporaryDirectory(prefix="aim-") as scratch:
        given, folder = Path(scratch) / "given", Path(scratch) / "pages"
        given.mkdir()
        folder.mkdir()
        for label, content in notebooks.items():
            (given / f"{label}.ipynb").write_bytes(content)
        reports = [replace(one, notebook=given / f"{one.label}.ipynb") for one in work.reports]
        entry = lane.set_pages(replace(work, reports=reports), folder)
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        return entry, files


_lanes: list[Lane] = []


@contextlib.contextmanager
def _lane(data: str, limits: Limits, environ: dict[str, str]) -> Iterator[Lane]:
    """Yield a lane of this worker that nobody uses, a new one where all are in use; lanes stay warm."""
    from aimlib.bulletin.engine.client import own_zygote

    store = local_copy(data)
    wanted = {**os.environ, **environ, "AIM_STORE": str(store), SHARED: str(store / "shared")}
    try:
        lane = _lanes.pop()
    except IndexError:
        lane = Lane(id(object()), own_zygote, wanted, limits)
        lane.start()
    lane.environ, lane.limits = wanted, limits
    try:
        yield lane
    finally:
        _lanes.append(lane)
