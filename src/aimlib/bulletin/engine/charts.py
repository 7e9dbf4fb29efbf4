"""Charts converted in a warm process of their own: its converter has started long before a notebook asks."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener, wait
from typing import Any

from aimlib.errors import AimError
from aimlib.present import style, svg


class SetterGone(Exception):
    """The process that converts charts ended under a notebook."""


def remote_converter(address: str) -> Callable[[str], str]:
    """Return a function from a Vega-Lite specification (JSON) to SVG that asks the process at `address`."""
    asked: list[Connection] = []

    def convert(specification: str) -> str:
        try:
            if not asked:
                asked.append(Client(address, family="AF_UNIX"))
            asked[0].send(("svg", specification))
            worth, told = asked[0].recv()
        except (EOFError, OSError):
            raise SetterGone("the process that draws charts ended") from None
        if worth != "value":
            raise told
        return told

    return convert


def serve_setting(address: str) -> None:
    """Convert charts and set pages for whoever connects to `address`, until nobody is left who started it.

    Requests are ``("svg", specification)`` and ``("pages", work)``, where `work` is what
    :func:`aimlib.bulletin.pages.make_pages` takes.
    """
    drawn: dict[str, str] = {}
    with Listener(address, family="AF_UNIX", backlog=64) as listener:
        _start_up()
        open_ones: list[Connection] = []
        while True:
            for ready in wait([listener._listener._socket, *open_ones]):
                if not isinstance(ready, Connection):
                    open_ones.append(listener.accept())
                    continue
                try:
                    kind, asked = ready.recv()
                    ready.send(_answer(kind, asked, drawn))
                except (EOFError, ConnectionResetError, BrokenPipeError):
                    open_ones.remove(ready)
                    ready.close()


def _start_up() -> None:
    """Let the JavaScript engine and the typesetter start while the first notebook is still busy."""
    # Every processor has a lane of its own; the typesetter's threads over all of them would cost a fifth more.
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    import typst

    from aimlib.bulletin.webfont import font_faces

    svg.convert_here('{"mark": "point", "data": {"values": []}, "width": 10}')
    svg.page_script()
    font_faces()
    typst.compile(b"a", font_paths=[style.FONT_DIR], ignore_system_fonts=True)


def _answer(kind: str, asked: Any, drawn: dict[str, str]) -> tuple[str, Any]:
    try:
        if kind == "svg":
            # Many countries' bulletins hold the same chart.
            if asked not in drawn:
                if len(drawn) > 500:
                    drawn.clear()
                drawn[asked] = svg.convert_here(asked)
            return "value", drawn[asked]
        from aimlib.bulletin.pages import make_pages

        return "value", make_pages(**asked)
    except AimError as error:
        return "fault", error
    except Exception as fault:
        return "fault", RuntimeError(f"{type(fault).__name__}: {fault}")
