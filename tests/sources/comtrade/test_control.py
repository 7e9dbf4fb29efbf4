"""The partners against the world, and the levels against each other."""

import pytest
from comtrade_rows import BRAZIL, USA, WORLD, answer, record, trade

from aimlib.sources.comtrade import control
from aimlib.sources.comtrade.clean import clean
from aimlib.sources.comtrade.problems import PartsDiffer
from aimlib.sources.comtrade.read import read


def lines(*records):
    return control.compare(rows(*records))


def rows(*records):
    return clean(read(answer(list(records)), "file").rows).rows


def test_partners_that_add_up_pass():
    found = lines(*trade())
    control.check(found)
    assert control.is_whole(found)
    assert found[["parts", "world", "difference", "listed"]].iloc[0].tolist() == [1000.0, 1000.0, 0.0, 2]


@pytest.mark.parametrize(
    ("world", "passes"), [(1000.0, True), (1000.9, True), (999.1, True), (1001.5, False), (998.0, False)]
)
def test_a_dollar_of_rounding_passes(world, passes):
    found = lines(record(USA, 1000.0), record(WORLD, world))
    assert control.is_whole(found) is passes
    if not passes:
        with pytest.raises(PartsDiffer, match="CAN export 2022 7601"):
            control.check(found)


@pytest.mark.parametrize(("world", "passes"), [(1_000_900.0, True), (1_001_100.0, False), (998_000.0, False)])
def test_of_large_sums_a_thousandth_passes(world, passes):
    assert control.is_whole(lines(record(USA, 1e6), record(WORLD, world))) is passes


def test_the_worst_are_named_first_and_counted():
    found = lines(
        *(record(p, v + at, cmdCode=f"760{at}") for at in (1, 3, 4, 5, 6, 7, 8) for p, v in ((USA, 10.0**at), (0, 0.0)))
    )
    with pytest.raises(PartsDiffer) as caught:
        control.check(found, " Rows set apart: 2.")
    told = caught.value.message
    assert told.index("7608") < told.index("7607") < told.index("7604")
    assert "7 of 7 sums" in told
    assert "7601" not in told
    assert "and 2 more" in told
    assert "Rows set apart: 2." in told
    assert "--selection" in caught.value.advice


def test_without_a_world_row_nothing_is_shown_to_be_whole():
    found = lines(record(USA, 5.0))
    control.check(found)
    assert not control.is_whole(found)


def test_a_world_row_without_partners_is_a_difference():
    with pytest.raises(PartsDiffer, match="difference -1,000"):
        control.check(lines(*trade(), record(WORLD, 1000.0, cmdCode="7604")))


def test_weights_apart_are_told_and_missing_ones_are_not():
    apart = lines(record(USA, 600.0, netWgt=250.0), record(BRAZIL, 400.0), record(WORLD, 1000.0))
    assert control.weights_off(apart)["apart"].tolist() == [10.0]
    missing = lines(record(USA, 600.0, netWgt=None, qty=None), record(BRAZIL, 400.0), record(WORLD, 1000.0))
    assert control.weights_off(missing).empty


def test_a_heading_against_its_codes():
    told = [*trade(), *trade(cmdCode="760110")]
    assert control.compare_levels(rows(*told))["agrees"].tolist() == [True]
    more = control.compare_levels(rows(*told, record(USA, 30.0, cmdCode="760120")))
    assert more[["hs4", "hs6", "difference", "agrees"]].iloc[0].tolist() == [1000.0, 1030.0, 30.0, False]
    assert control.compare_levels(rows(*trade())).empty
