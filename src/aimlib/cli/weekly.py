"""The weekly run on the command line: what is asked for, progress while it goes on, and the summary at the end."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import typer
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from aimlib.bulletin.engine.client import start_ahead
from aimlib.cli.messages import err, near, out, say, warn
from aimlib.errors import AimError
from aimlib.settings import checkout_root, read_settings, share_dir

_FAILED = 1


def weekly(
    as_of: dt.date | None,
    only: Sequence[str],
    limit: int | None,
    *,
    keep_going: bool,
    force: bool,
    jobs: int | None,
    plan_file: Path | None,
    output: str,
    embedded: bool,
    cluster: str,
    data: str,
) -> None:
    """Make and publish the bulletins of a Thursday; exit with status 1 where one failed.

    `output` and `data` may be addresses for fsspec: what is published then goes there from a folder of this machine.
    """
    if embedded:
        from aimlib.cli.reports import use_sample

        use_sample()
    if data and embedded:
        raise AimError("--sample and --data name two stores.", "Give one of them.")
    from aimlib.bulletin.weekly.remote import is_remote, local_copy, local_path, mirror, upload

    if data:
        os.environ["AIM_STORE"] = str(local_copy(data))
    is_elsewhere = is_remote(output)
    folder = mirror(output) if is_elsewhere else local_path(output) if output else default_folder()
    day = as_of or _this_release()
    _check_day(day)
    if not cluster and (force or not (folder / str(day)).exists()):
        start_ahead()

    from aimlib.bulletin.weekly import results
    from aimlib.bulletin.weekly.comparing import befores_of
    from aimlib.bulletin.weekly.plan import read_plan
    from aimlib.bulletin.weekly.publishing import check_folder, publish
    from aimlib.bulletin.weekly.run import Cluster, make_bulletins, standing_bulletin

    plan = read_plan(plan_file or share_dir("reports") / "bulletins.yml", day)
    chosen = plan.chosen(only, limit)
    editions = check_folder(folder, _store().is_sample)
    befores = befores_of(folder, editions, plan, day, _store().is_sample)
    edition = next((one for one in editions if one.day == day), None)
    published = {entry.name for entry in edition.entries} if edition else set()
    work = folder.parent / f".{folder.name}.work"
    results.prepare(work)
    watch = _progress()
    try:
        with watch:
            outcome = make_bulletins(
                chosen,
                work,
                watch,
                befores,
                jobs=jobs,
                keep_going=keep_going,
                force=force,
                limits=plan.limits,
                cluster=Cluster(cluster, data or str(read_settings().store)) if cluster else None,
            )
    except Exception:
        raise
    except BaseException:  # Ctrl-C, which the command line words in the end
        watch.stopped()
        raise
    ready = {one.planned.name: one for one in outcome.ready}
    if outcome.failures and not keep_going:
        _report(outcome, chosen, None, {}, "")
        raise typer.Exit(_FAILED)
    for other in plan.bulletins:
        # What was published for this day and not asked for now stays, as long as nothing of it has changed.
        if other.name in published and other not in chosen and (standing := standing_bulletin(other, work, befores)):
            ready[other.name] = standing
    in_order = [ready[one.name] for one in plan.bulletins if one.name in ready]
    done = publish(folder, plan, day, in_order) if in_order else None
    if done and is_elsewhere:
        upload(folder, output)
    reasons = _reasons(done.taken_out if done else (), plan, {one.title for one in chosen})
    _report(outcome, chosen, done, reasons, f"{output}/index.html" if is_elsewhere else "")
    if outcome.failures:
        raise typer.Exit(_FAILED)


def default_folder() -> Path:
    """Return where editions are published unless told otherwise."""
    return (checkout_root() or Path.cwd()) / "reports" / "build" / "weekly"


def _this_release() -> dt.date:
    """Return the newest release day, of the sample the newest that its figures reach."""
    from aimlib.reference.release_days import latest_release

    store = _store()
    if store.is_empty:
        raise AimError(
            "The store is empty.", "Load figures (aim load --help), or add --sample for the embedded sample."
        )
    newest = store.known_days()[-1]
    day = latest_release(dt.date.today())
    if store.is_sample:
        return latest_release(min(newest, dt.date.today()))
    if newest < day - dt.timedelta(days=7):
        warn(f"The newest figures in the store were known on {newest}; load this week's, or name the day with --as-of.")
    return day


def _check_day(day: dt.date) -> None:
    from aimlib.reference.release_days import is_release, latest_release

    days = _store().known_days()
    if day > max([dt.date.today(), *days[-1:]]):
        raise AimError(
            f"--as-of {day} is in the future.", f"The newest release day is {latest_release(dt.date.today())}."
        )
    if days and day < days[0]:
        raise AimError(f"Nothing was known yet on {day}: the first figures in the store are of {days[0]}.")
    if not is_release(day):
        warn(f"{day} is no day on which the monitor comes out; the one before it was {latest_release(day)}.")


def _store():
    from aimlib.store import resolve_store

    return resolve_store(read_settings().store)


def _reasons(taken_out: Sequence[str], plan, asked_for: Collection[str]) -> dict[str, str]:
    """Return why each bulletin was taken out of the edition, by its title; `asked_for` are those of this run."""
    planned = {one.title for one in plan.bulletins}
    return {
        title: "it is not in the plan"
        if title not in planned
        else "it failed"
        if title in asked_for
        else "what it rests on has changed or can no longer be checked; without --only it is made again"
        for title in taken_out
    }


def _report(outcome, chosen, published, reasons: Mapping[str, str], address: str) -> None:
    """Print the summary: failures first; `address` is where the published folder was brought, '' where it stands."""
    for title, error in outcome.failures.items():
        err.print(f"[red]Failed:[/red] {escape(title)}: {escape(error.message)}")
        if error.advice:
            err.print(f"  {escape(error.advice)}")
    counts = f"{len(outcome.ready)} of {len(chosen)} bulletins"
    work = f"{outcome.made} reports made, {outcome.standing} taken as they stood"
    say(f"{counts} ready in {outcome.seconds:.1f} s ({work}).")
    if published is None:
        say("Nothing was published. Run again: what is finished is kept.")
        return
    for title, reason in reasons.items():
        warn(f"{title} was taken out of the edition: {reason}.")
    place = address or near(published.folder / "index.html")
    say(f"{'Published' if published.changed else 'Nothing changed'}: {place}")


def _progress() -> _Lines | _Board:
    return _Board() if out.is_terminal and os.environ.get("TERM") != "dumb" else _Lines()


class _Counting:
    """What both kinds of progress count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reports = self._standing = self._done = 0

    def begins(self, reports: int, standing: int) -> None:
        """Take note of how much there is to do."""
        self._reports, self._standing = reports, standing

    def stopped(self) -> None:
        """Say what is finished, where the run was stopped."""
        say(f"{self._standing + self._done} of {self._reports} reports are finished and kept; nothing was published.")


