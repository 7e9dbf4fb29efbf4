"""The direction of a sentence follows from the number."""

from __future__ import annotations

import math

import pytest

from aimlib.present import sentences


@pytest.mark.parametrize(
    ("change", "compared", "sum_"),
    [
        (0.052, "5.2% more than in June", "up 5.2% on 2020"),
        (-0.031, "3.1% less than in June", "down 3.1% on 2020"),
        (
            0.004,
            "about as much as in June (+0.4%)",
            "little changed on 2020 (+0.4%)",
        ),
        (
            -0.0049,
            "about as much as in June (−0.5%)",
            "little changed on 2020 (−0.5%)",
        ),
        (3.2, "4.2 times as much as in June", "4.2 times those of 2020"),
        (math.nan, "", ""),
        (None, "", ""),
    ],
)
def test_words_for_a_change(change, compared, sum_):
    assert sentences.more_than(change, "in June") == compared
    assert sentences.up_on(change, "2020") == sum_


def test_a_fall_to_nothing_is_a_fall_of_all():
    assert sentences.up_on(-1.0, "2020") == "down 100.0% on 2020"
