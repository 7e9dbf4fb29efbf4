"""The commands that load the trade of the world: UN Comtrade and BACI."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from aimlib.cli import data
from aimlib.cli.messages import check_output
from aimlib.settings import read_settings


def load_comtrade(
    files: list[Path],
    selection: bool,
    codes: list[str] | None,
    known_on: dt.date | None,
    rejects: Path | None,
) -> None:
    """Load files of Comtrade as one commit and print what went in."""
    from aimlib.ingest.comtrade import load_comtrade as load

    check_output(rejects, files)
    report = load(
        read_settings().store, files, selection=selection, codes=codes, known_on=known_on, rejects_path=rejects
    )
    data.print_load(report)
    if report.exit_status:
        raise typer.Exit(report.exit_status)


def load_baci(
    files: list[Path],
    edition: str | None,
    selection: bool,
    known_on: dt.date | None,
    rejects: Path | None,
) -> None:
    """Load files of BACI as one commit and print what went in."""
    from aimlib.ingest.baci import load_baci as load

    check_output(rejects, files)
    report = load(
        read_settings().store, files, edition=edition, selection=selection, known_on=known_on, rejects_path=rejects
    )
    data.print_load(report)
    if report.exit_status:
        raise typer.Exit(report.exit_status)
