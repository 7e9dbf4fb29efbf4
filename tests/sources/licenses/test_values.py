"""One cell at a time: numbers, days, countries, and what is refused rather than guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimlib.reference import countries
from aimlib.reference.license_rules import entry_types, is_ambiguous_place, living_countries
from aimlib.sources.licenses import values


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_numbers_read_as_they_are_written(number):
    for text in (f"{number:f}", f"{number:,.2f}", f"${number:,.2f}", f"US$ {number:f}", f"{number:f} USD"):
        assert values.read_number(text) == (float(number), "")
    for text in (f"-{number:f}", f"({number:,.2f})", f"($ {number:,.2f})", f"-${number:f}"):
        assert values.read_number(text) == (-float(number), "")


@pytest.mark.parametrize("text", ["1.234,50", "1234,5", "1,23", "1.234.567", "12,34,567", ",5", "1,2345"])
def test_a_number_that_reads_two_ways_is_refused(text):
    assert values.read_number(text) == (None, "AIM-NUMBER-02")


@pytest.mark.parametrize("text", ["abc", "1 234", "1.5E+05", "12 t", "--5", "n/a", "1/2", "0x10", "²", "$", "."])
def test_what_is_no_number_is_refused(text):
    value, rule = values.read_number(text)
    assert value is None
    assert rule in ("AIM-NUMBER-01", "AIM-NUMBER-02")


@given(st.text())
def test_any_text_is_read_or_refused(text):
    for read in (
        *(values.read_status, values.read_line, values.read_entry_type, values.read_yes_no, values.read_code),
        *(values.read_day, values.read_number, values.read_country, values.read_cast, values.read_smelt),
    ):
        value, rule = read(text.strip())
        assert rule == "" or rule in values.RULES
        assert rule == "" or value is None or rule == "AIM-SMELT-07"


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_days_in_all_forms(day):
    forms = (day.isoformat(), f"{day:%m/%d/%Y}", f"{day.month}/{day.day}/{day.year}", f"{day:%Y%m%d}")
    for text in (*forms, f"{day} 00:00:00", f"{day}T12:30:00Z", f"{day:%m/%d/%Y} 12:30 PM"):
        assert values.read_day(text) == (day, "")


@pytest.mark.parametrize("text", ["02/29/2023", "2024-13-01", "31/12/2024", "3/20/24", "45371", "1824-03-20", "soon"])
def test_impossible_days(text):
    assert values.read_day(text) == (None, "AIM-DATE-01")


def test_every_living_country_by_its_names_and_codes():
    table = countries.all_countries()
    for one in table[table["kind"] == "country"].itertuples():
        names = [one.iso3, one.name, *one.census_codes.split()]
        names += [one.iso2] if one.iso2 != "NA" else []
        for name in names:
            expected = (None, "AIM-COUNTRY-02") if is_ambiguous_place(name) else (one.iso3, "")
            assert values.read_country(name) == expected
            assert values.read_smelt(name) == expected


def test_former_countries_areas_and_groups_are_no_country():
    table = countries.all_countries()
    for one in table[table["kind"] != "country"].itertuples():
        assert values.read_country(one.iso3) == (None, "AIM-COUNTRY-01")
    assert len(living_countries()) == 250
    for text in ("EU27", "world", "all", "OECD", "0003", "-"):
        assert values.read_country(text) == (None, "AIM-COUNTRY-01")


def test_not_applicable_unknown_and_namibia():
    assert [values.read_smelt(text) for text in ("N/A", "n.a.", "NONE")] == [("N/A", "")] * 3
    assert [values.read_smelt(text) for text in ("unknown", "UN")] == [("unknown", "")] * 2
    assert values.read_smelt("NA") == ("N/A", "AIM-SMELT-07")
    assert values.read_cast("NA") == values.read_country("na") == (None, "AIM-COUNTRY-02")
    assert values.read_smelt("Not collected") == (None, "")
    assert values.read_country("UN") == (None, "AIM-COUNTRY-03")


def test_every_entry_type_is_read():
    for name, (kind, rule) in entry_types().items():
        assert values.read_entry_type(name.upper()) == (kind or None, rule)
    assert values.read_entry_type("Foreign-Trade Zone (FTZ)") == ("zone", "")


def test_codes_lines_and_answers():
    assert values.read_code("7601.10.60.30") == ("7601106030", "")
    assert values.read_code("76011060305") == values.read_code("７６０１106030") == (None, "AIM-HTS-01")
    assert values.read_line("02") == values.read_line("2.0") == (2, "")
    assert values.read_line("-1") == values.read_line("2.5") == (None, "AIM-LINE-01")
    assert values.read_yes_no("Y") == (True, "")
    assert values.read_yes_no("") == (False, "")
