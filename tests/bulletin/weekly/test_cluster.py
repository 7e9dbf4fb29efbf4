"""The same run on a real Dask cluster of two workers, one of which is killed midway."""

from __future__ import annotations

import os
import signal
import sys

import pytest
from commands import aim
from published_folder import check_whole
from weekly_trial import FIRST

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")


@pytest.fixture
def cluster(trial):
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as started:
        yield started


def test_all_reports_arrive_and_none_twice_though_a_worker_dies(trial, cluster):
    victims = {worker["id"]: worker for worker in cluster.scheduler_info["workers"].values()}
    pids = [cluster.workers[name].pid for name in victims]
    killed: list[int] = []

    def kill_once(lane, title, seconds, is_report):
        trial.seen.append(title)
        if not killed:
            killed.append(pids[0])
            os.kill(pids[0], signal.SIGKILL)

    trial.made = kill_once
    from aimlib.bulletin.weekly.run import Cluster

    outcome, _ = trial.run(jobs=4, cluster=Cluster(cluster.scheduler_address, str(trial.store)))
    assert outcome.failures == {}
    assert killed
    assert outcome.made == 6
    assert sorted(title for title in trial.seen if "import trends" in title and "changed" not in title) == [
        "import trends CAN", "import trends DEU", "import trends MEX",
    ]  # fmt: skip
    (edition,) = check_whole(trial.published)
    assert [entry.name for entry in edition.entries] == ["canada", "mexico", "germany"]
    here = {path: text for path, text in trial.files().items() if path.endswith((".html", ".pdf", ".csv"))}
    trial.made = lambda *_: None
    trial.run(force=True)
    assert here == {path: text for path, text in trial.files().items() if path.endswith((".html", ".pdf", ".csv"))}


def test_the_command_takes_and_leaves_folders_through_fsspec(trial, cluster, tmp_path):
    done = aim(
        "weekly", "--as-of", str(FIRST), "--plan", str(tmp_path / "plan.yml"), "--only", "CAN", "--on",
        cluster.scheduler_address, "--data", f"local://{trial.store}", "--output", f"local://{tmp_path / 'elsewhere'}",
        store=tmp_path / "no-store", HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path / "cache"), cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (edition,) = check_whole(tmp_path / "elsewhere")
    assert [entry.name for entry in edition.entries] == ["canada"]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense"])
def test_no_cluster_is_one_message(trial, address, monkeypatch):
    from aimlib.bulletin.weekly import cluster as module

    monkeypatch.setattr(module, "_CONNECT_S", 1)
    from aimlib.bulletin.weekly.run import Cluster
    from aimlib.errors import AimError

    with pytest.raises(AimError, match="No Dask scheduler answers"):
        trial.run(cluster=Cluster(address, str(trial.store)))
