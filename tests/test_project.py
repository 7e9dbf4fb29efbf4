"""Dependencies in step, a wheel that carries what it needs, and a repository that speaks of the project alone."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import yaml
from places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()


def names(requirements: list[str]) -> dict[str, str]:
    return {re.split(r"[<>=!~\[; ]", text)[0].lower().replace("_", "-"): text for text in requirements}


def declared() -> dict[str, str]:
    return names(PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"])


def test_every_dependency_has_a_lower_bound():
    assert [text for text in declared().values() if ">=" not in text] == []


def test_the_lock_pins_every_dependency_with_hashes():
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, re.MULTILINE))
    assert set(declared()) <= set(pinned)
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert all("--hash=sha256:" in entry for entry in entries if not entry.startswith("#"))


def test_the_lock_names_no_address():
    assert "://" not in LOCK
    assert "index-url" not in LOCK


def test_the_lock_meets_the_lower_bounds():
    from packaging.requirements import Requirement

    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, re.MULTILINE))
    for name, text in declared().items():
        assert Requirement(text).specifier.contains(pinned[name], prereleases=True), text


def test_environment_yml_mirrors_the_dependencies():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    with_pip = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    texts = [entry for entry in listed if isinstance(entry, str)] + with_pip
    mirrored = {name: text for name, text in names(texts).items() if name not in ("python", "pip", "-e")}
    assert mirrored == declared()


def test_a_wheel_carries_notebooks_sample_and_templates(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "aimlib/_share/notebooks/import_trends.ipynb",
        "aimlib/_share/notebooks/smelt_origin.ipynb",
        "aimlib/_share/sample/census_2024.csv",
        "aimlib/_share/sample/smelt.csv",
        "aimlib/bulletin/templates/bulletin.typ",
        "aimlib/bulletin/templates/bulletin.html.j2",
        "aimlib/present/outlines/world.topojson",
        "aimlib/reference/tables/countries.csv",
    ):
        assert name in held


def test_imports_go_down_only():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_readme_documents_every_command():
    from aimlib.cli.app import app

    readme = (ROOT / "README.md").read_text()
    commands = [command.name or command.callback.__name__ for command in app.registered_commands]
    groups = [
        f"{group.name} {command.name}"
        for group in app.registered_groups
        for command in group.typer_instance.registered_commands
    ]
    assert [name for name in [*commands, *groups] if f"aim {name}" not in readme] == []


def test_the_repository_speaks_of_the_project_alone():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    # Spelled so that this file does not match itself.
    forbidden = re.compile("/wor" + "k/|py" + r"pi\.org|files\.python" + "hosted|bash" + "_jobs")
    found = []
    for name in tracked:
        path = ROOT / name
        if path.is_file() and path.stat().st_size < 2_000_000:
            text = path.read_bytes().decode("utf-8", errors="ignore")
            found += [name] if forbidden.search(text) else []
    assert found == []
