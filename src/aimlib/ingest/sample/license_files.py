"""The sample's licenses as files: one a calendar year of events, with a few rows that break a rule each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.license_events import COLUMNS, license_events
from aimlib.ingest.sample.license_parameters import LICENSES, LicenseParameters
from aimlib.ingest.sample.smelt import UNKNOWN_AGAIN_FROM, UNKNOWN_THROUGH

BAD_ROWS = (
    # the rule that each breaks, and what is written into a row that is good otherwise
    ("AIM-HTS-02", {"hts10": "7602000091"}),
    ("AIM-CAST-01", {"recent_cast": "N/A"}),
    ("AIM-SMELT-01", {"largest_smelt": "unknown", "second_smelt": "unknown"}),
    ("AIM-KG-01", {"quantity_kg": "0"}),
    ("AIM-DATE-01", {"expected_import_date": "2024-02-30"}),
    ("AIM-COUNTRY-01", {"origin": "Atlantis"}),
    ("AIM-STATUS-07", {"status": "cancelled"}),
    ("AIM-ENTRY-03", {"entry_type": "06"}),
    ("AIM-SMELT-03", {"largest_smelt": "N/A", "second_smelt": "CAN"}),
    ("AIM-BLANK-01", {"importer": ""}),
    ("AIM-LOW-02", {"low_value": "yes", "customs_value_usd": "48000", "quantity_kg": "16000"}),
    ("AIM-HTS-01", {"hts10": "76061230"}),
)
_SMELT_RULE = "AIM-SMELT-01"
_OF_CANCELLATIONS = ("license_number", "status", "status_date")


@dataclass(frozen=True)
class LicenseFile:
    """A file's name and bytes, and how many of its rows break a rule."""

    name: str
    body: bytes
    bad_rows: int


def license_files(parameters: LicenseParameters = LICENSES, folder: Path | None = None) -> list[LicenseFile]:
    """Return the license files, oldest year first; the same parameters give the same bytes on every machine."""
    events = license_events(parameters, folder)
    bad = bad_rows(parameters, events)
    year = events["status_date"].dt.year
    files = []
    for one in sorted(year.unique()):
        here = bad[bad["status_date"].str.startswith(str(one))]
        text = as_text(events[year == one])
        body = pd.concat([text, here[list(COLUMNS)]]).to_csv(index=False, lineterminator="\n").encode()
        files.append(LicenseFile(f"licenses {one}.csv", body, len(here)))
    return files


def as_text(events: pd.DataFrame) -> pd.DataFrame:
    """Return events as cells of a file: a cancellation is one row for the whole license, without its figures."""
    gone = events["status"] == "cancelled"
    text = events[~(gone & events.duplicated(["license_number", "status"]))].copy()
    for name in text.columns[text.dtypes == "datetime64[us]"]:
        text[name] = text[name].dt.strftime("%Y-%m-%d")
    text = text.astype("str")
    blank = [name for name in COLUMNS if name not in _OF_CANCELLATIONS]
    text.loc[text["status"] == "cancelled", blank] = ""
    return text


def bad_rows(parameters: LicenseParameters, events: pd.DataFrame) -> pd.DataFrame:
    """Return rows to be rejected, as text, each with a number of its own and the ``rule`` that it breaks.

    They are copies of filed rows, spoiled in one of the ways of `BAD_ROWS` in turn.
    """
    filed = events[(events["status"] == "filed") & (events["low_value"] == "no") & (events["line_number"] == 1)]
    drawn = Draws(f"{parameters.seed}|bad rows").below(1000, len(filed))
    copies = as_text(filed[drawn < parameters.bad_rows_permille]).reset_index(drop=True)
    # Where unknown smelt is in order the row is spoiled in the first way.
    day = copies["application_date"].to_numpy().astype(str)
    strict = (day > UNKNOWN_THROUGH) & (day < UNKNOWN_AGAIN_FROM)
    ways = np.arange(len(copies)) % len(BAD_ROWS)
    smelt = next(place for place, (rule, _) in enumerate(BAD_ROWS) if rule == _SMELT_RULE)
    ways = np.where((ways == smelt) & ~strict, 0, ways)
    copies["license_number"] = [f"B{place:07d}" for place in range(1, len(copies) + 1)]
    for place, (_, spoiled) in enumerate(BAD_ROWS):
        copies.loc[ways == place, list(spoiled)] = list(spoiled.values())
    return copies.assign(rule=[BAD_ROWS[way][0] for way in ways])
