"""An executed notebook as a document: headings, text and blocks in reading order, numbered, ready to be set.

Both exporters set this one document, so that HTML and PDF cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import mistune
from nbformat import NotebookNode

from aimlib.errors import AimError
from aimlib.present.blocks import CHART_MIME, MIME

# The tag of cells that speak to the person at the notebook and not to the bulletin's reader.
LAB_ONLY = "lab-only"
_LINKS = ("https://", "http://", "mailto:", "#")
_NUMBERED = {"figure": "Figure", "table": "Table"}


@dataclass(frozen=True)
class Document:
    """A bulletin's content.

    ``cover`` is the cover block; ``nodes`` are dicts with a ``kind``: heading, paragraph, list, or a block's kind.
    A figure node also has ``svg`` (text) and ``specification`` (Vega-Lite with its data); a block with data has
    ``csv``. A bulletin of several reports has three kinds more: contents, chapter and reference, see
    :mod:`aimlib.bulletin.combine`.
    """

    cover: dict
    nodes: list[dict] = field(default_factory=list)

    @property
    def is_combined(self) -> bool:
        """Return whether this is a bulletin of several reports, each a chapter."""
        return any(node["kind"] == "chapter" for node in self.nodes)

    @property
    def data(self) -> dict[str, str]:
        """Return the CSV text behind each block, by the block's key."""
        return {node["key"]: node["csv"] for node in self.nodes if node.get("csv")}


def read_document(notebook: NotebookNode) -> Document:
    """Turn an executed notebook into a :class:`Document`.

    Raises
    ------
    AimError
        If a cell failed, or nothing was executed, so that there is nothing to publish.
    """
    nodes: list[dict] = []
    for cell in notebook.cells:
        if LAB_ONLY in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            nodes.extend(_markdown_nodes(cell.source))
            continue
        if cell.source.strip() and cell.execution_count is None:
            raise AimError(
                "This notebook holds no whole bulletin: not all of its cells have been run.",
                "Run all cells, save, and export again.",
            )
        nodes.extend(block for block in _blocks(cell) if block["kind"] != "prose" or block["paragraphs"])
    covers = [node for node in nodes if node["kind"] == "cover"]
    if not covers:
        raise AimError("This notebook holds no bulletin: it has no cover.", "Run an aim notebook, and export again.")
    check_keys(nodes)
    return Document(covers[0], numbered([node for node in without_empty_sections(nodes) if node["kind"] != "cover"]))


def numbered(nodes: list[dict]) -> list[dict]:
    """Return the nodes with figures and tables numbered in reading order, whatever numbers they had before.

    The title without its number stays with the node as ``bare_title``.
    """
    counts = dict.fromkeys(_NUMBERED, 0)
    found = []
    for node in nodes:
        if node["kind"] in _NUMBERED:
            counts[node["kind"]] += 1
            title = node.get("bare_title", node["title"])
            number = f"{_NUMBERED[node['kind']]} {counts[node['kind']]}"
            node = {**node, "bare_title": title, "title": f"{number}. {title}"}
        found.append(node)
    return found


def _blocks(cell: NotebookNode) -> list[dict]:
    blocks = []
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            raise AimError(f"A cell of this notebook failed ({output.ename}).", "Mend it and run all cells again.")
        data = output.get("data", {})
        if MIME not in data:
            continue
        block = dict(data[MIME])
        if block["kind"] == "figure":
            block["svg"] = _text(data["image/svg+xml"])
            block["specification"] = dict(data[CHART_MIME])
        blocks.append(block)
    return blocks


def _text(value: str | list[str]) -> str:
    return "".join(value) if isinstance(value, list) else value


def check_keys(nodes: list[dict]) -> None:
    """Raise AimError if two nodes have the same key: keys name data files and places in the page."""
    keys = [node["key"] for node in nodes if "key" in node]
    repeated = {key for key in keys if keys.count(key) > 1}
    if repeated:
        raise AimError(
            f"Two parts of this bulletin have the same key: {', '.join(sorted(repeated))}.",
            "Give each figure and table a key of its own.",
        )


def without_empty_sections(nodes: list[dict]) -> list[dict]:
    """Return the nodes without headings that nothing follows before the next heading of their rank or above."""
    kept: list[dict] = []
    for node in reversed(nodes):
        if node["kind"] == "heading":
            below = kept[-1] if kept else None
            if below is None or (below["kind"] in ("heading", "chapter") and below["level"] <= node["level"]):
                continue
        kept.append(node)
    return kept[::-1]


def _markdown_nodes(source: str) -> list[dict]:
    tokens = mistune.create_markdown(renderer=None)(source)
    nodes = []
    for token in tokens:
        match token["type"]:
            case "heading":
                # The title on the cover is the document's only first-level heading.
                level = token["attrs"]["level"]
                if level > 1:
                    nodes.append({"kind": "heading", "level": level, "text": _plain(token["children"])})
            case "paragraph":
                nodes.append({"kind": "paragraph", "runs": _runs(token["children"])})
            case "list":
                items = [_runs(item["children"][0]["children"]) for item in token["children"]]
                nodes.append({"kind": "list", "items": items})
            case "blank_line":
                pass
            case other:
                raise AimError(
                    f"A text cell of this notebook holds a {other.replace('_', ' ')}, which bulletins do not set.",
                    "Use headings, paragraphs, lists, emphasis and links.",
                )
    return nodes


def _runs(children: list[dict], style: str = "", href: str = "") -> list[dict]:
    runs: list[dict] = []
    for child in children:
        match child["type"]:
            case "text" | "codespan":
                kind = "code" if child["type"] == "codespan" else style
                runs.append({"text": child["raw"], "style": kind, "href": href})
            case "softbreak" | "linebreak":
                runs.append({"text": " ", "style": "", "href": ""})
            case "strong" | "emphasis":
                runs.extend(_runs(child["children"], child["type"], href))
            case "link":
                url = child["attrs"]["url"]
                safe = url if url.startswith(_LINKS) else ""
                runs.extend(_runs(child["children"], style, safe))
    return runs


def _plain(children: list[dict]) -> str:
    return "".join(run["text"] for run in _runs(children))
