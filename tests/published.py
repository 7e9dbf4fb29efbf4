"""Bulletins as they are published, made in this process without a kernel and without pages."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import nbformat
from nbformat.v4 import new_output
from places import ROOT

from aimlib.bulletin import manifest
from aimlib.bulletin.opening import Report
from aimlib.bulletin.parameters import model_of
from aimlib.present.blocks import CHART_MIME, MIME, Block


def publish(folder: Path, executed: nbformat.NotebookNode, inputs: dict) -> Path:
    """Write the bulletin of one report as `aim run` does, but for its pages, and return its folder."""
    slug = next(block for block in blocks_of(executed) if block["kind"] == "cover")["slug"]
    return _write(folder, {f"{slug}.ipynb": executed}, inputs)


def publish_together(folder: Path, made: dict[str, tuple[nbformat.NotebookNode, dict]]) -> Path:
    """Write a bulletin of several reports (label to notebook and inputs), but for its pages, and return its folder."""
    notebooks = {f"notebooks/{label}.ipynb": executed for label, (executed, _) in made.items()}
    return _write(folder, notebooks, {"reports": {label: inputs for label, (_, inputs) in made.items()}})


def execute(notebook: str, **given: str) -> tuple[nbformat.NotebookNode, dict, Report]:
    """Return a notebook with its blocks as outputs, what its manifest says of its inputs, and the report it opened."""
    path = ROOT / "notebooks" / f"{notebook}.ipynb"
    executed = nbformat.read(path, as_version=4)
    names = dict(model_of(notebook).parse(given).as_papermill())
    for cell in executed.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
            if "parameters" not in cell.metadata.get("tags", []):
                cell.outputs = [_output(block) for block in _shown(cell.source, names)]
    report = names["report"]
    resolved = report.parameters.model_dump(mode="json")
    inputs = manifest.inputs_of(notebook, path.read_bytes(), {}, resolved, report.blocks)
    return executed, json.loads(json.dumps(inputs, default=str)), report


def _write(folder: Path, notebooks: dict[str, nbformat.NotebookNode], inputs: dict) -> Path:
    """Write notebooks and their manifest."""
    outputs = {}
    for name, executed in notebooks.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        content = nbformat.writes(executed).encode()
        (folder / name).write_bytes(content)
        outputs[name] = manifest.sha256(content)
    (folder / manifest.NAME).write_text(json.dumps({"inputs": inputs, "outputs": outputs, "run": {}}))
    return folder


def blocks_of(executed: nbformat.NotebookNode) -> list[dict]:
    """Return the blocks that an executed notebook shows."""
    return [output.data[MIME] for cell in executed.cells for output in cell.get("outputs", [])]


def _shown(source: str, names: dict) -> list[Block]:
    """Run a cell and return the blocks it shows: those given to ``show``, or its last value."""
    shown: list[Block] = []
    body = ast.parse(source).body
    last = body.pop().value if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    names["show"] = lambda *blocks: shown.extend(blocks)
    value = eval(compile(ast.Expression(last), "cell", "eval"), names) if last is not None else None
    return shown if value is None else [value]


def _output(block: Block) -> nbformat.NotebookNode:
    data = {MIME: json.loads(json.dumps(block.content(), default=str))}
    if block.kind == "figure":
        # Drawing takes long, and nothing here looks at the picture.
        data |= {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>", CHART_MIME: {}}
    return new_output("display_data", data)
