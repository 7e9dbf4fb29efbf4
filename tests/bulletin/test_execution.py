"""Notebooks run in this interpreter; failures name the section and the reason."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
import pytest

from aimlib.bulletin.execution import NotebookFailed, execute


@pytest.fixture
def notebook(tmp_path) -> Path:
    cells = [
        nbformat.v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_markdown_cell("## Doubling"),
        nbformat.v4.new_code_cell("import sys; print(x * 2, sys.executable)"),
        nbformat.v4.new_markdown_cell("## Trouble"),
        nbformat.v4.new_code_cell(
            "import os\nfrom aimlib.errors import AimError\n"
            "if x == 7: raise ValueError('seven')\n"
            "if x == 8: raise AimError('No such month.', 'Load it.')\n"
            "if x == 9: os.kill(os.getpid(), 9)"
        ),
    ]
    path = tmp_path / "one.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_parameters_arrive_and_the_kernel_is_this_interpreter(notebook):
    executed = execute(notebook, {"x": 21})
    text = "".join(out.text for cell in executed.cells for out in cell.get("outputs", []))
    assert text.strip() == f"42 {sys.executable}"


def test_nothing_of_clock_or_machine_stays_in_the_notebook(notebook):
    executed = execute(notebook, {"x": 21})
    assert "papermill" not in executed.metadata
    assert all(not set(cell.metadata) & {"papermill", "execution"} for cell in executed.cells)
    assert str(notebook.parent) not in nbformat.writes(executed)


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (7, "The section 'Trouble' failed: ValueError: seven"),
        (8, "The section 'Trouble' failed: No such month. Load it."),
    ],
)
def test_a_failure_says_which_section_and_why_in_one_line(notebook, x, said):
    with pytest.raises(NotebookFailed) as caught:
        execute(notebook, {"x": x})
    assert caught.value.message == said
    assert any(cell.get("outputs") for cell in caught.value.notebook.cells)


def test_a_dead_kernel_is_a_failure_too(notebook):
    with pytest.raises(NotebookFailed, match="Kernel died"):
        execute(notebook, {"x": 9})
