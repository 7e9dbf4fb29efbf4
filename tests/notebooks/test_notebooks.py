"""What every committed notebook keeps to."""

from __future__ import annotations

import ast
import re

import nbformat
import pytest
from places import ROOT

from aimlib.bulletin.document import LAB_ONLY
from aimlib.bulletin.parameters import NOTEBOOKS

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request) -> nbformat.NotebookNode:
    found = nbformat.read(request.param, as_version=4)
    found.metadata.name = request.param.stem
    return found


def test_each_notebook_has_a_parameter_model_and_the_other_way_round():
    assert {path.stem for path in PATHS} == set(NOTEBOOKS)


def test_committed_without_outputs_and_counts(notebook):
    assert set(notebook.metadata) == {"name", "kernelspec"}
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_the_parameters_cell_is_the_model(notebook):
    cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    assigned = {node.target.id: ast.literal_eval(node.value) for node in ast.parse(cell.source).body}
    defaults = NOTEBOOKS[notebook.metadata.name]().as_papermill()
    assert assigned == defaults


def test_static_prose_holds_no_data(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and LAB_ONLY not in cell.metadata.get("tags", []):
            assert not re.search(r"\d", cell.source), cell.source


def test_cells_are_thin(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            tree = ast.parse(cell.source)
            kinds = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.With)
            assert not [node for node in ast.walk(tree) if isinstance(node, kinds)]
