"""Values on one footing: FOB at the exporter's border, or as the importer records them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

Valuations = Collection[str] | pd.DataFrame | None


def importers_fob(pairs: pd.DataFrame, valuations: Valuations) -> np.ndarray:
    """Return which rows have an importer whose own valuation is FOB-type in that period.

    ``valuations`` is a set of countries, or the dated frame of ``reference.trade_reporting.valuations()``, or
    nothing: then every importer records CIF. A year counts by its first day.
    """
    if valuations is None:
        return np.zeros(len(pairs), dtype=bool)
    if not isinstance(valuations, pd.DataFrame):
        return pairs["importer"].isin(list(valuations)).to_numpy()
    importer, period = pairs["importer"], pairs["period"]
    found = np.zeros(len(pairs), dtype=bool)
    dated = valuations[valuations["valuation"] == "fob"]
    for reporter, first, last in zip(dated["reporter"], dated["valid_from"], dated["valid_to"], strict=True):
        found |= ((importer == reporter) & period.between(first, last)).to_numpy()
    return found


def importers_account(pairs: pd.DataFrame, factor: float, *, covered: bool = False) -> np.ndarray:
    """Return the importer's value on an FOB basis: its FOB part as it is, its CIF part over the factor."""
    fob, cif = (pairs[f"m_{'covered_' if covered else ''}{kind}_value_usd"].to_numpy() for kind in ("fob", "cif"))
    return fob + cif / factor
