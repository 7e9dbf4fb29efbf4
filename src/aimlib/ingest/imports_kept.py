"""Imports as frames and back, so that the reports of a run can share one reading of them."""

from __future__ import annotations

import pandas as pd

from aimlib.ingest.imports import Imports
from aimlib.ingest.provenance import sources_framed, sources_unframed
from aimlib.reference import products
from aimlib.store.shared import Frames

_FRAMES = ("rows", "totals", "months", "listed")


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
    return held | {"told": pd.DataFrame([told]), "sources": sources_framed(imports.sources)}


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
        sources=sources_unframed(frames["sources"]),
    )
