"""What is published at an address: others' files and other machines' editions stay."""

from __future__ import annotations

import os
import shutil

import pytest
from published_folder import check_whole
from weekly_trial import FIRST, SECOND

from aimlib.bulletin.weekly.publishing import check_folder
from aimlib.bulletin.weekly.remote import local_path, mirror, upload
from aimlib.errors import AimError


@pytest.fixture
def bucket(tmp_path, monkeypatch):
    """A place elsewhere, as fsspec sees it, and a folder of caches of this machine's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "bucket"


def another_machine(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))


def test_a_place_with_other_things_is_refused_and_left_alone(bucket):
    bucket.mkdir()
    (bucket / "thesis.txt").write_text("precious")
    with pytest.raises(AimError, match="holds other things") as refused:
        mirror(f"local://{bucket}")
    assert str(bucket) in refused.value.message
    assert (bucket / "thesis.txt").read_text() == "precious"


def test_another_machine_keeps_what_was_published_before_and_what_is_not_ours(trial, bucket, monkeypatch, tmp_path):
    address = f"local://{bucket}"
    trial.run(FIRST, only=("CAN",))
    upload(trial.published, address)
    (bucket / "CNAME").write_text("aluminum.example.org")
    (bucket / str(FIRST) / "note.txt").write_text("mine")

    another_machine(monkeypatch, tmp_path)
    here = mirror(address)
    (edition,) = check_whole(here)
    assert edition.day == FIRST
    assert not (here / "CNAME").exists()
    shutil.rmtree(trial.published)
    shutil.copytree(here, trial.published)
    trial.load(["2024-03"], SECOND, edition=1)
    trial.run(SECOND, only=("CAN",))
    upload(trial.published, address)
    assert [edition.day for edition in check_whole(mirror(address))] == [SECOND, FIRST]
    assert (bucket / "CNAME").read_text() == "aluminum.example.org"
    assert (bucket / str(FIRST) / "note.txt").read_text() == "mine"


def test_only_files_of_former_editions_go_and_only_new_ones_are_written(trial, bucket):
    address = f"local://{bucket}"
    trial.run(FIRST, only=("CAN", "MEX"))
    upload(trial.published, address)
    canada = next((bucket / str(FIRST) / "canada").glob("*.pdf"))
    os.utime(canada, (1, 1))
    assert (bucket / str(FIRST) / "mexico").is_dir()
    trial.run(FIRST, only=("CAN",))
    upload(trial.published, address)
    assert not list((bucket / str(FIRST) / "mexico").rglob("*.*"))
    assert canada.stat().st_mtime == 1
    assert [entry.name for entry in check_whole(mirror(address))[0].entries] == ["canada"]


def test_what_another_machine_took_out_does_not_come_back(trial, bucket):
    address = f"local://{bucket}"
    trial.run(FIRST, only=("CAN", "MEX"))
    upload(trial.published, address)
    assert (mirror(address) / str(FIRST) / "mexico").is_dir()
    trial.run(FIRST, only=("CAN",))  # by another machine, which knows nothing of the mirror here
    upload(trial.published, address)
    assert not list((mirror(address) / str(FIRST) / "mexico").rglob("*.*"))


def test_a_file_that_came_to_harm_here_is_fetched_again(trial, bucket):
    address = f"local://{bucket}"
    trial.run(FIRST, only=("CAN",))
    upload(trial.published, address)
    page = next((mirror(address) / str(FIRST) / "canada").glob("*.html"))
    page.write_text("harmed")
    check_whole(mirror(address))
    assert page.read_text() != "harmed"


@pytest.mark.parametrize(("address", "advice"), [("nope://x/y", "Check the address"), ("http://127.0.0.1:9/x", "")])
def test_an_address_that_cannot_be_reached_is_one_message(bucket, address, advice):
    with pytest.raises(AimError, match="cannot be re") as refused:
        mirror(address)
    assert advice in refused.value.advice


def test_of_a_link_the_folder_is_published_that_it_leads_to(tmp_path):
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    assert local_path(str(tmp_path / "link")) == tmp_path / "target"


def test_a_mount_point_is_refused_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(os.path, "ismount", lambda path: path == tmp_path)
    with pytest.raises(AimError, match="mount point") as refused:
        check_folder(tmp_path, False)
    assert "below it" in refused.value.advice
