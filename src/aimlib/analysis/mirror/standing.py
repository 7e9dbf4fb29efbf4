"""What each country's figure rests on, period by period, and where that changes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.mirror.board import Board
from aimlib.analysis.mirror.partner_sets import PartnerSets
from aimlib.ingest.global_trade.frames import STANDING

BREAKS = ("country", "flow", "period", "from_side", "to_side")


def standing_frame(board: Board, sets: PartnerSets, own_counts: np.ndarray) -> pd.DataFrame:
    """Return STANDING of every country held, named or built from partners, and every period.

    ``own_counts`` says where the country's own account is used if it has one; ``sets.window`` where its partners'
    are. n and N are blank where partners have no part in the figure.
    """
    own = board.own & own_counts
    mirror = sets.window & (sets.reporting > 0)[:, None]
    words = np.select(
        [own & mirror, mirror, own & board.selection, own], ["both", "mirror", "selection", "reported"], "missing"
    )
    rows, columns = (axis.ravel() for axis in np.indices(board.shape))
    built = sets.window.ravel()
    made = {
        "country": board.countries[rows],
        "flow": board.flow,
        "period": board.periods[columns],
        "standing": words.ravel(),
        "partners_reporting": pd.array(sets.reporting[rows], dtype="Int64"),
        "partners": pd.array(sets.known[rows], dtype="Int64"),
    }
    frame = pd.DataFrame(made).astype(STANDING)
    frame.loc[~built, ["partners_reporting", "partners"]] = pd.NA
    return frame[(board.asked | sets.window.any(axis=1))[rows]].reset_index(drop=True)


def breaks_in(standing: pd.DataFrame) -> pd.DataFrame:
    """Return where a series changes sides: country, flow, first period on another side, from_side, to_side.

    A period without a figure is a gap and not a side; a selection is the country's own account.
    """
    held = standing[standing["standing"] != "missing"].sort_values(["country", "flow", "period"])
    side = held["standing"].replace("selection", "reported")
    before = side.groupby([held["country"], held["flow"]]).shift()
    changed = before.notna() & (before != side)
    made = held.assign(from_side=before, to_side=side).loc[changed, list(BREAKS)]
    return made.reset_index(drop=True)
