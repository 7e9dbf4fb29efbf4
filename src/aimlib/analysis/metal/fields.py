"""The license fields that say where the metal comes from: since when, and which rows speak of them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from aimlib.store.tables import METAL_WORDS

NOT_APPLICABLE, UNKNOWN, NOT_COLLECTED = METAL_WORDS
NOT_COVERED, WITHHELD = "not covered", "withheld"


@dataclass(frozen=True)
class Field:
    """A field of the license: its column, and the first whole month in which it was mandatory."""

    name: str
    first: pd.Timestamp


SMELT = Field("largest_smelt", pd.Timestamp("2022-07-01"))
"""CBP, CSMS 51720841: *unknown* allowed through 2022-06-28, smelt mandatory from 2022-06-29."""

CAST = Field("recent_cast", pd.Timestamp("2021-07-01"))
"""19 CFR 361, 86 FR 27513: licenses mandatory from 2021-06-28; July 2021 is the first whole month."""


def rows_of(detail: pd.DataFrame, field: Field, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Return the rows of DETAIL that speak of a field in the months from `first` to `last`.

    Months before the field was collected are left out. So are rows of the public monitor's other dashboards,
    which repeat the same imports without this field (*not collected*, importer not known). A license without it
    stays: *not collected* is then a column of its own.
    """
    month = detail["month"]
    keep = (month >= max(first, field.first)) & (month <= last)
    keep &= ~(detail["importer"].isna() & (detail[field.name] == NOT_COLLECTED))
    return detail[keep]


def is_country(metal: pd.Series | pd.Index) -> pd.Series:
    """Tell which entries of a smelt or cast column are countries, and not words or sums."""
    return metal.str.fullmatch(r"[A-Z]{3}")
