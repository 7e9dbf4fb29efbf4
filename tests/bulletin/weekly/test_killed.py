"""kill -9, of the whole run and of single workers: nothing half made is published, and the next run completes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import psutil
import pytest
from commands import aim
from published_folder import check_whole
from weekly_trial import FIRST, MONTHS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
KILLS = int(os.environ.get("AIM_TEST_KILLS", "4"))


def started(trial) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", "from aimlib.cli import main; main()", *asked(trial)],
        env={**os.environ, "AIM_STORE": str(trial.store)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def asked(trial) -> list[str]:
    plan = str(trial.folder / "plan.yml")
    return ["weekly", "--as-of", str(FIRST), "--plan", plan, "--output", str(trial.published), "-j", "2"]


def test_any_kill_at_any_moment(trial):
    chance = random.Random(20261129)
    whole = 0
    for turn in range(KILLS):
        trial.load(MONTHS[-1:], FIRST, edition=turn + 1)  # each turn has something to do
        process = started(trial)
        time.sleep(chance.uniform(0.5, 9.0))
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        victim = process if turn % 2 == 0 or not family else chance.choice(family)
        victim.kill() if isinstance(victim, subprocess.Popen) else os.kill(victim.pid, signal.SIGKILL)
        if victim is not process:
            assert process.wait(240) == 0  # a worker that died is replaced
        process.wait()
        check_whole(trial.published)
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not alive
        done = aim(*asked(trial), store=trial.store)
        assert done.returncode == 0, done.stderr
        (edition,) = check_whole(trial.published)
        assert len(edition.entries) == 3
        whole += 1
    assert whole == KILLS
    # What was published in the end is what an undisturbed run makes.
    held = {path: text for path, text in trial.files().items() if path.endswith((".html", ".pdf", ".csv"))}
    done = aim(*asked(trial), "--force", store=trial.store)
    assert done.returncode == 0, done.stderr
    assert held == {path: text for path, text in trial.files().items() if path.endswith((".html", ".pdf", ".csv"))}


def test_two_runs_at_once_do_not_harm_each_other(trial):
    both = [started(trial), started(trial)]
    assert [process.wait(240) for process in both] == [0, 0]
    (edition,) = check_whole(trial.published)
    assert len(edition.entries) == 3
    assert not list(trial.folder.glob(".weekly.aim-*"))


def test_ctrl_c_stops_all_and_says_what_is_kept(trial):
    process = subprocess.Popen(
        [sys.executable, "-c", "from aimlib.cli import main; main()", *asked(trial)],
        env={**os.environ, "AIM_STORE": str(trial.store)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in process.stdout:
        if "import trends CAN (" in line:
            break
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "of 6 reports" in out + err
    assert "Traceback" not in err
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive
    assert check_whole(trial.published) == []
    outcome, _ = trial.run()
    assert outcome.standing >= 1
