"""The small committed tables that the sample is made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from aimlib import settings


@dataclass(frozen=True)
class SampleTables:
    """The tables of ``data/sample``; what each column holds is in the README beside them.

    `figures` origin, product, customs_value_usd, calculated_duty_usd (the published totals of 2024);
    `lines` by code; `origins` by ISO 3166 alpha-3; `prices` month, price_usd_t; `duty_steps`; `smelt`
    the assumed mixes of smelt and cast; `premium_anchors` series, day, premium_c_lb (text).
    """

    figures: pd.DataFrame
    lines: pd.DataFrame
    origins: pd.DataFrame
    prices: pd.DataFrame
    duty_steps: pd.DataFrame
    smelt: pd.DataFrame
    premium_anchors: pd.DataFrame


def read_tables(folder: Path | None = None) -> SampleTables:
    """Read the sample's tables from `folder`, by default the one that comes with the project."""
    folder = folder or settings.share_dir("sample")

    def read(name: str, numbers: tuple[str, ...]) -> pd.DataFrame:
        table = pd.read_csv(folder / name, dtype=str, keep_default_na=False, comment="#")
        columns = [column for column in table if column.startswith(numbers)]
        return table.astype(dict.fromkeys(columns, "int64"))

    return SampleTables(
        figures=read("census_2024.csv", ("customs_value_usd", "calculated_duty_usd")),
        lines=read("lines.csv", ("customs_value_usd", "price_", "metal_", "freight_", "grams_")),
        origins=read("origins.csv", ("freight_", "bonded_", "volume_")),
        prices=read("prices.csv", ("price_",)),
        duty_steps=read("duty_steps.csv", ("points",)),
        smelt=read("smelt.csv", ("weight",)),
        premium_anchors=read("premium_anchors.csv", ()),
    )
