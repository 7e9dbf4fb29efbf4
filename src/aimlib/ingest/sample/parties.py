"""Who takes the licenses, from whom, and where the goods come in: all names are made up, the ports are real."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.license_flows import Flows
from aimlib.ingest.sample.license_parameters import LicenseParameters

_IMPORTERS = 600
_FEW_PERMILLE = 150
_LARGE_KG = 20_000_000
"""So many origins and products have one or two importers, if less comes in a year than this."""
_SIZES = (
    # kilograms in a year of at least, fewest and most importers
    (100_000_000, 8, 9),
    (20_000_000, 5, 8),
    (2_000_000, 3, 6),
    (200_000, 2, 4),
    (0, 1, 2),
)
_EXPORTERS, _MANUFACTURERS = 12, 9
_UNKNOWN_MANUFACTURER_PERMILLE = 60
_THIRD_COUNTRY_PERMILLE = 25
_ENTREPOTS = ("NLD", "SGP", "HKG", "BEL", "PAN")
_PORTS = {
    "CAN": ("Detroit, MI", "Buffalo, NY", "Champlain, NY", "Port Huron, MI", "Pembina, ND", "Blaine, WA"),
    "MEX": ("Laredo, TX", "El Paso, TX", "Otay Mesa, CA", "Nogales, AZ"),
    "": (
        *("New Orleans, LA", "Houston, TX", "Baltimore, MD", "Mobile, AL", "Savannah, GA", "Charleston, SC"),
        *("Los Angeles, CA", "Long Beach, CA", "Newark, NJ", "Norfolk, VA", "Philadelphia, PA", "Chicago, IL"),
    ),
}
_DAYS_UNDER_WAY = {"CAN": (1, 4), "MEX": (1, 5), "": (14, 45)}


def with_parties(parameters: LicenseParameters, flows: Flows, licenses: pd.DataFrame) -> pd.DataFrame:
    """Add importer, exporter, manufacturer, exportation, port and under_way (days) to one row a license.

    `licenses` has row and origin. An origin and product has one to nine importers, larger ones more, the first
    of which take the larger parts.
    """
    draws = Draws(f"{parameters.seed}|parties")
    count = len(licenses)
    origin = licenses["origin"].to_numpy().astype(str)
    maker = draws.below(_MANUFACTURERS, count)
    hidden = draws.below(1000, count) < _UNKNOWN_MANUFACTURER_PERMILLE
    number = draws.below(_EXPORTERS, count)
    third = draws.below(1000, count) < _THIRD_COUNTRY_PERMILLE
    via = np.array(_ENTREPOTS)[draws.below(len(_ENTREPOTS), count)]
    port, under_way = _ways(draws, origin)
    makers = np.array([f"Manufacturer {name} {n:02d}" for name, n in zip(origin, maker + 1, strict=True)])
    exporters = [f"Exporter {name} {n:02d}" for name, n in zip(origin, number + 1, strict=True)]
    return licenses.assign(
        importer=_importers(parameters, flows, licenses["row"].to_numpy(), draws),
        exporter=exporters,
        manufacturer=np.where(hidden, "unknown", makers),
        exportation=np.where(third, via, origin),
        port=port,
        under_way=under_way,
    )


def _importers(parameters: LicenseParameters, flows: Flows, row: np.ndarray, draws: Draws) -> np.ndarray:
    pools = _pools(parameters, flows)
    own = [pools[key] for key in zip(flows.origins.tolist(), flows.products.tolist(), strict=True)]
    size = np.array([len(pool) for pool in own])
    names = np.array([[*pool, *[""] * (9 - len(pool))] for pool in own])
    # The n-th importer weighs 1 / (n + 1), in thousandths.
    weights = np.cumsum([1000 // (place + 2) for place in range(9)])
    drawn = draws.below(2**20, len(row)) * weights[size[row] - 1] // 2**20
    return names[row, np.searchsorted(weights, drawn, side="right")]


def _pools(parameters: LicenseParameters, flows: Flows) -> dict[tuple[str, str], list[str]]:
    """The importers of each origin and product, those that take the larger parts first."""
    yearly = pd.Series(flows.kg.sum(axis=1) * 12 // flows.kg.shape[1])
    sizes = yearly.groupby([flows.origins, flows.products]).sum()
    pools = {}
    for (origin, product), kg in sizes.items():
        draws = Draws(f"{parameters.seed}|importers|{origin}|{product}")
        fewest, most = next((few, many) for least, few, many in _SIZES if kg >= least)
        few = draws.below(1000, 1)[0] < _FEW_PERMILLE and kg < _LARGE_KG
        number = int(draws.below(most - fewest + 1, 1)[0])
        size = 1 + number % 2 if few else fewest + number
        drawn = dict.fromkeys(draws.below(_IMPORTERS, 3 * size).tolist())
        pools[origin, product] = [f"Importer {place + 1:04d}" for place in list(drawn)[:size]]
    return pools


def _ways(draws: Draws, origin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ports of entry and days from export to import, by neighbor or sea."""
    drawn, days = draws.below(2**20, len(origin)), draws.below(2**20, len(origin))
    port, under_way = np.empty(len(origin), dtype=object), np.zeros(len(origin), dtype=np.int64)
    for neighbor, ports in _PORTS.items():
        here = origin == neighbor if neighbor else ~np.isin(origin, [name for name in _PORTS if name])
        port[here] = np.array(ports)[drawn[here] * len(ports) // 2**20]
        least, most = _DAYS_UNDER_WAY[neighbor]
        under_way[here] = least + days[here] * (most - least + 1) // 2**20
    return port, under_way
