"""The frames of the global comparison: columns and types.

Quantities are metric tons, values US dollars, periods the first day of the month or year, countries ISO alpha-3,
products slugs of categories, or the key of the whole product where categories are not told apart.
"""

from __future__ import annotations

_DAY = "datetime64[us]"

ACCOUNTS = {
    **dict.fromkeys(("reporter", "partner", "flow", "product"), "str"),
    "period": _DAY,
    "quantity_t": "float64",
    "fob_value_usd": "float64",
    "cif_value_usd": "float64",
    "covered_fob_value_usd": "float64",
    "covered_cif_value_usd": "float64",
}
"""What reporters declare. The declared value is the sum of its FOB and its CIF part; covered are rows with a weight."""

PAIRS = {
    **dict.fromkeys(("exporter", "importer", "product"), "str"),
    "period": _DAY,
    "x_reported": "bool",
    "x_quantity_t": "float64",
    "x_fob_value_usd": "float64",
    "x_covered_fob_value_usd": "float64",
    "m_reported": "bool",
    "m_quantity_t": "float64",
    "m_fob_value_usd": "float64",
    "m_cif_value_usd": "float64",
    "m_covered_fob_value_usd": "float64",
    "m_covered_cif_value_usd": "float64",
}
"""Both accounts of a flow: x the exporter's, m the importer's. 0 is told, blank is not told."""

REPORTING = {
    "reporter": "str",
    "flow": "str",
    "period": _DAY,
    "reported": "bool",
    "coverage": "str",
    "from_months": "bool",
    "known_on": _DAY,
}
"""Who has reported the product, for every reporter and flow held and every period asked for.

coverage is complete, selection or '' (not reported); from_months says that a year is the sum of its twelve months.
"""

FLOWS = {
    **dict.fromkeys(("exporter", "importer", "product"), "str"),
    "period": _DAY,
    "quantity_t": "float64",
    "fob_value_usd": "float64",
    "import_value_usd": "float64",
    "covered_fob_value_usd": "float64",
    "covered_import_value_usd": "float64",
    "side": "str",
}
"""One settled figure a flow. side: exporter, importer, mean (of both accounts) or reconciled (by the publisher)."""

STANDING = {
    "country": "str",
    "flow": "str",
    "period": _DAY,
    "standing": "str",
    "partners_reporting": "Int64",
    "partners": "Int64",
}
"""What a country's figures of a period rest on: reported, mirror, both, missing, reconciled or selection."""
