"""The prices of the duty report, read once for all reports of a run."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from aimlib.bulletin.opening.keeping import Frames, Keep
from aimlib.errors import AimError
from aimlib.ingest.provenance import sources_framed, sources_unframed
from aimlib.ingest.read_p1020 import PARTS, P1020Inputs, read_p1020
from aimlib.ingest.read_prices import read_prices
from aimlib.store import Store


def p1020_inputs(store: Store, as_of: dt.date, freight_c_lb: float | None, keep: Keep) -> P1020Inputs:
    """Return the inputs of the reporter's series, as `read_p1020` does."""
    frames = keep("prices", lambda: _framed(read_p1020(store, as_of, freight_c_lb=freight_c_lb)))
    return P1020Inputs(
        rows=frames["rows"],
        frequency=frames["frequency"]["frequency"].iloc[0],
        missing=tuple(frames["missing"]["missing"]),
        sources=sources_unframed(frames["sources"]),
    )


def freight_parts(store: Store, as_of: dt.date, keep: Keep) -> dict[str, float]:
    """Return the newest figure of each part of the freight, USD/t; those that are not held are left out."""
    held = keep("freight_parts", lambda: {"newest": _newest_parts(store, as_of)})["newest"]
    return dict(zip(held["part"], held["price_usd_t"], strict=True))


def _framed(inputs: P1020Inputs) -> Frames:
    return {
        "rows": inputs.rows,
        "frequency": pd.DataFrame({"frequency": [inputs.frequency]}),
        "missing": pd.DataFrame({"missing": pd.Series(inputs.missing, dtype="str")}),
        "sources": sources_framed(inputs.sources),
    }


def _newest_parts(store: Store, as_of: dt.date) -> pd.DataFrame:
    found = []
    for part in PARTS:
        try:
            found.append((part, float(read_prices(store, part, as_of=as_of)["price_usd_t"].iloc[-1])))
        except AimError:
            continue
    return pd.DataFrame(found, columns=["part", "price_usd_t"])
