"""A chart's static picture: the only module that touches the converter."""

from __future__ import annotations

import contextlib
import copy
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import altair as alt

from aimlib.present import style
from aimlib.present.kept import kept
from aimlib.present.outlines import world_topology

_ARIA = re.compile(r' (?:aria-[a-z]+|role)="[^"]*"')
_ID = re.compile(r'\bid="([^"]+)"')
WORLD = "world"


@cache
def _converter():
    """Import the converter once and give it the pages' own font, so that measured and set text agree."""
    import vl_convert

    vl_convert.register_font_directory(str(style.FONT_DIR))
    return vl_convert


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
    """Return the SVG of a specification (JSON) as the converter gives it, in this process."""
    return _converter().vegalite_to_svg(specification, vl_version="6.4")


_convert: Callable[[str], str] = convert_here


def convert_with(convert: Callable[[str], str]) -> None:
    """Let another function, such as one that asks a warm process, take the place of :func:`convert_here`."""
    global _convert
    _convert = convert


def render(spec: dict, key: str) -> str:
    """Return the specification's SVG text, deterministic for equal input.

    The converter numbers clip paths and gradients across the calls of one process; they are renamed after `key`,
    so that a warm process gives the same bytes and several figures can stand in one page. Accessibility labels of
    single marks are dropped: the figure's own alternative text stands for all of them.
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
    """Return the interactive library (Vega, Vega-Lite, vega-embed) as one script for a self-contained page."""
    converter = _converter()
    version = f"{converter.get_vega_version()}-{converter.get_vegalite_versions()[-1]}"
    return kept(
        f"vega-{version}.js", lambda: converter.javascript_bundle("window.vegaEmbed = vegaEmbed;").encode()
    ).decode()
