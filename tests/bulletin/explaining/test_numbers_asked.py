"""Which amounts a number as asked for may be the print of."""

from __future__ import annotations

import pytest

from aimlib.bulletin.explaining.numbers_asked import asked_number


@pytest.mark.parametrize(
    ("asked", "amount", "is_it"),
    [
        ("24.6%", 0.246, True),
        ("24.6", 0.246, True),
        ("24.6", 24_600.0, True),
        ("183,958", 183_957_600.0, True),
        ("−100", -100.2, True),
        ("-100", 100.2, False),
        ("-100", -1, False),  # a horizon of one Thursday before is no −100%
        ("100%", 1.0, True),
        ("300", 3, False),
    ],
)
def test_a_number_is_the_print_of_an_amount_in_its_units_or_of_a_fraction(asked, amount, is_it):
    assert asked_number(asked).rounds_from(amount) is is_it
