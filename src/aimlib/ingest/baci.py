"""Files of BACI into the store, as one commit: a block is an HS6 code in a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest import compared
from aimlib.ingest.commit import Declaration
from aimlib.ingest.comtrade.unusable import none_usable
from aimlib.ingest.files import read_snapshots
from aimlib.ingest.rejects import write_rejects
from aimlib.ingest.report import LoadReport, first_few
from aimlib.ingest.vintage import held_already, once, report_of
from aimlib.reference import hs_editions
from aimlib.sources import baci as source
from aimlib.store.commits import COMPLETE, SELECTION, commit_name
from aimlib.store.raw import Snapshot
from aimlib.store.store import Store
from aimlib.store.writing import Draft, Scope, write_commit

TABLE = "baci"
LEVEL = "hs6"
DEFAULT_EDITION = "HS92"


def load_baci(
    store_root: Path,
    paths: Sequence[Path | str],
    *,
    known_on: date | None = None,
    selection: bool = False,
    edition: str | None = None,
    today: date | None = None,
    rejects_path: Path | None = None,
) -> LoadReport:
    """Load files of BACI as one commit; `aimlib.sources.baci` tells the columns.

    Parameters
    ----------
    known_on
        The day of the release; today unless said.
    selection
        The files list some flows of a code and year only.
    edition
        HS92 to HS22; unless said, what the files' names tell, else HS92 with a warning.
    today
        The day that counts as today.
    rejects_path
        Where rows that break a rule are written; ``rejects`` in the store's folder unless said.

    Raises
    ------
    AimError
        A file is not there, has not BACI's columns or nothing of chapter 76; an area code or edition is not known, the
        names tell different editions, `known_on` is in the future or before the last year ended. The store is then as
        it was.
    """
    now = datetime.now(UTC)
    today = today or date.today()
    snapshots = read_snapshots(paths, now, publisher=source.PUBLISHER, title=source.TITLE, license=source.LICENSE)
    declared = Declaration(known_on=known_on or today, captured_at=now, today=today, selection=selection)
    return commit_baci(Path(store_root), snapshots, declared, edition=edition, rejects_path=rejects_path)


def commit_baci(
    root: Path,
    snapshots: Sequence[Snapshot],
    declared: Declaration,
    *,
    edition: str | None = None,
    rejects_path: Path | None = None,
    own_store: bool = False,
) -> LoadReport:
    """Put files of BACI, as bytes, into the store at `root`; see `load_baci`.

    `own_store` is as in `aimlib.ingest.commit.commit_census`.
    """
    root, known_on = Path(root), declared.known_on
    store = Store(root, ()) if own_store else Store.open(root)
    files = once(snapshots)
    concept, notes = _edition(files, edition)
    told = {"table": TABLE, "selection": declared.selection, "edition": concept, "sample": declared.sample}
    name = commit_name(known_on, [snapshot.sha256 for snapshot in files], told)
    held = held_already(store, declared, name)
    if held:
        return report_of(held, files, already_held=True)

    records = pd.concat([source.read(snapshot.body, snapshot.name) for snapshot in files], ignore_index=True)
    cleaned = source.clean(records)
    wrong = _outside_edition(cleaned.rows, concept)
    rejects = pd.concat([cleaned.rejects, wrong], ignore_index=True) if len(wrong) else cleaned.rejects
    rows = cleaned.rows[_in_edition(cleaned.rows, concept)]
    _check_any(rows, rejects, cleaned.outside, files)
    _check_known_on(rows, known_on)
    rejects_file = write_rejects(root, name, rejects, rejects_path)
    scopes = _scopes(rows, concept, rejects, declared.selection)
    draft = Draft(name, known_on, declared.captured_at, declared.sample, files, scopes, {TABLE: _tidy(rows, concept)})
    commit, is_new = write_commit(root, draft)
    report = report_of(
        commit,
        files,
        already_held=not is_new,
        rows_read=len(records),
        rejects=rejects,
        rejects_file=rejects_file,
    )
    report = replace(report, warnings=(*notes, *_notes(rows, cleaned)))
    return report if own_store else replace(report, **compared.with_store(store, commit, report.warnings))


def _edition(files: Sequence[Snapshot], said: str | None) -> tuple[str, list[str]]:
    if said:
        hs_editions.of_baci(said)
        return said.upper(), []
    told = sorted({found for snapshot in files if (found := source.edition_in(snapshot.name))})
    if len(told) > 1:
        raise AimError(f"The files' names tell different editions: {', '.join(told)}.", "Load each edition by itself.")
    if not told:
        return DEFAULT_EDITION, [f"No file's name tells the edition of the HS: {DEFAULT_EDITION} (--edition)."]
    hs_editions.of_baci(told[0])
    return told[0], []


def _in_edition(rows: pd.DataFrame, concept: str) -> pd.Series:
    edition = hs_editions.of_baci(concept)
    known = {code: hs_editions.in_edition(code, edition) for code in rows["code"].unique()}
    return rows["code"].map(known).astype("bool")


def _outside_edition(rows: pd.DataFrame, concept: str) -> pd.DataFrame:
    wrong = rows[~_in_edition(rows, concept)]
    return pd.DataFrame(
        {
            "file": wrong["file"],
            "row": wrong["row"],
            "reason": f"the code is not in {concept}",
            "t": wrong["year"],
            "k": wrong["code"],
        }
    )


def _check_any(rows: pd.DataFrame, rejects: pd.DataFrame, outside: int, files: Sequence[Snapshot]) -> None:
    if len(rows):
        return
    names = first_few([snapshot.name for snapshot in files])
    if len(rejects):
        raise AimError(*none_usable(names, rejects))
    raise AimError(f"{names}: none of the {outside:,} rows is of chapter 76.", "Nothing was loaded.")


def _check_known_on(rows: pd.DataFrame, known_on: date) -> None:
    last = int(rows["year"].max())
    if known_on <= date(last, 12, 31):
        raise AimError(
            f"Figures for {last} cannot have been known on {known_on}, before the year ended.",
            "Give the day of the release with --known-on.",
        )


def _tidy(rows: pd.DataFrame, concept: str) -> pd.DataFrame:
    return rows.assign(
        code_level=LEVEL,
        concept=concept,
        period=rows["year"],
        heading=rows["code"],
        month=pd.to_datetime(rows["year"] + "-01-01"),
    )


def _scopes(rows: pd.DataFrame, concept: str, rejects: pd.DataFrame, selection: bool) -> tuple[Scope, ...]:
    """Return the blocks; one that lacks a row which was set apart counts as a selection."""
    lacking = set(zip(rejects["t"], rejects["k"], strict=True))
    blocks = rows[["year", "code"]].drop_duplicates().sort_values(["year", "code"])
    blocks["coverage"] = [
        SELECTION if selection or block in lacking else COMPLETE for block in blocks.itertuples(index=False, name=None)
    ]
    return tuple(
        Scope(TABLE, LEVEL, concept, str(year), str(coverage), tuple(codes))
        for (year, coverage), codes in blocks.groupby(["year", "coverage"])["code"]
    )


def _notes(rows: pd.DataFrame, cleaned: source.Cleaned) -> list[str]:
    notes = [f"Rows of other chapters, left out: {cleaned.outside:,}."] if cleaned.outside else []
    if cleaned.added:
        notes.append(f"Rows of several area codes that are one country or area, added up: {cleaned.added:,}.")
    missing = int(rows["quantity_kg"].isna().sum())
    if missing:
        notes.append(f"Rows without a quantity, which stays missing: {missing:,} of {len(rows):,}.")
    doubtful = int(rows["doubtful"].sum())
    if doubtful:
        notes.append(
            f"Rows whose unit value is more than {source.DOUBTFUL_FACTOR:.0f} times the trade-weighted median of their "
            f"code and year, or less than an {source.DOUBTFUL_FACTOR:.0f}th of it, marked as doubtful: {doubtful:,}."
        )
    return notes
