"""From a file's bytes to the text cells of its dashboards."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from aimlib.errors import AimError
from aimlib.sources.monitor.columns import Column, dashboard, recognize
from aimlib.sources.sheets import Sheet, read_sheets

_LEAST = 3  # recognized headers make a header row


@dataclass(frozen=True)
class Dashboard:
    """One dashboard of a file, as text.

    ``cells`` has file, row and the fields of `columns.Column`; ``units`` gives the unit of each figure.
    """

    name: str
    heading: str
    cells: pd.DataFrame
    units: dict[str, str]
    notes: tuple[str, ...]


def read_dashboards(body: bytes, name: str) -> list[Dashboard]:
    """Read the dashboards of a CSV (one) or a workbook (one a sheet); `name` says in messages which file.

    Raises AimError where the bytes are no table, or no sheet has the monitor's columns.
    """
    sheets = read_sheets(body, name)
    found = [_dashboard(sheet, header, name) for sheet in sheets if (header := sheet.find_header(_is_header))]
    if found:
        return found
    first = ", ".join(cell for cell in sheets[0].cells.iloc[0] if cell)
    raise AimError(
        f"{name} has no columns of the public monitor; its first row is '{first[:80]}'.",
        "They are month, data_status, country_of_origin, product_category and figures such as quantity_metric_tons.",
    )


def _is_header(cells: list[str]) -> bool:
    return sum(_known(cell) for cell in cells) >= _LEAST


def _known(cell: str) -> bool:
    try:
        return recognize(cell) is not None
    except AimError:  # of the monitor, in a unit that `_dashboard` refuses
        return True


def _dashboard(sheet: Sheet, header: int, name: str) -> Dashboard:
    heads = {at: text for at, text in sheet.cells.loc[header].items() if text}
    try:
        known = {at: column for at, text in heads.items() if (column := recognize(text, at))}
    except AimError as error:
        raise AimError(f"{sheet.name}: {error.message}", error.advice) from None
    by_field: dict[str, Column] = {}
    for column in known.values():
        other = by_field.setdefault(column.field, column)
        if other is not column:
            raise AimError(
                f"{sheet.name}: '{other.header}' and '{column.header}' are both read as {column.field}.",
                "Leave one of them in the file.",
            )
    heading = dashboard(set(by_field), sheet.name)
    below = sheet.below(header)
    cells = pd.DataFrame({"file": name, "row": below.index.to_numpy()}, index=below.index)
    for field, column in by_field.items():
        cells[field] = below[column.at]
    aside = [text for at, text in heads.items() if at not in known]
    notes = (f"{sheet.name}: columns not used: {', '.join(aside)}.",) if aside else ()
    units = {field: column.unit for field, column in by_field.items()}
    return Dashboard(sheet.name, heading, _without_foot(cells).reset_index(drop=True), units, notes)


def _without_foot(cells: pd.DataFrame) -> pd.DataFrame:
    """Leave out lines of text below the table, as exports add them: only their first cell is filled."""
    fields = [name for name in cells if name not in ("file", "row")]
    return cells[(cells[fields] != "").sum(axis=1) > 1]
