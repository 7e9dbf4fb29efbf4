"""A folder put in the place of another, whatever happens meanwhile."""

from __future__ import annotations

import os
import threading

import pytest

from aimlib.bulletin.weekly import exchange
from aimlib.bulletin.weekly.exchange import alone, link_tree, new_beside


def folder_with(path, text):
    path.mkdir(exist_ok=True)
    (path / "page").write_text(text)
    return path


@pytest.mark.parametrize("at_once", [True, False])
def test_the_new_folder_takes_the_place_of_the_old_one(tmp_path, monkeypatch, at_once):
    if not at_once:
        monkeypatch.setattr(exchange, "_exchanged", lambda *_: False)
    published = folder_with(tmp_path / "weekly", "old")
    with alone(published):
        exchange.exchange(folder_with(new_beside(published), "new"), published)
    assert (published / "page").read_text() == "new"
    assert {path.name for path in tmp_path.iterdir()} == {"weekly", ".weekly.lock"}


def test_whoever_reads_meanwhile_always_finds_one_of_them(tmp_path):
    published = folder_with(tmp_path / "weekly", "0")
    seen, over = set(), threading.Event()

    def read():
        while not over.is_set():
            seen.add((published / "page").read_text())

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(1, 200):
        exchange.exchange(folder_with(new_beside(published), str(turn)), published)
    over.set()
    reader.join()
    assert not reader.is_alive()
    assert seen <= {str(turn) for turn in range(200)}
    assert len(seen) > 1


def test_a_former_folder_that_stepped_aside_comes_back(tmp_path):
    published = folder_with(tmp_path / "weekly", "old")
    os.rename(published, tmp_path / ".weekly.aim-former")  # killed between the two renames
    with alone(published):
        assert (published / "page").read_text() == "old"


def test_linked_trees_hold_the_same_and_do_not_change_each_other(tmp_path):
    one = folder_with(tmp_path / "one", "text")
    link_tree(one, tmp_path / "other")
    (one / "page").unlink()
    assert (tmp_path / "other" / "page").read_text() == "text"
