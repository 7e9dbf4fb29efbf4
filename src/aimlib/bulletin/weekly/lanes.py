"""Which lanes a run has: forked children here, ordinary kernels where one cannot fork, or the workers of a cluster."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from aimlib.bulletin.engine.client import Zygote, can_fork, own_zygote
from aimlib.bulletin.pages import PageWork
from aimlib.bulletin.weekly.comparing import Before
from aimlib.bulletin.weekly.lane import Lane, Made
from aimlib.bulletin.weekly.plan import Limits, PlannedReport
from aimlib.errors import AimError
from aimlib.settings import read_settings
from aimlib.store import Store
from aimlib.store.shared import FOLDER as SHARED
from aimlib.store.shared import sweep


class AnyLane(Protocol):
    """What makes one report after the other, and sets pages."""

    number: int
    peak_bytes: int

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def make(self, planned: PlannedReport, befores: Sequence[Before], on_section: Callable[[str], None]) -> Made: ...
    def compare(self, planned: PlannedReport, before: Before, after: dict[str, Any]) -> dict[str, Any]: ...
    def set_pages(self, work: PageWork, folder: Path) -> dict[str, Any]: ...


@contextlib.contextmanager
def lanes_here(store: Store, limits: Limits, jobs: int) -> Iterator[list[AnyLane]]:
    """Yield `jobs` lanes on this machine; their processes end with the block."""
    # Shared frames may hold more than may be published, so that they stay with the store.
    shared = store.root / "shared"
    sweep(shared)
    environ = {**os.environ, "AIM_STORE": str(read_settings().store)}
    if os.access(store.root, os.W_OK):
        environ[SHARED] = str(shared)
    if not can_fork():
        from aimlib.bulletin.weekly.plain_lane import PlainLane

        former = dict(os.environ)
        os.environ.update(environ)  # which kernels inherit
        try:
            yield [PlainLane(number) for number in range(jobs)]
        finally:
            os.environ.clear()
            os.environ.update(former)
        return
    nursery = _Nursery()
    try:
        yield [Lane(number, nursery.zygote, environ, limits) for number in range(jobs)]
    except BaseException:
        nursery.close()
        raise


@contextlib.contextmanager
def lanes_on(address: str, data: str, limits: Limits, jobs: int) -> Iterator[list[AnyLane]]:
    """Yield lanes whose work is done on a Dask cluster: `jobs`, or two for each of its threads where that is 0.

    `data` is where workers find the store: a folder that they share, or an address for fsspec.
    """
    from aimlib.bulletin.weekly.cluster import ClusterLane, connected

    with connected(address) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise AimError("The cluster has no workers.", f"Start some: dask worker {address}.")
        yield [ClusterLane(client, number, data, read_settings(), limits) for number in range(jobs or threads * 2)]


class _Nursery:
    """This process's zygote, until the run is stopped: then it ends with all of its children."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed = False

    def zygote(self) -> Zygote:
        with self._lock:
            if self._closed:
                raise AimError("The run was stopped.")
            return own_zygote()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            own_zygote().close()
