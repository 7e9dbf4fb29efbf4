"""The weekly run: what is made, what stands, what a failure leaves, and what is published."""

from __future__ import annotations

import errno
import json
import os
import re

import pytest
from weekly_trial import FIRST, MONTHS, SECOND

from aimlib.bulletin.site.records import Edition
from aimlib.bulletin.weekly.publishing import check_folder
from aimlib.errors import AimError


def edition(trial, day=FIRST) -> Edition:
    return Edition.from_json((trial.published / str(day) / "catalog.json").read_bytes())


def test_a_run_publishes_and_the_same_again_changes_nothing(trial):
    outcome, done = trial.run()
    assert (outcome.made, outcome.standing, outcome.set, outcome.failures) == (6, 0, 3, {})
    assert done.changed
    published = trial.files()
    assert {"index.html", "feed.xml", "catalog.json"} <= set(published)
    entry = edition(trial).entries[0]
    assert entry.name == "canada"
    assert f"{FIRST}/{entry.html}" in published
    assert f"{FIRST}/canada/notebooks/import_trends.ipynb" in published
    times = {path: path.stat().st_mtime_ns for path in trial.published.rglob("*")}
    again, nothing = trial.run()
    assert (again.made, again.standing, again.set) == (0, 6, 0)
    assert not nothing.changed
    assert times == {path: path.stat().st_mtime_ns for path in trial.published.rglob("*")}


def test_a_bulletin_says_which_report_is_not_in_it_and_why(trial):
    trial.run(only=("CAN",))
    page = (trial.published / str(FIRST) / "canada" / f"canada-{FIRST}.html").read_text()
    assert "Not in this bulletin: The data hold no licenses known by " in page
    assert not re.search(r"Not in this bulletin: [^<]*(store|\d{4}-\d{2}-\d{2})", page)
    manifest = json.loads((trial.published / str(FIRST) / "canada" / "run.json").read_text())
    assert list(manifest["inputs"]["reports"]) == ["import_trends"]
    assert list(manifest["inputs"]["left_out"]) == ["smelt_origin"]


def test_only_what_rests_on_new_figures_is_made(trial):
    trial.run()
    trial.load(MONTHS[-1:], SECOND, edition=1)  # known a week later: nothing for the edition before
    assert trial.run()[0].made == 0
    trial.load(MONTHS[-1:], FIRST, edition=2)
    outcome, done = trial.run()
    # Imports rest on the month; what is left out for want of licenses does not.
    assert (outcome.made, outcome.standing) == (3, 3)
    assert done.changed


def test_the_next_edition_begins_with_what_changed(trial):
    trial.run(only=("CAN",))
    before = trial.files()
    trial.load(["2024-04"], SECOND)
    outcome, _ = trial.run(SECOND, only=("CAN",))
    assert outcome.failures == {}
    page = (trial.published / str(SECOND) / "canada" / f"canada-{SECOND}.html").read_text()
    assert "What changed since May 9, 2024" in page
    assert "April 2024 is new" in page
    (entry,) = edition(trial, SECOND).entries
    assert any("May 9, 2024" in sentence for sentence in entry.changes)
    kept = {path: content for path, content in trial.files().items() if path.startswith(str(FIRST))}
    assert kept == {path: content for path, content in before.items() if path.startswith(str(FIRST))}


def test_a_failure_stops_the_run_unless_it_may_go_on(trial, monkeypatch):
    (trial.folder / "plan.yml").write_text(
        (trial.folder / "plan.yml").read_text().replace('country: "{code}", where_held: true', 'country: "{code}"')
    )
    outcome, done = trial.run(jobs=1)
    assert list(outcome.failures) == ["smelt origin CAN"]
    assert (outcome.ready, done) == ([], None)
    outcome, done = trial.run(keep_going=True)
    assert len(outcome.failures) == 3
    assert outcome.made == 2 or outcome.standing >= 1


def test_a_full_disk_is_told_as_such(trial, monkeypatch):
    from aimlib.bulletin.weekly import results

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(results, "keep_report", full)
    outcome, done = trial.run(only=("MEX",), jobs=1)
    assert done is None
    (error,) = outcome.failures.values()
    assert "no space left" in error.message
    assert "Make room" in error.advice


