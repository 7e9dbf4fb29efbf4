"""A misspelt name or an impossible value is an error with a suggestion, before a kernel starts."""

from __future__ import annotations

import datetime as dt

import pytest

from aimlib.bulletin.parameters import ImportTrends, describe, model_of
from aimlib.errors import AimError


def test_text_from_the_command_line_becomes_typed():
    parsed = ImportTrends.parse({"country": "canada", "top": "5", "as_of": "2021-09-15", "product": "7601.10"})
    assert (parsed.country, parsed.top, parsed.as_of) == ("CAN", 5, dt.date(2021, 9, 15))


def test_blank_text_is_unset():
    parsed = ImportTrends.parse({"product": "", "measure": " ", "as_of": ""})
    assert (parsed.product, parsed.measure, parsed.as_of) == (None, None, None)
    assert ImportTrends.parse({"country": "", "top": " "}) == ImportTrends()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"contry": "CAN"}, "Did you mean country?"),
        ({"country": "Canda"}, "Did you mean Canada?"),
        ({"product": "unwrougt"}, "Did you mean unwrought?"),
        ({"measure": "volume"}, "choose quantity or value"),
        ({"concept": "consumptoin"}, "Did you mean consumption?"),
        ({"as_of": "2026-02-30"}, "is not a day"),
        ({"period": "2024-13"}, "is not a period"),
        ({"top": "0"}, "take 3 or more"),
        ({"top": "ten"}, "top=ten is not a whole number"),
        ({"as_of": "0"}, "is not a day"),
        ({"paper": "A5"}, "choose letter or a4"),
    ],
)
def test_mistakes_are_named_with_what_would_be_right(given, said):
    with pytest.raises(AimError) as caught:
        ImportTrends.parse(given)
    assert said in str(caught.value)


def test_papermill_gets_text_that_parses_back_to_the_same():
    parsed = ImportTrends.parse({"country": "EU27", "as_of": "2026-11-19", "top": 7})
    assert ImportTrends.parse(parsed.as_papermill()) == parsed


def test_a_misspelt_notebook_is_suggested():
    with pytest.raises(AimError, match="Did you mean import_trends"):
        model_of("import_trend")


def test_every_parameter_says_what_it_means():
    rows = describe(ImportTrends)
    assert [row["name"] for row in rows] == list(ImportTrends.model_fields)
    assert all(row["meaning"] and row["type"] for row in rows)
