"""Early figures as signals, and two of them weighed: against literal loops."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pandas as pd
import pytest

from aimlib.analysis.early.estimate import estimate
from aimlib.analysis.early.signals import signal, weighed
from aimlib.analysis.early.student import quantile

CENSUS = np.array([[100.0], [110.0], [95.0], [105.0], [120.0], [99.0], [103.0]])
LICENSES = np.array([[70.0], [80.0], [60.0], [77.0], [85.0], [66.0], [np.nan]])
USUAL = np.array([[np.nan], [104.0], [99.0], [101.0], [103.0], [107.0], [108.0]])


def test_a_signal_is_its_past_mean_ratio():
    found = signal(np.array([50.0]), LICENSES, CENSUS)
    ratios = [math.log(c / v) for c, v in zip(CENSUS[:6, 0], LICENSES[:6, 0], strict=True)]
    assert found.months.tolist() == [6]
    assert math.exp(found.log[0]) == pytest.approx(50 * math.exp(statistics.mean(ratios)))
    assert found.spread[0] == pytest.approx(statistics.stdev(ratios) * math.sqrt(7 / 6))


def test_weights_are_inverse_variances_over_the_months_that_both_have():
    first, second = signal(np.array([50.0]), LICENSES, CENSUS), signal(np.array([100.0]), USUAL, CENSUS)
    found = weighed(first, second, 5)
    a = [math.log(CENSUS[i, 0] / LICENSES[i, 0]) - first.ratio[0] for i in range(1, 6)]
    b = [math.log(CENSUS[i, 0] / USUAL[i, 0]) - second.ratio[0] for i in range(1, 6)]
    va, vb = sum(x * x for x in a) / 4, sum(x * x for x in b) / 4
    weight = vb / (va + vb)
    assert found.weight[0] == pytest.approx(weight)
    assert found.log[0] == pytest.approx(weight * first.log[0] + (1 - weight) * second.log[0])
    errors = [weight * x + (1 - weight) * y for x, y in zip(a, b, strict=True)]
    squares = sum((x - statistics.mean(errors)) ** 2 for x in errors)
    assert found.months.tolist() == [5]
    assert found.spread[0] == pytest.approx(math.sqrt(squares / 3 * (1 + 1 / 5)))


@pytest.mark.parametrize(("minimum", "is_mixed"), [(5, True), (6, False)])
def test_with_too_few_months_in_common_licenses_stand_alone(minimum, is_mixed):
    first, second = signal(np.array([50.0]), LICENSES, CENSUS), signal(np.array([100.0]), USUAL, CENSUS)
    found = weighed(first, second, minimum)
    assert (found.weight[0] < 1) == is_mixed
    assert (found.log[0] == first.log[0]) == (not is_mixed)
    assert found.months[0] == (5 if is_mixed else 6)


def test_where_the_usual_says_nothing_licenses_stand_alone():
    first, second = signal(np.array([50.0]), LICENSES, CENSUS), signal(np.array([np.nan]), USUAL, CENSUS)
    assert weighed(first, second, 2).weight[0] == 1


def test_a_signal_that_errs_less_weighs_more():
    first = signal(np.array([50.0]), LICENSES, CENSUS)
    close, far = (signal(np.array([100.0]), CENSUS * np.exp(size * (CENSUS > 100)), CENSUS) for size in (0.01, 0.5))
    assert weighed(first, close, 2).weight[0] < 0.1
    assert weighed(first, far, 2).weight[0] > 0.9


def test_the_estimate_of_a_partial_month_is_the_mixture(simulated, day_of):
    """A literal road to the total two weeks before the end of a month."""
    panel, prints, filings = simulated(seed=4, months=30)
    month = panel["month"].max() - pd.DateOffset(months=1)
    day = day_of(str(month.date()), -2)
    total = prints[prints["part"] == "all"]
    licensed = panel[panel["part"] == "all"].set_index(["month", "day"])["quantity_kg"]

    def known(at):
        rows = total[total["known_on"] <= at].sort_values("known_on")
        return rows.groupby("month")["quantity_kg"].last()

    def usual(of, at):
        return known(at)[lambda rows: rows.index < of].iloc[-3:].mean()

    past = [m for m in panel["month"].unique() if m in known(day).index]
    then = {m: day_of(str(m.date()), -2) for m in past}
    a = np.array([math.log(known(day)[m] / licensed[m, then[m]]) for m in past])
    b = np.array([math.log(known(day)[m] / usual(m, then[m])) for m in past])
    weight = b.var(ddof=1) / (a.var(ddof=1) + b.var(ddof=1))
    log = weight * (math.log(licensed[month, day]) + a.mean()) + (1 - weight) * (math.log(usual(month, day)) + b.mean())
    errors = weight * (a - a.mean()) + (1 - weight) * (b - b.mean())
    spread = math.sqrt((errors**2).sum() / (len(past) - 2) * (1 + 1 / len(past)))

    table = estimate(panel, prints, filings, day, origins=("CAN",))
    found = table[(table["part"] == "all") & (table["month"] == month)].iloc[0]
    assert found["weight"] == pytest.approx(weight)
    assert 0 < weight < 1
    assert found["quantity_t_estimate"] * 1000 == pytest.approx(math.exp(log))
    t = quantile(0.9, len(past) - 2)
    assert found["quantity_t_high_80"] * 1000 == pytest.approx(math.exp(log + t * spread))
    full = table[(table["horizon"] >= 0) & (table["reason"] == "")]
    assert (full["weight"] == 1).all()
