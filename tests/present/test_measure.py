"""How the two measures are written."""

from __future__ import annotations

from aimlib.present.measure import QUANTITY, VALUE


def test_values_are_millions_of_dollars_with_one_decimal():
    assert VALUE.write(931_402_000) == "931.4"
    assert VALUE.in_words(931_402_000) == "$931.4 million"
    assert VALUE.in_words(-2_500_000) == "−$2.5 million"
    assert VALUE.in_words(None) == ""


def test_quantities_are_metric_tons():
    assert QUANTITY.write(187412.4) == "187,412"
    assert QUANTITY.in_words(187412.4) == "187,412 t"
