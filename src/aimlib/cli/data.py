"""The commands that fill the store and say what is in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from aimlib.cli.messages import check_output, err, near, say, table, warn
from aimlib.settings import read_settings

if TYPE_CHECKING:
    from aimlib.ingest.report import LoadReport


def load_census(
    files: list[Path],
    selection: bool,
    known_on: dt.date | None,
    codes: list[str] | None,
    rejects: Path | None,
) -> None:
    """Load files and print what went in."""
    from aimlib.ingest.load import load_census as load

    check_output(rejects, files)
    report = load(
        read_settings().store,
        files,
        known_on=known_on,
        selection=selection,
        codes=codes,
        rejects_path=rejects,
    )
    print_load(report)
    if report.exit_status:
        raise typer.Exit(report.exit_status)


def print_load(report: LoadReport) -> None:
    if report.already_held:
        say(f"The store holds these figures already, known on {report.known_on}. Nothing was changed.")
    for loaded in report.tables:
        say(
            f"{loaded.table}: {loaded.rows:,} rows, {loaded.concept}, {loaded.code_level}, "
            f"{loaded.first} to {loaded.last} "
            f"({loaded.periods} {_periods(loaded.periods)}), {loaded.coverage}, known on {report.known_on}."
        )
    if report.aggregates:
        say(f"Left out: {report.aggregates:,} rows of country groups, which contain countries again.")
    for share in report.shares:
        if share.share is None:
            say("The files hold no published totals, so totals and shares stay blank.")
        else:
            say(
                f"The listed partners make up {share.share:.1%} of the published total in {share.period} "
                f"({share.lowest:.1%} to {share.highest:.1%} over all periods; {share.concept}, {share.code_level})."
            )
    for text in report.warnings:
        warn(text)
    if report.rows_rejected:
        for reason in report.reasons:
            warn(reason)
        kept = f" They are in {near(report.rejects_file)}, with the reason of each." if report.rejects_file else ""
        warn(f"{report.rows_rejected:,} of {report.rows_read:,} rows were set aside; the others went in.{kept}")


def _periods(count: int) -> str:
    return "period" if count == 1 else "periods"


def fetch_census(first: str, last: str | None, everything: bool) -> None:
    """Fetch month by month, with a line a month."""
    from aimlib.ingest.fetch import Progress
    from aimlib.ingest.fetch import fetch_census as fetch

    settings = read_settings()

    def tell(step: Progress) -> None:
        if step.outcome not in ("asking", "waiting"):
            detail = f": {step.detail}" if step.detail else ""
            say(f"[{step.number}/{step.of}] {step.month} {step.outcome}{detail}")
        elif err.is_terminal:
            err.print(f"[dim]{step.month} {step.outcome} ...[/dim]", end="\r")

    report = fetch(
        settings.store,
        first,
        last,
        everything=everything,
        today=dt.date.today(),
        settings=settings,
        progress=tell,
    )
    said = [f"{len(report.committed)} months committed", f"{len(report.held_already)} unchanged"]
    said += [f"{report.up_to_date} not asked for again"] if report.up_to_date else []
    say(f"{', '.join(said)}.")
    if report.not_published:
        say(f"{report.not_published} is not published yet.")
    _warn_once(report.warnings)
    if report.without_figures and not report.committed and not report.held_already and not report.up_to_date:
        warn("No month had figures. Check the months, and AIM_CENSUS_URL if it is set.")
        raise typer.Exit(1)
    for month, reason in report.failed:
        warn(f"{month}: {reason}")
    if report.exit_status:
        raise typer.Exit(report.exit_status)


def _warn_once(texts: tuple[str, ...], shown: int = 10) -> None:
    """Print the first warnings, and how many more there are."""
    for text in texts[:shown]:
        warn(text)
    if len(texts) > shown:
        warn(f"and {len(texts) - shown} more of the kind.")


def sample(if_empty: bool) -> None:
    """Fill an empty store with the sample."""
    from aimlib.ingest.sample import fill_sample
    from aimlib.store import Store, resolve_store

    root = read_settings().store
    if if_empty and not resolve_store(root).is_empty:
        say("The store holds data already; the sample was not needed.")
        return
    fill_sample(root)
    held = Store.open(root / "sample")
    say(f"The store holds the embedded sample, synthetic figures known by {held.known_days()[-1]}.")
    say("Next: aim run import_trends -p country=CAN")


def tables() -> None:
    """Print the tables of the store in use."""
    from aimlib.store import resolve_store

    store = resolve_store(read_settings().store)
    if store.is_empty:
        say("The store is empty. Fill it with aim sample, aim load (census, licenses, comtrade, ...) or aim fetch.")
        return
    if store.is_sample:
        say("This is the embedded sample: synthetic figures, shaped by published totals.")
    summary = store.tables_summary()
    table(
        [
            "Table",
            "Level",
            "Concept",
            "From",
            "To",
            "Periods",
            "Vintages",
            "Known on",
            "Rows",
            "Coverage",
            "Source",
        ],
        (
            (
                row.table,
                row.code_level,
                row.concept,
                row.first,
                row.last,
                row.periods,
                row.vintages,
                row.known_on,
                f"{row.rows:,}",
                row.coverage,
                row.publisher,
            )
            for row in summary.itertuples()
        ),
        right=("Periods", "Vintages", "Rows"),
    )
