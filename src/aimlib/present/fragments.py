"""Blocks as HTML: the same templates serve JupyterLab's outputs and the bulletin's page."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """Return the template environment; everything from data is escaped."""
    templates = Environment(
        loader=PackageLoader("aimlib.present", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["column_groups"] = column_groups
    templates.globals["row_heading"] = row_heading
    return templates


def fragment(content: dict) -> str:
    """Return a block's content as an HTML fragment with the few styles it needs in a notebook."""
    return environment().get_template("fragment.html.j2").render(block=content)


def column_groups(columns: list[dict]) -> list[dict]:
    """Return the runs of neighboring columns that share a group heading: label and span."""
    runs: list[dict] = []
    for column in columns:
        label = column["group"]
        if runs and label and runs[-1]["label"] == label:
            runs[-1]["span"] += 1
        else:
            runs.append({"label": label, "span": 1})
    return runs


def row_heading(columns: list[dict]) -> int:
    """Return the place of the column that names a row: the first with text, not a rank before it."""
    return next((place for place, column in enumerate(columns) if column["align"] == "left"), 0)
