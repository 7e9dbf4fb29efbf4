"""Answers of Census into a store, as one commit: parse, check, control, write, report."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest import compared
from aimlib.ingest.doubts import few_lines
from aimlib.ingest.gather import Gathered, gather
from aimlib.ingest.rejects import write_rejects
from aimlib.ingest.report import LoadReport, ShareOfTotal, first_few, tables_of
from aimlib.ingest.scope import scopes_of
from aimlib.sources.census import control
from aimlib.store.commits import COMPLETE, SELECTION, Commit, commit_name
from aimlib.store.raw import Snapshot
from aimlib.store.store import Store
from aimlib.store.writing import Draft, write_commit


@dataclass(frozen=True)
class Declaration:
    """What is known about answers besides their bytes.

    ``known_on`` is the day on which the figures were known, ``captured_at`` the moment, in UTC, at which they
    were taken. ``selection`` says that they list some partners only, ``codes`` what was asked (``76``, or
    headings). ``today`` is the day that ``known_on`` may not be after; None lets any day pass, for the
    sample.
    """

    known_on: date
    captured_at: datetime
    today: date | None = None
    selection: bool = False
    codes: tuple[str, ...] | None = None
    sample: bool = False

    @property
    def coverage(self) -> str:
        return SELECTION if self.selection else COMPLETE


def check_kept_apart(store: Store, declared: Declaration) -> None:
    """Raise AimError for real data beside the sample, or the sample beside real data."""
    if not store.is_empty and store.is_sample != declared.sample:
        raise AimError(
            "This store is the embedded sample's, and real data never go beside synthetic ones.",
            "Set AIM_STORE to another folder.",
        )


def commit_census(
    root: Path,
    snapshots: Sequence[Snapshot],
    declared: Declaration,
    rejects_path: Path | None = None,
    *,
    own_store: bool = False,
) -> LoadReport:
    """Put answers of the Census API (JSON bytes, or CSV of the same columns) into the store at `root`.

    They form one commit, named by their bytes and the declaration: the same again change nothing. Rows that
    cannot be read go to a rejects file; answers that list all partners must meet their published totals.

    `own_store` says that the caller fills a store of its own, from the oldest vintage to the newest and none twice:
    then what is held is neither looked at nor compared with, which takes longer with every commit.

    Raises AimError, a `CensusError` among them, with the store as it was.
    """
    root = Path(root)
    store = Store(root, ()) if own_store else Store.open(root)
    check_kept_apart(store, declared)
    once = tuple({snapshot.sha256: snapshot for snapshot in snapshots}.values())
    told = {"selection": declared.selection, "codes": declared.codes, "sample": declared.sample}
    name = commit_name(declared.known_on, [snapshot.sha256 for snapshot in once], told)
    files = tuple(snapshot.name for snapshot in snapshots)
    held = next((commit for commit in store.commits if commit.name == name), None)
    if held is not None and store.is_whole(held):
        return LoadReport(name, held.known_on, True, files, tables_of(held.groups), warnings=_in_front(store, held))

    gathered = gather(once)
    _check_days(declared, gathered)
    _check_partners(gathered)
    shares, warnings = _check_totals(declared, gathered)
    scopes, zeros = scopes_of(gathered.tables, declared.coverage, declared.codes, gathered.set_apart())
    rejects_file = write_rejects(root, name, gathered.rejects, rejects_path)
    commit, is_new = write_commit(
        root,
        Draft(name, declared.known_on, declared.captured_at, declared.sample, once, scopes, gathered.tables),
    )
    report = LoadReport(
        commit_name=name,
        known_on=declared.known_on,
        already_held=not is_new,
        files=files,
        tables=tables_of(commit.groups),
        rows_read=gathered.rows_read,
        rows_rejected=len(gathered.rejects),
        rejects_file=rejects_file,
        reasons=gathered.reasons(),
        aggregates=gathered.aggregates,
        shares=shares,
        warnings=(*gathered.notes, *zeros, *warnings),
    )
    return report if own_store else replace(report, **compared.with_store(store, commit, report.warnings))


def _in_front(store: Store, held: Commit) -> tuple[str, ...]:
    """Say that other figures of the same day were loaded later, and so stand before these."""
    later = [
        commit
        for commit in store.commits
        if commit.known_on == held.known_on
        and commit.captured_at > held.captured_at
        and set(commit.tables()) & set(held.tables())
    ]
    if not later:
        return ()
    return (f"Other figures known on {held.known_on} were loaded after these and stand before them.",)


def _check_days(declared: Declaration, gathered: Gathered) -> None:
    if declared.today is not None and declared.known_on > declared.today:
        raise AimError(
            f"known_on {declared.known_on} is in the future; today is {declared.today}.",
            "Give the day on which the figures were known.",
        )
    last = max(rows["period"].max() for rows in gathered.tables.values())
    year, month = int(last[:4]), int(last[5:])
    ended = date(year, month, calendar.monthrange(year, month)[1])
    if declared.known_on < ended:
        raise AimError(
            f"Figures for {last} cannot have been known on {declared.known_on}, before the month ended.",
            "Give a later known_on, or correct the month.",
        )


def _check_partners(gathered: Gathered) -> None:
    if not any((rows["row_kind"] == "country").any() for rows in gathered.tables.values()):
        raise AimError(
            "The answer lists no partners, only totals.", "Ask with CTY_CODE among the variables, for all partners."
        )


def _check_totals(declared: Declaration, gathered: Gathered) -> tuple[tuple[ShareOfTotal, ...], list[str]]:
    shares: list[ShareOfTotal] = []
    warnings: list[str] = []
    rejected = gathered.reasons()
    set_apart = f" Rows set apart: {len(rejected):,} ({first_few(rejected)})." if rejected else ""
    for table, rows in gathered.tables.items():
        lines = control.compare(rows)
        if declared.selection:
            shares.extend(_shares(table, rows, lines))
            warnings.extend(_excesses(lines))
        else:
            control.check_complete(lines, set_apart)
            warnings.extend(_kilograms(rows))
            warnings.extend([] if declared.codes else few_lines(rows))
    return tuple(shares), warnings


def _shares(table: str, rows: pd.DataFrame, lines: pd.DataFrame) -> list[ShareOfTotal]:
    found = control.shares_of_total(lines)
    shares = []
    for (level, concept), of_concept in rows.groupby(["code_level", "concept"]):
        listed = found[(found["code_level"] == level) & (found["concept"] == concept)].dropna()
        numbers = (None, None, None)
        if len(listed):
            latest = listed.sort_values("period")["share"].iloc[-1]
            numbers = tuple(float(number) for number in (latest, listed["share"].min(), listed["share"].max()))
        last = (listed if len(listed) else of_concept)["period"].max()
        shares.append(ShareOfTotal(table, level, concept, last, *numbers))
    return shares


def _excesses(lines: pd.DataFrame) -> list[str]:
    over = control.excesses(lines)
    told = [f"{line.period} {line.code} {line.column} by {line.difference:,.0f}" for line in over.itertuples()]
    return [f"The listed partners are more than the published total: {first_few(told)}."] if told else []


def _kilograms(rows: pd.DataFrame) -> list[str]:
    """Say where the countries' kilograms differ from the published ones, as flagged quantities make them."""
    lines = control.compare(rows, ["quantity_kg"]).dropna(subset=["difference"])
    off = lines[lines["difference"].abs() >= 0.5]
    told = [f"{line.period} {line.code} by {line.difference:+,.0f} kg" for line in off.itertuples()]
    return [f"Quantities do not meet the published ones: {first_few(told)}."] if told else []
