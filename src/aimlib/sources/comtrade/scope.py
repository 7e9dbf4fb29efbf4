"""Which records are about aluminum, and what the others are."""

from __future__ import annotations

import pandas as pd

from aimlib.errors import AimError
from aimlib.sources.comtrade.fields import FLOWS, FLOWS_LEFT_OUT

_HEADING_OR_CODE = r"76\d{2}(\d{2})?"
_OUTSIDE = r"TOTAL|ALL|AG[2-6]|\d|\d\d|(?!76)\d{3,6}"
_SHOWN = 3


def split_by_code(records: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the records at HS4 and HS6 of chapter 76, or of no known form; and the codes outside with their rows.

    ``TOTAL``, other chapters and the two digits 76 are known and outside the scope. Codes of other forms stay, for
    `clean` to set apart.
    """
    codes = records["cmdCode"].drop_duplicates()
    is_outside = codes.str.fullmatch(_OUTSIDE) & ~codes.str.fullmatch(_HEADING_OR_CODE)
    outside = records["cmdCode"].isin(codes[is_outside])
    return records[~outside], records["cmdCode"][outside].value_counts()


def is_scope_code(codes: pd.Series) -> pd.Series:
    """Tell which codes are HS4 or HS6 of chapter 76."""
    return codes.str.fullmatch(_HEADING_OR_CODE)


def split_by_flow(records: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the records of the flows that are kept, and the codes of those left out with their rows.

    Raises AimError, with the rows, for a flow that is not known.
    """
    known = records["flowCode"].isin([*FLOWS, *FLOWS_LEFT_OUT])
    if not known.all():
        raise AimError(
            f"Flow not known to Comtrade: {_rows(records[~known], 'flowCode')}.",
            f"The flows are {', '.join([*FLOWS, *FLOWS_LEFT_OUT])}.",
        )
    kept = records["flowCode"].isin(list(FLOWS))
    return records[kept], records["flowCode"][~kept].value_counts()


def outside_note(outside: pd.Series) -> list[str]:
    """Say which codes are outside the scope; `outside` counts rows by code."""
    if outside.empty:
        return []
    shown = ", ".join(outside.index[:5]) + (f" and {len(outside) - 5:,} more" if len(outside) > 5 else "")
    return [
        "Outside the scope (headings and HS6 codes of chapter 76), and left out: "
        f"{int(outside.sum()):,} rows ({shown})."
    ]


def flow_note(left_out: pd.Series) -> list[str]:
    """Say which flows were left out; `left_out` counts rows by flow code."""
    if left_out.empty:
        return []
    told = ", ".join(f"{FLOWS_LEFT_OUT[code]} ({rows:,})" for code, rows in left_out.items())
    return [f"Parts of imports and exports, left out: {told}."]


def _rows(rows: pd.DataFrame, column: str) -> str:
    told = [f"'{row[column]}' in {row['file']} row {row['row']}" for _, row in rows.head(_SHOWN).iterrows()]
    return ", ".join(told) + (f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else "")
