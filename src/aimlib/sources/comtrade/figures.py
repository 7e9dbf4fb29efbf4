"""Numbers of the records: values, weights, and which cells are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aimlib.sources import cells
from aimlib.sources.comtrade.fields import KILOGRAM_CODES

_NUMBERS = {
    "primaryValue": "value",
    "netWgt": "net weight",
    "qty": "quantity",
    "cifvalue": "CIF value",
    "fobvalue": "FOB value",
}


def numbers(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the cells' numbers (NaN where empty), and which cells are neither empty nor a number."""
    try:
        array = pa.array(texts)
        found = pc.if_else(pc.equal(array, ""), None, array).cast(pa.float64())
        figures = pd.Series(found.to_numpy(zero_copy_only=False), index=texts.index)
    except pa.ArrowInvalid:
        return cells.numbers(texts, ("", "nan", "null", "none"))
    finite = figures.isna() | np.isfinite(figures)
    return figures.where(finite), ~finite | (figures.isna() & (texts != ""))


def figures_of(records: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the records' figures, and why a row cannot be used ('' where it can).

    Columns: primary_value_usd, cif_value_usd, fob_value_usd (blank unless more than 0), quantity_kg,
    quantity_estimated. The weight is the net weight, else the quantity where its unit is the kilogram; none or 0
    beside a value is missing, beside a value of 0 it is 0.
    """
    reason = pd.Series("", index=records.index, dtype="str")
    found = {}
    for column, title in _NUMBERS.items():
        figure, bad = numbers(records[column])
        reason = reason.mask(bad & (reason == ""), f"{title} is not a number")
        reason = reason.mask((figure < 0) & (reason == ""), f"{title} is negative")
        found[column] = figure
    reason = reason.mask(found["primaryValue"].isna() & (reason == ""), "no value")
    in_kilograms = (records["qtyUnitAbbr"].str.lower() == "kg") | records["qtyUnitCode"].isin(KILOGRAM_CODES)
    other = found["qty"].where(in_kilograms & (found["qty"] > 0))
    weight = found["netWgt"].where(found["netWgt"] > 0)
    quantity = weight.fillna(other).mask(weight.isna() & other.isna() & (found["primaryValue"] == 0), 0.0)
    estimated = records["isNetWgtEstimated"].where(weight.notna(), records["isQtyEstimated"]).str.lower() == "true"
    columns = {
        "primary_value_usd": found["primaryValue"],
        "cif_value_usd": found["cifvalue"].where(found["cifvalue"] > 0),
        "fob_value_usd": found["fobvalue"].where(found["fobvalue"] > 0),
        "quantity_kg": quantity,
        "quantity_estimated": estimated & (quantity > 0),
    }
    return pd.DataFrame(columns), reason
