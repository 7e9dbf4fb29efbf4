"""Which blocks a load of Comtrade answers, with or without rows in them, and whether each is complete."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from aimlib.ingest.comtrade.asked import LEVELS, Asked, asked_heads, whole_headings
from aimlib.ingest.report import first_few
from aimlib.reference import hs_editions
from aimlib.sources.comtrade.clean import Cleaned
from aimlib.sources.comtrade.fields import WORLD
from aimlib.store.commits import COMPLETE, SELECTION
from aimlib.store.writing import Scope

TABLE = "comtrade"
_BLOCK = ["code_level", "flow", "period", "reporter", "hs4"]


def scopes_of(
    cleaned: Cleaned, lines: pd.DataFrame, selection: bool, asked: Asked | None
) -> tuple[tuple[Scope, ...], tuple[str, ...]]:
    """Return the blocks, and notes on those without a row or incomplete.

    A block is complete unless `selection` says that some partners only are listed, a code of it has no row of the
    world (`lines`, of `aimlib.sources.comtrade.control.compare`), a row of it was set apart, or, at HS6, a code of its
    heading is neither asked for nor anywhere in the files.
    """
    rows = cleaned.rows
    found = _blocks(rows)
    blocks = pd.concat([found, _asked_blocks(cleaned, lines, found, asked)]).drop_duplicates(_BLOCK, ignore_index=True)
    blocks = blocks.assign(coverage=SELECTION if selection else COMPLETE)
    notes = _notes_on_zeros(blocks, found, cleaned, asked)
    notes += _mark_unchecked(blocks, lines[lines["world"].isna()])
    whole = whole_headings(asked.codes) if asked else frozenset()
    absent = _absent_codes(blocks[~blocks["hs4"].isin(whole)], {*rows["code"], *(asked.codes if asked else ())})
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


def _asked_blocks(cleaned: Cleaned, lines: pd.DataFrame, found: pd.DataFrame, asked: Asked | None) -> pd.DataFrame:
    """Return the blocks asked for, of the reporters and periods that have any record at all.

    Where the partners are listed without any row of the world, what is absent is not known to be zero.
    """
    if asked is None:
        return found.head(0)
    heads = sorted(asked_heads(asked.codes, set(_pairs(found, ["code_level", "hs4"]))))
    answered = pd.DataFrame(sorted(_answered(cleaned, asked) - _unchecked(lines)), columns=["reporter", "period"])
    flows = asked.flows or tuple(sorted(found["flow"].unique()))
    blocks = (
        answered.merge(pd.DataFrame({"flow": list(flows)}), how="cross")
        .merge(pd.DataFrame(heads, columns=["code_level", "hs4"]), how="cross")
        .astype("str")[_BLOCK]
    )
    return _without_contradictions(blocks, found, whole_headings(asked.codes))


def _without_contradictions(blocks: pd.DataFrame, found: pd.DataFrame, whole: frozenset[str]) -> pd.DataFrame:
    """Leave out blocks that would be zero at one level beside rows of the same heading at the other.

    A block at HS6 whose codes were asked for as such stays, for it may be zero beside its heading.
    """
    present = set(_pairs(found, _BLOCK))
    other = {"hs4": "hs6", "hs6": "hs4"}
    kept = [
        block in present
        or (other[block[0]], *block[1:]) not in present
        or (block[0] == "hs6" and block[-1] not in whole)
        for block in _pairs(blocks, _BLOCK)
    ]
    return blocks[pd.Series(kept, index=blocks.index, dtype="bool")]


def _unchecked(lines: pd.DataFrame) -> set[tuple[str, str]]:
    """Return the reporters and periods that have partners and no row of the world in any flow or code."""
    key = ["reporter", "period"]
    return set(_pairs(lines, key)) - set(_pairs(lines[lines["world"].notna()], key))


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


def _mark_unchecked(blocks: pd.DataFrame, without: pd.DataFrame) -> list[str]:
    """Make selections of the blocks without a row of the world: nothing shows that all partners are there."""
    if without.empty:
        return []
    lacking = _mark(blocks, _blocks(without))
    if not lacking:
        return []
    told = [f"{line.reporter} {line.flow} {line.period} {line.code}" for line in without.itertuples()]
    return [
        f"No row of the world to check the partners against: {len(without):,} sums ({first_few(told)}). Some partners "
        f"may be absent, so that {lacking:,} blocks of a reporter and heading count as a selection. Ask UN Comtrade "
        "with partnerCode left open, so that the row of the world (0) is among the rows."
    ]


def _mark(blocks: pd.DataFrame, lacking: pd.DataFrame) -> int:
    """Make selections of the complete ones among `blocks` that `lacking` names, and return how many."""
    keys = set(_pairs(lacking, _BLOCK))
    hit = pd.Series([key in keys for key in _pairs(blocks, _BLOCK)], index=blocks.index, dtype="bool")
    hit &= blocks["coverage"] == COMPLETE
    blocks["coverage"] = blocks["coverage"].mask(hit, SELECTION)
    return int(hit.sum())


def _mark_set_apart(blocks: pd.DataFrame, set_apart: pd.DataFrame) -> list[str]:
    """Make selections of the blocks that lack a row which was set apart."""
    told = set_apart[set_apart["code"].str.len().isin(list(LEVELS))]
    if told.empty:
        return []
    lacking = _mark(blocks, _blocks(told))
    return [f"Blocks that lack a row which was set apart, and count as a selection: {lacking:,}."] if lacking else []


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
