"""What the public monitor would show of the sample on a Thursday: three dashboards, small cells withheld."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from aimlib.ingest.sample.census_known import census_known
from aimlib.ingest.sample.license_events import license_events
from aimlib.ingest.sample.license_parameters import LICENSES, LicenseParameters
from aimlib.reference import countries, products

MONTHS_BACK = 24
IMPORTERS = 3
"""A cell of licenses that rests on fewer importers is withheld: its figures are blank."""
SMELT_FROM = "2022-07"
_ALL = "All products"
_CELL = ["month", "origin", "product"]
_FIGURES = ["quantity_kg", "customs_value_usd"]
_RANK = {"filed": 0, "corrected": 1, "cancelled": 2}
_METAL = {"smelt": "largest_smelt", "cast": "recent_cast"}
_HEADERS = {
    "origin": "country_of_origin",
    "product": "product_category",
    "largest_smelt": "country_of_largest_smelt",
    "recent_cast": "country_of_most_recent_cast",
    "basis": "data_status",
}


def monitor_files(
    day: date, parameters: LicenseParameters = LICENSES, folder: Path | None = None, months_back: int = MONTHS_BACK
) -> dict[str, bytes]:
    """Return the dashboards imports, smelt and cast as CSV, as they would have stood on `day`.

    The months after the last one that Census had published by then rest on the licenses in force, without zone
    admissions; those before on Census. Smelt and cast are shares of licenses in every month.
    """
    first = str(max(pd.Period(day, "M") - months_back, pd.Period(parameters.first_day[:7], "M") + 1))
    licenses = in_force(license_events(parameters, folder), day)
    licenses = licenses[(licenses["month"] >= first) & (licenses["month"] <= f"{day:%Y-%m}")]
    licenses = licenses[licenses["entry_type"] != "zone"]
    cells = licenses.groupby(_CELL).agg(
        quantity_kg=("quantity_kg", "sum"),
        customs_value_usd=("customs_value_usd", "sum"),
        importers=("importer", "nunique"),
    )
    cells["withheld"] = _withheld(cells)
    every = pd.concat([cells.reset_index(), _over_products(licenses, cells)], ignore_index=True)
    files = {"imports": _imports(every, census_known(day.isoformat(), first, folder))}
    for name, field in _METAL.items():
        since = SMELT_FROM if name == "smelt" else first
        files[name] = _metal(licenses[licenses["month"] >= since], cells, field)
    return files


def in_force(events: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the lines in force on `day` as last told by then, with month (``YYYY-MM``) and product (category)."""
    known = events[events["status_date"] <= pd.Timestamp(day)]
    known = known.assign(rank=known["status"].map(_RANK)).sort_values(["status_date", "rank"], kind="stable")
    last = known[~known.duplicated(["license_number", "line_number"], keep="last")]
    last = last[last["status"] != "cancelled"].drop(columns="rank")
    lines = products.aim_lines()
    category = dict(zip(lines["hts10"], lines["category"], strict=True))
    month = last["expected_import_date"].dt.strftime("%Y-%m")
    return last.assign(month=month, product=last["hts10"].map(category)).reset_index(drop=True)


def _withheld(cells: pd.DataFrame) -> np.ndarray:
    """Cells of few importers; where one stands alone in its month and product, the next smallest goes with it."""
    small = (cells["importers"] < IMPORTERS).to_numpy()
    column = [cells.index.get_level_values(name) for name in ("month", "product")]
    alone = pd.Series(small).groupby(column).transform("sum").to_numpy() == 1
    rest = cells["quantity_kg"].where(~small)
    smallest = rest.groupby(column).transform("min").to_numpy()
    return small | (alone & ~small & (rest.to_numpy() == smallest))


def _over_products(licenses: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """All products of a month and origin; withheld where few importers stand behind it, or one cell would follow."""
    keys = ["month", "origin"]
    whole = licenses.groupby(keys).agg(
        quantity_kg=("quantity_kg", "sum"),
        customs_value_usd=("customs_value_usd", "sum"),
        importers=("importer", "nunique"),
    )
    hidden = cells["withheld"].groupby(keys).sum().reindex(whole.index)
    whole["withheld"] = (whole["importers"] < IMPORTERS) | (hidden == 1)
    return whole.reset_index().assign(product=_ALL)


def _imports(cells: pd.DataFrame, census: pd.DataFrame) -> bytes:
    """Cells, the sums over products of each origin, and over all origins the totals of both."""
    last = census["month"].max() if len(census) else ""
    early = cells[cells["month"] > last]
    whole = census.groupby(["month", "origin"], as_index=False)[_FIGURES].sum().assign(product=_ALL)
    known = pd.concat([census, whole], ignore_index=True).assign(basis="Census", withheld=False)
    every = pd.concat([early.assign(basis="License"), known], ignore_index=True)
    totals = every.groupby(["month", "product", "basis"], as_index=False)[_FIGURES].sum()
    every = pd.concat([every, totals.assign(origin="World", withheld=False)], ignore_index=True)
    shown = _named(every.sort_values(["month", "product", "origin"], kind="stable"), ["basis", "origin", "product"])
    tonnes = every.loc[shown.index, "quantity_kg"].map(lambda kg: f"{kg // 1000}.{kg % 1000:03d}")
    hidden = every.loc[shown.index, "withheld"].astype("bool")
    shown["quantity_metric_tons"] = tonnes.mask(hidden, "")
    shown["customs_value_usd"] = every.loc[shown.index, "customs_value_usd"].astype("str").mask(hidden, "")
    return _csv(shown)


def _metal(licenses: pd.DataFrame, cells: pd.DataFrame, field: str) -> bytes:
    """Shares of each cell by country of smelt or cast, in percent; those of a cell withheld are blank."""
    sums = licenses.groupby([*_CELL, field])[_FIGURES].sum().reset_index()
    whole = cells.loc[pd.MultiIndex.from_frame(sums[_CELL])].reset_index(drop=True)
    shown = _named(sums, ["origin", "product", field])
    for figure, column in zip(_FIGURES, ("share_of_quantity_pct", "share_of_value_pct"), strict=True):
        hundredths = (20_000 * sums[figure] + whole[figure]) // (2 * whole[figure])
        text = hundredths.map(lambda part: f"{part // 100}.{part % 100:02d}")
        shown[column] = text.mask(whole["withheld"], "")
    return _csv(shown)


def _named(rows: pd.DataFrame, fields: list[str]) -> pd.DataFrame:
    """month and `fields` under the monitor's headers, with the names that it prints."""
    shown = rows[["month", *fields]].copy()
    for field in fields:
        words = {key: _print_name(field, key) for key in shown[field].unique()}
        shown[field] = shown[field].map(words)
    return shown.rename(columns=_HEADERS)


def _print_name(field: str, key: str) -> str:
    if field == "product":
        return key if key == _ALL else products.title(key)
    if field == "basis" or key in ("World", "N/A"):
        return key
    return "Unknown" if key == "unknown" else countries.print_name(key)


def _csv(rows: pd.DataFrame) -> bytes:
    return rows.to_csv(index=False, lineterminator="\n").encode()
