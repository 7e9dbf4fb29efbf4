"""Small stores of declared trade and of BACI, written straight as commits."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd

from aimlib.store import Store
from aimlib.store.commits import commit_name
from aimlib.store.raw import Origin, Snapshot
from aimlib.store.tables import BLOCK_KEY, TABLES
from aimlib.store.writing import Draft, Scope, write_commit

NAN = float("nan")


def row(reporter="CAN", partner="USA", flow="export", period="2024-01", code="760110", **changes):
    """Return a row of the table `comtrade`: 1,000 kg for 3,000 dollars, unless said."""
    return {
        "code_level": f"hs{len(code)}",
        "concept": flow,
        "period": period,
        "heading": f"{reporter} {code[:4]}",
        "month": pd.Timestamp(period if len(period) == 7 else f"{period}-01"),
        "reporter": reporter,
        "partner": partner,
        "code": code,
        "row_kind": "total" if partner == "WLD" else "country",
        "edition": "H6",
        "primary_value_usd": 3_000.0,
        "cif_value_usd": NAN,
        "fob_value_usd": NAN,
        "quantity_kg": 1_000.0,
        "quantity_estimated": False,
        **changes,
    }


def flow(exporter="CAN", importer="USA", period="2023", code="760110", edition="HS92", **changes):
    """Return a row of the table `baci`: 1,000 kg for 3,000 dollars, unless said."""
    return {
        "code_level": "hs6",
        "concept": edition,
        "period": period,
        "heading": code,
        "month": pd.Timestamp(f"{period}-01-01"),
        "exporter": exporter,
        "importer": importer,
        "code": code,
        "fob_value_usd": 3_000.0,
        "quantity_kg": 1_000.0,
        "doubtful": False,
        **changes,
    }


def block(reporter="CAN", flow="export", period="2024-01", heading="7601", level="hs6"):
    """Return a block of the table `comtrade`, in which there may be no rows."""
    return (level, flow, period, f"{reporter} {heading}")


def load(
    root: Path,
    rows: Iterable[dict],
    known_on: str = "2026-01-01",
    *,
    blocks: Collection[tuple[str, str, str, str]] = (),
    coverage: str = "complete",
    table: str = "comtrade",
    at: int = 0,
) -> Store:
    """Write `rows` and the blocks of theirs, and `blocks` beside them, as one load; open the store."""
    day = date.fromisoformat(known_on)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=at)
    rows = list(rows)
    body = json.dumps([at, coverage, sorted(blocks), rows], default=str).encode()
    snapshot = Snapshot(body, Origin("United Nations", "Comtrade", "file.json", moment, "not public"), "file.json")
    frame = pd.DataFrame(rows, columns=list(TABLES[table].columns))
    keys = {*blocks, *frame[list(BLOCK_KEY)].itertuples(index=False, name=None)}
    groups: dict[tuple[str, str, str], list[str]] = {}
    for *group, heading in sorted(keys):
        groups.setdefault(tuple(group), []).append(heading)
    scopes = tuple(Scope(table, *group, coverage, tuple(headings)) for group, headings in groups.items())
    name = commit_name(day, [snapshot.sha256], {})
    write_commit(root, Draft(name, day, moment, False, (snapshot,), scopes, {table: frame}))
    return Store.open(root)
