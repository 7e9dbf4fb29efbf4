"""An edition and the root pages in a folder."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import pytest

from aimlib.bulletin.site.assemble import assemble
from aimlib.bulletin.site.records import Edition
from aimlib.errors import AimError


def test_the_folder_holds_the_edition_and_the_pages_over_all(make, before, tmp_path):
    edition, contents = make()
    (tmp_path / "kept.pdf").write_bytes(contents["canada/canada-2026-11-19.pdf"])
    assembled = assemble(
        tmp_path / "out", edition, {**contents, "canada/canada-2026-11-19.pdf": tmp_path / "kept.pdf"}, [before]
    )
    place = tmp_path / "out" / "2026-11-19"
    for path, content in contents.items():
        assert (place / path).read_bytes() == content
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "2026-11-19",
        "catalog.json",
        "feed.xml",
        "index.html",
    }
    assert Edition.from_json((place / "catalog.json").read_bytes()) == assembled
    assert assembled.files == {edition.workbook: hashlib.sha256(b"PK").hexdigest()}
    assert b"November 12, 2026" in (tmp_path / "out" / "index.html").read_bytes()


def test_every_link_of_the_new_pages_arrives(make, tmp_path):
    edition, contents = make()
    assemble(tmp_path, edition, contents)
    for page in (tmp_path / "index.html", tmp_path / "2026-11-19" / "index.html"):
        for link in re.findall(r'href="([^"]+)"', page.read_text()):
            path, _, place = link.partition("#")
            target = page.parent / path if path else page
            assert link == "data:," or target.is_file(), link
            assert not place or f'id="{place}"' in target.read_text(), link


def test_a_new_edition_of_the_same_day_takes_the_place_of_the_old(make, tmp_path):
    edition, contents = make()
    assemble(tmp_path, edition, contents, [replace(edition, synthetic=False)])
    assert (tmp_path / "index.html").read_text().count('datetime="2026-11-19"') == 1


def test_files_that_are_not_those_of_the_record_are_refused(make, tmp_path):
    edition, contents = make()
    page = "canada/canada-2026-11-19.html"
    with pytest.raises(AimError, match="not the file"):
        assemble(tmp_path, edition, {**contents, page: b"other"})
    with pytest.raises(AimError, match="is not there"):
        assemble(tmp_path, edition, {path: content for path, content in contents.items() if path != page})
    with pytest.raises(AimError, match="in no bulletin's record"):
        assemble(tmp_path, edition, {**contents, "canada/extra.csv": b""})


def test_the_same_edition_gives_the_same_bytes(make, before, tmp_path):
    edition, contents = make()
    for name in ("one", "two"):
        assemble(tmp_path / name, edition, contents, [before])
    for path in (tmp_path / "one").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()
