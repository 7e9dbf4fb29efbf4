"""What is kept in the cache is used only as it was written."""

from __future__ import annotations

import pytest

from aimlib.present import kept as module
from aimlib.present.kept import kept


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(module.platformdirs, "user_cache_dir", lambda *args, **options: str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_it_is_built_once(cache):
    assert kept("a.js", lambda: b"one") == b"one"
    assert kept("a.js", lambda: b"two") == b"one"


@pytest.mark.parametrize("damage", [b"", b"poison", b"0" * 64 + b"\nalert()"])
def test_what_was_cut_or_changed_is_built_anew(cache, damage):
    kept("a.js", lambda: b"one")
    (cache / "a.js").write_bytes(damage)
    assert kept("a.js", lambda: b"two") == b"two"
    assert kept("a.js", lambda: b"three") == b"two"


def test_a_cache_that_cannot_be_written_costs_nothing_else(cache):
    cache.write_text("a file where the folder would be")
    assert kept("a.js", lambda: b"one") == b"one"
