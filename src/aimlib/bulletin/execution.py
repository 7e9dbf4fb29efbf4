"""Running a notebook with its parameters in a kernel of this very interpreter."""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4.rwbase import strip_transient

from aimlib.errors import AimError

if TYPE_CHECKING:
    from aimlib.bulletin.engine.client import Child

_CELL_LIMIT_S = 600


def file_of(notebook: NotebookNode) -> bytes:
    """Return the content of a notebook's file, on one line: laid out for reading it takes twenty times as long."""
    return json.dumps(strip_transient(notebook), ensure_ascii=False, sort_keys=True).encode()


@dataclass(frozen=True)
class Forked:
    """How a notebook runs in a forked child in the place of a kernel of its own.

    ``cell_seconds``, ``report_seconds`` and ``report_bytes`` (of memory) end a child that exceeds them; ``on_section``
    is called with the heading above each cell that starts.
    """

    child: Child
    cell_seconds: int = _CELL_LIMIT_S
    report_seconds: int | None = None
    report_bytes: int | None = None
    on_section: Callable[[str], None] | None = None

    def options(self) -> dict[str, Any]:
        return {
            "child": self.child,
            "execution_timeout": self.cell_seconds,
            "report_timeout": self.report_seconds,
            "report_memory": self.report_bytes,
            "on_section": self.on_section,
        }


class KernelDied(AimError):
    """The process of a notebook ended by itself or was ended from outside; running it again may go well."""

    exit_status = 1


class NotebookFailed(AimError):
    """A notebook stopped at an error: which section, and why, in one line.

    ``notebook`` is the notebook as far as it was executed.
    """

    exit_status = 1

    def __init__(self, section: str, reason: str, notebook: NotebookNode) -> None:
        super().__init__(f"The section {section!r} failed: {reason}")
        self.notebook = notebook


def execute(path: Path, parameters: Mapping[str, Any], forked: Forked | None = None) -> NotebookNode:
    """Execute the notebook at `path` with `parameters` and return it, cleaned of clock times and paths.

    It runs in a kernel of its own, or in the child that `forked` names.

    Raises
    ------
    NotebookFailed
        If a cell raises, the kernel dies or a cell runs longer than ten minutes.
    KernelDied
        If a forked child ends without an answer.
    """
    for name in ("papermill", "traitlets", "asyncio"):
        # What they would say reaches the user as one NotebookFailed.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return _cleaned(_in_child(path, parameters, forked) if forked else _in_kernel(path, parameters))


def _in_kernel(path: Path, parameters: Mapping[str, Any]) -> NotebookNode:
    import papermill
    from papermill.exceptions import PapermillExecutionError

    with tempfile.TemporaryDirectory(prefix="aim-") as scratch:
        executed = Path(scratch) / path.name
        try:
            papermill.execute_notebook(
                str(path),
                str(executed),
                parameters=dict(parameters),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                log_output=False,
                autosave_cell_every=0,
                request_save_on_cell_execute=False,
                stderr_file=None,
                **_kernel_options(Path(scratch)),
            )
        except PapermillExecutionError as failure:
            notebook = _cleaned(nbformat.read(executed, as_version=4))
            raise NotebookFailed(_section(notebook, failure.cell_index), _reason(failure), notebook) from None
        except Exception as failure:
            # A dead kernel or a time limit: papermill's own notebook says "completed" then, so only its text is kept.
            notebook = _cleaned(nbformat.read(executed if executed.exists() else path, as_version=4))
            raise NotebookFailed(_last_section(notebook), _one_line(str(failure)), notebook) from None
        return nbformat.read(executed, as_version=4)


def _in_child(path: Path, parameters: Mapping[str, Any], forked: Forked) -> NotebookNode:
    """Execute by papermill's own steps, without the files that it would write and read in between."""
    from nbclient.exceptions import DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    kernel = {"kernel_name": "python3", "language": "python"}
    notebook = parameterize_notebook(load_notebook_node(str(path)), dict(parameters), engine_name="aim", **kernel)
    try:
        papermill_engines.execute_notebook_with_engine(
            "aim", notebook, "python3", progress_bar=False, autosave_cell_every=0, **forked.options()
        )
    except DeadKernelError as failure:
        if str(failure) == "Kernel died":
            raise KernelDied("The notebook's process ended without an answer.") from None
        raise NotebookFailed(_last_section(notebook), _one_line(str(failure)), _cleaned(notebook)) from None
    except Exception as failure:
        raise NotebookFailed(_last_section(notebook), _one_line(str(failure)), _cleaned(notebook)) from None
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise NotebookFailed(_section(notebook, index), _reason(output), _cleaned(notebook))
    return notebook


def _kernel_options(scratch: Path) -> dict[str, Any]:
    return {
        "kernel_manager_class": _kernel_manager(scratch),
        "cwd": str(scratch),
        "execution_timeout": _CELL_LIMIT_S,
        "extra_arguments": ["--IPKernelApp.log_level=50"],
    }


def _kernel_manager(scratch: Path) -> type:
    """Return a kernel manager that always starts this interpreter, whatever kernels the user has installed.

    On systems that have them it talks over Unix sockets with a path of their own: kernels of parallel runs cannot
    meet on a port, and nobody else on the machine can connect.
    """
    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from traitlets import default

    class OwnInterpreter(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(**get_kernel_dict())

        async def start_kernel(self, **options) -> None:
            # A startup file or profile of the user's must not reach into a bulletin.
            environment = {**os.environ, "IPYTHONDIR": str(scratch / "ipython")}
            await super().start_kernel(**{**options, "env": environment})

        @default("transport")
        def _transport_default(self) -> str:
            # A Unix socket's path may have about a hundred characters.
            return "ipc" if os.name == "posix" and len(str(scratch)) < 80 else "tcp"

        def _ip_default(self) -> str:
            return str(scratch / "kernel") if self.transport == "ipc" else super()._ip_default()

    return OwnInterpreter


def _section(notebook: NotebookNode, index: int) -> str:
    for cell in reversed(notebook.cells[: index + 1]):
        if cell.cell_type == "markdown":
            heading = re.search(r"^#+\s+(.+)$", cell.source, re.MULTILINE)
            if heading:
                return heading[1].strip()
    return "first"


def _last_section(notebook: NotebookNode) -> str:
    executed = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.get("outputs")]
    return _section(notebook, executed[-1] + 1 if executed else 0)


def _reason(failure: Any) -> str:
    if failure.ename == "AimError" or failure.ename.endswith("AimError"):
        return _one_line(failure.evalue)
    return _one_line(f"{failure.ename}: {failure.evalue}")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]


def _cleaned(notebook: NotebookNode) -> NotebookNode:
    """Drop what differs from run to run (clock times, paths, ids of this machine) from an executed notebook."""
    for name in ("papermill", "widgets"):
        notebook.metadata.pop(name, None)
    for number, cell in enumerate(notebook.cells):
        # papermill gives the cell with the parameters an id by chance.
        cell.id = f"cell-{number:02}"
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
    return notebook
