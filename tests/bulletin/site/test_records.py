"""The record of an edition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aimlib.bulletin.document import Document
from aimlib.bulletin.site.records import Edition, data_files
from aimlib.errors import AimError


def test_a_record_comes_back_from_json_as_it_was(edition):
    assert Edition.from_json(edition.to_json()) == edition


def test_equal_records_give_equal_bytes(edition):
    entry = edition.entries[0]
    turned = replace(entry, files=dict(reversed(entry.files.items())))
    assert replace(edition, entries=(turned, *edition.entries[1:])).to_json() == edition.to_json()


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"day": "x", "entries": []}'])
def test_what_is_no_record_is_told_so(content):
    with pytest.raises(AimError, match="no record of an edition"):
        Edition.from_json(content)


def test_a_cut_digest_is_no_record(edition):
    digest = next(iter(edition.entries[0].files.values()))
    with pytest.raises(AimError, match="no SHA-256"):
        Edition.from_json(edition.to_json().replace(digest.encode(), digest[:-1].encode()))


@pytest.mark.parametrize(
    "path", ["/etc/x", "../x.html", "a/../../x", "c:\\x", "Canada/x.html", "côte/x.html", "a b.html", ""]
)
def test_paths_that_do_not_hold_everywhere_are_refused(edition, path):
    with pytest.raises(AimError, match="cannot be a path"):
        replace(edition.entries[0], html=path)


def test_two_bulletins_of_one_name_are_refused(edition):
    with pytest.raises(AimError, match="same name"):
        replace(edition, entries=edition.entries[:1] * 2)


def test_data_files_are_those_of_the_blocks_with_data():
    nodes = [
        {"kind": "table", "key": "smelt_origin-cast", "report": "smelt_origin", "block": "cast",
         "title": "Table 2. Cast", "bare_title": "Cast", "source": "Source: x.", "csv": "a\n"},
        {"kind": "prose", "key": "smelt_origin-lead", "paragraphs": []},
    ]  # fmt: skip
    (file,) = data_files("canada", Document({}, nodes))
    assert (file.path, file.title, file.label, file.key) == (
        "canada/data/smelt_origin-cast.csv",
        "Cast",
        "smelt_origin",
        "cast",
    )
