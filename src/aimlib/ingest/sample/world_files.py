"""The synthetic world's records as bulk files of Comtrade, in vintages, with what was asked for."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv

from aimlib.ingest.sample import parameters
from aimlib.ingest.sample import world_parameters as chosen
from aimlib.ingest.sample.world_accounts import EXPORT, IMPORT, RE_EXPORT
from aimlib.ingest.sample.world_records import NOWHERE, WORLD, final_records, first_records, with_world
from aimlib.ingest.sample.world_tables import WorldTables, read_world_tables
from aimlib.reference import countries

FLOW_WORDS = {EXPORT: "export", IMPORT: "import"}
COLUMNS = [
    "typeCode",
    "freqCode",
    "period",
    "reporterCode",
    "flowCode",
    "partnerCode",
    "partner2Code",
    "classificationCode",
    "cmdCode",
    "customsCode",
    "motCode",
    "qtyUnitAbbr",
    "qty",
    "isNetWgtEstimated",
    "netWgt",
    "cifvalue",
    "fobvalue",
    "primaryValue",
]
_ORDER = ["period", "reporterCode", "flowCode", "cmdCode", "partnerCode", "partner2Code", "motCode"]
_BROKEN_DOWN = ("NLD", "202403")
_TOTALS = ("USA", "2024")


@dataclass(frozen=True)
class WorldBatch:
    """Files known together on a day (``YYYY-MM-DD``) that answer one question, of which absences are zeros.

    `reporters` ISO 3166 alpha-3, `flows` words (``export``), `frequency` monthly or annual, `periods` ``YYYY-MM`` or
    ``YYYY``, `codes` HS6. Who has no row at all in a period has not reported it. The files hold re-exports, too, which
    only some report. `left_out` counts rows that a loader must not count: breakdowns and totals of all goods.
    """

    known_on: str
    frequency: str
    reporters: tuple[str, ...]
    flows: tuple[str, ...]
    periods: tuple[str, ...]
    codes: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...] = field(repr=False)
    left_out: int = 0


@dataclass(frozen=True)
class _Question:
    """One frequency, of all who report at it, from one period to another (``YYYYMM`` or ``YYYY``)."""

    known_on: str
    frequency: str
    since: str
    until: str

    def periods(self) -> tuple[str, ...]:
        if self.frequency == "annual":
            return tuple(str(year) for year in range(int(self.since), int(self.until) + 1))
        return tuple(pd.period_range(_dashed(self.since), _dashed(self.until), freq="M").astype(str))


def world_files(folder: Path | None = None) -> list[WorldBatch]:
    """Return the batches of both vintages, oldest first; one file a calendar year of a batch."""
    tables = read_world_tables(folder)
    final = final_records(folder)
    rows = {parameters.LAST_DAY: final, chosen.FIRST_KNOWN_ON: first_records(final, tables)}
    return [_batch(question, rows[question.known_on], tables) for question in _questions()]


def how_many_batches() -> int:
    """Return the number of batches, without making them."""
    return len(_questions())


def _questions() -> tuple[_Question, ...]:
    """What is asked: all of the first vintage; of the last what is new, and the months that are revised."""
    first, known_to = chosen.FIRST_MONTH.replace("-", ""), chosen.FIRST_KNOWN_TO.replace("-", "")
    revised = pd.Period(chosen.FIRST_KNOWN_TO, "M") - chosen.REVISED_MONTHS + 1
    new_year = str(int(chosen.FIRST_KNOWN_YEAR) + 1)
    return (
        _Question(chosen.FIRST_KNOWN_ON, "monthly", first, known_to),
        _Question(chosen.FIRST_KNOWN_ON, "annual", first[:4], chosen.FIRST_KNOWN_YEAR),
        _Question(parameters.LAST_DAY, "monthly", f"{revised:%Y%m}", chosen.LAST_MONTH.replace("-", "")),
        _Question(parameters.LAST_DAY, "annual", new_year, new_year),
    )


def _dashed(month: str) -> str:
    return f"{month[:4]}-{month[4:]}"


def _batch(question: _Question, rows: pd.DataFrame, tables: WorldTables) -> WorldBatch:
    reporters = tuple(tables.reporters(question.frequency))
    wanted = rows["reporter"].isin(reporters) & (rows["period"] >= question.since) & (rows["period"] <= question.until)
    told = _printed(with_world(rows[wanted]), tables)
    planted = _planted(told)
    told = pd.concat([told, planted], ignore_index=True).sort_values(_ORDER, kind="stable", ignore_index=True)
    files = tuple(
        (f"{question.frequency} figures of {year}.csv", _csv(part))
        for year, part in told.groupby(told["period"].str[:4])
    )
    return WorldBatch(
        known_on=question.known_on,
        frequency=question.frequency,
        reporters=reporters,
        flows=(FLOW_WORDS[IMPORT], FLOW_WORDS[EXPORT]),
        periods=question.periods(),
        codes=tuple(tables.codes.index),
        files=files,
        left_out=len(planted),
    )


def _printed(rows: pd.DataFrame, tables: WorldTables) -> pd.DataFrame:
    """Records under Comtrade's names and codes, numbers as text."""
    area = _area_codes(*tables.countries.index)
    month = np.where(rows["period"].str.len() == 4, rows["period"] + "01", rows["period"])
    since = rows["reporter"].map(tables.countries["new_edition_from"].str.replace("-", ""))
    no_weight = rows["reporter"].map(tables.countries["no_weight_as"].map({"zero": "0", "blank": "", "": ""}))
    weight = rows["quantity_kg"].astype("str").where(rows["has_weight"], no_weight)
    return pd.DataFrame(
        {
            "typeCode": "C",
            "freqCode": np.where(rows["period"].str.len() == 4, "A", "M"),
            "period": rows["period"],
            "reporterCode": rows["reporter"].map(area),
            "flowCode": rows["flow"],
            "partnerCode": rows["partner"].map(area),
            "partner2Code": "0",
            "classificationCode": np.where(month < since, "H5", "H6"),
            "cmdCode": rows["code"],
            "customsCode": "C00",
            "motCode": "0",
            "qtyUnitAbbr": "kg",
            "qty": weight,
            "isNetWgtEstimated": np.where(rows["estimated"], "true", "false"),
            "netWgt": weight,
            "cifvalue": rows["cif_value_usd"].astype("str").where(rows["cif_value_usd"] > 0, ""),
            "fobvalue": rows["fob_value_usd"].astype("str").where(rows["fob_value_usd"] > 0, ""),
            "primaryValue": rows["primary_value_usd"].astype("str"),
        }
    )[COLUMNS]


