"""What a forked child does: run the cells of one notebook, or call functions of the library, for who asked for it.

Requests and answers are tuples over a connection:

``("begin", {environ, folder, converter})``
    the environment, the working folder, and where charts are converted (None: here)
``("cell", source, keep)``
    answered by ``("message", type, content)`` for each message of a kernel, then ``("reply", content)``
``("call", "package.module:function", arguments)``
    answered by ``("value", what it returned)`` or ``("fault", error, traceback)``; an AimError comes as itself
"""

from __future__ import annotations

import importlib
import os
import threading
import traceback
from multiprocessing.connection import Connection
from typing import Any

from aimlib.bulletin.engine.shell import Cells
from aimlib.errors import AimError


def serve(asking: Connection, shell) -> None:
    """Answer requests until the connection ends."""
    one_at_a_time = threading.Lock()

    def answer(*told: Any) -> None:
        with one_at_a_time:
            asking.send(told)

    answer("ready", os.getpid())
    cells: Cells | None = None
    while True:
        match asking.recv():
            case ("begin", told):
                _begin(**told)
            case ("cell", source, keep):
                cells = cells or Cells(shell, lambda kind, content: answer("message", kind, content))
                answer("reply", cells.run(source, keep))
            case ("call", name, arguments):
                answer(*_called(name, arguments))
            case ("end",):
                return


def _begin(environ: dict[str, str], folder: str, converter: str | None) -> None:
    kept = {name: os.environ[name] for name in ("IPYTHONDIR", "MPLBACKEND") if name in os.environ}
    os.environ.clear()
    os.environ.update(environ | kept)
    os.chdir(folder)
    if converter:
        from aimlib.bulletin.engine.charts import remote_converter
        from aimlib.present import svg

        svg.convert_with(remote_converter(converter))


def _called(name: str, arguments: dict[str, Any]) -> tuple[Any, ...]:
    module, _, function = name.partition(":")
    try:
        return "value", getattr(importlib.import_module(module), function)(**arguments)
    except AimError as error:
        return "fault", error, ""
    except Exception as fault:
        return "fault", RuntimeError(f"{type(fault).__name__}: {fault}"), traceback.format_exc()
