"""Where the metal of a license was smelted and cast: drawn by origin, product and month from ``smelt.csv``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.license_dates import day_number
from aimlib.ingest.sample.license_parameters import LicenseParameters

FIELDS = ["largest_smelt", "second_smelt", "recent_cast"]
UNKNOWN_THROUGH = "2022-06-28"
UNKNOWN_AGAIN_FROM = "2025-06-28"
ANY, SELF = "*", "self"


def draw_smelt(parameters: LicenseParameters, table: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return largest_smelt, second_smelt and recent_cast for `lines` (origin, product, month as ``YYYY-MM``)."""
    drawn = Draws(f"{parameters.seed}|smelt").below(1000, len(lines))
    found = np.empty((len(lines), len(FIELDS)), dtype=object)
    # A mix holds from its from_month on, so that lines fall into spans between such months.
    begins = np.array(sorted(table["from_month"].unique()))
    spans = np.searchsorted(begins, lines["month"].to_numpy().astype(str), side="right") - 1
    keys = [lines["origin"].to_numpy(), lines["product"].to_numpy(), spans]
    mixes = list(table.itertuples(index=False))
    for (origin, product, span), places in pd.Series(range(len(lines))).groupby(keys).indices.items():
        mix = _mix(mixes, origin, product, begins[span])
        words = [[origin if word == SELF else word for word in row[3:6]] for row in mix]
        upto = np.cumsum([row.weight for row in mix])
        found[places] = np.array(words, dtype=object)[np.searchsorted(upto, drawn[places], side="right")]
    return pd.DataFrame(found, columns=FIELDS, index=lines.index).astype("str")


def allowed_unknown(parameters: LicenseParameters, application: np.ndarray) -> np.ndarray:
    """Say for which lines, by day of application, the smelt is given as unknown."""
    drawn = Draws(f"{parameters.seed}|unknown smelt").below(1000, len(application))
    before = (application <= day_number(UNKNOWN_THROUGH)) & (drawn < parameters.unknown_smelt_permille)
    after = (application >= day_number(UNKNOWN_AGAIN_FROM)) & (drawn < parameters.unknown_again_permille)
    return before | after


def _mix(mixes: list[tuple], origin: str, product: str, month: str) -> list[tuple]:
    """The rows of one mix: the origin's own before any's, the product's own before those for all; the newest."""
    here = [row for row in mixes if row.from_month <= month]
    own = [row for row in here if row.origin == origin] or [row for row in here if row.origin == ANY]
    rows = [row for row in own if product in row.products.split()] or [row for row in own if row.products == ANY]
    newest = max(row.from_month for row in rows)
    return [row for row in rows if row.from_month == newest]
