"""The variance-weighted mean of both accounts, as in BACI (Gaulier and Zignago 2010), on quantities.

Reporting distance RD = |ln(Qx / Qm)| of flows that both report is regressed on exporter, importer, period and product
effects with weights ln(Qx + Qm). From a country's least-squares mean: sigma = (pi / 2) * (LS_RD - K). Weights are
w_i = g(s_j) / (g(s_i) + g(s_j)) with g(s) = e^(s^2) (e^(s^2) - 1).

K: the paper's text gives the smallest LS_RD and twice its standard error with a sign that cannot be read. Here K is the
smallest minus twice its standard error, for exporters and importers apart, so that the best reporter keeps a positive
sigma; never less than ``LEAST_SIGMA``. A country without a flow that both report has the median of its side.
"""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pandas as pd

LEAST_SIGMA = 0.02
MOST_SIGMA = 5.0
_EFFECTS = ("exporter", "importer", "period", "product")


def reliabilities(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the error of every exporter and importer: country, flow, distance (LS_RD), sigma, flows.

    Flows below one ton in both accounts together have no weight (ln(Qx + Qm) <= 0) and are not used.
    """
    x, m = pairs["x_quantity_t"].to_numpy(), pairs["m_quantity_t"].to_numpy()
    used = (x > 0) & (m > 0) & (x + m > 1)
    columns = ["country", "flow", "distance", "sigma", "flows"]
    if not used.any():
        return pd.DataFrame({name: pd.Series(dtype="str" if name in columns[:2] else "float64") for name in columns})
    distance, weight = np.abs(np.log(x[used] / m[used])), np.log(x[used] + m[used])
    factors = [pd.factorize(pairs.loc[used, name], sort=True) for name in _EFFECTS]
    means, errors = _least_squares_means([codes for codes, _ in factors], distance, weight)
    frames = []
    for flow, (codes, names), mean, error in zip(("export", "import"), factors[:2], means, errors, strict=True):
        best = int(np.argmin(mean))
        sigma = np.pi / 2 * (mean - (mean[best] - 2 * error[best]))
        made = {
            "country": np.asarray(names, dtype=object),
            "flow": flow,
            "distance": mean,
            "sigma": sigma.clip(LEAST_SIGMA, MOST_SIGMA),
            "flows": np.bincount(codes),
        }
        frames.append(pd.DataFrame(made).astype({"country": "str"}))
    return pd.concat(frames, ignore_index=True)


def _least_squares_means(
    factors: list[np.ndarray], values: np.ndarray, weights: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the least-squares means of the first two factors, and their standard errors.

    The normal equations of the dummies are counted, not built row by row: a few hundred effects, millions of flows.
    """
    sizes = [int(codes.max()) + 1 for codes in factors]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    normal, right = np.zeros((starts[-1], starts[-1])), np.zeros(starts[-1])
    for a, b in combinations_with_replacement(range(len(factors)), 2):
        cells = np.bincount(factors[a] * sizes[b] + factors[b], weights, sizes[a] * sizes[b]).reshape(
            sizes[a], sizes[b]
        )
        normal[starts[a] : starts[a + 1], starts[b] : starts[b + 1]] = cells
        normal[starts[b] : starts[b + 1], starts[a] : starts[a + 1]] = cells.T
    for a, codes in enumerate(factors):
        right[starts[a] : starts[a + 1]] = np.bincount(codes, weights * values, sizes[a])
    inverse = np.linalg.pinv(normal, rcond=1e-10, hermitian=True)
    effects = inverse @ right
    fitted = sum(effects[start + codes] for start, codes in zip(starts, factors, strict=False))
    rank = round(float(np.trace(inverse @ normal)))
    variance = float((weights * (values - fitted) ** 2).sum()) / max(len(values) - rank, 1)
    means, errors = [], []
    for a in range(2):
        combine = np.zeros((sizes[a], starts[-1]))
        for b in range(len(factors)):
            combine[:, starts[b] : starts[b + 1]] = np.eye(sizes[a]) if b == a else 1 / sizes[b]
        means.append(combine @ effects)
        spread = np.einsum("ij,jk,ik->i", combine, inverse, combine, optimize=True)
        errors.append(np.sqrt(np.maximum(spread, 0) * variance))
    return means, errors


def exporters_weight(pairs: pd.DataFrame, reliability: pd.DataFrame) -> np.ndarray:
    """Return the weight of the exporter's account in each row, between 0 and 1; the importer has the rest."""
    exporter, importer = (
        _g(_sigma_of(pairs[end], reliability[reliability["flow"] == flow]))
        for end, flow in (("exporter", "export"), ("importer", "import"))
    )
    return importer / (exporter + importer)


def _sigma_of(countries: pd.Series, reliability: pd.DataFrame) -> np.ndarray:
    table = reliability.set_index("country")["sigma"]
    codes, uniques = pd.factorize(countries)
    unknown = table.median() if len(table) else 1.0
    return table.reindex(pd.Index(uniques)).fillna(unknown).to_numpy()[codes]


def _g(sigma: np.ndarray) -> np.ndarray:
    return np.exp(sigma**2) * np.expm1(sigma**2)
