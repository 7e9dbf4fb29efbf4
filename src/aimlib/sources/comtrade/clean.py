"""Records to rows: totals over the other dimensions, once each, in our words and units; bad rows apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import hs_editions
from aimlib.sources.comtrade import areas, scope
from aimlib.sources.comtrade.areas import as_countries
from aimlib.sources.comtrade.fields import FLOWS, FREQUENCIES, WORLD
from aimlib.sources.comtrade.figures import figures_of
from aimlib.sources.comtrade.pairs import per_pair

CELL = ["reporter", "flow", "period", "partner", "code"]
"""What makes a row, once areas are countries."""
_AREAS = ["reporterCode", "flow", "period", "partnerCode", "code"]
_FIGURES = ["primary_value_usd", "cif_value_usd", "fob_value_usd", "quantity_kg", "edition"]
_CODES = ("reporterCode", "partnerCode", "period", "partner2Code", "motCode")
_REJECTED = ["file", "row", "reason", "reporterCode", "period", "flowCode", "partnerCode", "cmdCode", "primaryValue"]


CONFLICT = "two rows with different figures for one reporter, period, flow, partner and code"


@dataclass(frozen=True)
class Cleaned:
    """What the records became.

    ``rows``: reporter, flow, period (YYYY-MM, or YYYY), partner, code, month, edition, primary_value_usd,
    cif_value_usd, fob_value_usd, quantity_kg, quantity_estimated. ``rejects`` have file, row, reason and the cells;
    ``set_apart`` says what they were about as far as it can be told (reporter, flow, period, code).
    ``answered`` are the reporters and periods that have any record, in the scope or outside. ``outside`` counts
    records by code outside the scope.
    """

    rows: pd.DataFrame
    rejects: pd.DataFrame
    set_apart: pd.DataFrame
    answered: frozenset[tuple[str, str]]
    outside: pd.Series
    notes: tuple[str, ...] = field(default=())


def clean(records: pd.DataFrame) -> Cleaned:
    """Clean the records of all files of a load together.

    Raises AimError, with the rows, for an area or flow that is not known.
    """
    records = records.assign(**{name: records[name].str.removesuffix(".0") for name in _CODES})
    answered = _answered(records)
    about, outside = scope.split_by_code(records)
    about, left_out = scope.split_by_flow(about)
    about, reason = _understood(about)
    figures, bad_figure = figures_of(about)
    reason = _first(reason, bad_figure)
    rows = pd.concat([about, figures], axis=1)
    is_total = (rows["motCode"] == "0") & (rows["customsCode"] == "C00") & (rows["partner2Code"] == "0")
    reason = _first(reason, _orphans(rows, is_total))
    good = rows[is_total & (reason == "")]
    repeated = good.duplicated([*_AREAS, *_FIGURES])
    once = good[~repeated]
    conflict = once.duplicated(_AREAS, keep=False)
    reason.loc[once.index[conflict]] = CONFLICT
    once = once[~conflict]
    for column in ("reporterCode", "partnerCode"):
        twin = areas.unpublished_twins(once, CELL, column)
        reason.loc[once.index[twin]] = f"{column} is contained in another code of the same country"
        once = once[~twin]
    merged, added = areas.summed(once, CELL)
    rejected = rows[reason != ""].assign(reason=reason[reason != ""])
    notes = [
        *scope.outside_note(outside),
        *scope.flow_note(left_out),
        *_count(
            "Breakdowns by transport, customs procedure or second partner, contained in their totals, left out",
            int((~is_total & (reason == "")).sum()),
        ),
        *_count("Rows given twice alike, counted once", int(repeated.sum())),
        *_count("Rows of several area codes that are one country or area, added up", added),
        *_undated(once),
    ]
    return Cleaned(
        rows=merged[[*CELL, "month", "edition", *_FIGURES[:4], "quantity_estimated"]],
        rejects=rejected.assign(period=rejected["given_period"])[_REJECTED].reset_index(drop=True),
        set_apart=rejected[["reporter", "flow", "period", "code"]].drop_duplicates(ignore_index=True),
        answered=answered,
        outside=outside,
        notes=tuple(notes),
    )


def store_period(frequency: str, period: str) -> str:
    """Return Comtrade's period as the store writes it, 2024 or 2024-03; '' where it is none.

    >>> store_period("M", "202403"), store_period("A", "2024"), store_period("A", "202452")
    ('2024-03', '2024', '')
    """
    if frequency == "A":
        return period if re.fullmatch(r"(19|20)\d\d", period) else ""
    return f"{period[:4]}-{period[4:]}" if re.fullmatch(r"(19|20)\d\d(0[1-9]|1[0-2])", period) else ""


def _understood(about: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Add reporter, flow, period, partner, code, month and edition, and return why a row is not understood."""
    period = per_pair(about["freqCode"], about["period"], store_period)
    starts = {text: _start(text) for text in period.unique()}
    code = about["cmdCode"]
    given = about["classificationCode"].replace("HS", "")
    edition = per_pair(given, period, _edition)
    understood = about.rename(columns={"period": "given_period"}).assign(
        reporter=as_countries(about, "reporterCode"),
        partner=as_countries(about, "partnerCode"),
        flow=about["flowCode"].map(FLOWS).astype("str"),
        period=period,
        month=period.map(starts).astype("datetime64[us]"),
        code=code,
        edition=edition,
    )
    in_edition = per_pair(code, edition, _in_edition, "bool")
    reason = pd.Series("", index=about.index, dtype="str")
    for is_bad, why in (
        (about["typeCode"] != "C", "not goods but services (typeCode)"),
        (~about["freqCode"].isin(list(FREQUENCIES)), "the frequency is neither A nor M"),
        (period == "", "the period is no year or month"),
        (understood["reporter"] == WORLD, "the world is no reporter"),
        (~given.str.fullmatch(r"H\d|"), "the classification is not the Harmonized System"),
        (~scope.is_scope_code(code), "the code is no HS4 or HS6"),
        (~in_edition, "the code is not in its edition of the Harmonized System"),
    ):
        reason = reason.mask(is_bad & (reason == ""), why)
    return understood, reason


