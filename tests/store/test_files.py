"""Files come whole or not at all, and leftovers of killed processes do no harm."""

import os
import time

import pytest

from aimlib.errors import AimError
from aimlib.store import files
from aimlib.store.files import obstacles_explained, sweep, write_once, write_whole


def names_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_what_is_written_is_there_and_nothing_else(tmp_path):
    write_whole(tmp_path, "tables/a.parquet", b"one")
    write_whole(tmp_path, "tables/a.parquet", b"two")
    assert names_in(tmp_path) == ["tables/a.parquet"]
    assert (tmp_path / "tables/a.parquet").read_bytes() == b"two"


def test_only_the_first_writes_once(tmp_path):
    assert write_once(tmp_path, "commits/a.json", b"one")
    assert not write_once(tmp_path, "commits/a.json", b"two")
    assert (tmp_path / "commits/a.json").read_bytes() == b"one"


def test_a_file_system_without_hard_links_will_do(tmp_path, monkeypatch):
    def refuse(*args):
        raise PermissionError("no hard links")

    monkeypatch.setattr(files.os, "link", refuse)
    assert write_once(tmp_path, "commits/a.json", b"one")
    assert not write_once(tmp_path, "commits/a.json", b"two")
    assert (tmp_path / "commits/a.json").read_bytes() == b"one"


def test_the_bytes_are_on_disk_before_the_name(tmp_path, monkeypatch):
    steps = []
    for name in ("fsync", "replace", "link"):
        original = getattr(os, name)
        monkeypatch.setattr(
            files.os, name, lambda *args, name=name, original=original: (steps.append(name), original(*args))
        )
    write_whole(tmp_path, "a", b"one")
    write_once(tmp_path, "b", b"one")
    assert steps == ["fsync", "replace", "fsync", "fsync", "link", "fsync"]


def test_old_leftovers_are_swept_and_young_ones_may_belong_to_somebody(tmp_path):
    (tmp_path / "tmp").mkdir()
    old, young = tmp_path / "tmp/old", tmp_path / "tmp/young"
    for leftover in (old, young):
        leftover.write_bytes(b"half")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    sweep(tmp_path)
    assert names_in(tmp_path) == ["tmp/young"]


def test_an_obstacle_is_told_without_a_path(tmp_path):
    with (
        pytest.raises(AimError, match="could not be written: No such file") as caught,
        obstacles_explained("written"),
    ):
        (tmp_path / "nowhere" / "file").write_bytes(b"")
    assert str(tmp_path) not in str(caught.value)
