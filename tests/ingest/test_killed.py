"""A load killed at any moment leaves the store as before or after and can be repeated; two may run."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import date

import pytest
from census_server import answer, to_json

from aimlib.ingest.load import load_census
from aimlib.store import Store

TODAY = date(2026, 11, 21)
MONTHS = [f"{year}-{month:02d}" for year in range(2022, 2026) for month in range(1, 13)]
KILLS = 50

# A process that has imported everything and forks for each load: fifty starts of Python would take a minute.
LOADER = """
import json, os, sys
from datetime import date
import aimlib.store.store, pandera.pandas, duckdb
from aimlib.ingest.load import load_census
for line in sys.stdin:
    root, files, known_on = json.loads(line)
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            load_census(root, files, known_on=date.fromisoformat(known_on), today=date(2026, 11, 21))
            code = 0
        finally:
            os._exit(code)
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
"""


class Loads:
    """Starts loads in processes of their own, one after the other."""

    def __init__(self, process):
        self._process = process

    def start(self, root, files, known_on):
        """Start a load and return its process id."""
        request = json.dumps([str(root), [str(file) for file in files], known_on])
        self._process.stdin.write(request + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def wait(self):
        """Wait for the load to end and return its wait status: 0, or the signal that killed it."""
        return int(self._process.stdout.readline())


@contextmanager
def loads():
    with subprocess.Popen(
        [sys.executable, "-c", LOADER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Loads(process)
        finally:
            process.stdin.close()


@pytest.fixture
def files(tmp_path):
    """Files of four years, one a month."""
    paths = []
    for month in MONTHS:
        paths.append(tmp_path / f"{month}.json")
        paths[-1].write_bytes(to_json(answer(month)))
    return paths


def rows_in(root):
    return len(Store.open(root).read("census_imports"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_fifty_kills_lose_nothing_and_leave_no_half(tmp_path, files):
    before_root, root = tmp_path / "before", tmp_path / "store"
    load_census(before_root, files[:1], known_on=date(2026, 1, 10), today=TODAY)
    shutil.copytree(before_root, root)
    before, after = rows_in(root), rows_in(root) * len(files)
    dice = random.Random(20261121)
    killed, seen = 0, set()
    with loads() as loader:
        whole = tmp_path / "whole"
        started = time.monotonic()
        loader.start(whole, files, "2026-01-11")
        assert loader.wait() == 0
        duration = time.monotonic() - started
        assert rows_in(whole) == after
        for kill in range(KILLS):
            # Half of the kills fall into the last third, where the store is written.
            moment = dice.uniform(0.65 if kill % 2 else 0.0, 1.0) * duration
            started = time.monotonic()
            pid = loader.start(root, files, "2026-01-11")
            timer = threading.Timer(moment, kill_if_running, [pid])
            timer.start()
            was_killed = loader.wait() == signal.SIGKILL
            timer.cancel()
            killed += was_killed
            duration = duration if was_killed else min(duration, time.monotonic() - started)
            held = rows_in(root)
            assert held in (before, after)
            seen.add(held)
            if held == after:
                shutil.rmtree(root)
                shutil.copytree(before_root, root)
        loader.start(root, files, "2026-01-11")
        assert loader.wait() == 0
    assert rows_in(root) == after
    assert killed >= KILLS // 2
    assert before in seen


def kill_if_running(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("step", range(12))
def test_the_end_may_come_at_any_step_of_the_writing(tmp_path, monkeypatch, step):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_bytes(to_json(answer("2024-01", prefix="7601")))
    second.write_bytes(to_json(answer("2024-02", prefix="7601")))
    root = tmp_path / "store"
    load_census(root, [first], known_on=date(2026, 1, 10), today=TODAY)
    before = rows_in(root)
    steps = iter(range(1000))

    def perhaps(original):
        def run(*args):
            if next(steps) == step:
                raise Killed
            return original(*args)

        return run

    for name in ("fsync", "replace", "link"):
        monkeypatch.setattr(f"aimlib.store.files.os.{name}", perhaps(getattr(os, name)))
    with pytest.raises(Killed):
        load_census(root, [second], known_on=date(2026, 1, 11), today=TODAY)
    monkeypatch.undo()
    assert rows_in(root) == (before if step < 11 else 2 * before)  # the eleventh step names the commit
    load_census(root, [second], known_on=date(2026, 1, 11), today=TODAY)
    assert rows_in(root) == 2 * before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_two_processes_load_at_once(tmp_path, files):
    root = tmp_path / "store"
    half = len(files) // 2
    with loads() as one, loads() as other, loads() as third:
        one.start(root, files[:half], "2026-01-10")
        other.start(root, files[half:], "2026-01-10")
        third.start(root, files[:half], "2026-01-10")
        assert [loader.wait() for loader in (one, other, third)] == [0, 0, 0]
    store = Store.open(root)
    assert len(store.commits) == 2
    assert store.blocks()["period"].nunique() == len(files)
    assert rows_in(root) == len(files) * 2 * 18 * 9
    assert not list((root / "tmp").iterdir())
