"""The command that loads files of the public monitor."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from aimlib.cli import data
from aimlib.cli.messages import check_output
from aimlib.settings import read_settings


def load_aim_monitor(files: list[Path], known_on: dt.date | None, rejects: Path | None) -> None:
    """Load files of the public monitor, as one Thursday's vintage, and print what went in."""
    from aimlib.ingest.monitor import load_monitor as load

    check_output(rejects, files)
    report = load(read_settings().store, files, known_on=known_on, rejects_path=rejects)
    data.print_load(report)
    if report.exit_status:
        raise typer.Exit(report.exit_status)
