"""The CIF/FOB factor: the usual ones, one estimated from the data, and what the choice does to totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd

from aimlib.analysis.mirror.board import ENDS
from aimlib.analysis.mirror.settle import settle
from aimlib.errors import AimError

FACTORS = (1.00, 1.06, 1.08)
"""No correction; IMF Direction of Trade Statistics 2017 (and the OECD's mean of 1995 to 2014); tradestatistics.io."""

FACTOR_SOURCES = {
    1.00: "no correction",
    1.06: "IMF Direction of Trade Statistics (2017); OECD ITIC, trade-weighted mean 1995 to 2014",
    1.08: "tradestatistics.io; Anderson and van Wincoop (2004)",
}

LEAST_VALUE_USD = 10.0
LEAST_QUANTITY_T = 2.0
TRIMMED = (0.05, 0.95)


@dataclass(frozen=True)
class Factor:
    """An estimated CIF/FOB factor with its 95 percent interval, from so many flows of so many exporters.

    ``value`` and the interval are never below 1; ``floored`` says that the data gave less. Of one exporter only,
    the interval is blank.
    """

    value: float
    low: float
    high: float
    flows: int
    exporters: int
    floored: bool


def estimate_factor(pairs: pd.DataFrame) -> Factor:
    """Estimate the factor from unit values of flows that both report and the importer values CIF throughout.

    The weighted mean of ln(UVm / UVx), as BACI's unit-value model without its explaining variables (Gaulier and
    Zignago 2010): weights min(Qx, Qm) / max(Qx, Qm), value above 10 dollars and quantity above 2 t on both sides,
    ratios outside the 5th to 95th percentile left out. The interval uses a standard error robust to clusters of
    exporters.

    Raises: AimError where no flow serves.
    """
    x, m = pairs["x_quantity_t"].to_numpy(), pairs["m_quantity_t"].to_numpy()
    fob, cif = pairs["x_covered_fob_value_usd"].to_numpy(), pairs["m_covered_cif_value_usd"].to_numpy()
    used = (np.fmin(x, m) > LEAST_QUANTITY_T) & (np.fmin(fob, cif) > LEAST_VALUE_USD)
    used &= ~np.isnan(x + m) & (pairs["m_fob_value_usd"].to_numpy() == 0)
    if not used.any():
        raise AimError(
            "No CIF/FOB factor can be estimated: no flow has a weight and a value from both sides with a CIF importer.",
            "Give a factor (1.00, 1.06 or 1.08) or load more reporters.",
        )
    x, m, fob, cif = x[used], m[used], fob[used], cif[used]
    ratio = np.log((cif / m) / (fob / x))
    low, high = np.quantile(ratio, TRIMMED)
    inside = (ratio >= low) & (ratio <= high)
    weight = (np.minimum(x, m) / np.maximum(x, m))[inside]
    ratio, exporter = ratio[inside], pd.factorize(pairs.loc[used, "exporter"])[0][inside]
    mean = float((weight * ratio).sum() / weight.sum())
    error, exporters = _clustered_error(weight * (ratio - mean), weight.sum(), exporter)
    bounds = (max(float(np.exp(mean + sign * 1.96 * error)), 1.0) for sign in (-1, 1))
    return Factor(max(float(np.exp(mean)), 1.0), *bounds, len(ratio), exporters, mean < 0)


def _clustered_error(scores: np.ndarray, weight: float, cluster: np.ndarray) -> tuple[float, int]:
    sums = pd.Series(scores).groupby(cluster).sum()
    clusters = len(sums)
    if clusters < 2:
        return float("nan"), clusters
    return float(np.sqrt(clusters / (clusters - 1) * (sums**2).sum()) / weight), clusters


def factor_band(
    pairs: pd.DataFrame,
    reporting: pd.DataFrame,
    factors: Sequence[float] = FACTORS,
    *,
    central: float | None = None,
    **options: object,
) -> pd.DataFrame:
    """Return each country's value over the window at every factor: how much hangs on the choice.

    ``central`` is the factor that is used elsewhere, one more of the factors if it is not among them; the middle one
    of them if it is None. ``options`` are those of ``settle`` except the factor. Columns: country, flow, then
    ``fob_value_usd_*`` and ``import_value_usd_*`` with ``low``, ``central`` (at the central factor) and ``high``, then
    ``factor_low``, ``factor_central`` and ``factor_high``, the same in every row (the highest factor gives the lowest
    FOB value of an importer's account, and the highest import value of an exporter's).
    """
    flow = str(options["flow"])
    country = ENDS[flow][0]
    values = ["fob_value_usd", "import_value_usd"]
    chosen = sorted({*factors} if central is None else {*factors, central})
    place = len(chosen) // 2 if central is None else chosen.index(central)
    totals = [
        settle(pairs, reporting, **options, factor=factor).flows.groupby(country)[values].sum(min_count=1)
        for factor in chosen
    ]
    made = {}
    for name in values:
        columns = [total[name] for total in totals]
        made[f"{name}_low"] = reduce(np.fmin, columns)
        made[f"{name}_central"] = columns[place]
        made[f"{name}_high"] = reduce(np.fmax, columns)
    frame = pd.DataFrame(made).rename_axis("country").reset_index()
    frame.insert(1, "flow", flow)
    return frame.assign(factor_low=chosen[0], factor_central=chosen[place], factor_high=chosen[-1])
