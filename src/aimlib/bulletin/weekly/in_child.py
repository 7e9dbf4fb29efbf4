"""What the weekly run calls inside a report's own process: opening ahead of the notebook, and telling of it after."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any

from aimlib.bulletin import manifest
from aimlib.bulletin.changes import Record, changes_between, take_record
from aimlib.bulletin.opening import Report, open_ahead
from aimlib.bulletin.parameters import Parameters, model_of
from aimlib.bulletin.weekly.comparing import Compared
from aimlib.errors import AimError
from aimlib.settings import share_dir
from aimlib.store.reads import Read, recording


class _Open:
    """The report of this process, and what it has read so far."""

    given: Parameters
    report: Report
    reads: set[Read]
    held = contextlib.ExitStack()


def begin_report(notebook: str, given: dict[str, Any]) -> dict[str, Any]:
    """Open a report before its notebook runs, and return the parameters for papermill.

    Raises AimError for what the store does not hold.
    """
    _Open.reads = _Open.held.enter_context(recording())
    _Open.given = model_of(notebook).parse(given)
    _Open.report = open_ahead(_Open.given)
    return _Open.report.parameters.as_papermill()


def end_report() -> dict[str, Any]:
    """Return ``inputs`` (as the manifest has them), ``reads``, ``synthetic`` and ``slug`` of the report."""
    report = _Open.report
    source = (share_dir("notebooks") / f"{report.notebook}.ipynb").read_bytes()
    inputs = manifest.inputs_of(
        report.notebook,
        source,
        _Open.given.model_dump(mode="json"),
        report.parameters.model_dump(mode="json"),
        report.blocks,
    )
    # After the blocks, for telling the sources reads too.
    return {"inputs": inputs, "reads": sorted(_Open.reads), "synthetic": report.synthetic, "slug": report.slug}


def changes_since(notebook: str, since: str, told: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any]:
    """Return what changed in a report since a day, as `aimlib.bulletin.weekly.comparing.Compared` has it in JSON.

    `told` is what was published on that day (``headlines``, ``inputs``), None where it is worked out from the store;
    `after` is the same of the report itself.
    """
    now = Record.of(notebook, after["headlines"], after["inputs"])
    day = date.fromisoformat(since)
    try:
        before = Record.of(notebook, told["headlines"], told["inputs"]) if told else take_record(now.parameters, day)
    except AimError:  # nothing was known on that day
        return Compared(None, ()).as_json()
    return Compared(day, tuple(changes_between(before, now))).as_json()


def reads_so_far() -> list[Read]:
    """Return what was read, where the report could not be opened."""
    return sorted(_Open.reads)
