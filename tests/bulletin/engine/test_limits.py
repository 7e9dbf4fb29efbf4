"""Time, memory and death: what a notebook's process may not do, and what is said then."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import nbformat
import psutil
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import v4

from aimlib.bulletin.engine.client import ChildDied, own_zygote
from aimlib.bulletin.execution import Forked, KernelDied, NotebookFailed, execute
from aimlib.errors import AimError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")


def papermill(folder: Path, *sources: str, **options):
    import papermill

    written = folder / "asked.ipynb"
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, written)
    return papermill.execute_notebook(
        written, folder / "made.ipynb", engine_name="aim", progress_bar=False, cwd=folder, **options
    )


def test_a_cell_over_its_time_ends_as_papermill_ends_it(tmp_path):
    with pytest.raises(CellTimeoutError, match="1 second"):
        papermill(tmp_path, "import time; time.sleep(60)", execution_timeout=1)


def test_a_notebook_over_its_time_ends_too(tmp_path):
    with pytest.raises(CellTimeoutError):
        papermill(tmp_path, "import time; time.sleep(0.4)", "time.sleep(60)", report_timeout=1)


def test_a_process_that_dies_is_a_dead_kernel_and_the_next_notebook_runs(tmp_path):
    with pytest.raises(DeadKernelError, match="Kernel died"):
        papermill(tmp_path, "import os; os.kill(os.getpid(), 11)")
    assert papermill(tmp_path, "6 * 7").cells[0].outputs[0].data["text/plain"] == "42"


def test_a_process_over_its_memory_is_ended(tmp_path):
    with pytest.raises(DeadKernelError, match=r"more than 0\.5 GB of memory"):
        papermill(tmp_path, "held = bytearray(900_000_000); import time; time.sleep(60)", report_memory=2**29)


def test_a_zygote_that_was_killed_is_replaced(tmp_path):
    os.kill(own_zygote()._process.pid, signal.SIGKILL)
    own_zygote()._process.wait()
    assert papermill(tmp_path, "1 + 1").cells[0].outputs[0].data["text/plain"] == "2"


def test_children_end_with_the_zygote():
    zygote = own_zygote()
    child = zygote.fork()
    process = psutil.Process(child.pid)
    os.kill(zygote._process.pid, signal.SIGKILL)
    psutil.wait_procs([process], timeout=10)
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    with pytest.raises(ChildDied):
        child.receive()


def test_functions_of_the_library_run_in_a_child_with_their_errors(tmp_path):
    child = own_zygote().fork()
    child.begin(tmp_path)
    assert child.call("aimlib.bulletin.weekly.plan:slug", text="Côte d'Ivoire") == "cote-d-ivoire"
    with pytest.raises(AimError, match="no notebook"):
        child.call("aimlib.bulletin.parameters:model_of", notebook="none")
    child.close()


def test_executing_in_a_child_tells_sections_and_death(tmp_path):
    cells = [
        v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]}),
        v4.new_markdown_cell("## Doubling"),
        v4.new_code_cell("print(x * 2)"),
        v4.new_markdown_cell("## Trouble"),
        v4.new_code_cell("import os\nif x == 7: raise ValueError('seven')\nif x == 9: os.kill(os.getpid(), 9)"),
    ]
    path = tmp_path / "one.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    sections: list[str] = []

    def forked() -> Forked:
        child = own_zygote().fork()
        child.begin(tmp_path)
        return Forked(child, on_section=sections.append)

    executed = execute(path, {"x": 21}, forked())
    assert "42" in executed.cells[3].outputs[0].text
    assert sections == ["Doubling", "Trouble"]
    with pytest.raises(NotebookFailed, match="The section 'Trouble' failed: ValueError: seven"):
        execute(path, {"x": 7}, forked())
    with pytest.raises(KernelDied):
        execute(path, {"x": 9}, forked())