def test_a_folder_of_finished_work_that_cannot_be_made_is_one_message(tmp_path):
    from aimlib.bulletin.weekly.results import prepare

    (tmp_path / "file").write_text("")
    with pytest.raises(AimError, match="cannot be made"):
        prepare(tmp_path / "file" / ".weekly.work")


def test_force_makes_everything_anew_with_the_same_bytes(trial):
    trial.run(only=("MEX",))
    before = trial.files()
    outcome, _ = trial.run(only=("MEX",), force=True)
    assert (outcome.made, outcome.standing) == (2, 0)
    assert trial.files().keys() == before.keys()
    assert [path for path, content in trial.files().items() if before[path] != content] == []


def test_ordinary_kernels_give_the_same_pages(trial, monkeypatch):
    trial.run(only=("DEU",))
    pages = {path: content for path, content in trial.files().items() if path.endswith((".html", ".pdf", ".csv"))}
    monkeypatch.setenv("AIM_NO_FORK", "1")
    outcome, _ = trial.run(only=("DEU",), force=True)
    assert outcome.made == 2
    assert pages == {p: content for p, content in trial.files().items() if p.endswith((".html", ".pdf", ".csv"))}


def test_what_was_damaged_is_made_again(trial):
    trial.run(only=("CAN",))
    (notebook,) = trial.work.glob("reports/*/*/notebook.ipynb")
    notebook.write_bytes(b"")
    (page,) = trial.work.glob("pages/*/*.pdf")
    page.write_bytes(b"")
    outcome, done = trial.run(only=("CAN",))
    assert (outcome.made, outcome.set, outcome.failures) == (1, 1, {})
    assert not done.changed or trial.files()[f"{FIRST}/canada/canada-{FIRST}.pdf"].startswith(b"%PDF")


def test_a_file_missing_from_the_published_folder_comes_back(trial):
    trial.run(only=("CAN",))
    (trial.published / str(FIRST) / "canada" / f"canada-{FIRST}.pdf").unlink()
    assert trial.run(only=("CAN",))[1].changed
    assert (trial.published / str(FIRST) / "canada" / f"canada-{FIRST}.pdf").exists()


def test_figures_loaded_meanwhile_stop_the_run(trial):
    def load_once(lane, title, seconds, is_report):
        if not trial.seen:
            trial.seen.append(title)
            trial.load(MONTHS[-1:], FIRST, edition=3)

    trial.made = load_once
    with pytest.raises(AimError, match="Figures were loaded while"):
        trial.run(only=("CAN",))
    assert not trial.published.exists()


def test_what_others_put_into_the_published_folder_stays(trial):
    trial.run(only=("CAN",))
    (trial.published / "CNAME").write_text("example.org")
    (trial.published / "notes").mkdir()
    (trial.published / "notes" / "a.txt").write_text("mine")
    assert trial.run(only=("MEX",))[1].changed
    assert (trial.published / "CNAME").read_text() == "example.org"
    assert (trial.published / "notes" / "a.txt").read_text() == "mine"


def test_a_folder_that_cannot_take_an_edition_is_refused_before_anything_is_made(trial):
    (trial.folder / "file").write_text("")
    trial.run(only=("CAN",))
    inside = trial.published / "inner"
    for folder, synthetic, words in (
        (trial.folder / "file", False, "is a file"),
        (trial.folder / "file" / "below", False, "cannot be made"),
        (inside, False, "inside the published folder"),
        (trial.published, True, "holds editions of real figures"),
    ):
        with pytest.raises(AimError, match=words):
            check_folder(folder, synthetic)
    assert [one.day for one in check_folder(trial.published, False)] == [FIRST]


def test_a_folder_with_other_things_is_left_alone(trial):
    trial.published.mkdir()
    (trial.published / "thesis.docx").write_text("mine")
    with pytest.raises(AimError, match="holds other things"):
        trial.run(only=("CAN",))
    assert [path.name for path in trial.published.iterdir()] == ["thesis.docx"]
