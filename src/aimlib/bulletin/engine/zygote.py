"""The process that imports once and forks a child for each notebook, and each page setter, that asks for one.

It never *uses* DuckDB, the JavaScript engine or the typesetter: a child of a process that has would hang. It ends when
the process that started it ends, and takes its children along.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import random
import selectors
import signal
import socket
import sys
from multiprocessing.connection import Connection

_children: set[int] = set()


def main() -> None:
    """Serve on the socket whose descriptor is the first argument until the pipe on standard input ends.

    The second argument is a folder of this process's own, which whoever started it deletes.
    """
    listener = socket.socket(fileno=int(sys.argv[1]))
    owner = os.getpid()
    try:
        shell = _import_everything(sys.argv[2])
        gc.collect()
        gc.freeze()
        _serve(listener, shell)
    finally:
        if os.getpid() != owner:
            os._exit(1)


def _import_everything(folder: str):
    # A grammar that this builds at import takes a second and more; nothing here checks an address by it.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    # A forked child may not use the threads of its parent's linear algebra.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import pandas
    import py_mini_racer  # noqa: F401
    import vl_convert  # noqa: F401

    from aimlib.bulletin import pages  # noqa: F401
    from aimlib.bulletin.engine.shell import new_shell
    from aimlib.bulletin.warm import warm_up
    from aimlib.bulletin.weekly import in_child  # noqa: F401
    from aimlib.present import duty_scenarios, gatm_comparison, import_trends, smelt_origin  # noqa: F401

    warm_up()
    _open_store()
    # At import pandas looks for a kernel's shell, and takes this process for a terminal.
    pandas.set_option("display.max_columns", 20)
    return new_shell(folder)


def _open_store() -> None:
    """Read the list of what the store holds; children whose store is still the same find it open."""
    from aimlib.errors import AimError
    from aimlib.settings import read_settings
    from aimlib.store import resolve_store
    from aimlib.store.tables import TABLES

    with contextlib.suppress(AimError, OSError):
        store = resolve_store(read_settings().store)
        for table in TABLES:
            store.every_block(table)


def _serve(listener: socket.socket, shell) -> None:
    signal.signal(signal.SIGCHLD, _reap)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with selectors.DefaultSelector() as ready:
        ready.register(listener, selectors.EVENT_READ)
        ready.register(sys.stdin.fileno(), selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fileobj is not listener:
                    _end()
                    return
                asking, _address = listener.accept()
                child = os.fork()
                if child == 0:
                    ready.close()
                    listener.close()
                    _be_child(asking, shell)
                _children.add(child)
                asking.close()


def _be_child(asking: socket.socket, shell) -> None:
    """Become a child: serve the one connection, and end without a way back into the parent's code."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _die_with_parent()
        atexit._clear()
        # A short life on a large heap: looking for garbage costs more than it brings, and memory is watched.
        gc.disable()
        random.seed()
        numpy = sys.modules["numpy"]
        numpy.random.seed()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        from aimlib.bulletin.engine.child import serve

        serve(Connection(asking.detach()), shell)
        status = 0
        atexit._run_exitfuncs()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass
    except BaseException:
        if os.environ.get("AIM_DEBUG"):
            import traceback

            traceback.print_exc()
    finally:
        os._exit(status)


def _die_with_parent() -> None:
    """Ask the system (Linux) to end this process when the zygote ends; elsewhere its connection tells."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if os.getppid() == 1:
            os._exit(1)


def _reap(*_: object) -> None:
    with contextlib.suppress(ChildProcessError):
        while ended := os.waitpid(-1, os.WNOHANG)[0]:
            _children.discard(ended)


def _end() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for child in _children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
