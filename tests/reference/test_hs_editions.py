"""Editions of the Harmonized System: which codes each has, what moved, and where a series is comparable."""

import pytest

from aimlib.errors import AimError
from aimlib.reference import hs_editions
from aimlib.reference._tables import load


@pytest.mark.parametrize(
    ("year", "edition"),
    [(1988, "H0"), (1995, "H0"), (1996, "H1"), (2001, "H1"), (2016, "H4"), (2017, "H5"), (2022, "H6"), (2026, "H6")],
)
def test_the_edition_in_force(year, edition):
    assert hs_editions.edition_of(year) == edition


def test_before_the_harmonized_system_there_is_none():
    with pytest.raises(AimError, match="1988"):
        hs_editions.edition_of(1987)


@pytest.mark.parametrize(("name", "edition"), [("HS92", "H0"), ("hs02", "H2"), ("HS22", "H6")])
def test_the_names_of_baci(name, edition):
    assert hs_editions.of_baci(name) == edition


def test_a_name_that_is_none():
    with pytest.raises(AimError, match="HS93"):
        hs_editions.of_baci("HS93")
    with pytest.raises(AimError, match="H7"):
        hs_editions.first_year("H7")


def test_the_seven_categories_are_the_same_in_every_edition():
    for code in load("hs6_gatm")["hs6"]:
        assert all(hs_editions.in_edition(code, edition) for edition in hs_editions.editions())
        assert hs_editions.bridge(code) == (code, "")
        assert not hs_editions.moved(code, 1992, 2026)


@pytest.mark.parametrize(
    ("code", "there", "absent"),
    [
        ("761511", "H3", "H4"),
        ("761519", "H0", "H6"),
        ("761510", "H4", "H3"),
        ("761690", "H0", "H1"),
        ("761691", "H1", "H0"),
        ("761699", "H6", "H0"),
    ],
)
def test_codes_that_moved(code, there, absent):
    assert hs_editions.in_edition(code, there)
    assert not hs_editions.in_edition(code, absent)
    heading, note = hs_editions.bridge(code)
    assert heading == code[:4]
    assert "made" in note


def test_the_notes_of_the_moves():
    assert hs_editions.bridge("761519") == ("7615", "HS 2012 made 7615.10 of 7615.11 and 7615.19")
    assert hs_editions.bridge("761690") == ("7616", "HS 1996 made 7616.91 and 7616.99 of 7616.90")
    assert hs_editions.bridge("761520") == ("761520", "")


@pytest.mark.parametrize(
    ("first", "last", "moved"), [(2005, 2011, False), (2005, 2012, True), (2011, 2012, True), (2012, 2020, False)]
)
def test_a_move_counts_only_inside_the_years(first, last, moved):
    assert hs_editions.moved("761511", first, last) is moved


def test_a_heading_is_in_an_edition_and_an_unknown_code_in_none():
    assert hs_editions.in_edition("7615", "H2")
    assert not hs_editions.in_edition("76", "H2")
    assert not hs_editions.is_known("760199")
    assert not hs_editions.is_known("7617")
    with pytest.raises(AimError, match="760199"):
        hs_editions.bridge("760199")


@pytest.mark.parametrize(("edition", "codes"), [("H0", 35), ("H1", 36), ("H3", 36), ("H4", 35), ("H6", 35)])
def test_how_many_codes_an_edition_has(edition, codes):
    assert len(hs_editions.codes_of("76", edition)) == codes


def test_the_table_says_how_sure_it_is():
    table = load("hs6_editions")
    assert set(table["how_sure"]) <= {"sourced", "recalled"}
    assert table["hs6"].is_unique
    assert (table["source"] != "").all()
    assert set(" ".join(table["replaced_by"]).split()) <= set(table["hs6"])
