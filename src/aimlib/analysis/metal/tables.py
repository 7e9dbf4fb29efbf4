"""All tables on the origin of the metal, protected, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality.rule import Rule
from aimlib.analysis.metal.carbon import carbon, without_figure
from aimlib.analysis.metal.concentration import concentration
from aimlib.analysis.metal.cube import Cube, frame_of, protected_cubes
from aimlib.analysis.metal.differs import differs, with_year_before
from aimlib.analysis.metal.exposures import (
    ANY,
    ANY_OR_UNKNOWN,
    SOLE,
    Exposures,
    exposures_of,
    given,
    period_table,
    time_table,
)
from aimlib.analysis.metal.fields import CAST, NOT_APPLICABLE, NOT_COLLECTED, NOT_COVERED, SMELT, UNKNOWN
from aimlib.analysis.metal.implied import Weighted, bounds, implied, weighted
from aimlib.analysis.metal.shares import matrix, over_time, period_of
from aimlib.analysis.metal.spans import GROUP, calendar
from aimlib.analysis.metal.steps import Frame
from aimlib.analysis.totals import TOTAL
from aimlib.reference.carbon import CAVEATS

WATCH = ("CHN", "RUS", "IRN", "BLR")
"""The countries of smelt and cast that tariff programs have named (19 CFR, Proclamations 10522 and 10782)."""


@dataclass(frozen=True)
class Notes:
    """What a reader must be told beside the tables.

    Attributes
    ----------
    first, last
        The period asked for.
    smelt_first, cast_first
        The first month used for each field; None if the period ends before it was collected.
    months_left_out
        How many months of the period have no smelt because it was not collected yet.
    implied_last
        The last month for which implied tonnes are made; None if Census knows none.
    hidden
        By table: table, cells, primary, secondary (how many are hidden), of the rows returned.
    share_quantity_hidden
        The part of the quantity by largest smelt that is in hidden cells of `matrix_smelt`, in the row of the scope:
        the origin asked for, the sum of several, or all.
    share_na, share_unknown, share_not_collected, share_not_covered
        Parts of the same row's quantity; the last is of its Census quantity. Blank where hidden.
    measures
        The exposures that the source can give.
    without_intensity
        Countries of smelt that have the world's carbon intensity.
    census_without_quantity, licenses_without_census
        How many cells of origin, product and month have Census value but no quantity, or licenses but no Census.
    caveats
        Sentences on carbon.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    smelt_first: pd.Timestamp | None
    cast_first: pd.Timestamp | None
    months_left_out: int
    implied_last: pd.Timestamp | None
    hidden: pd.DataFrame
    share_quantity_hidden: float
    share_na: float
    share_unknown: float
    share_not_collected: float
    share_not_covered: float
    measures: tuple[str, ...]
    without_intensity: tuple[str, ...]
    census_without_quantity: int
    licenses_without_census: int
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class MetalTables:
    """Protected tables; the columns of each are in the docstring of the function that makes it.

    matrix_smelt, matrix_cast (`shares.matrix`), over_time (`shares.over_time`, both fields), exposures and
    exposures_over_time (`exposures.period_table`, `time_table`), differs (`differs.with_year_before`, both
    fields), concentration (`concentration.concentration`, of smelt), implied (`implied.implied`), implied_bounds
    (`implied.bounds`), carbon (`carbon.carbon`).
    """

    matrix_smelt: pd.DataFrame
    matrix_cast: pd.DataFrame
    over_time: pd.DataFrame
    exposures: pd.DataFrame
    exposures_over_time: pd.DataFrame
    differs: pd.DataFrame
    concentration: pd.DataFrame
    implied: pd.DataFrame
    implied_bounds: pd.DataFrame
    carbon: pd.DataFrame
    notes: Notes


def metal_tables(
    detail: pd.DataFrame,
    census: pd.DataFrame,
    *,
    rule: Rule,
    first: pd.Timestamp,
    last: pd.Timestamp,
    intensities: pd.DataFrame,
    watch: Sequence[str] = WATCH,
    base_first: pd.Timestamp | None = None,
    base_last: pd.Timestamp | None = None,
    primary_only: bool = False,
    origins: Sequence[str] | None = None,
) -> MetalTables:
    """Return the tables of a period.

    Parameters
    ----------
    detail, census
        DETAIL and CENSUS of the same day, of the products of the report and of *all* origins: the pattern of
        hidden cells is found over all of them, so that it is the same in every country's report.
    rule
        Which figures rest on too few importers.
    first, last
        The period; months before a field was collected are left out of its tables.
    intensities
        As `reference.carbon.intensities` returns them.
    watch
        The countries of the exposures.
    base_first, base_last
        The same months a year before, for the changes in `differs`; None for no comparison.
    primary_only
        Shares leave *N/A* out of the denominator.
    origins
        A country, or the members of a group, whose sum is then the origin ``GROUP``; None for all.
    """
    group = tuple(dict.fromkeys(origins or ()))
    detail = detail.assign(who=pd.factorize(detail["importer"], sort=True)[0])
    names = sorted({*detail["origin"].unique(), *census["origin"].unique()})
    rows = group or tuple(names)
    frame = frame_of(names, first, last, group, rule)
    smelt, cast = protected_cubes(detail, frame, (SMELT, CAST))
    exposed = exposures_of(detail, frame, smelt, cast, watch)
    joined, behind = _beside_census(detail, census, frame, exposed)
    tables = {
        "matrix_smelt": matrix(smelt, rows, primary_only=primary_only),
        "matrix_cast": matrix(cast, rows, primary_only=primary_only),
        "over_time": _stacked([over_time(cube, rows, primary_only=primary_only) for cube in (smelt, cast)]),
        "exposures": period_table(exposed, rows),
        "exposures_over_time": time_table(exposed, rows),
        "implied": implied(joined, behind, rows),
        "implied_bounds": bounds(joined, behind, rows),
    }
    base = None if base_first is None else (base_first, base_last)
    compared = [
        with_year_before(differs(detail, frame, cube, rows), *_year_before(detail, names, base, cube, rows, rule))
        for cube in (smelt, cast)
    ]
    tables["differs"] = _stacked(compared)
    tables["concentration"] = concentration(matrix(smelt, rows))
    has_census = len(tables["implied"]) > 0
    source, quantity = ("implied", "implied_quantity_kg") if has_census else ("matrix_smelt", "quantity_kg")
    tables["carbon"] = carbon(tables[source], quantity, intensities)
    notes = _notes(tables, frame.first, frame.last, group, joined, given(exposed))
    return MetalTables(**tables, notes=notes)


