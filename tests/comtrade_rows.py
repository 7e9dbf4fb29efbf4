"""Made-up records of Comtrade and the files that hold them, for tests."""

from __future__ import annotations

import json

import pandas as pd

_TEXT = """
typeCode freqCode refPeriodId refYear refMonth period reporterCode reporterISO
reporterDesc flowCode flowDesc partnerCode partnerISO partnerDesc partner2Code partner2ISO
partner2Desc classificationCode classificationSearchCode isOriginalClassification cmdCode cmdDesc aggrLevel isLeaf
customsCode customsDesc mosCode motCode motDesc qtyUnitCode qtyUnitAbbr qty
isQtyEstimated altQtyUnitCode altQtyUnitAbbr altQty isAltQtyEstimated netWgt isNetWgtEstimated grossWgt
isGrossWgtEstimated cifvalue fobvalue primaryValue legacyEstimationFlag isReported isAggregate
"""
FIELDS = tuple(_TEXT.split())
"""The 47 columns of a record."""

CANADA, USA, BRAZIL, MEXICO, WORLD = 124, 842, 76, 484, 0


def record(partner: int = WORLD, value: float | None = 1000.0, **told: object) -> dict[str, object]:
    """Return a record: Canada's exports of 7601 in 2022 to `partner`, with what else is told."""
    period = str(told.get("period", "2022"))
    annual = len(period) == 4
    base = dict.fromkeys(FIELDS)
    base |= {
        "typeCode": "C",
        "freqCode": "A" if annual else "M",
        "refPeriodId": int(period + "0101"[: 8 - len(period)]),
        "refYear": int(period[:4]),
        "refMonth": 52 if annual else int(period[4:]),
        "period": period,
        "reporterCode": CANADA,
        "flowCode": "X",
        "partnerCode": partner,
        "partner2Code": 0,
        "classificationCode": "H6",
        "classificationSearchCode": "HS",
        "isOriginalClassification": True,
        "cmdCode": "7601",
        "customsCode": "C00",
        "mosCode": "0",
        "motCode": 0,
        "qtyUnitCode": 8,
        "qtyUnitAbbr": "kg",
        "qty": None if value is None else value / 2.5,
        "isQtyEstimated": False,
        "netWgt": None if value is None else value / 2.5,
        "isNetWgtEstimated": False,
        "fobvalue": value,
        "primaryValue": value,
        "isReported": True,
        "isAggregate": False,
    }
    return base | told


def trade(**told: object) -> list[dict[str, object]]:
    """Return a whole answer: the United States 600, Brazil 400, and the world."""
    return [record(USA, 600.0, **told), record(BRAZIL, 400.0, **told), record(WORLD, 1000.0, **told)]


def answer(records: list[dict[str, object]], **envelope: object) -> bytes:
    """Return the records as the API sends them."""
    told = {"elapsedTime": "0.05 secs", "count": len(records), "data": records, "error": ""} | envelope
    return json.dumps(told).encode()


def table(records: list[dict[str, object]], separator: str = ",") -> bytes:
    """Return the records as a bulk file, or as pandas writes a frame of them."""
    return pd.DataFrame(records).to_csv(index=False, sep=separator).encode()


def web_export(records: list[dict[str, object]], trailing: str = ",") -> bytes:
    """Return the records as the web page exports them: Latin-1, quoted, a comma more in each row than in the header."""

    def cell(told: object) -> str:
        if told is None:
            return ""
        return f'"{str(told).lower() if isinstance(told, bool) else told}"'

    rows = [",".join(cell(each[field]) for field in FIELDS) + trailing for each in records]
    return "\n".join([",".join(FIELDS), *rows, ""]).encode("latin-1")
