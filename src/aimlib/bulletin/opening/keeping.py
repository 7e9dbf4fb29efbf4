"""What a report shares with others of its run: frames kept under the question, without what sets the reports apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd

from aimlib.bulletin.parameters import Parameters
from aimlib.store import Store
from aimlib.store.shared import shared

Frames = Mapping[str, pd.DataFrame]
Keep = Callable[[str, Callable[[], Frames]], Frames]
_ON_PAPER = {"paper"}


def keeping(
    store: Store, notebook: str, parameters: Parameters, *, tables: Sequence[str], but: Sequence[str] = ()
) -> Keep:
    """Return what works out, or finds, the frames of a name: they rest on `tables` and all parameters `but` some.

    What is kept so may not depend on the parameters left out, nor on the paper.
    """
    asked = parameters.model_dump(mode="json", exclude={*_ON_PAPER, "as_of", *but})
    find = partial(shared, store, tables=tuple(tables), as_of=parameters.as_of, asked=asked)
    return lambda name, make: find(f"{notebook}_{name}", make)


def unshared(name: str, make: Callable[[], Frames]) -> Frames:
    """Work the frames out, for this report alone."""
    return make()
