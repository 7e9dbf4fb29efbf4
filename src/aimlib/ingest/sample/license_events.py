"""The events of the sample's licenses: what was filed, corrected and cancelled, and on which day."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.license_dates import day_number, with_dates
from aimlib.ingest.sample.license_flows import Flows, licensed_flows
from aimlib.ingest.sample.license_lines import make_lines
from aimlib.ingest.sample.license_parameters import LICENSES, LicenseParameters
from aimlib.ingest.sample.parties import with_parties
from aimlib.ingest.sample.smelt import UNKNOWN_AGAIN_FROM, UNKNOWN_THROUGH, allowed_unknown, draw_smelt
from aimlib.ingest.sample.tables import read_tables

COLUMNS = (
    *("license_number", "line_number", "status", "status_date", "entry_type", "low_value"),
    *("importer", "exporter", "manufacturer", "origin", "exportation", "port_of_entry"),
    *("expected_export_date", "expected_import_date", "application_date", "hts10"),
    *("largest_smelt", "second_smelt", "recent_cast", "quantity_kg", "customs_value_usd"),
)
_DATES = ("status_date", "expected_export_date", "expected_import_date", "application_date")


def license_events(parameters: LicenseParameters = LICENSES, folder: Path | None = None) -> pd.DataFrame:
    """Return every event up to the last day, by status_date and license number, in the canonical columns.

    Dates are datetime64[us], quantity_kg and customs_value_usd whole numbers, low_value yes or no. A cancellation
    carries the figures of the line that it takes away. The same parameters give the same events on every machine;
    `folder` holds the sample's tables.
    """
    return _made(parameters, folder).copy()


@lru_cache(maxsize=2)
def _made(parameters: LicenseParameters, folder: Path | None) -> pd.DataFrame:
    flows = licensed_flows(parameters, folder)
    lines = _lines(parameters, flows, read_tables(folder).smelt)
    filed, events = _filings(parameters, lines), []
    events.append(filed.assign(status="filed", day=filed["application"], line=filed["line_number"]))
    corrections = lines[(lines["corrected_on"] >= 0) & (lines["line_number"] == 1)]
    known = _smelt_told(corrections, corrections["corrected_on"].to_numpy())
    events.append(known.assign(status="corrected", day=known["corrected_on"]))
    events.append(_cancellations(filed))
    together = pd.concat(events, ignore_index=True)
    together = together[together["application"] <= day_number(parameters.last_day)]
    return _told(_numbered(together), parameters)


def _lines(parameters: LicenseParameters, flows: Flows, smelt: pd.DataFrame) -> pd.DataFrame:
    """One row a line of a license, with its figures in the end."""
    lines = make_lines(parameters, flows)
    leaders = lines[lines["leader"] == lines.index]
    licenses = leaders[["license", "row", "month", "unused", "low_value"]].assign(
        lines=lines["license"].value_counts().reindex(leaders["license"]).to_numpy(),
        origin=flows.origins[leaders["row"]],
    )
    licenses = with_parties(parameters, flows, licenses.reset_index(drop=True))
    licenses = with_dates(parameters, flows, licenses).drop(columns=["row", "month", "unused", "low_value", "lines"])
    lines = lines.assign(
        line_number=1 + (lines["leader"] != lines.index),
        hts10=flows.codes[lines["row"]],
        product=flows.products[lines["row"]],
        month=np.array(flows.months)[lines["month"]],
    ).merge(licenses, on="license", validate="many_to_one")
    hidden = allowed_unknown(parameters, lines["application"].to_numpy())
    return pd.concat([lines, draw_smelt(parameters, smelt, lines)], axis=1).assign(hidden=hidden)


def _filings(parameters: LicenseParameters, lines: pd.DataFrame) -> pd.DataFrame:
    """The lines as first filed, and those of licenses that were cancelled and replaced by them."""
    draws = Draws(f"{parameters.seed}|corrections")
    bound = parameters.corrected_quantity_permille
    moved = 1000 + draws.below(2 * bound + 1, len(lines)) - bound
    first = (lines["corrected_on"] >= 0) & (lines["line_number"] == 1)
    before = {
        name: np.where(first, np.maximum(lines[name] * moved // 1000, 1), lines[name]) for name in ("kg", "value")
    }
    filed = _smelt_told(lines.assign(**before, expected=lines["expected_first"]), lines["application"].to_numpy())
    again = filed[filed["replaced_on"] >= 0]
    resized = {name: np.maximum(again[name] * 97 // 100, 1) for name in ("kg", "value")}
    again = again.assign(
        **resized,
        application=again["replaced_application"],
        cancelled_on=again["replaced_on"],
        license=again["license"] + 1 + lines["license"].max(),
    )
    return pd.concat([filed, again], ignore_index=True)


def _cancellations(filed: pd.DataFrame) -> pd.DataFrame:
    gone = filed[filed["cancelled_on"] >= 0]
    return gone.assign(status="cancelled", day=gone["cancelled_on"])


def _smelt_told(lines: pd.DataFrame, day: np.ndarray) -> pd.DataFrame:
    """Put unknown in the smelt fields where it is given, and was allowed on the day of the event."""
    allowed = (day <= day_number(UNKNOWN_THROUGH)) | (day >= day_number(UNKNOWN_AGAIN_FROM))
    hidden = lines["hidden"] & allowed
    return lines.assign(**{name: lines[name].mask(hidden, "unknown") for name in ("largest_smelt", "second_smelt")})


def _numbered(events: pd.DataFrame) -> pd.DataFrame:
    """Number the licenses as the system does, in the order in which they were applied for."""
    order = events[events["status"] == "filed"].drop_duplicates("license").sort_values(["application", "license"])
    numbers = pd.Series([f"A{place:07d}" for place in range(1, len(order) + 1)], index=order["license"])
    return events.assign(license_number=events["license"].map(numbers))


def _told(events: pd.DataFrame, parameters: LicenseParameters) -> pd.DataFrame:
    """The canonical columns of the events up to the last day."""
    events = events[events["day"] <= day_number(parameters.last_day)]
    days = {
        "status_date": events["day"],
        "expected_export_date": events["expected"] - events["under_way"],
        "expected_import_date": events["expected"],
        "application_date": events["application"],
    }
    told = events.assign(
        **{name: day.to_numpy().astype("datetime64[D]").astype("datetime64[us]") for name, day in days.items()},
        low_value=np.where(events["low_value"], "yes", "no"),
        port_of_entry=events["port"],
        quantity_kg=events["kg"],
        customs_value_usd=events["value"],
    )
    order = ["status_date", "license_number", "line_number", "status"]
    told = told[list(COLUMNS)].sort_values(order, kind="stable", ignore_index=True)
    texts = [name for name in COLUMNS if name not in (*_DATES, "line_number", "quantity_kg", "customs_value_usd")]
    return told.astype(dict.fromkeys(texts, "str"))