def _start(period: str) -> pd.Timestamp:
    return pd.Timestamp(f"{period}-01" if len(period) == 7 else f"{period}-01-01") if period else pd.NaT


def _edition(given: str, period: str) -> str:
    """Return the edition told, else that in force in the period."""
    if given or not period:
        return given
    try:
        return hs_editions.edition_of(int(period[:4]))
    except AimError:
        return ""


def _in_edition(code: str, edition: str) -> bool:
    return edition in hs_editions.editions() and hs_editions.in_edition(code, edition)


def _first(reason: pd.Series, other: pd.Series) -> pd.Series:
    return reason.where(reason != "", other)


def _orphans(rows: pd.DataFrame, is_total: pd.Series) -> pd.Series:
    """Return why a breakdown cannot be left out: there is no total row that contains it."""
    reason = pd.Series("", index=rows.index, dtype="str")
    if is_total.all():
        return reason
    totals = rows.loc[is_total, _AREAS].drop_duplicates()
    parts = rows.loc[~is_total, _AREAS]
    found = parts.reset_index().merge(totals, on=_AREAS, how="left", indicator=True).set_index("index")["_merge"]
    reason.loc[found.index[found == "left_only"]] = (
        "a breakdown by transport, customs procedure or second partner without its total row (motCode 0, customsCode "
        "C00, partner2Code 0)"
    )
    return reason


def _answered(records: pd.DataFrame) -> frozenset[tuple[str, str]]:
    seen = records[["freqCode", "period", "reporterCode"]].drop_duplicates()
    seen = seen.assign(at=[store_period(*pair) for pair in zip(seen["freqCode"], seen["period"], strict=True)])
    known = [code for code in seen["reporterCode"].unique() if areas.is_known(code)]
    seen = seen[(seen["at"] != "") & seen["reporterCode"].isin(known)]
    if seen.empty:
        return frozenset()
    return frozenset(zip(as_countries(seen.assign(file="", row=0), "reporterCode"), seen["at"], strict=True))


def _count(what: str, rows: int) -> list[str]:
    return [f"{what}: {rows:,}."] if rows else []


def _undated(once: pd.DataFrame) -> list[str]:
    rows = int((~once["classificationCode"].str.fullmatch(r"H\d")).sum())
    return _count("Rows that do not tell their edition of the HS, taken to be in the one in force", rows)
