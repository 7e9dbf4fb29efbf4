"""What each side of the synthetic world declares of its trade by month, before thresholds and missing weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from aimlib.ingest.sample import world_parameters as chosen
from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.world_flows import shipped
from aimlib.ingest.sample.world_tables import WorldTables, read_world_tables

EXPORT, IMPORT, RE_EXPORT = "X", "M", "RX"
FIGURES = ["quantity_kg", "fob_value_usd", "cif_value_usd"]
_KEYS = ["reporter", "flow", "partner", "code", "month"]


def world_accounts(folder: Path | None = None) -> pd.DataFrame:
    """Return the accounts of all reporters, one row a reporter, flow (X, M, RX), partner, HS6 and month.

    Those who report years are in it by month; cif_value_usd is 0 in exports. Whole numbers all.
    """
    tables = read_world_tables(folder)
    flows = shipped(folder)
    by_port = _by_port(flows, tables)
    parts = [_exports(flows, by_port), _imports(flows, by_port, tables)]
    told = pd.concat(parts, ignore_index=True)
    tells = tables.countries["frequency"] != "none"
    told = told[told["reporter"].map(tells) & (told["month"] >= chosen.FIRST_MONTH)]
    told = told.groupby(_KEYS, as_index=False)[FIGURES].sum()
    told = _with_noise(told[told["month"] <= f"{chosen.LAST_MONTH}-01"], tables)
    return pd.concat([told, _re_exports(told, flows, by_port)], ignore_index=True)


def _by_port(flows: pd.DataFrame, tables: WorldTables) -> np.ndarray:
    """The share of each flow that goes by Rotterdam, in permille."""
    outside = flows["exporter"].map(tables.countries["region"]) != "europe"
    metal = flows["code"].str.startswith("7601")
    return (flows["importer"].map(chosen.ROTTERDAM).fillna(0) * (outside & metal)).astype("int64").to_numpy()


def _part(flows: pd.DataFrame, permille: np.ndarray | int) -> pd.DataFrame:
    figures = ["quantity_kg", "fob_value_usd"]
    taken = {figure: flows[figure] * permille // 1000 for figure in figures}
    part = flows.assign(**taken)
    return part[part["quantity_kg"] > 0]


def _exports(flows: pd.DataFrame, by_port: np.ndarray) -> pd.DataFrame:
    """Exports by last known destination: what goes by Rotterdam ends there; the port's own with its re-exports."""
    names = {"exporter": "reporter", "importer": "partner"}
    direct = _part(flows, 1000 - by_port)
    to_port = _part(flows, by_port).assign(importer=chosen.PORT)
    onward = _released(flows, by_port).assign(exporter=chosen.PORT)
    every = pd.concat([direct, to_port, onward], ignore_index=True)
    return every.rename(columns=names).assign(flow=EXPORT, cif_value_usd=0)


def _released(flows: pd.DataFrame, by_port: np.ndarray) -> pd.DataFrame:
    return _part(flows, by_port * chosen.ROTTERDAM_RELEASED // 1000)


def _imports(flows: pd.DataFrame, by_port: np.ndarray, tables: WorldTables) -> pd.DataFrame:
    """Imports by origin, in the month of arrival; the port counts what it released, too."""
    at_port = _released(flows, by_port).assign(importer=chosen.PORT)
    every = pd.concat([flows, at_port], ignore_index=True).rename(
        columns={"importer": "reporter", "exporter": "partner"}
    )
    pairs = every[["partner", "reporter"]].drop_duplicates()
    steps = {pair: tables.distance(*pair) for pair in pairs.itertuples(index=False, name=None)}
    freight = {pair: tables.freight(*pair) for pair in steps}
    pair = pd.MultiIndex.from_frame(every[["partner", "reporter"]])
    arrivals = np.array(chosen.ARRIVALS)[pair.map(steps).to_numpy()]
    margin = pair.map(freight).to_numpy()
    months_on = [every["month"] + pd.DateOffset(months=on) for on in range(arrivals.shape[1])]
    parts = [
        _part(every.assign(month=months_on[on], margin=margin), arrivals[:, on]) for on in range(arrivals.shape[1])
    ]
    told = pd.concat(parts, ignore_index=True)
    cif = told["fob_value_usd"] * (1000 + told["margin"]) // 1000
    return told.assign(flow=IMPORT, cif_value_usd=cif).drop(columns="margin")


def _with_noise(told: pd.DataFrame, tables: WorldTables) -> pd.DataFrame:
    """Quantities and values strayed by the reporter's noise: half of it stays with a partner, half is the row's own."""
    countries = tables.countries.index.tolist()
    parts = []
    for (reporter, flow), rows in told.groupby(["reporter", "flow"]):
        noise = int(tables.countries.at[reporter, "noise_permille"])
        by_partner = pd.Series(Draws(f"world bias|{reporter}|{flow}").bell(noise, len(countries)), index=countries)
        draws = Draws(f"world noise|{reporter}|{flow}")
        stray = 1000 + rows["partner"].map(by_partner).to_numpy() + draws.bell(noise, len(rows))
        stray = np.maximum(stray, 300)
        priced = 1000 + draws.bell(noise * chosen.VALUE_NOISE_SHARE // 1000 + 1, len(rows))
        quantity = rows["quantity_kg"] * stray // 1000
        values = {name: rows[name] * stray // 1000 * priced // 1000 for name in FIGURES[1:]}
        parts.append(rows.assign(quantity_kg=quantity, **values))
    return pd.concat(parts, ignore_index=True)


def _re_exports(told: pd.DataFrame, flows: pd.DataFrame, by_port: np.ndarray) -> pd.DataFrame:
    """Of the declared exports, what is foreign: a share, and at the port what came in to go on."""
    exports = told[told["flow"] == EXPORT]
    shares = exports["reporter"].map(chosen.REEXPORTED).fillna(0).astype("int64").to_numpy()
    by_share = _part(exports, shares)
    keys = ["importer", "code", "month"]
    onward = _released(flows, by_port).groupby(keys, as_index=False)[["quantity_kg", "fob_value_usd"]].sum()
    onward = onward.rename(columns={"importer": "partner"}).assign(reporter=chosen.PORT)
    most = onward.merge(exports, on=["reporter", "partner", "code", "month"], suffixes=("", "_told"))
    for figure in ("quantity_kg", "fob_value_usd"):
        most[figure] = np.minimum(most[figure], most[f"{figure}_told"])
    found = pd.concat([by_share, most], ignore_index=True)
    return found.assign(flow=RE_EXPORT, cif_value_usd=0)[[*_KEYS, *FIGURES]]
