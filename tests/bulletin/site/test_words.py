"""Short names and captions of bulletins."""

from __future__ import annotations

from dataclasses import replace

from aimlib.bulletin.site import words


def test_a_place_is_known_by_its_name_and_as_it_reads_in_a_sentence(edition):
    entry = replace(edition.entries[0], place="ARE")
    assert words.place_names(entry) == ("the United Arab Emirates", "United Arab Emirates")
    assert words.place_names(replace(entry, place="")) == ()
    assert words.place_names(replace(entry, place="the Moon")) == ("the Moon",)


def test_bulletins_go_by_their_place_unless_two_have_the_same(edition):
    first, second = edition.entries
    long = replace(first, title="U.S. aluminum imports from Canada")
    assert words.short_titles(replace(edition, entries=(long, second)))["canada"] == "Canada"
    again = replace(edition, entries=(long, replace(second, place="CAN")))
    assert words.short_titles(again) == {"canada": long.title, "cote-d-ivoire": second.title}


def test_a_subtitle_that_all_share_tells_nothing_and_gives_way_to_the_reports(edition):
    first, second = edition.entries
    first = replace(first, notebooks=("import_trends", "gatm_comparison", "import_trends"))
    assert words.captions(replace(edition, entries=(first, second)))["canada"] == "Import trends and GATM comparison"
    other = replace(second, subtitle="Unwrought")
    assert words.captions(replace(edition, entries=(first, other)))["canada"] == first.subtitle


def test_labels_read_as_words():
    assert words.report_words("import_trends-unwrought") == "Import trends, unwrought"
    assert words.report_words("") == "The whole bulletin"
    assert words.lower_first("GATM comparison") == "GATM comparison"
