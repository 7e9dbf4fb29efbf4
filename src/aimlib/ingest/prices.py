"""Files of prices into the store, as one commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest import compared
from aimlib.ingest.commit import Declaration
from aimlib.ingest.files import read_snapshots
from aimlib.ingest.rejects import write_rejects
from aimlib.ingest.report import LoadReport
from aimlib.ingest.vintage import held_already, once, report_of
from aimlib.reference import price_series
from aimlib.reference.price_series import DAILY
from aimlib.sources import prices as source
from aimlib.sources.prices.clean import Cleaned, clean
from aimlib.sources.prices.quotes import Asked, Quotes, together
from aimlib.store.commits import COMPLETE, commit_name
from aimlib.store.raw import Snapshot
from aimlib.store.store import Store
from aimlib.store.writing import Draft, Scope, write_commit

TABLE = "prices"
HEADING = "price"


def load_prices(
    store_root: Path,
    paths: Sequence[Path | str],
    *,
    series: str | None = None,
    unit: str | None = None,
    frequency: str | None = None,
    known_on: date | None = None,
    today: date | None = None,
    rejects_path: Path | None = None,
    sample: bool = False,
) -> LoadReport:
    """Load price files, CSV or Excel, as one commit; `aimlib.sources.prices` tells the shapes.

    Parameters
    ----------
    series, unit, frequency
        What the files do not tell: a series' key or symbol, a unit such as ``c/lb``, ``daily`` or ``monthly``.
    known_on
        The day on which the figures were known; unless said the day that all files themselves state (the Pink
        Sheet does), else today.
    today
        The day that counts as today.
    rejects_path
        Where rows that break a rule are written; ``rejects`` in the store's folder unless said.

    Raises
    ------
    AimError
        A file is not there or holds no prices, a series or unit is not known, two figures of a day differ, or
        `known_on` is in the future. The store is then as it was.
    """
    now = datetime.now(UTC)
    today = today or date.today()
    files = once(read_snapshots(paths, now, publisher="", title="", license=""))
    asked = Asked.of(series, unit, frequency)
    found = [source.read(snapshot.body, snapshot.name, asked) for snapshot in files]
    declared = Declaration(
        known_on=known_on or together(found).stated_on or today, captured_at=now, today=today, sample=sample
    )
    return _commit(Path(store_root), files, found, declared, asked, rejects_path)


def commit_prices(
    root: Path,
    snapshots: Sequence[Snapshot],
    declared: Declaration,
    *,
    series: str | None = None,
    unit: str | None = None,
    frequency: str | None = None,
    rejects_path: Path | None = None,
    own_store: bool = False,
) -> LoadReport:
    """Put price files, as bytes, into the store at `root`, as `load_prices` does.

    A snapshot without a publisher gets that of its series. `own_store` is as in
    `aimlib.ingest.commit.commit_census`; each file then holds its months whole, for nothing is kept beside it.
    """
    files = once(snapshots)
    asked = Asked.of(series, unit, frequency)
    found = [source.read(snapshot.body, snapshot.name, asked) for snapshot in files]
    return _commit(Path(root), files, found, declared, asked, rejects_path, own_store)


def _commit(
    root: Path,
    files: Sequence[Snapshot],
    found: Sequence[Quotes],
    declared: Declaration,
    asked: Asked,
    rejects_path: Path | None,
    own_store: bool = False,
) -> LoadReport:
    store, known_on = Store(root, ()) if own_store else Store.open(root), declared.known_on
    told = {"table": TABLE, "asked": list(vars(asked).values()), "sample": declared.sample}
    name = commit_name(known_on, [snapshot.sha256 for snapshot in files], told)
    held = held_already(store, declared, name)
    if held:
        return report_of(held, files, already_held=True)
    quotes = together(found)
    cleaned = clean(quotes.rows, known_on)
    if cleaned.rows.empty:
        why = cleaned.rejects["reason"].iloc[0] if len(cleaned.rejects) else "there are none"
        raise AimError(f"{files[0].name} has no price that can be used: {why}.", "Nothing was loaded.")
    rows, carried = _with_days_before(store, _tidy(cleaned.rows), known_on)
    rejects_file = write_rejects(root, name, cleaned.rejects, rejects_path)
    named = tuple(_named(snapshot, quotes.rows) for snapshot, quotes in zip(files, found, strict=True))
    draft = Draft(name, known_on, declared.captured_at, declared.sample, named, _scopes(rows), {TABLE: rows})
    commit, is_new = write_commit(root, draft)
    notes = (*quotes.notes, *cleaned.notes, *_conversions(cleaned), *carried)
    report = report_of(
        commit,
        files,
        already_held=not is_new,
        rows_read=len(quotes.rows),
        rejects=cleaned.rejects,
        rejects_file=rejects_file,
    )
    report = replace(report, warnings=notes)
    return report if own_store else replace(report, **compared.with_store(store, commit, notes))


def _tidy(rows: pd.DataFrame) -> pd.DataFrame:
    """Return cleaned rows with the columns of the table."""
    is_rate = rows["series"].map({key: price_series.series(key).is_rate for key in rows["series"].unique()})
    return pd.DataFrame(
        {
            "code_level": rows["frequency"],
            "concept": rows["series"],
            "period": rows["day"].dt.strftime("%Y-%m"),
            "heading": HEADING,
            "day": rows["day"],
            "price_usd_t": rows["stored"].mask(is_rate),
            "rate": rows["stored"].where(is_rate),
            "as_given": rows["as_given"],
            "unit_given": rows["unit_given"],
        }
    )


def _with_days_before(store: Store, rows: pd.DataFrame, known_on: date) -> tuple[pd.DataFrame, list[str]]:
    """Add the days held of the first and last month of a daily series that lie outside the span of the new rows.

    A month is one block, which the new one replaces: a file that begins in mid-month says nothing of the days
    before it, which must not go.
    """
    parts, notes = [rows], []
    for key, mine in rows[rows["code_level"] == DAILY].groupby("concept"):
        ends = sorted({mine["period"].min(), mine["period"].max()})
        held = store.read(TABLE, known_on, code_level=DAILY, concept=key, periods=ends)
        outside = held[(held["day"] < mine["day"].min()) | (held["day"] > mine["day"].max())]
        if len(outside):
            parts.append(outside.assign(period=outside["day"].dt.strftime("%Y-%m"))[list(rows.columns)])
            notes.append(f"{key}: days held before of the same months, kept beside the new ones: {len(outside):,}.")
    return pd.concat(parts, ignore_index=True), notes


def _scopes(rows: pd.DataFrame) -> tuple[Scope, ...]:
    blocks = (
        rows[["code_level", "concept", "period"]].drop_duplicates().sort_values(["concept", "code_level", "period"])
    )
    return tuple(
        Scope(TABLE, block.code_level, block.concept, block.period, COMPLETE, (HEADING,))
        for block in blocks.itertuples()
    )


def _named(snapshot: Snapshot, quotes: pd.DataFrame) -> Snapshot:
    """Return the snapshot with the publisher, title and license of its series, where it has none."""
    if snapshot.origin.publisher:
        return snapshot
    told = [price_series.series(key) for key in quotes["series"].drop_duplicates()]
    texts = {
        "publisher": "; ".join(dict.fromkeys(series.publisher for series in told)),
        "title": "; ".join(series.title for series in told),
        "license": "; ".join(dict.fromkeys(series.license for series in told)),
    }
    return replace(snapshot, origin=replace(snapshot.origin, **texts))


def _conversions(cleaned: Cleaned) -> list[str]:
    """Say what the newest figure of each converted series became, so that a wrong unit meets the eye."""
    newest = cleaned.rows.sort_values("day").groupby("series", as_index=False).last()
    told = []
    for row in newest.itertuples():
        stored = price_series.series(row.series).stored_unit
        if row.unit_given != stored:
            when = f"{row.day:%Y-%m-%d}" if row.frequency == DAILY else f"{row.day:%Y-%m}"
            told.append(f"{row.series}: {row.as_given:,g} {row.unit_given} of {when} is {row.stored:,.2f} {stored}.")
    return told
