"""A small store that two Thursdays look at: May 29 and June 5, 2025.

In between, Census publishes April and revises March, licenses for May fill up and those for June begin, countries
report one more month and revise another, a price is revised and newer ones come, and the duty doubles (June 4).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import license_store
import pandas as pd
import trade_store
from census_server import answer, to_json

from aimlib.ingest.load import load_census
from aimlib.ingest.prices import load_prices

BEFORE, AFTER = date(2025, 5, 29), date(2025, 6, 5)
FIRST_MONTHS = [f"{month:%Y-%m}" for month in pd.date_range("2024-03-01", "2025-03-01", freq="MS")]
CODES = (
    *("7601103000", "7604101000", "7605110000", "7606123055"),
    *("7607113000", "7608200030", "7609000000", "7616995160"),
)
PRICES = {
    BEFORE: "date,lme_cash,midwest_premium (c/lb),freight_factor (c/lb)\n2025-05-27,2450,38,3\n2025-05-28,2455,39,3\n",
    AFTER: "date,lme_cash,midwest_premium (c/lb),freight_factor (c/lb)\n"
    "2025-05-28,2456,39.5,3\n2025-06-03,2460,40,3\n2025-06-04,2465,58,3\n",
}


def fill(root: Path) -> Path:
    """Make the store below `root` and return its folder."""
    store = root / "store"
    _census(root, store)
    license_store.load(store, licenses(), str(AFTER))
    for day, text in PRICES.items():
        _prices(root, store, day, text)
    trade_store.load(store, _trade("2023-10", "2025-01"), str(BEFORE), blocks=_blocks("2023-10", "2025-01"))
    trade_store.load(
        store, _trade("2025-01", "2025-02", kilograms=1_100.0), str(AFTER), blocks=_blocks("2025-01", "2025-02")
    )
    return store


def licenses() -> list[dict]:
    """Return license events: four importers of Canadian metal a month, filed on several days."""
    filed = [
        *[("2025-04", "2025-04-07", f"April {name}") for name in "ABCD"],
        *[("2025-05", "2025-05-05", f"May {name}") for name in "ABCD"],
        *[("2025-05", "2025-06-02", f"May late {name}") for name in "AB"],
        *[("2025-06", "2025-06-03", f"June {name}") for name in "ABCD"],
    ]
    return [
        license_store.event(number.replace(" ", ""), on=on, month=month, importer=number[-1], quantity_kg=10_000.0)
        for month, on, number in filed
    ]


def _census(root: Path, store: Path) -> None:
    for known_on, months in ((date(2025, 5, 8), FIRST_MONTHS), (AFTER, ["2025-03", "2025-04"])):
        files = []
        for month in months:
            file = root / f"{known_on} {month}.json"
            edition = 2 if known_on == AFTER and month == "2025-03" else 0
            file.write_bytes(to_json(answer(month, groups=False, edition=edition, codes=CODES)))
            files.append(file)
        load_census(store, files, known_on=known_on, today=date(2026, 1, 1))


def _prices(root: Path, store: Path, day: date, text: str) -> None:
    head, *lines = text.strip().splitlines()
    for place, column in enumerate(head.split(",")[1:], start=1):
        file = root / f"prices {day} {place}.csv"
        rows = [",".join([line.split(",")[0], line.split(",")[place]]) for line in lines]
        file.write_text("\n".join([f"date,{column}", *rows]) + "\n")
        load_prices(store, [file], known_on=day, today=date(2026, 1, 1))


def _trade(first: str, last: str, kilograms: float = 1_000.0) -> list[dict]:
    rows = []
    for place, period in enumerate(_periods(first, last)):
        for size, exporter in enumerate(("CAN", "DEU", "ARE"), start=1):
            amount = {"quantity_kg": kilograms * size * (10 + place), "primary_value_usd": 3.0 * kilograms * size * 10}
            for partner in ("USA", "WLD"):
                rows.append(trade_store.row(exporter, partner, "export", period, **amount))
            rows.append(trade_store.row("USA", exporter, "import", period, **amount))
        total = [row for row in rows if row["reporter"] == "USA" and row["period"] == period]
        sums = {name: sum(row[name] for row in total) for name in ("quantity_kg", "primary_value_usd")}
        rows.append(trade_store.row("USA", "WLD", "import", period, **sums))
    return rows


def _blocks(first: str, last: str) -> list[tuple[str, str, str, str]]:
    return [
        trade_store.block(reporter, flow, period)
        for period in _periods(first, last)
        for reporter in ("CAN", "DEU", "ARE", "USA")
        for flow in ("export", "import")
    ]


def _periods(first: str, last: str) -> list[str]:
    return [f"{month:%Y-%m}" for month in pd.date_range(first, last, freq="MS")]
