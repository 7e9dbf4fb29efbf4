"""The command that asks UN Comtrade."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from aimlib.cli.messages import err, say, warn
from aimlib.settings import read_settings

if TYPE_CHECKING:
    from aimlib.ingest.comtrade.fetch_report import FetchReport, Progress

_SHOWN = 10


def fetch_comtrade(
    reporters: Sequence[str],
    first: str,
    last: str | None,
    *,
    frequency: str,
    flows: Sequence[str],
    codes: Sequence[str] | None,
    everything: bool,
    max_calls: int | None,
) -> None:
    """Fetch reporter by reporter, with a line a commit and a summary."""
    from aimlib.ingest.comtrade.fetch import fetch_comtrade as fetch

    settings = read_settings()
    report = fetch(
        settings.store,
        reporters,
        first,
        last,
        frequency=frequency,
        flows=flows,
        codes=codes,
        everything=everything,
        max_calls=max_calls,
        today=dt.date.today(),
        settings=settings,
        progress=_tell,
    )
    _summarize(report)
    if report.exit_status:
        raise typer.Exit(report.exit_status)


def _tell(step: Progress) -> None:
    if step.outcome not in ("asking", "waiting"):
        detail = f": {step.detail}" if step.detail else ""
        say(f"[{step.number}/{step.of}] {step.name} {step.outcome}{detail}")
    elif err.is_terminal:
        err.print(f"[dim]{step.name} {step.outcome} ...[/dim]", end="\r")


def _summarize(report: FetchReport) -> None:
    said = [_count(len(report.committed), "commit"), f"{len(report.held_already)} unchanged"]
    said += [f"{_count(report.up_to_date, 'period')} not asked for again"] if report.up_to_date else []
    say(f"{', '.join(said)}, {_count(report.calls, 'call')}.")
    silent = [f"{iso3} {_periods(periods)}" for iso3, periods in report.not_reported]
    if silent:
        say(f"Not reported yet: {', '.join(silent[:_SHOWN])}{_more(silent)}.")
    for text in report.warnings[:_SHOWN]:
        warn(text)
    if len(report.warnings) > _SHOWN:
        warn(f"and {len(report.warnings) - _SHOWN} more of the kind.")
    for what, reason in report.failed:
        warn(f"{what}: {reason}")
    if report.stopped:
        say(f"Stopped after {_count(report.calls, 'call')}, as asked. The same command goes on from there.")


def _periods(periods: Sequence[str]) -> str:
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]} ({len(periods)})"


def _more(texts: Sequence[str]) -> str:
    return f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
