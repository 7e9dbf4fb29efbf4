"""What several tests need: the sample's store, the real files where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from census_server import CensusServer
from hypothesis import HealthCheck, settings
from places import REAL

# A slow or busy machine is no failure: how long a draw takes says nothing of what is tested.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

try:
    import fcntl
except ImportError:
    fcntl = None


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory, worker_id) -> Path:
    """Return a store that holds the embedded sample, made once for all workers of the test run."""
    from aimlib.ingest.sample import fill_sample

    base = tmp_path_factory.getbasetemp()
    root = (base if worker_id == "master" else base.parent) / "sample-store"
    said = []
    with root.with_name("sample-store.lock").open("w") as lock:
        if fcntl:  # else all workers fill it, and the first to end is kept
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not fill_sample(root, lambda *step: said.append(step)).already_held:
            root.with_name("sample-store-steps.json").write_text(json.dumps(said))
    return root


@pytest.fixture(scope="session")
def weekly(tmp_path_factory) -> Path:
    """Return the folder of the small store of two Thursdays."""
    import weekly_store

    return weekly_store.fill(tmp_path_factory.mktemp("weekly"))


@pytest.fixture(scope="session")
def real_census() -> Path:
    """Return the folder of real Census files, or skip."""
    folder = REAL / "census"
    if not folder.is_dir():
        pytest.skip("the real files are not beside this checkout")
    return folder


@pytest.fixture
def census():
    """Run a server that behaves as Census does, on this machine."""
    with CensusServer() as server:
        yield server
