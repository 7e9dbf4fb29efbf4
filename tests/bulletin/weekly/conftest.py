"""A store and a plan for trial runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from weekly_trial import FIRST, MONTHS, PLAN, Trial, load


@pytest.fixture(scope="session")
def first_store(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("weekly")
    load(folder / "store", folder, MONTHS, FIRST)
    return folder / "store"


@pytest.fixture
def trial(tmp_path, first_store, monkeypatch) -> Trial:
    """Return a store of the test's own, a plan and the folders of a run."""
    shutil.copytree(first_store, tmp_path / "store")
    monkeypatch.setenv("AIM_STORE", str(tmp_path / "store"))
    (tmp_path / "plan.yml").write_text(PLAN)
    return Trial(tmp_path)
