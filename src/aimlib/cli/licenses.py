"""The commands about license files: load them, or only check them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from aimlib.cli.messages import check_output, near, say, table, warn
from aimlib.settings import read_settings

if TYPE_CHECKING:
    import pandas as pd

    from aimlib.ingest.licenses import CheckReport
    from aimlib.ingest.report import LoadReport

_SHOWN = 20


def load_licenses(files: list[Path], known_on: dt.date | None, rejects: Path | None) -> None:
    """Load license files and print what went in."""
    from aimlib.ingest.licenses import load_licenses as load

    check_output(rejects, files)
    report = load(read_settings().store, files, known_on=known_on, rejects_path=rejects)
    _print_load(report)
    if report.exit_status:
        raise typer.Exit(report.exit_status)


def check(file: list[Path], on: dt.date | None, csv_out: Path | None) -> None:
    """Examine license files without loading them, and print what a filer would have to change."""
    from aimlib.errors import AimError
    from aimlib.ingest.licenses import check_licenses

    check_output(csv_out, file)
    report = check_licenses(file, on=on, store_root=read_settings().store)
    if csv_out is not None:
        try:
            _harmless(report.findings).to_csv(csv_out, index=False, lineterminator="\n")
        except OSError as error:
            raise AimError(f"{csv_out} cannot be written: {error.strerror}.", "Name another file.") from None
    _print_check(report, csv_out)
    if report.exit_status:
        raise typer.Exit(report.exit_status)


def _harmless(findings: pd.DataFrame) -> pd.DataFrame:
    """Return findings whose texts no spreadsheet takes for a formula: an apostrophe stands before such a one."""
    out = findings.copy()
    for name in ("license_number", "value"):
        texts = out[name].astype("str")
        out[name] = texts.where(~texts.str.match(r"^[=+@-](?![\d.,]+$)"), "'" + texts)
    return out


def _print_load(report: LoadReport) -> None:
    if report.already_held:
        say(f"The store holds these licenses already, known on {report.known_on}. Nothing was changed.")
    for loaded in report.tables:
        say(
            f"{loaded.table}: {loaded.rows:,} lines, expected imports {loaded.first} to {loaded.last}, "
            f"known on {report.known_on}."
        )
    for text in report.warnings:
        warn(text)
    if report.rows_rejected:
        for reason in report.reasons:
            warn(reason)
        warn(
            f"{report.rows_rejected:,} of {report.rows_read:,} rows were set aside; the others went in. They are in "
            f"{near(report.rejects_file)}, with the rule that each breaks; that file can be corrected and loaded."
        )


def _print_check(report: CheckReport, csv_out: Path | None) -> None:
    several = len(report.files) > 1
    columns = ["file", "row", "license_number", "line_number", "field", "value", "rule", "severity", "sentence"]
    errors_first = report.findings.sort_values("severity", kind="stable", key=lambda words: words.astype("str"))
    shown = errors_first.head(_SHOWN)[columns].astype({"line_number": "object"}).fillna({"line_number": ""})
    if len(shown):
        table(
            ["File"] * several + ["Row", "License", "Line", "Field", "Value", "Rule", "Severity", "What to do"],
            ([*row[not several :]] for row in shown.itertuples(index=False, name=None)),
            right=("Row", "Line"),
        )
        if len(report.findings) > _SHOWN:
            rest = len(report.findings) - _SHOWN
            say(f"and {rest:,} more; " + ("all are in the CSV file." if csv_out else "--csv FILE writes them all."))
        say("")
        table(
            ["Rule", "Severity", "Rows", "What to do", "Citation"],
            (
                (row.rule, row.severity, f"{row.rows:,}", row.sentence, row.citation)
                for row in report.counts().itertuples()
            ),
            right=("Rows",),
        )
        say("")
    for text in report.notes:
        warn(text)
    if csv_out is not None:
        say(f"Written: {csv_out} ({len(report.findings):,} findings).")
    say(
        f"{report.rows_read:,} rows examined as known on {report.on}: {report.rows_refused:,} would be set aside, "
        f"{report.errors:,} errors and {report.warnings:,} warnings."
    )
