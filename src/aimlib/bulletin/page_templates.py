"""The template environment of whole pages: bulletins and the published folder's pages."""

from __future__ import annotations

import base64
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader

from aimlib.present import fragments, numbers


@cache
def environment() -> Environment:
    """Return the environment with the blocks' templates and the pages'; everything from data is escaped."""
    shared = fragments.environment()
    page = shared.overlay(loader=ChoiceLoader([PackageLoader("aimlib.bulletin", "templates"), shared.loader]))
    page.filters["download"] = _download
    page.filters["day_name"] = numbers.day_name
    return page


def _download(block: dict, slug: str) -> dict | None:
    if not block.get("csv"):
        return None
    encoded = base64.b64encode(block["csv"].encode()).decode()
    return {"href": f"data:text/csv;charset=utf-8;base64,{encoded}", "name": f"{slug}-{block['key']}.csv"}
