"""What a fetch of UN Comtrade tells: its steps as they go, and its outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aimlib.errors import AimError
from aimlib.ingest.report import LoadReport


@dataclass(frozen=True)
class Progress:
    """One step of a fetch: unit ``number`` of ``of``, its ``name`` (``CAN 2024``), and what became of it.

    ``outcome`` is ``asking``, ``waiting``, ``committed``, ``held already``, ``not reported yet``, ``failed`` or
    ``broken off``; ``detail`` says how much or why.
    """

    name: str
    number: int
    of: int
    outcome: str
    detail: str = ""


@dataclass(frozen=True)
class FetchReport:
    """A fetch's outcome. ``failed`` pairs a reporter and its periods with what is wrong in the answer.

    ``committed`` and ``held_already`` are names of units (``CAN 2024``), one a commit; ``not_reported`` pairs a
    reporter with the periods of which the service has no row. ``up_to_date`` counts the reporter-periods that were not
    asked for, ``calls`` the calls made; ``stopped`` says that they reached the number allowed.
    """

    first: str
    last: str
    reporters: tuple[str, ...]
    committed: tuple[str, ...] = ()
    held_already: tuple[str, ...] = ()
    not_reported: tuple[tuple[str, tuple[str, ...]], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    up_to_date: int = 0
    calls: int = 0
    stopped: bool = False
    loads: tuple[LoadReport, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(f"{name}: {warning}" for name, load in self._loaded() for warning in load.warnings)

    @property
    def exit_status(self) -> int:
        """2 where an answer could not be used, 1 where rows were set apart, else 0."""
        if self.failed:
            return 2
        return max((load.exit_status for load in self.loads), default=0)

    def _loaded(self) -> list[tuple[str, LoadReport]]:
        return list(zip(self.committed, self.loads, strict=True))


class Teller:
    """Tells the caller how far it is."""

    def __init__(self, progress: Callable[[Progress], None] | None, of: int) -> None:
        self._progress = progress or (lambda step: None)
        self._of = of
        self._name, self._number = "", 0

    def next(self, name: str) -> None:
        self._name, self._number = name, self._number + 1
        self.outcome("asking")

    def outcome(self, outcome: str, detail: str = "") -> None:
        self._progress(Progress(self._name, self._number, self._of, outcome, detail))

    def waiting(self, error: Exception) -> None:
        self.outcome("waiting", getattr(error, "message", ""))


def with_report(error: AimError, report: FetchReport) -> AimError:
    """Return the error that ended a fetch, saying what came in before it; ``report`` is the report so far."""
    count = len(report.committed)
    if count:
        done = f"{count} commits" if count > 1 else "1 commit"
        error.message = f"{error.message} Before that {done} came in, to {report.committed[-1]}, and stay."
        error.advice = f"{error.advice} The same command goes on from there.".strip()
    error.report = report
    return error
