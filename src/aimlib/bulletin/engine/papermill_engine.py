"""The engine under papermill's entry point: papermill's own client, with a forked child in the kernel's place."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger

from aimlib.bulletin.engine.client import Child, ChildDied, OutOfMemory, OutOfTime, can_fork, own_zygote

_OWN = ("child", "report_timeout", "report_memory", "on_section")
_HEADING = re.compile(r"^#+\s+(.+)$", re.MULTILINE)


class AimEngine(NBClientEngine):
    """papermill's engine ``aim``.

    Options of its own: `child`, an :class:`~aimlib.bulletin.engine.client.Child` to run in (one that begun already; it
    is left open); `report_timeout`, seconds for the whole notebook; `report_memory`, bytes that its process may take;
    `on_section`, called with the heading above each cell that starts.
    The others are those of papermill's own engine, which takes over where processes cannot be forked.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, log_output=False, **options):
        """Execute the notebook's cells in a child forked from the zygote."""
        own = {name: options.pop(name, None) for name in _OWN}
        if not can_fork():
            return super().execute_managed_notebook(nb_man, kernel_name, log_output=log_output, **options)
        known = {name: options.get(name) for name in ("stdout_file", "stderr_file")}
        client = ForkedClient(
            nb_man,
            timeout=options.get("execution_timeout"),
            kernel_name=kernel_name,
            log=logger,
            log_output=log_output,
            **known,
        )
        client.limits = own["report_timeout"], own["report_memory"]
        client.given, client.on_section = own["child"], own["on_section"]
        return client.execute()


class ForkedClient(PapermillNotebookClient):
    """A notebook client that talks to a forked child. Outputs are made of its messages by nbclient's own rules."""

    limits: tuple[float | None, int | None] = (None, None)
    given: Child | None = None
    on_section: Callable[[str], None] | None = None

    def execute(self, **_: Any):
        """Run all cells; a failed one ends the run as papermill ends it, a dead process raises DeadKernelError."""
        self.reset_execution_trackers()
        seconds, self._memory = self.limits
        self._until = None if seconds is None else time.monotonic() + seconds
        try:
            self._child = self.given or own_zygote().fork()
        except ChildDied:
            raise DeadKernelError("Kernel died") from None
        try:
            if self.given is None:
                self._child.begin(Path.cwd(), dict(os.environ))
            self.papermill_execute_cells()
            self.nb.metadata["language_info"] = _language_info()
            self.set_widgets_metadata()
        finally:
            if self.given is None:
                self._child.close()
        return self.nb

    def execute_cell(self, cell, cell_index, execution_count=None, store_history=True):
        """Run one cell in the child; as nbclient's method of the name."""
        if cell.cell_type == "markdown" and self.on_section and (heading := _HEADING.search(cell.source)):
            self.on_section(heading[1].strip())
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        if self.skip_cells_with_tag in cell.metadata.get("tags", []):
            return cell
        if self.record_timing:
            cell["metadata"]["execution"] = {}
        self.code_cells_executed += 1
        cell.outputs = []
        self.clear_before_next_output = False
        reply = self._ask(cell, cell_index, store_history)
        if execution_count:
            cell["execution_count"] = execution_count
        run_sync(self._check_raise_for_error)(cell, cell_index, {"content": reply})
        self.nb["cells"][cell_index] = cell
        return cell

    def _ask(self, cell, cell_index: int, store_history: bool) -> dict[str, Any]:
        limit = self._get_timeout(cell)
        until = min((t for t in (self._until, limit and time.monotonic() + limit) if t), default=None)
        try:
            self._child.send("cell", cell.source, store_history)
            while True:
                kind, *told = self._child.receive(until, self._memory)
                if kind == "reply":
                    return told[0]
                message = {
                    "msg_type": told[0],
                    "content": told[1],
                    "header": {"msg_type": told[0]},
                    "parent_header": {},
                }
                self.process_message(message, cell, cell_index)
        except ChildDied:
            raise DeadKernelError("Kernel died") from None
        except OutOfTime:
            seconds = limit if limit and until != self._until else self.limits[0]
            raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", seconds, cell) from None
        except OutOfMemory as much:
            raise DeadKernelError(f"Kernel died: {much}") from None


def _language_info() -> dict[str, Any]:
    from ipykernel.ipkernel import IPythonKernel

    return dict(IPythonKernel.language_info)
