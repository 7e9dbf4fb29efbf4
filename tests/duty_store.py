"""Small stores of Census imports by tariff line and of P1020 prices, loaded as a user would load them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pandas as pd

from aimlib.ingest.load import load_census
from aimlib.ingest.prices import load_prices

TODAY = date(2026, 11, 21)

PARTNERS = {"1220": "CANADA", "2010": "MEXICO", "5200": "UNITED ARAB EMIRATES", "5700": "CHINA"}
TONNES = {
    "7601103000": 700, "7604291010": 90, "7605110000": 50, "7606123055": 60, "7607113000": 30, "7608200030": 20,
    "7609000000": 10, "7616995160": 5, "7615107180": 40,
}  # fmt: skip
"""What every partner sells every month, at 3,000 dollars a metric ton; Census counts a duty of 30%."""
MONTHS = [f"2025-{month:02}" for month in range(1, 13)] + [f"2026-{month:02}" for month in range(1, 10)]

PRICES = (
    "date,lme_cash\n2025-06-02,2450\n2025-06-03,2455.0\n2025-06-04,2460.5\n",
    "date,MMAKE00\n2025-06-02,40\n2025-06-03,40.1\n2025-06-04,58.25\n",
    "date,Inland freight ($/mt),Sea freight ($/mt),Loading and unloading ($/mt)\n"
    "2025-06-02,44,13,9\n2025-06-04,44,14,9\n",
    "date,CIF New Orleans duty-unpaid premium ($/mt)\n2025-06-04,180\n",
)
MONTHLY_PRICES = (
    "date,lme_cash\n2025-05,2455.0\n2025-06,2460.5\n2025-07,2500\n",
    "date,midwest_premium (c/lb)\n2025-05,40.1\n2025-06,58.25\n2025-07,60\n",
    "date,freight_factor (c/lb)\n2025-05,3\n2025-06,3\n2025-07,3\n",
)


def text_of(rows: Iterable[dict]) -> str:
    return pd.DataFrame(list(rows)).to_csv(index=False)


def months_of(months: Iterable[str]) -> str:
    return text_of(
        {
            "CTY_CODE": partner, "CTY_NAME": name, "CON_VAL_MO": tonnes * 3000, "CON_QY1_MO": tonnes * 1000,
            "UNIT_QY1": "KG", "CAL_DUT_MO": tonnes * 900, "I_COMMODITY": code, "COMM_LVL": "HS10", "time": month,
        }
        for month in months for partner, name in PARTNERS.items() for code, tonnes in TONNES.items()
    )  # fmt: skip


YEAR_TO_DATE = text_of(
    {
        "CTY_CODE": partner, "CTY_NAME": name, "CON_VAL_YR": tonnes * 3000, "CAL_DUT_YR": tonnes * 900,
        "I_COMMODITY": code, "COMM_LVL": "HS10", "time": "2025-12",
    }
    for partner, name in PARTNERS.items() for code, tonnes in TONNES.items()
)  # fmt: skip
CHAPTER = text_of(
    {"CTY_CODE": partner, "CTY_NAME": name, "CON_VAL_MO": 5000, "I_COMMODITY": "76", "COMM_LVL": "HS2", "time": month}
    for month in MONTHS for partner, name in PARTNERS.items()
)  # fmt: skip


def fill(root: Path, *, census: str = "", prices: Iterable[str] = ()) -> Path:
    """Make a store of Census answers and prices in a folder."""
    for at, text in enumerate(prices):
        file = root / f"prices{at}.csv"
        file.write_text(text)
        load_prices(root / "store", [file], known_on=date(2026, 9, 30), today=TODAY)
    if census:
        file = root / "census.csv"
        file.write_text(census)
        load_census(root / "store", [file], selection=True, known_on=date(2026, 11, 10), today=TODAY)
    return root / "store"
