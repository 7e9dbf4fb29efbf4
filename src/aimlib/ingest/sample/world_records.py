"""What Comtrade shows of the synthetic world's accounts: thresholds, missing weights, the World rows, revisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from aimlib.ingest.sample import world_parameters as chosen
from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.world_accounts import FIGURES, IMPORT, world_accounts
from aimlib.ingest.sample.world_tables import WorldTables, read_world_tables

WORLD, NOWHERE = "WLD", "XNS"
KEYS = ["reporter", "flow", "partner", "code", "period"]
_VALUES = ["fob_value_usd", "cif_value_usd", "primary_value_usd"]


def final_records(folder: Path | None = None) -> pd.DataFrame:
    """Return the newest record of every reporter, flow, partner, HS6 and period, sorted by them, without World rows.

    period is YYYYMM or YYYY; quantity_kg (0 where there is no weight), has_weight, estimated; fob_value_usd and
    cif_value_usd, 0 where the reporter gives none; primary_value_usd.
    """
    tables = read_world_tables(folder)
    rows = _valued(_by_period(world_accounts(folder), tables), tables)
    least = rows["reporter"].map(tables.countries["threshold_usd"])
    rows = rows[rows["primary_value_usd"] >= np.maximum(least, 1)].reset_index(drop=True)
    return _weighed(rows, tables)


def first_records(final: pd.DataFrame, tables: WorldTables) -> pd.DataFrame:
    """Return what the first vintage had in the place of the records of `final`: other figures, and some not yet.

    Who is late in the last vintage is as late in the first.
    """
    last = pd.Period(chosen.FIRST_KNOWN_TO, "M")
    known = final[final["period"] <= final["reporter"].map(_known_to(tables))].reset_index(drop=True)
    recent = (known["period"].str.len() == 6) & (known["period"] > f"{last - chosen.REVISED_MONTHS:%Y%m}")
    revised, by, late = _drawn(
        known,
        "revisions",
        lambda draws, n: (draws.below(1000, n), draws.around_zero(chosen.REVISION, n), draws.below(1000, n)),
    )
    factor = np.where(recent & (revised < chosen.REVISED_ROWS), 1000 + by, 1000)
    for figure in ("quantity_kg", *_VALUES):
        known[figure] = known[figure] * factor // 1000
    return known[~(recent & (late < chosen.LATE_ROWS))].reset_index(drop=True)


def _known_to(tables: WorldTables) -> dict[str, str]:
    """The last period, YYYYMM, of each reporter in the first vintage."""
    since = pd.Period(chosen.LAST_MONTH, "M") - pd.Period(chosen.FIRST_KNOWN_TO, "M")
    monthly = tables.countries.loc[tables.countries["frequency"] == "monthly", "last_period"]
    late = {reporter: f"{pd.Period(last, 'M') - since.n:%Y%m}" for reporter, last in monthly.items()}
    stopped = monthly[monthly < chosen.FIRST_KNOWN_TO].str.replace("-", "").to_dict()
    return dict.fromkeys(tables.reporters("annual"), "9999") | late | stopped


def with_world(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` and the World row of every reporter, flow, HS6 and period, which is their sum."""
    keys = [key for key in KEYS if key != "partner"]
    flags = {"has_weight": "max", "estimated": "max"}
    world = rows.groupby(keys, as_index=False).agg({"quantity_kg": "sum", **dict.fromkeys(_VALUES, "sum"), **flags})
    return pd.concat([rows, world.assign(partner=WORLD)], ignore_index=True)[list(rows)]


def _by_period(told: pd.DataFrame, tables: WorldTables) -> pd.DataFrame:
    """Months, or their sums over years that are told; imports of unknown origin go together."""
    annual = told["reporter"].map(tables.countries["frequency"]) == "annual"
    month = told["month"].dt.strftime("%Y%m")
    told = told.assign(period=month.mask(annual, month.str[:4])).drop(columns="month")
    last = told["reporter"].map(tables.countries["last_period"].str.replace("-", ""))
    told = told[told["period"] <= last].sort_values(KEYS, ignore_index=True)
    (lot,) = _drawn(told, "nowhere", lambda draws, n: (draws.below(1000, n),))
    unknown = (lot < told["reporter"].map(tables.countries["nes_permille"])) & (told["flow"] == IMPORT)
    told["partner"] = told["partner"].mask(unknown, NOWHERE)
    return told.groupby(KEYS, as_index=False)[FIGURES].sum()


def _valued(rows: pd.DataFrame, tables: WorldTables) -> pd.DataFrame:
    """Values as the reporter gives them: exports FOB, imports by its valuation, which one is the primary."""
    valuation = rows["reporter"].map(tables.countries["import_valuation"]).where(rows["flow"] == IMPORT, "fob")
    primary = rows["fob_value_usd"].where(valuation == "fob", rows["cif_value_usd"])
    fob, cif = rows["fob_value_usd"], rows["cif_value_usd"]
    return rows.assign(
        fob_value_usd=fob.where(valuation != "cif", 0),
        cif_value_usd=cif.where(valuation != "fob", 0),
        primary_value_usd=primary,
    )


def _weighed(rows: pd.DataFrame, tables: WorldTables) -> pd.DataFrame:
    """Some weights missing, some estimated, as the reporter does."""
    lot, off = _drawn(rows, "weights", lambda draws, n: (draws.below(1000, n), draws.bell(chosen.ESTIMATE_NOISE, n)))
    without = rows["reporter"].map(tables.countries["no_weight_permille"]).to_numpy()
    guessed = rows["reporter"].map(tables.countries["estimated_permille"]).to_numpy()
    has_weight = lot >= without
    estimated = has_weight & (lot < without + guessed)
    quantity = np.where(estimated, rows["quantity_kg"] * (1000 + off) // 1000, rows["quantity_kg"])
    quantity = np.where(has_weight, np.maximum(quantity, 1), 0)
    return rows.assign(quantity_kg=quantity, has_weight=has_weight, estimated=estimated)


def _drawn(rows: pd.DataFrame, name: str, draw: Callable[[Draws, int], tuple[np.ndarray, ...]]) -> Iterator[np.ndarray]:
    """What `draw` gives for each reporter's flow, which has a stream of its own; `rows` are sorted by both."""
    sizes = rows.groupby(["reporter", "flow"], sort=True).size()
    parts = [draw(Draws(f"world {name}|{reporter}|{flow}"), size) for (reporter, flow), size in sizes.items()]
    return (np.concatenate(column) for column in zip(*parts, strict=True))
