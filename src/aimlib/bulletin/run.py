"""Making one bulletin: check, execute, set as HTML and PDF, put into its folder with data and manifest."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from aimlib.bulletin import manifest, publish
from aimlib.bulletin.document import Document, read_document
from aimlib.bulletin.execution import NotebookFailed, execute
from aimlib.bulletin.opening import open_report
from aimlib.bulletin.parameters import model_of
from aimlib.settings import checkout_root, read_settings, share_dir


@dataclass(frozen=True)
class Bulletin:
    """A finished bulletin: its name, its folder and the names of its files there."""

    slug: str
    folder: Path
    files: tuple[str, ...]
    seconds: float


def default_folder() -> Path:
    """Return where bulletins go unless told otherwise: ``reports/build`` of the checkout, else of this folder."""
    return (checkout_root() or Path.cwd()) / "reports" / "build"


def run(notebook: str, given: Mapping[str, Any], output: Path | None = None) -> Bulletin:
    """Make the bulletin of `notebook` with the parameters `given`.

    Everything that can be wrong with the parameters or the store is found before a kernel starts. The files go to
    `output`, or to a folder named after the bulletin under :func:`default_folder`.

    Raises
    ------
    AimError
        For what the user can mend; :class:`NotebookFailed` when a section fails, after the executed notebook was
        kept for inspection in ``failed`` beside the bulletin's folder.
    """
    clock = time.perf_counter()
    parameters = model_of(notebook).parse(given)
    report = open_report(parameters)
    slug = report.slug
    folder = output.absolute() if output else default_folder() / slug
    publish.check_folder(folder, slug)
    path = share_dir("notebooks") / f"{notebook}.ipynb"
    # The kernel works elsewhere, where a store's relative name would be another folder.
    os.environ["AIM_STORE"] = str(read_settings().store)
    try:
        executed = execute(path, report.parameters.as_papermill())
    except NotebookFailed as failure:
        kept = _keep_failed(folder, slug, failure)
        failure.advice = f"The notebook as far as it ran is kept as {kept}."
        raise
    document = read_document(executed)
    outputs = _files(slug, document, executed)
    inputs = manifest.inputs_of(
        notebook,
        path.read_bytes(),
        parameters.model_dump(mode="json"),
        report.parameters.model_dump(mode="json"),
        report.blocks,
    )
    outputs[manifest.NAME] = manifest.build(inputs, outputs)
    publish.put(folder, slug, outputs)
    return Bulletin(slug, folder, tuple(outputs), time.perf_counter() - clock)


def _files(slug: str, document: Document, executed: nbformat.NotebookNode) -> dict[str, bytes]:
    # The exporters' modules bring fonts and the typesetter; a run that fails earlier does not pay for them.
    from aimlib.bulletin.html import render_html
    from aimlib.bulletin.pdf import render_pdf

    files = {f"data/{key}.csv": text.encode() for key, text in document.data.items()}
    files[f"{slug}.ipynb"] = nbformat.writes(executed).encode()
    files[f"{slug}.html"] = render_html(document).encode()
    files[f"{slug}.pdf"] = render_pdf(document)
    return files


def _keep_failed(folder: Path, slug: str, failure: NotebookFailed) -> str:
    """Keep the notebook as far as it ran beside the bulletin's folder, and return its name from there."""
    kept = {f"{slug}.ipynb": nbformat.writes(failure.notebook).encode()}
    publish.put(folder.parent / "failed" / slug, slug, kept)
    return f"failed/{slug}/{slug}.ipynb"
