"""Sums of flows: quantities and both values, what they cover, their shares and unit values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import change, ratio
from aimlib.errors import AimError, did_you_mean

AMOUNTS = ("quantity_t", "fob_value_usd", "import_value_usd")
"""What is summed and shown; of FLOWS, those columns that it has."""

_COVERED = ("covered_fob_value_usd", "covered_import_value_usd")
_FLOWS = ("export", "import", "re-export", "re-import", "domestic export", "foreign import")


@dataclass(frozen=True)
class Side:
    """How a flow is read: whose it is, with whom, and in which value."""

    own: str
    other: str
    value: str

    @property
    def covered(self) -> str:
        """The value of the rows that have a weight."""
        return f"covered_{self.value}"

    def column(self, measure: str) -> str:
        """Return the column of a measure, ``quantity`` or ``value``; AimError for another word."""
        if measure not in ("quantity", "value"):
            raise AimError(f"{measure!r} is not a measure.", "Say quantity or value.")
        return "quantity_t" if measure == "quantity" else self.value


def side(flow: str) -> Side:
    """Return how a flow is read: exports are the exporter's, FOB; imports the importer's, in the import value.

    Raises
    ------
    AimError
        The word is no flow.
    """
    if flow not in _FLOWS:
        raise AimError(f"{flow!r} is not a flow.", did_you_mean(flow, _FLOWS) or f"Say one of {', '.join(_FLOWS)}.")
    if flow.endswith("export"):
        return Side("exporter", "importer", "fob_value_usd")
    return Side("importer", "exporter", "import_value_usd")


def amounts_of(frame: pd.DataFrame) -> list[str]:
    """Return the amounts that a frame has, in order."""
    return [name for name in AMOUNTS if name in frame.columns]


def tally(
    rows: pd.DataFrame, keys: str | list[str], index: pd.Index | None = None, zero: bool | np.ndarray = False
) -> pd.DataFrame:
    """Return sums of the amounts and what they cover by key; blank where none of the figures is known.

    With `index` every key of it has its row, zeros where there is no flow and `zero` holds (one truth for all or one
    a key), else blank.
    """
    columns = [name for name in (*AMOUNTS, *_COVERED) if name in rows.columns]
    out = rows.groupby(keys)[columns].sum(min_count=1).astype("float64")
    if index is None:
        return out
    absent = ~index.isin(out.index)
    out = out.reindex(index)
    out.loc[absent & np.broadcast_to(zero, len(index))] = 0.0
    return out


def whole(rows: pd.DataFrame, *, zero: bool = False) -> pd.Series:
    """Return the sums over all rows; without a row zeros if `zero`, else blank."""
    everything = np.zeros(len(rows), dtype=int)
    return tally(rows.assign(all_=everything), "all_", pd.Index([0]), zero).iloc[0]


def blank(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame's rows and columns without a figure."""
    return pd.DataFrame(np.nan, index=frame.index, columns=frame.columns)


def with_unit_value(frame: pd.DataFrame, of: Side) -> pd.DataFrame:
    """Return sums with ``unit_value_usd_t`` and ``covered_share`` in the place of the covered values.

    The unit value is that of the rows with a weight, covered value by quantity in dollars a metric ton; the covered
    share is the part of the value that these rows are. Both blank on a base of zero.
    """
    out = frame.drop(columns=[name for name in _COVERED if name in frame.columns])
    none = pd.Series(np.nan, index=frame.index)
    covered, value = (frame.get(name, none) for name in (of.covered, of.value))
    return out.assign(unit_value_usd_t=ratio(covered, frame["quantity_t"]), covered_share=ratio(covered, value))


def with_shares(frame: pd.DataFrame, of: Side, total: pd.Series | pd.DataFrame) -> pd.DataFrame:
    """Return amounts with ``share_quantity`` and ``share_value`` (in the flow's value), fractions of `total`."""
    made = {"share_quantity": ratio(frame["quantity_t"], total["quantity_t"])}
    if of.value in frame.columns:
        made["share_value"] = ratio(frame[of.value], total[of.value])
    return frame.assign(**made)


def with_changes(frame: pd.DataFrame, of: Side, base: pd.DataFrame) -> pd.DataFrame:
    """Return amounts with those of the base beside them (`<column>_base`) and their changes as fractions.

    `base` has the same rows. Blank where either is, or the base is zero.
    """
    made = {f"{name}_base": base[name].to_numpy() for name in amounts_of(frame)}
    made["quantity_change"] = change(frame["quantity_t"].to_numpy(), base["quantity_t"].to_numpy())
    if of.value in frame.columns:
        made["value_change"] = change(frame[of.value].to_numpy(), base[of.value].to_numpy())
    return frame.assign(**made)


def ordered(frame: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    """Return rows by amount, largest first, equal ones by name, blanks last."""
    amount = frame[column].to_numpy(float)
    order = np.lexsort((frame[name].to_numpy(dtype=object).astype(str), -np.nan_to_num(amount), np.isnan(amount)))
    return frame.iloc[order].reset_index(drop=True)


def ranks(amounts: pd.Series) -> pd.Series:
    """Return ranks, 1 for the largest, equal ones sharing the better; blank where nothing is traded or known."""
    return amounts.where(amounts > 0).rank(ascending=False, method="min").astype("Int64")
