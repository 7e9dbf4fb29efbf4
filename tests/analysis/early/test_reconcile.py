"""Parts that add up: the adjustment against its conditions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimlib.analysis.early.reconcile import reconcile

AMOUNTS = st.integers(0, 100_000)
PARTS = st.lists(st.tuples(AMOUNTS, st.integers(1, 1_000_000)), min_size=1, max_size=12)


@given(PARTS, AMOUNTS)
def test_parts_add_up_none_is_negative_and_the_sum_of_squares_is_least(parts, total):
    values, variances = np.array(parts, dtype=float).T
    found = reconcile(values, variances, float(total))
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(total, abs=1e-6)
    # Karush, Kuhn and Tucker: move over variance is one number where a part is above zero, and no less where not.
    pull = (found - values) / variances
    inside = found > 1e-6
    if inside.any():
        assert np.ptp(pull[inside]) <= 1e-6
        assert (pull[~inside] >= pull[inside].max() - 1e-6).all()


def test_the_gap_is_shared_by_variances():
    assert reconcile([50.0, 40.0], [1.0, 3.0], 98.0).tolist() == [52.0, 46.0]


def test_a_part_that_would_turn_negative_is_none_and_the_others_take_its_share():
    assert reconcile([10.0, 60.0, 60.0], [900.0, 100.0, 100.0], 60.0).tolist() == [0.0, 30.0, 30.0]


def test_a_part_of_which_nothing_is_known_takes_the_gap():
    assert reconcile([50.0, 30.0, 0.0], [4.0, 9.0, np.inf], 100.0).tolist() == [50.0, 30.0, 20.0]


def test_where_it_cannot_the_others_are_adjusted():
    assert reconcile([50.0, 30.0, 0.0], [1.0, 3.0, np.inf], 76.0).tolist() == [49.0, 27.0, 0.0]


def test_without_variances_all_are_scaled_alike():
    assert reconcile([50.0, 30.0], [0.0, 0.0], 40.0).tolist() == [25.0, 15.0]


@pytest.mark.parametrize(("values", "total"), [([1.0], -1.0), ([-1.0, 3.0], 2.0)])
def test_negative_figures_are_refused(values, total):
    with pytest.raises(ValueError, match="negative"):
        reconcile(values, np.ones(len(values)), total)
