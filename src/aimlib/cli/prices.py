"""The commands about prices: load files of them, and say what is held and how far it agrees."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from aimlib.cli import data
from aimlib.cli.messages import check_output, say, table
from aimlib.settings import read_settings

if TYPE_CHECKING:
    from aimlib.analysis.prices import Comparison
    from aimlib.store.store import Store

_DAILY = "lme_cash"
_MONTHLY = ("world_bank_aluminum", "imf_aluminum")


def load_prices(
    files: list[Path],
    series: str | None,
    unit: str | None,
    frequency: str | None,
    known_on: dt.date | None,
    rejects: Path | None,
) -> None:
    """Load files of prices and print what went in."""
    from aimlib.ingest.prices import load_prices as load

    check_output(rejects, files)
    # One file is one publication, known on its own day.
    status = 0
    for file in files:
        report = load(
            read_settings().store,
            [file],
            series=series,
            unit=unit,
            frequency=frequency,
            known_on=known_on,
            rejects_path=rejects if len(files) == 1 else None,
        )
        data.print_load(report)
        status = max(status, report.exit_status)
    if status:
        raise typer.Exit(status)


def prices() -> None:
    """Print the series held, and how far those agree that tell the same price."""
    from aimlib.ingest.read_prices import held_series
    from aimlib.store import resolve_store

    store = resolve_store(read_settings().store)
    held = held_series(store)
    if held.empty:
        say("The store holds no prices. Load them with aim load prices FILE...")
        return
    if store.is_sample:
        say("This is the embedded sample: synthetic figures.")
    table(
        ["Series", "Frequency", "From", "To", "Figures", "Given in", "Known on"],
        (
            (
                row.series,
                row.frequency,
                _day(row.first, row.frequency),
                _day(row.last, row.frequency),
                f"{row.days:,}",
                row.units,
                row.known_on.date(),
            )
            for row in held.itertuples()
        ),
        right=("Figures",),
    )
    _compare(store, set(held[["series", "frequency"]].itertuples(index=False, name=None)))


def _compare(store: Store, held: set[tuple[str, str]]) -> None:
    from aimlib.analysis.prices import by_month, compare_monthly
    from aimlib.ingest.read_prices import read_prices

    if (_DAILY, "daily") not in held:
        return
    daily = by_month(read_prices(store, _DAILY, "daily"), "daily")
    for key in _MONTHLY:
        if (key, "monthly") in held:
            monthly = by_month(read_prices(store, key, "monthly"), "monthly")
            _print_comparison(key, compare_monthly(daily, monthly))


def _print_comparison(key: str, found: Comparison) -> None:
    if found.largest_month is None:
        say(f"{_DAILY} and {key} have no complete month in common.")
        return
    say(
        f"{_DAILY}, mean of the month's days, against {key}, {len(found.months)} months: median gap "
        f"{found.median:.2%}, largest {found.largest:.2%} ({found.largest_month:%Y-%m})."
    )
    for month in found.noted.itertuples():
        say(f"  {month.month:%Y-%m}  {month.a:9,.2f}  {month.b:9,.2f}  {month.gap:+.2%}")
    if found.noted.empty:
        say("  No month differs by more than 0.5%.")
    if found.left_out:
        say(f"  Not compared, for days are missing: {', '.join(f'{month:%Y-%m}' for month in found.left_out)}.")


def _day(day: dt.datetime, frequency: str) -> str:
    return f"{day:%Y-%m-%d}" if frequency == "daily" else f"{day:%Y-%m}"
