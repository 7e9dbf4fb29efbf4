"""Readings that many reports of a run ask for alike, kept for all of them (`aimlib.store.shared`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import pandas as pd

from aimlib.store.shared import shared
from aimlib.store.store import Store

Reading = Callable[..., pd.DataFrame]


def kept(name: str, tables: Sequence[str], *, by_day: bool = False) -> Callable[[Reading], Reading]:
    """Let the frame that a reading of `tables` gives be kept, by what the reading is asked for.

    The reading takes the store, and the rest by name. With `by_day` it rests on blocks known by its `as_of`; a log
    tells by when it was known row by row, so that later loads add to what earlier days knew.
    """

    def keeping(read: Reading) -> Reading:
        @wraps(read)
        def reading(store: Store, **asked: Any) -> pd.DataFrame:
            told = dict(asked)
            day = told.pop("as_of", None)
            limit = {"as_of": day} if by_day else {"day": day}
            frames = shared(store, name, lambda: {name: read(store, **asked)}, tables=tables, **limit, **told)
            return frames[name]

        return reading

    return keeping
