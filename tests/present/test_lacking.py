"""What is lacking, in the words of pages."""

from __future__ import annotations

import pytest

from aimlib.present.lacking import of_the_data


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            "The store holds no licenses known by 2026-11-19, and nothing of the public monitor.",
            "The data hold no licenses known by November 19, 2026, and nothing of the public monitor.",
        ),
        ("The store is empty.", "No data are held."),
        (
            "Nothing was known yet on 2020-01-02: the first figures in the store are of 2021-08-05.",
            "Nothing was known yet on January 2, 2020: the first figures in the data are of August 5, 2021.",
        ),
        (
            "The store does not hold all of foil. It holds 7601.",
            "The data do not hold all of foil. They hold 7601.",
        ),
    ],
)
def test_readers_hear_of_data_and_days_in_words(message, words):
    assert of_the_data(message) == words
