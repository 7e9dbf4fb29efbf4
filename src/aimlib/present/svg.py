"""A chart's static picture: the only module that touches the converter, for the scripts that it carries."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import altair as alt

from aimlib.present import style
from aimlib.present.drawing import draw
from aimlib.present.kept import kept
from aimlib.present.outlines import world_topology

_ARIA = re.compile(r' (?:aria-[a-z]+|role)="[^"]*"')
_ID = re.compile(r'\bid="([^"]+)"')
WORLD = "world"
VEGA_LITE = "6.4"


def specification(chart: alt.TopLevelMixin) -> dict:
    """Return the chart's Vega-Lite specification with the theme in it; the world outlines stay a name."""
    # Altair's check takes half of the time that this does; the tests check every chart of every notebook.
    with _frames_written_once():
        spec = chart.to_dict(validate=False)
    spec["config"] = style.theme()
    # The whole picture, labels and all, is as wide as the page's column, so that type is set at one size.
    spec["autosize"] = {
        "type": "fit" if "aspect" in spec.get("usermeta", {}) else "fit-x",
        "contains": "padding",
    }
    return spec


@contextlib.contextmanager
def _frames_written_once() -> Iterator[None]:
    """Let a frame that several layers of a chart share be turned into values once and not for each of them."""
    write, held = alt.data_transformers.get(), {}

    def written(frame: Any) -> Any:
        if id(frame) not in held:
            held[id(frame)] = frame, write(frame)
        return held[id(frame)][1]

    alt.data_transformers.register("aimlib-once", written)
    with alt.data_transformers.enable("aimlib-once"):
        yield


def with_world(spec: dict) -> dict:
    """Return a copy of `spec` with the outlines filled in where it names them."""
    drawn = {name: part for name, part in spec.items() if name not in ("config", "datasets")}
    if f'"name": "{WORLD}"' not in json.dumps(drawn):
        return spec
    filled = copy.deepcopy(spec)
    filled.setdefault("datasets", {})[WORLD] = world_topology()
    return filled


def convert_here(specification: str) -> str:
    """Return the SVG of a specification (JSON) as Vega gives it, in this process."""
    return draw(specification, page_script())


_convert: Callable[[str], str] = convert_here


def convert_with(convert: Callable[[str], str]) -> None:
    """Let another function, such as one that asks a warm process, take the place of :func:`convert_here`."""
    global _convert
    _convert = convert


def render(spec: dict, key: str) -> str:
    """Return the specification's SVG text, deterministic for equal input.

    Vega numbers clip paths and gradients; they are renamed after `key`, so that several figures can stand in one
    page. Accessibility labels of single marks are dropped: the figure's own alternative text stands for all of them.
    """
    text = _convert(json.dumps(with_world(spec)))
    text = _ARIA.sub("", text)
    return _renamed(text, {old: f"{key}-{number}" for number, old in enumerate(dict.fromkeys(_ID.findall(text)))})


def with_prefix(text: str, prefix: str) -> str:
    """Return a picture whose ids begin with `prefix`, so that pictures of several reports can stand in one page."""
    return _renamed(text, {old: f"{prefix}{old}" for old in dict.fromkeys(_ID.findall(text))})


def _renamed(text: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
        text = text.replace(f'href="#{old}"', f'href="#{new}"')
    return text


@cache
def page_script() -> str:
    """Return Vega, Vega-Lite and vega-embed as one script: a page carries it, and charts are drawn with it."""
    import vl_convert

    embed = vl_convert.get_vega_embed_version()
    snippet = f"""import * as embedding from "/npm/vega-embed@{embed}/+esm";
window.vegaEmbed = embedding.default; window.vega = embedding.vega; window.vegaLite = embedding.vegaLite;"""
    digest = hashlib.sha256(snippet.encode()).hexdigest()[:8]
    version = f"{vl_convert.get_vega_version()}-{VEGA_LITE}-{digest}"
    return kept(f"vega-{version}.js", lambda: vl_convert.javascript_bundle(snippet, VEGA_LITE).encode()).decode()
