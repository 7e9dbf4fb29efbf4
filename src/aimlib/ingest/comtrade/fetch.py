"""Asking UN Comtrade reporter by reporter, each year of it committed as it comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from aimlib.errors import AimError
from aimlib.ingest.commit import Declaration, check_kept_apart
from aimlib.ingest.comtrade.asked import Asked
from aimlib.ingest.comtrade.asking import Answered, Asker
from aimlib.ingest.comtrade.due import Held, Unit, codes_asked, due, flows_asked, periods_asked, reporters_asked, units
from aimlib.ingest.comtrade.fetch_report import FetchReport, Progress, Teller, with_report
from aimlib.ingest.comtrade.load import commit_comtrade
from aimlib.settings import Settings
from aimlib.sources.comtrade.errors import CallsUsed, ServiceError
from aimlib.sources.comtrade.fields import LICENSE, PUBLISHER, TITLE
from aimlib.sources.comtrade.request import ComtradeClient
from aimlib.store.files import StoreError
from aimlib.store.raw import Origin, Snapshot
from aimlib.store.store import Store

_FAILURES_IN_A_ROW = 3  # then it is the service or the question, and not one reporter


def fetch_comtrade(
    store_root: Path,
    reporters: Sequence[str],
    first: str,
    last: str | None = None,
    *,
    frequency: str = "monthly",
    flows: Sequence[str] = ("import", "export"),
    codes: Sequence[str] | None = None,
    everything: bool = False,
    max_calls: int | None = None,
    today: date,
    settings: Settings,
    progress: Callable[[Progress], None] | None = None,
    wait_seconds: float = 1.0,
) -> FetchReport:
    """Ask UN Comtrade what `reporters` declare from `first` to `last`, each year of a reporter committed as it comes.

    Parameters
    ----------
    reporters
        Countries by name or code, groups, or ``all``.
    first, last
        Months ``2019-01`` (or ``2019``), or years with ``frequency="annual"``; `last` is the last ended unless said.
    codes
        HS4 headings of chapter 76, or HS6 of the seven categories, which bring their whole heading; all HS6 of the
        seven categories unless said.
    everything
        Ask also for what is held and not old enough to have been revised (see `aimlib.ingest.comtrade.due`).
    max_calls
        The calls to make at most, repeated ones included; the report is then ``stopped``.
    wait_seconds
        Seconds from one call to the next with a key; twice as long without.

    With a key twelve periods are asked at once, without one the preview is asked period by period. An answer that may
    be cut is asked again in parts, which go into one commit. A reporter's period without a row in any flow is not
    reported yet, and not committed. Where a year does not meet its control, its periods are committed one by one. An
    answer that cannot be used is told, and the next reporter follows.

    Raises
    ------
    AimError
        The arguments make no sense, or the service, the key or the quota ended it; ``report`` is then the
        FetchReport so far, and what was committed stays, so that the same call goes on from there.
    """
    periods = periods_asked(first, last, frequency, today)
    asked_codes, asked_flows = codes_asked(codes), flows_asked(flows)
    names = reporters_asked(reporters)
    if max_calls is not None and max_calls < 1:
        raise AimError(f"{max_calls} calls are none.", "Allow one or more with --max-calls, or leave it out.")
    store = Store.open(store_root)
    check_kept_apart(store, Declaration(known_on=today, captured_at=datetime.now(UTC)))
    held = Held(store, asked_codes)
    every = units(names, periods, frequency)
    wanted = [
        replace(unit, periods=due_ones)
        for unit in every
        if (due_ones := due(unit, held, asked_flows, today, everything=everything))
    ]
    not_asked = sum(len(unit.periods) for unit in every) - sum(len(unit.periods) for unit in wanted)
    report = FetchReport(periods[0], periods[-1], names, up_to_date=not_asked)
    tell = Teller(progress, len(wanted))
    client = ComtradeClient(
        settings.comtrade_url,
        settings.comtrade_key,
        wait_seconds=wait_seconds,
        max_calls=max_calls,
        on_wait=tell.waiting,
    )
    with client:
        asker = Asker(client, frequency, asked_flows, asked_codes)
        question = Asked(flows=asked_flows, frequency=frequency, codes=asked_codes)
        return _Fetch(Path(store_root), today, question, asker, tell, report).all(wanted)


@dataclass
class _Fetch:
    """One fetch under way: asks for the units, commits what their answers hold, and keeps the report so far."""

    root: Path
    today: date
    question: Asked
    asker: Asker
    tell: Teller
    report: FetchReport

    def all(self, wanted: list[Unit]) -> FetchReport:
        """Ask for each unit in turn. Raises what ended the fetch, with the report so far."""
        unusable = 0
        for unit in wanted:
            self.tell.next(unit.name)
            try:
                answered = self._unit(unit)
            except CallsUsed:
                self._note(stopped=True)
                return self.report
            except ServiceError as error:
                self.tell.outcome("broken off")
                raise with_report(error, self.report) from None
            unusable = 0 if answered.replies else unusable + 1
            if unusable == _FAILURES_IN_A_ROW:
                raise with_report(next(iter(answered.failed.values())), self.report)
        return self.report

    def _unit(self, unit: Unit) -> Answered:
        """Ask for a unit and take what came. Raises the service's error where it ended midway."""
        answered = self.asker.ask(unit)
        self._note(calls=self.asker.calls)
        self._take(answered)
        if answered.ended is not None:
            raise answered.ended
        return answered

    def _take(self, answered: Answered) -> None:
        iso3 = answered.unit.iso3
        for error, periods in _by_error(answered.failed):
            self._failed(iso3, periods, error)
        usable = tuple(period for period in answered.whole if period in answered.reported)
        silent = tuple(period for period in answered.whole if period not in answered.reported)
        if silent:
            self._note(not_reported=(*self.report.not_reported, (iso3, silent)))
        if silent and not usable:
            self.tell.outcome("not reported yet", _span(silent))
        if usable:
            self._commit(answered, usable)

    def _commit(self, answered: Answered, periods: tuple[str, ...]) -> None:
        unit, now = answered.unit, datetime.now(UTC)
        snapshots = [
            Snapshot(reply.body, Origin(PUBLISHER, TITLE, reply.asked, now, LICENSE), reply.question.name)
            for reply in answered.replies_for(periods)
        ]
        asked = replace(self.question, reporters=(unit.iso3,), periods=periods)
        try:
            load = commit_comtrade(self.root, snapshots, Declaration(self.today, now, self.today), asked=asked)
        except StoreError:
            raise
        except AimError as error:
            if len(periods) == 1:
                self._failed(unit.iso3, periods, error)
            else:
                self._one_by_one(answered, periods, error)
            return
        if load.already_held:
            self.tell.outcome("held already", _span(periods))
            self._note(held_already=(*self.report.held_already, unit.name))
            return
        self.tell.outcome("committed", f"{_span(periods)}, {load.rows_read:,} rows")
        self._note(committed=(*self.report.committed, unit.name), loads=(*self.report.loads, load))

    def _one_by_one(self, answered: Answered, periods: tuple[str, ...], error: AimError) -> None:
        """Commit each period by itself, so that one that does not meet its control keeps no other out.

        What came together is asked again period by period, until so many fail that the others will too.
        """
        in_a_row = 0
        for at, period in enumerate(periods):
            failed = len(self.report.failed)
            alone = answered.separately(period)
            if alone is not None:
                self._take(alone)
            elif in_a_row < _FAILURES_IN_A_ROW:
                self._unit(replace(answered.unit, periods=(period,)))
            else:
                self._failed(answered.unit.iso3, periods[at:], error)
                return
            in_a_row = in_a_row + 1 if len(self.report.failed) > failed else 0

    def _failed(self, iso3: str, periods: Sequence[str], error: AimError) -> None:
        self.tell.outcome("failed", f"{_span(periods)}, {error.message}")
        self._note(failed=(*self.report.failed, (f"{iso3} {_span(periods)}", str(error))))

    def _note(self, **changes: object) -> None:
        self.report = replace(self.report, **changes)


def _by_error(failed: dict[str, AimError]) -> list[tuple[AimError, list[str]]]:
    """Return each error once, with its periods."""
    errors = list({id(error): error for error in failed.values()}.values())
    return [(error, [period for period, of in failed.items() if of is error]) for error in errors]


def _span(periods: Sequence[str]) -> str:
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
