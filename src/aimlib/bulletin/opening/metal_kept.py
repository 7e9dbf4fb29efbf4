"""The tables on the origin of the metal, kept for all reports that cut theirs from the same pattern.

The pattern of hidden cells is found over all origins, so that but for a group's sum the tables of every country's
report are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pandas as pd

from aimlib.analysis.metal.tables import MetalTables, Notes
from aimlib.store.shared import Frames, shared
from aimlib.store.store import Store

_TEXTS = ("measures", "without_intensity", "caveats")
_MONTHS = ("first", "last", "smelt_first", "cast_first", "implied_last")


def kept_tables(store: Store, work_out: Callable[[], MetalTables], tables: tuple[str, ...], **told: Any) -> MetalTables:
    """Return the tables that `work_out` gives, or those kept; `tables` of the store and `told` say what of."""
    return from_frames(shared(store, "metal-tables", lambda: as_frames(work_out()), tables=tables, **told))


def as_frames(tables: MetalTables) -> Frames:
    """Return what `from_frames` makes the same tables of."""
    frames = {name: value for name, value in vars(tables).items() if name != "notes"}
    notes = asdict(tables.notes)
    texts = {name: "\n".join(notes[name]) for name in _TEXTS}
    months = {name: pd.Series([notes[name]], dtype="datetime64[us]") for name in _MONTHS}
    row = {name: value for name, value in notes.items() if name != "hidden"} | texts | months
    return frames | {"notes": pd.DataFrame(row, index=[0]), "hidden": tables.notes.hidden}


def from_frames(frames: Frames) -> MetalTables:
    """Return the tables that `as_frames` was given."""
    held = dict(frames)
    row, hidden = held.pop("notes").to_dict("records")[0], held.pop("hidden")
    texts = {name: tuple(row[name].split("\n")) if row[name] else () for name in _TEXTS}
    months = {name: None if pd.isna(row[name]) else row[name] for name in _MONTHS}
    return MetalTables(**held, notes=Notes(**(row | texts | months), hidden=hidden))
