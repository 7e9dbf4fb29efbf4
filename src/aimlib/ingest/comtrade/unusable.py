"""What to tell where no row of a load can be used."""

from __future__ import annotations

import pandas as pd

_CELLS_FROM = 3  # file, row and reason come before


def none_usable(names: str, rejects: pd.DataFrame) -> tuple[str, str]:
    """Return message and advice; `rejects` have file, row, reason and the cells, at least one row."""
    why = rejects["reason"].value_counts().index[0]
    one = rejects[rejects["reason"] == why].iloc[0]
    cells = ", ".join(f"{column} '{cell}'" for column, cell in one.iloc[_CELLS_FROM:].items())
    message = (
        f"{names}: no row can be used; {len(rejects):,} were set apart, most because: {why}. "
        f"For instance {one['file']} row {one['row']}: {cells}."
    )
    if "not a number" in why:
        return message, "Write numbers with a decimal point and no other mark (1234.5), or download the file again."
    return message, "Correct these rows, or download the file again as it is published. Nothing was loaded."
