"""The true flows of the synthetic world: what left whom for whom, month by month, before anyone declares it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from aimlib.ingest.sample import parameters
from aimlib.ingest.sample import world_parameters as chosen
from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.pairs import spread
from aimlib.ingest.sample.tables import read_tables
from aimlib.ingest.sample.world_tables import WorldTables, read_world_tables

COLUMNS = ["exporter", "importer", "code", "month", "quantity_kg", "fob_value_usd"]


def true_flows(folder: Path | None = None) -> pd.DataFrame:
    """Return the true flows, one row an (exporter, importer, HS6, month) that trades; the same on every machine.

    exporter and importer ISO 3166 alpha-3, code, month (the day it begins), quantity_kg and fob_value_usd (int64), as
    of the month of shipment. What goes by Rotterdam stands as from its origin to its importer.
    """
    flows = shipped(folder)
    return flows[flows["month"] >= chosen.FIRST_MONTH].reset_index(drop=True)


def shipped(folder: Path | None = None) -> pd.DataFrame:
    """Return `true_flows` and the months of shipment before the first."""
    tables = read_world_tables(folder)
    months = pd.period_range(pd.Period(chosen.FIRST_MONTH, "M") - chosen.LEAD_MONTHS, chosen.LAST_MONTH, freq="M")
    lines = _lines(tables)
    quantity = _quantities(lines, tables, months)
    value = quantity * _prices(lines, tables, months, folder) // 100_000
    line, month = np.nonzero((quantity > 0) & (value > 0))
    flows = lines[["exporter", "importer", "code"]].iloc[line].reset_index(drop=True)
    flows["month"] = months.to_timestamp().as_unit("us")[month]
    return flows.assign(quantity_kg=quantity[line, month], fob_value_usd=value[line, month])[COLUMNS]


def _lines(tables: WorldTables) -> pd.DataFrame:
    """Links by HS6, by a taste of their own: a link keeps what is large enough to ship, the largest keep all."""
    of_category = {
        category: (codes.index.tolist(), codes["share_permille"].to_numpy())
        for category, codes in tables.codes.groupby("category")
    }
    largest = set(
        tables.links.groupby("category")["quantity_t"].nlargest(chosen.UNFOLDED_LINKS).index.get_level_values(1)
    )
    lines = []
    for link, category, exporter, importer, quantity_t in tables.links.itertuples():
        codes, usual = of_category[category]
        weights = usual * (400 + Draws(f"world taste|{exporter}|{importer}|{category}").below(1200, len(codes)))
        least = 0 if link in largest else chosen.FOLD_BELOW_T.get(category, chosen.FOLD_OTHERS_BELOW_T)
        kept = (spread(quantity_t, weights) >= least) | (weights == weights.max())
        parts = spread(quantity_t, np.where(kept, weights, 0)).tolist()
        lines += [(category, exporter, importer, code, part) for code, part in zip(codes, parts, strict=True) if part]
    return pd.DataFrame(lines, columns=["category", "exporter", "importer", "code", "quantity_t"])


def _quantities(lines: pd.DataFrame, tables: WorldTables, months: pd.PeriodIndex) -> np.ndarray:
    """Kilograms by line and month."""
    usual = lines["quantity_t"].to_numpy() * 1000 // 12
    years = [f"volume_{max(month.year, int(chosen.FIRST_MONTH[:4]))}" for month in months]
    volume = tables.countries.loc[lines["exporter"], years].to_numpy()
    season = [(parameters.SEASON_PERMILLE[month.month - 1] - 1000) * chosen.SEASON_SHARE // 1000 for month in months]
    shock = [chosen.SHOCKS.get(str(month), 1000) for month in months]
    out = usual[:, None] * volume // 100 * (1000 + np.array(season)) // 1000 * np.array(shock) // 1000
    return _changed(out, lines, tables.changes, months) * _lumps(lines, len(months)) // 1000


def _lumps(lines: pd.DataFrame, months: int) -> np.ndarray:
    """Noise, and few large shipments where a line is small; permille."""
    out = np.zeros((len(lines), months), dtype=np.int64)
    for row, line in enumerate(lines.itertuples(index=False)):
        chance, noise = next(size[1:] for size in chosen.TRADE_SIZES if line.quantity_t >= size[0])
        draws = Draws(f"world months|{line.exporter}|{line.importer}|{line.code}")
        strays = np.maximum(1000 + draws.bell(noise, months), 200)
        out[row] = strays * 1000 // chance * (draws.below(1000, months) < chance)
    return out


def _changed(quantity: np.ndarray, lines: pd.DataFrame, changes: pd.DataFrame, months: pd.PeriodIndex) -> np.ndarray:
    names = months.astype(str)
    for change in changes.itertuples(index=False):
        rows = np.ones(len(lines), dtype=bool)
        for field in ("category", "exporter", "importer"):
            wanted = getattr(change, field)
            rows &= (wanted == "*") | (lines[field] == wanted).to_numpy()
        when = (names >= change.first_month) & (names <= (change.last_month or "9999-12"))
        cells = np.ix_(rows, when)
        quantity[cells] = quantity[cells] * change.percent // 100
    return quantity


def _prices(lines: pd.DataFrame, tables: WorldTables, months: pd.PeriodIndex, folder: Path | None) -> np.ndarray:
    """FOB unit values by line and month, in cents a metric ton, with the mean metal price of the month and the last."""
    by_month = read_tables(folder).prices.set_index("month")["price_usd_t"]
    metal = (by_month[months.astype(str)].to_numpy() + by_month[(months - 1).astype(str)].to_numpy()) // 2
    codes = tables.codes.loc[lines["code"]]
    moves = codes["metal_percent"].to_numpy()[:, None]
    metal = (moves * metal + (100 - moves) * chosen.BASE_PRICE_USD_T) // 100
    cents = codes["price_percent"].to_numpy()[:, None] * metal
    level = np.empty((len(lines), 1), dtype=np.int64)
    noise = np.empty(cents.shape, dtype=np.int64)
    for row, line in enumerate(lines.itertuples(index=False)):
        draws = Draws(f"world prices|{line.exporter}|{line.importer}|{line.code}")
        level[row] = draws.bell(chosen.PRICE_LEVEL, 1)[0]
        noise[row] = draws.bell(chosen.PRICE_NOISE, len(months))
    return cents * (1000 + level) // 1000 * (1000 + noise) // 1000