class _Lines(_Counting):
    """Progress as plain lines, for a log."""

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None: ...

    def begins(self, reports: int, standing: int) -> None:
        """Say how much there is to do."""
        super().begins(reports, standing)
        say(f"{reports} reports, {standing} stand as they are.")

    def works(self, lane: int, title: str, section: str) -> None:
        """Say nothing: a log tells what is finished."""

    def made(self, lane: int, title: str, seconds: float, is_report: bool) -> None:
        """Say what is finished."""
        with self._lock:
            self._done += is_report
            say(f"{dt.datetime.now():%H:%M:%S}  {title} ({seconds:.1f} s)")

    def failed(self, lane: int, title: str, error: AimError) -> None:
        """Say what failed."""
        with self._lock:
            say(f"{dt.datetime.now():%H:%M:%S}  {title} FAILED: {error.message}")


class _Board(_Counting):
    """Progress as one live table: what each worker does, for how long, and how much is left."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[int, tuple[str, str, float]] = {}
        self._began = time.monotonic()
        self._live = Live(get_renderable=self._table, console=out, refresh_per_second=4, transient=True)

    def __enter__(self) -> _Board:
        self._live.__enter__()
        return self

    def __exit__(self, *reason: object) -> None:
        self._live.__exit__(*reason)

    def begins(self, reports: int, standing: int) -> None:
        """Take note of how much there is to do, and start the clock."""
        super().begins(reports, standing)
        self._began = time.monotonic()

    def works(self, lane: int, title: str, section: str) -> None:
        """Show what a worker is at."""
        with self._lock:
            begun = self._rows.get(lane, ("", "", 0.0))
            since = begun[2] if begun[0] == title else time.monotonic()
            self._rows[lane] = (title, section, since)

    def made(self, lane: int, title: str, seconds: float, is_report: bool) -> None:
        """Count what is finished."""
        with self._lock:
            self._rows.pop(lane, None)
            self._done += is_report

    def failed(self, lane: int, title: str, error: AimError) -> None:
        """Show what failed, above the table."""
        with self._lock:
            self._rows.pop(lane, None)
        self._live.console.print(f"[red]Failed:[/red] {escape(title)}: {escape(error.message)}")

    def _table(self) -> Table:
        grid = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("Report", "Section", "Elapsed"):
            grid.add_column(heading, justify="right" if heading == "Elapsed" else "left")
        now = time.monotonic()
        with self._lock:
            for _, (title, section, since) in sorted(self._rows.items()):
                grid.add_row(escape(title), escape(section), f"{now - since:.0f} s")
            left = self._reports - self._standing
            grid.caption = f"{self._done} of {left} reports{self._remaining(now, left)}"
            grid.caption_justify = "left"
        return grid

    def _remaining(self, now: float, left: int) -> str:
        if not 2 <= self._done < left:
            return ""
        seconds = (now - self._began) / self._done * (left - self._done)
        return f", about {seconds / 60:.0f} min left" if seconds > 90 else f", about {seconds:.0f} s left"
