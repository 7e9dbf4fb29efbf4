"""The engine gives what papermill's own gives, cell for cell."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

sys.path.insert(0, str(Path(__file__).parent))
from cells import CELLS, FAILING

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")


def run(cells: list[str], engine: str | None, folder: Path):
    """Return the executed notebook and the error that ended it."""
    import papermill

    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    written, executed = folder / "asked.ipynb", folder / f"{engine}.ipynb"
    nbformat.write(notebook, written)
    try:
        papermill.execute_notebook(
            written, executed, engine_name=engine, progress_bar=False, cwd=folder, request_save_on_cell_execute=False
        )
        error = None
    except Exception as fault:
        error = fault
    return nbformat.read(executed, as_version=4), error


def without_place_and_process(value):
    """Return outputs with the number of the process and the lines of the kernel's own code taken out."""
    if isinstance(value, str):
        return re.sub(r"ipykernel_\d+", "ipykernel", value)
    if isinstance(value, dict):
        return {name: without_place_and_process(inner) for name, inner in value.items()}
    return [without_place_and_process(inner) for inner in value] if isinstance(value, list) else value


def seen(cell):
    return cell.execution_count, without_place_and_process(cell.outputs)


def test_cells_that_ask_for_everything_have_the_same_outputs(tmp_path, monkeypatch):
    # By this a kernel knows that it is being tested, and leaves what subprocesses write alone.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    (theirs, trouble), (ours, other) = (run(CELLS, engine, tmp_path) for engine in (None, "aim"))
    assert trouble is other is None
    different = [
        (his.source, seen(his), seen(mine))
        for his, mine in zip(theirs.cells, ours.cells, strict=True)
        if seen(his) != seen(mine)
    ]
    assert different == []
    assert theirs.metadata.language_info == ours.metadata.language_info
    assert [cell.metadata.papermill.status for cell in ours.cells] == ["completed"] * len(CELLS)


@pytest.mark.parametrize("source", FAILING)
def test_a_failing_cell_fails_alike(tmp_path, source):
    (theirs, trouble), (ours, other) = (run([source, "'never'"], engine, tmp_path) for engine in (None, "aim"))
    assert type(trouble) is type(other)
    assert (trouble.ename, trouble.evalue) == (other.ename, other.evalue)
    assert [cell.get("execution_count") for cell in theirs.cells] == [
        cell.get("execution_count") for cell in ours.cells
    ]


def test_a_mistake_that_a_user_can_mend_is_one_line_without_the_insides(tmp_path):
    source = "from aimlib.reference import countries; countries.resolve('Atlantis')"
    executed, error = run([source], "aim", tmp_path)
    (told,) = [output for cell in executed.cells for output in cell.get("outputs", []) if output.output_type == "error"]
    assert told.traceback == [f"AimError: {error.evalue}"]
    assert "Did you mean" in error.evalue


def test_one_notebook_leaves_nothing_to_the_next(tmp_path):
    first = [
        "import os, sys, pandas; pandas.set_option('display.max_rows', 3); os.environ['LEFT'] = '1'",
        "sys.modules['left'] = sys; left = 1; os.chdir('/')",
    ]
    second = [
        "import os, sys, pandas",
        "pandas.get_option('display.max_rows'), 'LEFT' in os.environ, 'left' in sys.modules",
    ]
    run(first, "aim", tmp_path)
    executed, error = run([*second, "'left' in globals(), os.getcwd() == '/'"], "aim", tmp_path)
    assert error is None
    assert [cell.outputs[0].data["text/plain"] for cell in executed.cells[1:3]] == [
        "(60, False, False)",
        "(False, False)",
    ]