def _beside_census(
    detail: pd.DataFrame, census: pd.DataFrame, frame: Frame, exposed: Exposures
) -> tuple[Weighted, Exposures]:
    """Return licenses joined with Census, and the exposures of the months that Census knows.

    Their pattern is a table of its own: what is printed of these months are Census tonnes, which do not add up with
    those of licenses.
    """
    known = census["month"].max() if len(census) else SMELT.first - pd.DateOffset(months=1)
    months = replace(frame, first=max(frame.first, SMELT.first), last=min(frame.last, known), whole=True)
    (smelt,) = protected_cubes(detail, months, (SMELT,), exposed.smelt)
    behind = exposures_of(detail, months, smelt, smelt, exposed.watch, (SOLE, ANY, ANY_OR_UNKNOWN), exposed)
    return weighted(detail, census, months), behind


def _year_before(
    detail: pd.DataFrame, names: Sequence[str], base: tuple | None, cube: Cube, rows: Sequence[str], rule: Rule
) -> tuple[pd.DataFrame | None, Sequence[str]]:
    """Return `differs` of the year before and the origins hidden in it; None if the field was not collected in all."""
    if base is None or base[0] < cube.field.first:
        return None, ()
    frame = frame_of(names, *base, (), rule, whole=True)
    (before,) = protected_cubes(detail, frame, (cube.field,))
    blank = before.row_hidden(np.arange(len(names)), np.array([before.time.at(period_of(before))]))
    return differs(detail, frame, before, rows), [name for name, hides in zip(names, blank, strict=True) if hides]


def _stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    return pd.concat(filled or tables[:1], ignore_index=True)


def _notes(
    tables: dict[str, pd.DataFrame],
    first: pd.Timestamp,
    last: pd.Timestamp,
    group: tuple[str, ...],
    joined: Weighted,
    measures: tuple[str, ...],
) -> Notes:
    scope = TOTAL if not group else group[0] if len(group) == 1 else GROUP
    cells = tables["matrix_smelt"]
    cells = cells[cells["origin"] == scope].set_index("largest_smelt")["quantity_kg"]
    total = cells.get(TOTAL, float("nan"))
    by_census = tables["implied"]
    by_census = by_census[by_census["origin"] == scope].set_index("largest_smelt")["share_implied"]
    months = {field.name: calendar(field, first, last) for field in (SMELT, CAST)}
    known = joined.census["month"]
    hidden = [
        {
            "table": name,
            "cells": len(table),
            "primary": int((table["suppressed"] == "primary").sum()),
            "secondary": int((table["suppressed"] == "secondary").sum()),
        }
        for name, table in tables.items()
        if "suppressed" in table
    ]
    return Notes(
        first=first,
        last=last,
        smelt_first=next(iter(months[SMELT.name]), None),
        cast_first=next(iter(months[CAST.name]), None),
        months_left_out=len(pd.date_range(first, last, freq="MS")) - len(months[SMELT.name]),
        implied_last=known.max() if len(known) else None,
        hidden=pd.DataFrame(hidden),
        share_quantity_hidden=1 - cells.drop(TOTAL, errors="ignore").sum() / total if total > 0 else float("nan"),
        share_na=_part(cells, NOT_APPLICABLE, total),
        share_unknown=_part(cells, UNKNOWN, total),
        share_not_collected=_part(cells, NOT_COLLECTED, total),
        share_not_covered=by_census.get(NOT_COVERED, float("nan")),
        measures=measures,
        without_intensity=without_figure(tables["carbon"]),
        census_without_quantity=joined.without_quantity,
        licenses_without_census=joined.without_census,
        caveats=CAVEATS,
    )


def _part(cells: pd.Series, word: str, total: float) -> float:
    return cells.get(word, 0.0) / total if total > 0 else float("nan")
