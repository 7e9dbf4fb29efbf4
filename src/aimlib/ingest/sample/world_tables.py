"""The committed tables of the synthetic world, and what follows from them by country and by pair."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from aimlib import settings
from aimlib.ingest.sample import world_parameters as chosen
from aimlib.ingest.sample.draws import Draws


@dataclass(frozen=True)
class WorldTables:
    """The tables ``world_*.csv`` of ``data/sample``; what each column holds is in the README beside them.

    `countries` by ISO 3166 alpha-3; `links` category, exporter, importer, quantity_t; `changes`; `codes` by HS6.
    """

    countries: pd.DataFrame
    links: pd.DataFrame
    changes: pd.DataFrame
    codes: pd.DataFrame

    def reporters(self, frequency: str) -> list[str]:
        """Return who reports at this frequency (``monthly`` or ``annual``), Russia among the first."""
        return self.countries.index[self.countries["frequency"] == frequency].tolist()

    def distance(self, exporter: str, importer: str) -> int:
        """Return 0 within a region, 1 near, 2 in the middle, 3 far."""
        here, there = (self.countries.at[country, "region"] for country in (exporter, importer))
        if here == there:
            return 0
        for step, pairs in ((1, chosen.NEAR), (2, chosen.MIDDLE)):
            if (here, there) in pairs or (there, here) in pairs:
                return step
        return 3

    def freight(self, exporter: str, importer: str) -> int:
        """Return freight and insurance of a pair, in permille of the FOB value."""
        usual = chosen.FREIGHT[self.distance(exporter, importer)]
        own = Draws(f"world freight|{exporter}|{importer}").around_zero(chosen.FREIGHT_SPREAD, 1)[0]
        return int(min(max(usual + own, chosen.FREIGHT_LEAST), chosen.FREIGHT_MOST))


def read_world_tables(folder: Path | None = None) -> WorldTables:
    """Read the world's tables from `folder`, by default the one that comes with the project."""
    folder = folder or settings.share_dir("sample")

    def read(name: str, numbers: tuple[str, ...]) -> pd.DataFrame:
        table = pd.read_csv(folder / name, dtype=str, keep_default_na=False, comment="#")
        whole = [column for column in table if column.endswith(numbers) or column[-4:].isdecimal()]
        return table.astype(dict.fromkeys(whole, "int64"))

    return WorldTables(
        countries=read("world_countries.csv", ("_permille", "_usd")).set_index("country"),
        links=read("world_links.csv", ("_t",)),
        changes=read("world_changes.csv", ("percent",)),
        codes=read("world_codes.csv", ("_permille", "_percent")).set_index("code"),
    )
