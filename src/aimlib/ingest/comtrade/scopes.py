"""Which blocks a load of Comtrade answers, with or without rows in them, and whether each is complete."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from aimlib.ingest.comtrade.asked import Asked
from aimlib.ingest.report import first_few
from aimlib.reference import hs_editions
from aimlib.sources.comtrade.clean import Cleaned
from aimlib.sources.comtrade.fields import WORLD
from aimlib.store.commits import COMPLETE, SELECTION
from aimlib.store.writing import Scope

TABLE = "comtrade"
LEVELS = {4: "hs4", 6: "hs6"}
_BLOCK = ["code_level", "flow", "period", "reporter", "hs4"]


def scopes_of(cleaned: Cleaned, selection: bool, asked: Asked | None) -> tuple[tuple[Scope, ...], tuple[str, ...]]:
    """Return the blocks, and notes on those without a row or incomplete.

    A block is complete unless `selection` says that some partners only are listed, a row of it was set apart, or, at
    HS6, a code of its heading is neither asked for nor anywhere in the files.
    """
    rows = cleaned.rows
    found = _blocks(rows)
    blocks = pd.concat([found, _asked_blocks(cleaned, found, asked)]).drop_duplicates(_BLOCK, ignore_index=True)
    blocks = blocks.assign(coverage=SELECTION if selection else COMPLETE)
    notes = _notes_on_zeros(blocks, found, cleaned, asked)
    absent = _absent_codes(blocks, {*rows["code"], *(asked.codes if asked else ())})
    if absent:
        told = [f"{', '.join(codes)} of {heading}" for heading, codes in sorted(absent.items())]
        notes.append(
            f"HS6 codes that are neither in the files nor asked for: {first_few(told)}; the HS6 figures of these "
            "headings count as a selection. Say what was asked for with --codes."
        )
        incomplete = (blocks["code_level"] == "hs6") & blocks["hs4"].isin(list(absent))
        blocks["coverage"] = blocks["coverage"].mask(incomplete, SELECTION)
    notes += _mark_set_apart(blocks, cleaned.set_apart)
    return _scopes(blocks, rows), tuple(notes)


def _blocks(rows: pd.DataFrame) -> pd.DataFrame:
    every = rows[["reporter", "flow", "period", "code"]].drop_duplicates()
    every = every.assign(code_level=every["code"].str.len().map(LEVELS).astype("str"), hs4=every["code"].str[:4])
    return every[_BLOCK].drop_duplicates(ignore_index=True)


def _asked_blocks(cleaned: Cleaned, found: pd.DataFrame, asked: Asked | None) -> pd.DataFrame:
    """Return the blocks asked for, of the reporters and periods that have any record at all."""
    if asked is None:
        return found.head(0)
    heads = sorted({(LEVELS[len(code)], code[:4]) for code in asked.codes} or set(_pairs(found, ["code_level", "hs4"])))
    answered = pd.DataFrame(sorted(_answered(cleaned, asked)), columns=["reporter", "period"])
    flows = asked.flows or tuple(sorted(found["flow"].unique()))
    return (
        answered.merge(pd.DataFrame({"flow": list(flows)}), how="cross")
        .merge(pd.DataFrame(heads, columns=["code_level", "hs4"]), how="cross")
        .astype("str")[_BLOCK]
    )


def _answered(cleaned: Cleaned, asked: Asked) -> set[tuple[str, str]]:
    return {
        (reporter, period)
        for reporter, period in cleaned.answered
        if (not asked.reporters or reporter in asked.reporters) and (not asked.periods or period in asked.periods)
    }


def _notes_on_zeros(blocks: pd.DataFrame, found: pd.DataFrame, cleaned: Cleaned, asked: Asked | None) -> list[str]:
    if asked is None:
        return []
    notes = []
    zeros = len(blocks) - len(found)
    if zeros:
        notes.append(f"Asked for and without a row, so that they are zero: {zeros:,} blocks of a reporter and heading.")
    silent = sorted({(r, p) for r in asked.reporters for p in asked.periods} - cleaned.answered)
    if silent:
        told = [f"{reporter} {period}" for reporter, period in silent]
        notes.append(f"Not reported, no row at all: {first_few(told, 6)}.")
    return notes


def _absent_codes(blocks: pd.DataFrame, known: set[str]) -> dict[str, list[str]]:
    """Return, for each heading held at HS6, its codes (in the editions in force) that are in no file nor asked for."""
    at_hs6 = blocks[blocks["code_level"] == "hs6"]
    absent: dict[str, set[str]] = {}
    for heading, of_heading in at_hs6.groupby("hs4"):
        editions = {hs_editions.edition_of(int(period[:4])) for period in of_heading["period"].unique()}
        wanted = [set(hs_editions.codes_of(str(heading), edition)) for edition in editions]
        # Countries adopt an edition late: a code counts as absent only if every edition of these years has it.
        missing = set.intersection(*wanted) - known
        if missing:
            absent[str(heading)] = missing
    return {heading: sorted(codes) for heading, codes in absent.items()}


def _mark_set_apart(blocks: pd.DataFrame, set_apart: pd.DataFrame) -> list[str]:
    """Make selections of the blocks that lack a row which was set apart."""
    told = set_apart[set_apart["code"].str.len().isin(list(LEVELS))]
    if told.empty:
        return []
    keys = set(_pairs(_blocks(told), _BLOCK))
    lacking = pd.Series([key in keys for key in _pairs(blocks, _BLOCK)], index=blocks.index, dtype="bool")
    lacking &= blocks["coverage"] == COMPLETE
    blocks["coverage"] = blocks["coverage"].mask(lacking, SELECTION)
    return (
        [f"Blocks that lack a row which was set apart, and count as a selection: {int(lacking.sum()):,}."]
        if lacking.any()
        else []
    )


def _scopes(blocks: pd.DataFrame, rows: pd.DataFrame) -> tuple[Scope, ...]:
    listed = _partners(rows)
    blocks = blocks.assign(
        heading=blocks["reporter"] + " " + blocks["hs4"],
        partners=[
            listed.get((block.reporter, block.flow), ()) if block.coverage == SELECTION else ()
            for block in blocks.itertuples()
        ],
    )
    groups = blocks.groupby(["code_level", "flow", "period", "coverage", "partners"])["heading"].agg(sorted)
    return tuple(
        Scope(TABLE, level, flow, period, coverage, tuple(headings), partners)
        for (level, flow, period, coverage, partners), headings in groups.items()
    )


def _partners(rows: pd.DataFrame) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the partners that a load lists for each reporter and flow."""
    listed = rows.loc[rows["partner"] != WORLD, ["reporter", "flow", "partner"]].drop_duplicates()
    return {
        (str(reporter), str(flow)): tuple(sorted(of_reporter["partner"]))
        for (reporter, flow), of_reporter in listed.groupby(["reporter", "flow"])
    }


def _pairs(frame: pd.DataFrame, columns: list[str]) -> Iterable[tuple[str, ...]]:
    return frame[columns].itertuples(index=False, name=None)
