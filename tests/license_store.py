"""Small stores of license events and of the public monitor's files, written straight as commits."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd

from aimlib.reference import products
from aimlib.store import Store
from aimlib.store.commits import commit_name
from aimlib.store.raw import Origin, Snapshot
from aimlib.store.tables import BLOCK_KEY, TABLES
from aimlib.store.writing import Draft, Scope, write_commit

UNWROUGHT, ALLOY, WIRE, CASTING = "7601103000", "7601209095", "7605110000", "7616995160"


def event(number="A1", status="filed", on="2025-03-03", month="2025-03", **changes):
    """Return a row of the table `licenses`: Acme's 10 t of Canadian unwrought metal for 30,000 dollars, unless said."""
    code = changes.get("code", UNWROUGHT)
    product = products.classify(pd.Series([code]), pd.Series([pd.Timestamp("2025-01-01")])).iloc[0]
    return {
        "code_level": "hts10",
        "concept": "license",
        "period": month,
        "heading": code[:4],
        "month": pd.Timestamp(month),
        "license_number": number,
        "line_number": 1,
        "status": status,
        "status_date": pd.Timestamp(on),
        "entry_type": "consumption",
        "low_value": False,
        "importer": "Acme",
        "exporter": "Exporter",
        "manufacturer": "",
        "origin": "CAN",
        "exportation": "CAN",
        "port": "Detroit, MI",
        "expected_import": pd.Timestamp(month) + pd.Timedelta(days=14),
        "application_date": pd.Timestamp(on),
        "code": code,
        "product": product,
        "largest_smelt": "CAN",
        "second_smelt": "N/A",
        "recent_cast": "CAN",
        "quantity_kg": 10_000.0,
        "customs_value_usd": 30_000.0,
        **changes,
    }


def monitor_row(month="2025-03", origin="TOTAL", product="aim", dashboard="imports", **changes):
    """Return a row of the table `aim_monitor`, without any figure unless said."""
    return {
        "code_level": "category",
        "concept": "monitor",
        "period": month,
        "heading": dashboard,
        "month": pd.Timestamp(month),
        "data_basis": "license",
        "code": "",
        "product": product,
        "origin": origin,
        "largest_smelt": "",
        "recent_cast": "",
        "quantity_kg": float("nan"),
        "customs_value_usd": float("nan"),
        "share_quantity": float("nan"),
        "share_value": float("nan"),
        **changes,
    }


def load(root: Path, rows: list[dict], known_on: str, table: str = "licenses", at: int = 0) -> Store:
    """Write `rows` as one load known on a day (the `at`-th captured on it) and open the store."""
    day = date.fromisoformat(known_on)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=at)
    body = json.dumps([at, rows], default=str).encode()
    snapshot = Snapshot(body, Origin("Filer", "License file", "file.csv", moment, "not public"), "file.csv")
    frame = pd.DataFrame(rows, columns=list(TABLES[table].columns))
    blocks = frame.groupby([name for name in BLOCK_KEY if name != "heading"])["heading"].agg(set)
    scopes = [Scope(table, *key, "complete", tuple(sorted(headings))) for key, headings in blocks.items()]
    name = commit_name(day, [snapshot.sha256], {})
    write_commit(root, Draft(name, day, moment, False, (snapshot,), tuple(scopes), {table: frame}))
    return Store.open(root)
