"""What no method can see: trade between two countries of which neither reports."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from aimlib.analysis.mirror.board import ENDS, Board, board
from aimlib.analysis.mirror.partner_sets import partner_sets

_OWN_QUANTITY = {"export": ("x_reported", "x_quantity_t"), "import": ("m_reported", "m_quantity_t")}


def invisible(
    pairs: pd.DataFrame, reporting: pd.DataFrame, *, flow: str, method: str, mirrored: Collection[str] = ()
) -> pd.DataFrame:
    """Return, for each country that rests on its partners or is missing, the partners whose accounts are missing too.

    Countries: those in ``mirrored`` under ``reverse``, and any that did not report in some period of the window.
    Partners: all countries in the pairs and the reporting that did not report the counter-flow in every period.

    Columns: country, flow, ``periods_reported`` of ``periods`` (by the country itself), ``partners_invisible`` (how
    many), ``invisible`` (their codes, in order, with a space between), ``share_then`` (the share these partners had in
    the quantity that the country itself told of, in the periods in which it reported; blank without such a period).
    """
    known = board(pairs, reporting, flow, mirrored)
    sets = partner_sets(known, np.ones(known.shape, dtype=bool))
    reported = known.own.sum(axis=1)
    listed = reported < len(known.periods)
    if method == "reverse":
        listed |= known.mask(mirrored)
    unseen = ~sets.constant & known.is_country
    np.fill_diagonal(unseen, False)
    shares = _shares_then(pairs, known, unseen)
    rows = np.flatnonzero(listed)
    made = {
        "country": known.countries[rows],
        "flow": flow,
        "periods_reported": reported[rows],
        "periods": len(known.periods),
        "partners_invisible": unseen.sum(axis=1)[rows],
        "invisible": [" ".join(known.countries[unseen[row]]) for row in rows],
        "share_then": shares[rows],
    }
    return pd.DataFrame(made)


def _shares_then(pairs: pd.DataFrame, known: Board, unseen: np.ndarray) -> np.ndarray:
    told, quantity = _OWN_QUANTITY[known.flow]
    own = pairs[pairs[told] & pairs[quantity].notna()]
    country, partner = (known.codes(own[end]) for end in ENDS[known.flow])
    size = len(known.countries)
    total = np.bincount(country, own[quantity], size)
    hidden = np.bincount(country, np.where(unseen[country, partner], own[quantity], 0.0), size)
    return hidden / np.where(total > 0, total, np.nan)
