"""A bulletin as it was published, read back: its reports, what they were made from, and their blocks."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from aimlib.bulletin.document import read_document
from aimlib.bulletin.explaining.page_changes import changes_block, changes_keys, changes_lead
from aimlib.bulletin.manifest import NAME
from aimlib.bulletin.run import default_folder
from aimlib.errors import AimError, did_you_mean

# The page is the suite's own, so that one form of its figures and tables is all there is to look for.
_ON_PAGE = re.compile(r'<figure class="(?:table|chart)" id="([^"]+)">\s*<figcaption[^>]*>((?:Figure|Table) \d+)\. ')
_HOW = "Name its folder, its page, its run.json, or its name under reports/build."


@dataclass(frozen=True)
class PublishedReport:
    """One report of a bulletin.

    ``inputs`` is what the manifest says of it; ``cover`` and ``nodes`` are those of `aimlib.bulletin.document`.
    ``label`` names it within a bulletin of several reports and is empty in one that has no other. ``file`` is its
    executed notebook, below the bulletin's folder. ``is_front`` is of what stands before the first report: what changed
    in this one, whose keys are their own names.
    """

    label: str
    file: str
    inputs: Mapping[str, Any]
    cover: Mapping[str, Any] = field(repr=False)
    nodes: tuple[dict, ...] = field(repr=False)
    is_front: bool = False

    @property
    def notebook(self) -> str:
        return self.inputs["notebook"]

    @cached_property
    def blocks(self) -> dict[str, dict]:
        """Return the blocks that hold data or sentences, by key, in reading order."""
        return {node["key"]: node for node in self.nodes if "key" in node}

    def name_of(self, key: str) -> str:
        """Return the key that tells a block of this report from all others of the bulletin."""
        return f"{self.label}-{key}" if self.label and not self.is_front else key


@dataclass(frozen=True)
class Published:
    """A bulletin: its name, its folder, its reports, and the files that are no longer as they were made.

    ``fronts`` are what stands before the first report, each part under the report that it is about.
    """

    slug: str
    folder: Path
    reports: tuple[PublishedReport, ...]
    altered: tuple[str, ...]
    fronts: tuple[PublishedReport, ...] = ()

    def report_of(self, front: PublishedReport) -> PublishedReport:
        """Return the report that a part before the first report is about."""
        return next((report for report in self.reports if report.label == front.label), front)


def open_published(named: str) -> Published:
    """Read the bulletin `named`: a folder, a file in it, or a name under ``reports/build``.

    Raises AimError where there is none, and where its manifest or a notebook of it cannot be read.
    """
    folder = _folder(named)
    try:
        manifest = json.loads((folder / NAME).read_text(encoding="utf-8"))
        inputs, outputs = manifest["inputs"], dict(manifest["outputs"])
        told = inputs.get("reports") or {"": inputs}
        page = _page(folder, outputs)
        printed = dict(_ON_PAGE.findall(page))
        reports = tuple(_report(folder, label, told[label], outputs, printed) for label in told)
        fronts = tuple(_fronts(folder, outputs, page, reports)) if "reports" in inputs else ()
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise AimError(
            f"The bulletin in {folder.name} cannot be read: its {NAME} or a notebook is missing or damaged.",
            "Make the bulletin again with aim run.",
        ) from None
    slug = next((name.removesuffix(".html") for name in outputs if name.endswith(".html")), folder.name)
    return Published(slug, folder, reports, _altered(folder, outputs), fronts)


def _folder(named: str) -> Path:
    path = Path(named).expanduser()
    for folder in (path, *path.parents[:3]) if path.exists() else ():
        if (folder / NAME).is_file():
            return folder.absolute()
    if path.exists():
        raise AimError(f"There is no bulletin in {path.name}: it holds no {NAME}.", _HOW)
    built = default_folder()
    held = {
        str(found.parent.relative_to(built)): found.parent
        for found in sorted(built.rglob(NAME))
        if not any(part.startswith(".") for part in found.relative_to(built).parts)
    }
    asked = named.strip("/").removesuffix(".html").removesuffix(".pdf")
    of_name = [folder for name, folder in held.items() if asked in (name, Path(name).name)]
    if of_name:
        # An edition's folder is its day, so that the last in order is the newest.
        return of_name[-1]
    guess = did_you_mean(asked, [Path(name).name for name in held])
    raise AimError(f"There is no bulletin {named}.", guess or _HOW)


def _report(
    folder: Path, label: str, inputs: Mapping[str, Any], outputs: Mapping[str, str], printed: Mapping[str, str]
) -> PublishedReport:
    names = [f"notebooks/{label}.ipynb"] if label else [name for name in outputs if name.endswith(".ipynb")]
    document = read_document(nbformat.read(folder / names[0], as_version=4))
    read = PublishedReport(label, names[0], inputs, document.cover, tuple(document.nodes))
    nodes = (
        {**node, "title": f"{printed[read.name_of(node['key'])]}. {node['bare_title']}"}
        if node.get("key") and read.name_of(node["key"]) in printed
        else node
        for node in document.nodes
    )
    return replace(read, nodes=tuple(nodes))


def _page(folder: Path, outputs: Mapping[str, str]) -> str:
    """Return the bulletin's page, '' where it is not there.

    A bulletin of several reports numbers figures and tables through, with what stands before the first report.
    """
    page = next((folder / name for name in outputs if name.endswith(".html")), None)
    return page.read_text(encoding="utf-8") if page and page.is_file() else ""


def _fronts(
    folder: Path, outputs: Mapping[str, str], page: str, reports: tuple[PublishedReport, ...]
) -> Iterator[PublishedReport]:
    """Yield what changed since the edition before, under the report that it is about."""
    lead = changes_lead(page)
    if lead is not None:
        yield replace(reports[0], nodes=(lead,), is_front=True)
    for key, name in changes_keys(outputs).items():
        if (folder / name).is_file():
            block = changes_block(key, (folder / name).read_text(encoding="utf-8"), page)
            title = next(iter(data_of(block).get("report", ())), "")
            about = next((report for report in reports if report.cover["title"] == title), reports[0])
            yield replace(about, nodes=(block,), is_front=True)


def data_of(block: Mapping[str, Any]) -> pd.DataFrame:
    """Return a block's data as its CSV holds them, codes as text."""
    text = block.get("csv") or ""
    names = ("code", "origin", "partner", "country", "product")
    return (
        pd.read_csv(io.StringIO(text), keep_default_na=False, na_values=[""], dtype=dict.fromkeys(names, "str"))
        if text
        else pd.DataFrame()
    )


def _altered(folder: Path, outputs: Mapping[str, str]) -> tuple[str, ...]:
    """Return the files whose bytes are not those that the manifest names."""
    found = []
    for name, digest in outputs.items():
        try:
            held = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError:
            held = ""
        if held != digest:
            found.append(name)
    return tuple(found)
