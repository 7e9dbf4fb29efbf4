"""Blocks that do not depend on the country that a report is about: made by the first report of a run, shown by all.

What is kept is what a notebook displays, picture and all, as text in a frame (`aimlib.store.shared`). Where a run
shares nothing, as in JupyterLab, the block itself is returned.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import pandas as pd

from aimlib.present.blocks import MIME, Block
from aimlib.store.shared import is_sharing


class SharedBlock(Block):
    """A block that was made before: ``bundle`` is what it displays, by MIME type."""

    def __init__(self, bundle: dict[str, Any]) -> None:
        self.bundle = bundle

    @property
    def kind(self) -> str:
        return self.bundle[MIME]["kind"]

    @property
    def csv(self) -> str:
        return self.bundle[MIME].get("csv", "")

    def content(self) -> dict:
        """Return the block as plain JSON values."""
        return self.bundle[MIME]

    def plain_text(self) -> str:
        return self.bundle["text/plain"]

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return self.bundle


def of_no_country(section: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let the reports of a run share what a section returns; nothing in it may depend on the country asked for.

    The view's ``keep(name, make)`` keeps a frame under all else that the report depends on.
    """

    @wraps(section)
    def shown(view: Any) -> Any:
        if not is_sharing():
            return section(view)

        def make() -> pd.DataFrame:
            made = section(view)
            blocks = made if isinstance(made, list) else [made]
            told = [json.dumps(block._repr_mimebundle_(), default=str) for block in blocks]
            return pd.DataFrame({"bundle": pd.Series(told, dtype="str"), "is_list": isinstance(made, list)})

        kept = view.keep(f"block_{section.__name__}", make)
        blocks = [SharedBlock(json.loads(text)) for text in kept["bundle"]]
        return blocks if kept["is_list"].any() or len(blocks) != 1 else blocks[0]

    return shown
