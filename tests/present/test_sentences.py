"""The direction of a sentence follows from the number."""

from __future__ import annotations

import math

import pytest

from aimlib.present import sentences


@pytest.mark.parametrize(
    ("change", "verb", "compared", "sum_"),
    [
        (0.052, "rose 5.2%", "5.2% more than in June", "up 5.2% on 2020"),
        (-0.031, "fell 3.1%", "3.1% less than in June", "down 3.1% on 2020"),
        (
            0.004,
            "were little changed (+0.4%)",
            "about as much as in June (+0.4%)",
            "little changed on 2020 (+0.4%)",
        ),
        (
            -0.0049,
            "were little changed (−0.5%)",
            "about as much as in June (−0.5%)",
            "little changed on 2020 (−0.5%)",
        ),
        (3.2, "rose to 4.2 times", "4.2 times as much as in June", "4.2 times those of 2020"),
        (math.nan, "", "", ""),
        (None, "", "", ""),
    ],
)
def test_words_for_a_change(change, verb, compared, sum_):
    assert sentences.rose(change) == verb
    assert sentences.more_than(change, "in June") == compared
    assert sentences.up_on(change, "2020") == sum_


def test_a_fall_to_nothing_is_a_fall_of_all():
    assert sentences.rose(-1.0) == "fell 100.0%"
