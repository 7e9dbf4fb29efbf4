"""License files for tests: rows in the form's fields that break no rule unless told to."""

from __future__ import annotations

import csv
import io

from aimlib.reference.license_rules import fields

ROW = {
    "license_number": "A1",
    "line_number": "1",
    "status": "filed",
    "status_date": "03/01/2024",
    "entry_type": "Consumption",
    "low_value": "no",
    "entry_number": "",
    "importer": "Acme Metals Inc.",
    "exporter": "Norte Metales SA",
    "manufacturer": "Fundidora del Norte",
    "origin": "Mexico",
    "exportation": "Mexico",
    "port_of_entry": "Laredo, TX",
    "expected_export_date": "03/05/2024",
    "expected_import_date": "03/20/2024",
    "application_date": "03/01/2024",
    "valid_from": "",
    "valid_through": "",
    "hts10": "7604.29.10.90",
    "product_description": "Profiles",
    "largest_smelt": "Canada",
    "second_smelt": "N/A",
    "recent_cast": "Mexico",
    "quantity_kg": "20000",
    "customs_value_usd": "60000",
}
"""20 t of Mexican profiles for 3,000 USD/t, filed on March 1 for March 20, 2024, when aluminum was 2,400 USD/t."""


def row(**changes: str) -> dict[str, str]:
    """Return a good row with changes. `day` moves application and status date together."""
    day = changes.pop("day", None)
    return ROW | ({"application_date": day, "status_date": day} if day else {}) | changes


def to_csv(*rows: dict[str, str] | str, separator: str = ",", titles: bool = False) -> str:
    """Return rows as CSV text; a text among them is a line as it stands. `titles` heads it in the form's words."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow([fields()[name].title for name in ROW] if titles else list(ROW))
    for cells in rows:
        if isinstance(cells, str):
            out.write(cells + "\n")
        else:
            writer.writerow([cells[name] for name in ROW])
    return out.getvalue()
