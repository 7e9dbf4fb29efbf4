"""Comtrade's columns and words, and ours for them."""

from __future__ import annotations

PUBLISHER = "United Nations"
TITLE = "UN Comtrade"
LICENSE = "UN Comtrade terms: no re-dissemination without permission"

REQUIRED = ("freqCode", "period", "reporterCode", "flowCode", "partnerCode", "cmdCode", "primaryValue")
OPTIONAL = {
    "typeCode": "C",
    "classificationCode": "",
    "partner2Code": "0",
    "customsCode": "C00",
    "motCode": "0",
    "netWgt": "",
    "isNetWgtEstimated": "",
    "qty": "",
    "qtyUnitCode": "",
    "qtyUnitAbbr": "",
    "isQtyEstimated": "",
    "cifvalue": "",
    "fobvalue": "",
}
"""Columns that a file may lack, and what an absent column or an empty cell of it stands for."""

COLUMNS = (*REQUIRED, *OPTIONAL)

FLOWS = {
    "M": "import",
    "X": "export",
    "RM": "re-import",
    "RX": "re-export",
    "DX": "domestic export",
    "FM": "foreign import",
}
FLOWS_LEFT_OUT = {
    "MIP": "imports for inward processing",
    "MOP": "imports after outward processing",
    "XIP": "exports after inward processing",
    "XOP": "exports for outward processing",
}
"""Parts of the flows above, known and left out."""

FREQUENCIES = {"A": "annual", "M": "monthly"}
KILOGRAM_CODES = ("8",)
WORLD = "WLD"