@cache
def _area_codes(*traders: str) -> dict[str, str]:
    return {iso3: str(countries.to_comtrade(iso3)) for iso3 in (*traders, WORLD, NOWHERE)}


def _planted(rows: pd.DataFrame) -> pd.DataFrame:
    """What real files hold beside the rows that count: a month by mode of transport and second partner; all goods."""
    reporter, period = _BROKEN_DOWN
    wanted = (rows["reporterCode"] == str(countries.to_comtrade(reporter))) & (rows["period"] == period)
    month = rows[wanted & (rows["flowCode"] != RE_EXPORT)]
    reporter, year = _TOTALS
    of_year = (rows["reporterCode"] == str(countries.to_comtrade(reporter))) & rows["period"].str.startswith(year)
    world = rows[of_year & (rows["partnerCode"] == "0") & (rows["flowCode"] != RE_EXPORT)]
    total = world.drop_duplicates(["period", "flowCode"])
    return pd.concat(
        [
            month.assign(motCode="2100"),
            month[month["partnerCode"] != "0"].assign(partner2Code=lambda part: part["partnerCode"]),
            total.assign(cmdCode="TOTAL", netWgt="0", qty="0", qtyUnitAbbr="N/A", primaryValue="270000000000"),
        ],
        ignore_index=True,
    )


def _csv(rows: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    table = pa.Table.from_pandas(rows, preserve_index=False)
    csv.write_csv(table, out, csv.WriteOptions(quoting_style="none"))
    return out.getvalue()
