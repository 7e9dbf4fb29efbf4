"""Bulletins made once for the tests that read them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import aim


@dataclass(frozen=True)
class Made:
    """A finished bulletin's folder and files."""

    folder: Path

    def _one(self, ending: str) -> Path:
        (found,) = self.folder.glob(f"*{ending}")
        return found

    @property
    def html(self) -> Path:
        return self._one(".html")

    @property
    def pdf(self) -> Path:
        return self._one(".pdf")


@pytest.fixture(scope="session")
def sample_bulletin(sample_store, tmp_path_factory) -> Made:
    """Return Canada's bulletin on the sample."""
    folder = tmp_path_factory.mktemp("bulletin")
    done = aim("run", "import_trends", "-p", "country=CAN", "--output", str(folder), store=sample_store)
    assert done.returncode == 0, done.stderr
    return Made(folder)


@pytest.fixture(scope="session")
def browser():
    """Run Chromium."""
    from chromium import CHROMIUM
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def real_store(real_census, tmp_path_factory) -> Path:
    """Return a store that holds the real monthly file."""
    store = tmp_path_factory.mktemp("real-store")
    file = real_census / "imports_monthly_hs2_76_2013-01_2021-07.csv"
    done = aim("load", "census", str(file), "--selection", "--known-on", "2021-09-10", store=store)
    assert done.returncode == 0, done.stderr
    return store


@pytest.fixture(scope="session")
def real_bulletin(real_store, tmp_path_factory) -> Made:
    """Return Canada's bulletin on the real monthly file."""
    folder = tmp_path_factory.mktemp("real-bulletin")
    asked = ["-p", "country=CAN", "-p", "measure=value", "-p", "as_of=2021-09-15", "--output", str(folder)]
    done = aim("run", "import_trends", *asked, store=real_store)
    assert done.returncode == 0, done.stderr
    return Made(folder)
