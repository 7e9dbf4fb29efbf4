"""Months judged at once are judged as each alone, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimlib.analysis.early.evidence import evidence
from aimlib.analysis.early.judgment import judge
from aimlib.analysis.early.reconcile import reconcile, reconcile_rows
from aimlib.analysis.early.thursdays import thursday

ORIGINS = ["CAN", "MEX", "ARE", "IND"]


@pytest.mark.parametrize("weeks", [-2, 0, 4])
def test_months_together_and_one_by_one(simulated, weeks):
    panel, prints, filings = simulated(seed=3, months=30)
    held = evidence(panel, prints, filings, "quantity", origins=ORIGINS)
    months, days = held.months, thursday(held.months, weeks)
    together = judge(held, months, days, weeks)
    assert np.isfinite(together.estimate[:, 0]).sum() > 5
    for trial in range(len(months)):
        alone = judge(held, months[trial : trial + 1], days[trial : trial + 1], weeks)[0]
        for name, values in vars(together[trial]).items():
            other = getattr(alone, name)
            same = np.array_equal(values, other, equal_nan=values.dtype.kind == "f")
            assert same, (name, trial)


AMOUNTS = st.integers(0, 1000).map(float)
ROW = st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
VARIANCES = st.tuples(*[st.one_of(AMOUNTS, st.just(float("inf")))] * 4)


@given(st.lists(st.tuples(ROW, VARIANCES, AMOUNTS), min_size=1, max_size=6))
def test_rows_adjusted_together_are_those_adjusted_one_by_one(rows):
    parts, variances, totals = (np.array(column) for column in zip(*rows, strict=True))
    found = reconcile_rows(parts, variances, totals)
    for row in range(len(rows)):
        assert np.array_equal(found[row], reconcile(parts[row], variances[row], totals[row]))
