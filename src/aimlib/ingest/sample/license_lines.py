"""The flows cut into license lines: how much each is for, of which entry type, on which license it stands."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.license_flows import Flows
from aimlib.ingest.sample.license_noise import MILLION, licensed_parts
from aimlib.ingest.sample.license_parameters import LicenseParameters

INFORMAL_BELOW_USD = 2_500
"""Below this an entry is informal and needs no license (`aim.md` of the facts: as a rule)."""
LOW_VALUE_USD = (500, 4_900)
_PARTED_FROM_LICENSES = 8
"""A month's imports of a line that make so many licenses send their part to a zone; of smaller ones, whole licenses."""


def make_lines(parameters: LicenseParameters, flows: Flows) -> pd.DataFrame:
    """Return one row a license line, sorted so that the lines of one license follow each other.

    Columns: row (of `flows`), month (its place in the flows' months), kg, value, entry_type, low_value, unused (no
    goods ever came), license (a number), leader (place of the license's first line). What comes to a zone is
    licensed on admission, ``zone_stay_months`` before Census counts it as consumption.
    """
    lines = _with_types(parameters, flows, _pieces(parameters, flows))
    parts = licensed_parts(parameters, flows)[lines["row"], lines["month"]]
    lines["kg"] = lines["kg"] * parts // MILLION
    stray = _draws(parameters, "declared value").bell(parameters.value_noise_permille, len(lines))
    usd, of_kg = flows.value[lines["row"], lines["counted"]], flows.kg[lines["row"], lines["counted"]]
    lines["value"] = lines["kg"] * usd // of_kg * (1000 + stray) // 1000
    lines = lines[lines["value"] >= INFORMAL_BELOW_USD].drop(columns="counted").reset_index(drop=True)
    lines = pd.concat(
        [
            lines.assign(low_value=False, unused=False),
            _unused(parameters, lines).assign(low_value=False, unused=True),
            _low_value(parameters, lines).assign(low_value=True, unused=False),
        ],
        ignore_index=True,
    )
    return _on_licenses(parameters, flows, lines)


def _draws(parameters: LicenseParameters, name: str) -> Draws:
    return Draws(f"{parameters.seed}|{name}")


def _pieces(parameters: LicenseParameters, flows: Flows) -> pd.DataFrame:
    """Cut each row and month with imports into pieces.

    Columns: row, counted (the month that Census counts it in), kg, zone (whether it goes through one).
    """
    row, month = np.nonzero((flows.kg > 0) & (flows.value > 0))
    kg = flows.kg[row, month]
    a_license = parameters.tonnes_a_license * 1000
    parted = (kg >= _PARTED_FROM_LICENSES * a_license) & _admissible(parameters, flows, row, month)
    spread = 500 + _draws(parameters, "parts for a zone").below(1001, len(kg))
    to_zone = np.where(parted, kg * parameters.zone_permille // 1000 * spread // 1000, 0)
    count = np.clip(-(-kg // a_license), 1, parameters.most_licenses_a_cell)
    weights = 500 + _draws(parameters, "pieces").below(1001, int(count.sum()))
    whole = np.add.reduceat(weights, np.cumsum(count) - count)
    pieces = pd.DataFrame(
        {
            "row": np.repeat(row, count),
            "counted": np.repeat(month, count),
            "kg": np.repeat(kg - to_zone, count) * weights // np.repeat(whole, count),
        }
    )
    drawn = _draws(parameters, "entry type").below(1000, len(pieces)) < parameters.zone_permille
    pieces["zone"] = (
        drawn & ~np.repeat(parted, count) & _admissible(parameters, flows, pieces["row"], pieces["counted"])
    )
    parts = pd.DataFrame({"row": row, "counted": month, "kg": to_zone, "zone": True})
    return pd.concat([pieces, parts[to_zone > 0]], ignore_index=True)


def _admissible(parameters: LicenseParameters, flows: Flows, row: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Whether the line's code was in force when goods counted in a month would have been admitted to a zone."""
    return flows.alive[row, np.maximum(np.asarray(counted) - parameters.zone_stay_months, 0)]


def _with_types(parameters: LicenseParameters, flows: Flows, pieces: pd.DataFrame) -> pd.DataFrame:
    """Add entry_type and month, that of the license; leave out what was admitted before licenses were needed."""
    zone = pieces["zone"].to_numpy()
    stored = _draws(parameters, "warehouses").below(1000, len(pieces)) < parameters.warehouse_permille
    kinds = np.where(zone, "zone", np.where(stored, "warehouse", "consumption"))
    month = pieces["counted"] - np.where(zone, parameters.zone_stay_months, 0)
    pieces = pieces.drop(columns="zone").assign(entry_type=kinds, month=month)
    last = len(flows.months) - 1 - parameters.zone_stay_months
    return pieces[month.between(0, last)].reset_index(drop=True)


def _unused(parameters: LicenseParameters, lines: pd.DataFrame) -> pd.DataFrame:
    """Licenses for goods that never came, alike those for goods that did."""
    draws = _draws(parameters, "unused")
    chosen = draws.below(1000, len(lines)) < parameters.unused_permille
    size = 500 + draws.below(1001, len(lines))
    return lines.assign(kg=lines["kg"] * size // 1000, value=lines["value"] * size // 1000)[chosen]


def _low_value(parameters: LicenseParameters, lines: pd.DataFrame) -> pd.DataFrame:
    """Licenses for small values, at the unit values of others."""
    draws = _draws(parameters, "low value")
    chosen = draws.below(1000, len(lines)) < parameters.low_value_permille
    usd = LOW_VALUE_USD[0] + draws.below(LOW_VALUE_USD[1] - LOW_VALUE_USD[0], len(lines))
    kg = np.maximum(lines["kg"] * usd // lines["value"], 1)
    return lines.assign(kg=kg, value=usd, entry_type="consumption")[chosen]


def _on_licenses(parameters: LicenseParameters, flows: Flows, lines: pd.DataFrame) -> pd.DataFrame:
    """Put some lines on the license of the line before them, where it is of the same kind and of another code."""
    draws = _draws(parameters, "licenses")
    lines = lines.assign(
        origin=flows.origins[lines["row"]], product=flows.products[lines["row"]], order=draws.below(2**30, len(lines))
    )
    alike = ["month", "origin", "product", "entry_type", "unused", "low_value"]
    lines = lines.sort_values([*alike, "order", "row"], kind="stable", ignore_index=True)
    before = lines.shift(1)
    joined = draws.below(1000, len(lines)) < parameters.joined_permille
    joined &= (lines[alike] == before[alike]).all(axis=1) & (lines["row"] != before["row"]) & ~lines["low_value"]
    # A third line could repeat the first one's code: a license has two lines at most.
    joined &= ~joined.shift(1, fill_value=False)
    number = np.cumsum(~joined.to_numpy()) - 1
    leader = np.flatnonzero(~joined.to_numpy())[number]
    return lines.drop(columns=["origin", "product", "order"]).assign(license=number, leader=leader)
