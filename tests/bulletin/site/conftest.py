"""Two editions of two bulletins, small."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from aimlib.bulletin.manifest import sha256
from aimlib.bulletin.site.records import DataFile, Edition, Entry

DAY, WEEK_BEFORE = dt.date(2026, 11, 19), dt.date(2026, 11, 12)
SOURCE = "Source: Synthetic sample, known November 19, 2026."
CSV = b"month,origin,quantity_t,share_of_total,heading,partial\n2026-09-01,%s,1234.5,0.25,7601,False\n"


def headline(label: str, number: str) -> dict:
    return {"label": label, "number": number, "unit": "t", "note": "+1% on 2025", "direction": "up", "amount": 1234.5}


def files_of(name: str, day: dt.date) -> dict[str, bytes]:
    return {
        f"{name}/{name}-{day}.html": f"<p>{name}</p>".encode(),
        f"{name}/{name}-{day}.pdf": b"%PDF",
        f"{name}/run.json": b"{}",
        f"{name}/notebooks/import_trends.ipynb": b"{}",
        f"{name}/data/import_trends-monthly.csv": CSV % name.encode(),
    }


def entry_of(name: str, title: str, place: str, day: dt.date) -> Entry:
    files = files_of(name, day)
    data = DataFile(
        f"{name}/data/import_trends-monthly.csv", f"Imports from {title} by month", "import_trends", "monthly", SOURCE
    )
    return Entry(
        name, title, "Imports & metal", place, ("import_trends",),
        f"{name}/{name}-{day}.html", f"{name}/{name}-{day}.pdf", (data,),
        tuple(headline(f"Figure {number}", f"{number},234") for number in range(1, 5)), ("Imports rose <5%.",),
        {path: sha256(content) for path, content in files.items()},
    )  # fmt: skip


@pytest.fixture
def make() -> Callable[[dt.date], tuple[Edition, dict[str, bytes]]]:
    """Return a maker of an edition with its files."""

    def made(day: dt.date = DAY) -> tuple[Edition, dict[str, bytes]]:
        workbook = f"aluminum-imports-{day}.xlsx"
        entries = (entry_of("canada", "Canada", "CAN", day), entry_of("cote-d-ivoire", "Côte d'Ivoire", "CIV", day))
        files = {**files_of("canada", day), **files_of("cote-d-ivoire", day), workbook: b"PK"}
        return Edition(day, True, entries, workbook), files

    return made


@pytest.fixture
def edition(make) -> Edition:
    return make()[0]


@pytest.fixture
def before(make) -> Edition:
    return make(WEEK_BEFORE)[0]
