"""Imports as frames and back, so that the reports of a run can share one reading of them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aimlib.ingest.imports import Imports
from aimlib.reference import products
from aimlib.store.shared import Frames

_FRAMES = ("rows", "totals", "months", "listed")
_LISTS = ("commits", "snapshots_sha256")
_DAYS = ("known_on", "captured_on")


def as_frames(imports: Imports) -> Frames:
    """Return what `from_frames` makes the same imports of."""
    told = {
        "concept": imports.concept,
        "product": imports.product.key,
        "code_level": imports.code_level,
        "as_of": pd.Timestamp(imports.as_of),
        "has_quantity": imports.has_quantity,
    }
    held = {name: getattr(imports, name) for name in _FRAMES}
    return held | {"told": pd.DataFrame([told]), "sources": _sources_frame(imports.sources)}


def from_frames(frames: Frames) -> Imports:
    """Return the imports that `as_frames` was given."""
    told = frames["told"].iloc[0]
    return Imports(
        **{name: frames[name] for name in _FRAMES},
        concept=str(told["concept"]),
        product=products.resolve(str(told["product"])),
        code_level=str(told["code_level"]),
        as_of=told["as_of"].date(),
        has_quantity=bool(told["has_quantity"]),
        sources=_sources_of_frame(frames["sources"]),
    )


def _sources_frame(sources: tuple[dict[str, Any], ...]) -> pd.DataFrame:
    """Return a row a source; its lists are texts, a line an item, and its days timestamps."""
    frame = pd.DataFrame(list(sources))
    lists = {name: frame[name].map("\n".join).astype("str") for name in _LISTS}
    return frame.assign(**lists, **{name: frame[name].astype("datetime64[us]") for name in _DAYS})


def _sources_of_frame(frame: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    return tuple(
        row
        | {name: tuple(row[name].split("\n")) if row[name] else () for name in _LISTS}
        | {name: row[name].date() for name in _DAYS}
        for row in frame.to_dict("records")
    )
