"""The side that asks: a zygote process, and children forked from it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

_READY_S = 60
_PREFIX = "aim-zygote-"


class ChildDied(Exception):
    """A child ended without an answer: it crashed, or was killed from outside."""


class OutOfTime(Exception):
    """A child did not answer in the time it had; it has been ended."""


class OutOfMemory(Exception):
    """A child took more memory than it may; it has been ended. ``limit`` is in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"it took more than {limit / 2**30:.1f} GB of memory")
        self.limit = limit


def can_fork() -> bool:
    """Return whether this system can fork processes and has sockets between them (and AIM_NO_FORK does not forbid)."""
    if os.environ.get("AIM_NO_FORK"):
        return False
    return hasattr(os, "fork") and hasattr(socket, "AF_UNIX") and sys.platform != "win32"


class Zygote:
    """A process that has imported what notebooks import, and forks a child for each connection.

    It ends with this process, whatever ends it, and takes its children along.
    """

    def __init__(self) -> None:
        # A Unix socket's path may have about a hundred characters, which a user's own temporary folder may exceed.
        base = "/tmp" if os.access("/tmp", os.W_OK) else None
        _sweep(Path(base or tempfile.gettempdir()))
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=base))
        self._has_forked = False
        self._path = str(self.folder / "zygote")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self._path)
        listener.listen(64)
        with listener:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "aimlib.bulletin.engine.zygote", str(listener.fileno()), str(self.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=None if os.environ.get("AIM_DEBUG") else subprocess.DEVNULL,
                pass_fds=[listener.fileno()],
                # Ctrl-C on the terminal is for the process that asked; it then ends this one.
                start_new_session=True,
                env=_with_package_path(),
            )

    def fork(self) -> Child:
        """Return a child of its own. Raises ChildDied where the zygote cannot give one."""
        asking = socket.socket(socket.AF_UNIX)
        try:
            asking.settimeout(_READY_S)
            asking.connect(self._path)
            asking.settimeout(None)
            self._has_forked = True
            return Child(Connection(asking.detach()))
        except OSError as obstacle:
            raise ChildDied(f"no process could be started ({obstacle.strerror or obstacle})") from None

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """End the zygote and its children."""
        with suppress(OSError):
            self._process.stdin.close()
        if not self._has_forked:  # it may still be importing, and hears nothing
            self._process.kill()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _sweep(base: Path) -> None:
    """Delete the folders of this user's zygotes whose process was killed."""
    for folder in base.glob(f"{_PREFIX}*-*"):
        with suppress(OSError, ValueError):
            if folder.stat().st_uid == os.getuid() and not psutil.pid_exists(int(folder.name.split("-")[2])):
                shutil.rmtree(folder, ignore_errors=True)


def _with_package_path() -> dict[str, str]:
    """Return the environment with the folder that this package was imported from, first on the path."""
    import aimlib

    here = str(Path(aimlib.__file__).parents[1])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")]))}


class Child:
    """A forked child. Its methods wait for its answers, watch its time and memory, and end it where it exceeds them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.peak_bytes = 0
        kind, self.pid = self.receive(time.monotonic() + _READY_S)
        assert kind == "ready"

    def begin(self, folder: Path | str, environ: dict[str, str] | None = None, converter: str | None = None) -> None:
        """Give the child its environment, its working folder and where its charts are converted."""
        told = {"environ": environ or dict(os.environ), "folder": str(folder), "converter": converter}
        self.send("begin", told)

    def call(self, name: str, *, seconds: float | None = None, memory: int | None = None, **arguments: Any) -> Any:
        """Call ``package.module:function`` in the child and return what it returns, or raise what it raises."""
        self.send("call", name, arguments)
        kind, value, *trace = self.receive(_until(seconds), memory)
        if kind == "fault":
            if trace and trace[0] and os.environ.get("AIM_DEBUG"):
                print(trace[0], file=sys.stderr)
            raise value
        return value

    def send(self, *told: Any) -> None:
        """Send a request. Raises ChildDied where nobody is there."""
        try:
            self._connection.send(told)
        except OSError:
            raise ChildDied("the process ended") from None

    def receive(self, until: float | None = None, memory: int | None = None) -> tuple[Any, ...]:
        """Return the next answer; see the exceptions of this module. `until` is a time of the monotonic clock."""
        try:
            while not self._connection.poll(_wait(until, memory)):
                if until is not None and time.monotonic() >= until:
                    self.kill()
                    raise OutOfTime
                if memory is not None and self._takes() > memory:
                    self.kill()
                    raise OutOfMemory(memory)
            return self._connection.recv()
        except (EOFError, OSError):
            raise ChildDied("the process ended") from None

    def _takes(self) -> int:
        try:
            takes = psutil.Process(self.pid).memory_info().rss
        except psutil.Error:
            return 0
        self.peak_bytes = max(self.peak_bytes, takes)
        return takes

    @property
    def is_alive(self) -> bool:
        try:
            return psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def kill(self) -> None:
        """End the child at once."""
        with suppress(psutil.Error, AttributeError):
            psutil.Process(self.pid).kill()

    def close(self) -> None:
        """Let the child end; it is not waited for."""
        with suppress(OSError, ChildDied):
            self.send("end")
        self._connection.close()


def _until(seconds: float | None) -> float | None:
    return None if seconds is None else time.monotonic() + seconds


def _wait(until: float | None, memory: int | None) -> float | None:
    left = None if until is None else max(0.0, until - time.monotonic())
    if memory is None:
        return left
    return 0.2 if left is None else min(left, 0.2)


def start_ahead() -> None:
    """Let this process's zygote get ready while there is other work to do before its first child."""
    if can_fork():
        own_zygote()


_own: Zygote | None = None
_own_lock = threading.Lock()


def own_zygote() -> Zygote:
    """Return this process's zygote, started at the first call and again where it has ended."""
    global _own
    with _own_lock:
        if _own is None or not _own.is_alive:
            if _own is not None:
                _own.close()
            else:
                import atexit

                atexit.register(lambda: _own and _own.close())
            _own = Zygote()
        return _own
