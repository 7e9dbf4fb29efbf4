"""An executed notebook as Quarto takes it: text as Markdown, tables as HTML, pictures as outputs with their texts.

Quarto prefers other forms of an output for the web than for Typst and takes no alternative text from it; here each
block has one form for both. Whatever comes from data is escaped, so that none of it is parsed as markup.
"""

from __future__ import annotations

import json
import re

import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from aimlib.bulletin.document import read_document
from aimlib.present.fragments import environment

# Pandoc takes any of these, with a backslash before it, for itself.
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
# Quarto shows titles in places where nothing takes a backslash away: there only what is markup in words is escaped.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>$@|~^])")


def page_of(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook of a Quarto page: front matter, then a cell a block; no code is left to run.

    Raises AimError where the notebook failed, was not executed, or holds no bulletin.
    """
    document = read_document(notebook)
    cells = [new_raw_cell(_front_matter(document.cover)), new_markdown_cell(_facts(document.cover))]
    for node in document.nodes:
        if node["kind"] == "figure":
            cells += [_figure(node), new_markdown_cell(_under(node))]
        else:
            cells.append(new_markdown_cell(_TEXTS[node["kind"]](node)))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number:03}"
    return new_notebook(cells=cells, metadata={"kernelspec": notebook.metadata.get("kernelspec", {})})


def escaped(text: str) -> str:
    """Return text that Pandoc sets as it stands, on one line."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _front_matter(cover: dict) -> str:
    told = {
        "title": cover["title"],
        "subtitle": cover["subtitle"],
        "date": str(cover["as_of"]),
        "papersize": cover["paper"],
    }
    told |= {name: _MARKUP.sub(r"\\\1", told[name]) for name in ("title", "subtitle")}
    return f"---\n{yaml.safe_dump(told, allow_unicode=True, sort_keys=False)}---"


def _facts(cover: dict) -> str:
    notices = [f"::: {{.callout-warning}}\n{escaped(notice)}\n:::" for notice in cover["notices"]]
    facts = [f"{escaped(name)}\n:   {escaped(text)}" for name, text in cover["facts"]]
    return "\n\n".join([*notices, *facts])


def _heading(node: dict) -> str:
    return f"{'#' * node['level']} {escaped(node['text'])}"


def _runs(runs: list[dict]) -> str:
    marks = {"strong": "**", "emphasis": "*"}
    told = []
    for run in runs:
        mark = marks.get(run["style"], "")
        text = f"{mark}{escaped(run['text'])}{mark}" if run["text"].strip() else " "
        told.append(f"[{text}]({run['href']})" if run["href"] else text)
    return "".join(told)


def _prose(node: dict) -> str:
    paragraphs = "\n\n".join(escaped(paragraph) for paragraph in node["paragraphs"])
    return f"::: {{.{'lead' if node['lead'] else 'prose'}}}\n{paragraphs}\n:::"


def _strip(node: dict) -> str:
    """Return the key figures as a table, which Typst sets too; like the bulletin's, it has no number."""
    columns = [{"label": label, "unit": "", "align": align, "group": ""} for label, align in _STRIP]
    rows = [
        {
            "cells": [figure["label"], f"{figure['number'] or 'n.a.'} {figure['unit']}".strip(), figure["note"]],
            "role": "",
        }
        for figure in node["figures"]
    ]
    return f":::: {{.aim-block}}\n{_grid({'columns': columns, 'rows': rows})}\n\n{_under(node)}\n::::"


_STRIP = (("Key figure", "left"), ("Number", "right"), ("Compared", "left"))


def _table(node: dict) -> str:
    body = _grid(node) if node["rows"] else escaped(node["empty"])
    float_ = f"::: {{#tbl-{_label(node)}}}\n{body}\n\n{_caption(node)}\n:::"
    return f":::: {{.aim-block}}\n{float_}\n\n{_under(node)}\n::::"


def _grid(node: dict) -> str:
    # Quarto reads an HTML table into its own, for Typst too; the template escapes what comes from data.
    markup = environment().get_template("table.html.j2").render(block=node)
    return f"```{{=html}}\n{markup.strip()}\n```"


def _figure(node: dict) -> NotebookNode:
    """Return a cell whose only output is the picture; Quarto puts caption and alternative text to it."""
    options = {
        "label": f"fig-{_label(node)}",
        "fig-cap": _caption(node),
        "fig-alt": " ".join(node["alt"].split()),
        "echo": False,
    }
    source = "\n".join(f"#| {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in options.items())
    picture = new_output("display_data", {"image/svg+xml": node["svg"], "text/plain": node["title"]})
    return new_code_cell(source, execution_count=1, outputs=[picture])


def _notes(node: dict) -> str:
    parts = []
    for heading, paragraphs in node["sections"]:
        parts += [f"### {escaped(heading)}", *(escaped(paragraph) for paragraph in paragraphs)]
    return "\n\n".join(parts)


def _label(node: dict) -> str:
    # Quarto asks for labels without underscores.
    return re.sub(r"[^a-z0-9]+", "-", node["key"].lower()).strip("-")


def _caption(node: dict) -> str:
    """Return title and caption; Quarto numbers figures and tables itself."""
    title = re.sub(r"^(Figure|Table) \d+\. ", "", node["title"])
    return escaped(f"{title}. {node['caption']}".strip())


def _under(node: dict) -> str:
    told = [*node.get("notes", []), node["source"]]
    return "\n\n".join(f"[{escaped(text)}]{{.source}}" for text in told if text)


_TEXTS = {
    "heading": _heading,
    "paragraph": lambda node: _runs(node["runs"]),
    "list": lambda node: "\n".join(f"- {_runs(item)}" for item in node["items"]),
    "prose": _prose,
    "strip": _strip,
    "table": _table,
    "notes": _notes,
}
