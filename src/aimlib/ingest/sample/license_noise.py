"""How far the licenses of a month stray from what Census counts in the end."""

from __future__ import annotations

from math import sqrt

import numpy as np

from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.license_flows import Flows
from aimlib.ingest.sample.license_parameters import LicenseParameters

MILLION = 1_000_000


def month_noise(parameters: LicenseParameters, count: int) -> np.ndarray:
    """Return the noise common to all lines in `count` months, in millionths.

    It is autoregressive: a negative ``alternation_permille`` makes a month above the mean likely to be followed
    by one below it. Only sums, products and a square root are used, which are the same on every machine.
    """
    deviation = parameters.month_noise_permille * 1000
    fresh = Draws(f"{parameters.seed}|months").bell(deviation, count).tolist()
    carried = parameters.alternation_permille / 1000
    part = sqrt(1 - carried * carried)
    noise = [float(fresh[0])]
    for shock in fresh[1:]:
        noise.append(carried * noise[-1] + part * shock)
    return np.array([round(step) for step in noise], dtype=np.int64)


def licensed_parts(parameters: LicenseParameters, flows: Flows) -> np.ndarray:
    """Return licensed over final imports for each row and month of `flows`, in millionths."""
    rows, months = flows.kg.shape
    names, of_row = np.unique(flows.origins, return_inverse=True)
    by_origin = np.array(
        [
            Draws(f"{parameters.seed}|months|{name}").bell(parameters.origin_noise_permille * 1000, months)
            for name in names
        ]
    )
    by_cell = Draws(f"{parameters.seed}|cells").bell(parameters.cell_noise_permille * 1000, rows * months)
    parts = parameters.covered_permille * 1000 * (MILLION + month_noise(parameters, months)) // MILLION
    parts = parts * (MILLION + by_origin[of_row]) // MILLION
    return np.maximum(parts * (MILLION + by_cell.reshape(rows, months)) // MILLION, 0)
