"""A bulletin's folder holds whole files only, and one bulletin."""

from __future__ import annotations

import json

import pytest

from aimlib.bulletin import publish
from aimlib.errors import AimError


def files(slug: str, *more: str) -> dict[str, bytes]:
    made = {f"{slug}.html": b"<p>", **{name: b"x" for name in more}}
    return {**made, "run.json": json.dumps({"outputs": dict.fromkeys(made, "")}).encode()}


def test_files_arrive_and_nothing_else_is_left(tmp_path):
    publish.put(tmp_path / "out", "one", files("one", "data/a.csv"))
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()) == [
        "out/data/a.csv", "out/one.html", "out/run.json",
    ]  # fmt: skip


def test_files_no_longer_made_are_removed_and_foreign_ones_kept(tmp_path):
    publish.put(tmp_path, "one", files("one", "data/a.csv"))
    (tmp_path / "notes.txt").write_text("mine")
    publish.put(tmp_path, "one", files("one", "data/b.csv"))
    assert not (tmp_path / "data" / "a.csv").exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_another_bulletins_folder_is_refused(tmp_path):
    publish.put(tmp_path, "one", files("one"))
    publish.check_folder(tmp_path, "one")
    with pytest.raises(AimError, match="already holds the bulletin one"):
        publish.check_folder(tmp_path, "two")


def test_a_newer_day_of_the_same_bulletin_takes_the_folder(tmp_path):
    publish.put(tmp_path / "out", "one-2026-11-12", files("one-2026-11-12"))
    publish.put(tmp_path / "out", "one-2026-11-19", files("one-2026-11-19"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["one-2026-11-19.html", "run.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_manifest_cannot_make_it_remove_files_elsewhere(tmp_path):
    outside = tmp_path / "precious.txt"
    outside.write_text("keep")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({"outputs": {"../precious.txt": "", str(outside): ""}}))
    publish.put(folder, "one", files("one"))
    assert outside.read_text() == "keep"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(AimError, match="is a file"):
        publish.check_folder(tmp_path / "out", "one")
