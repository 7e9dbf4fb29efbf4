from __future__ import annotations

import pytest

from aimlib.analysis.measures import measure
from aimlib.errors import AimError


def test_quantity_is_read_in_kilograms_and_shown_in_tonnes():
    quantity = measure("quantity")
    assert (quantity.source, quantity.column, quantity.unit) == ("quantity_kg", "quantity_t", "t")
    assert 22_775_000 / quantity.divisor == 22_775


def test_value_is_customs_value_in_dollars():
    value = measure("value")
    assert (value.source, value.column, value.divisor) == ("customs_value_usd", "customs_value_usd", 1)
    assert measure(value) is value


def test_an_unknown_measure_suggests_the_right_one():
    with pytest.raises(AimError, match=r"quantiy.*Did you mean quantity"):
        measure("quantiy")
