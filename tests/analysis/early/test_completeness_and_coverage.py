"""How full a month is, and what licenses miss: by hand, and by horizon."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.analysis.confidentiality import Rule
from aimlib.analysis.early.completeness import completeness, completeness_by_month
from aimlib.analysis.early.coverage import coverage, coverage_by_month

DAY = pd.Timestamp("2023-01-05")


def pick(table, **keys):
    for name, wanted in keys.items():
        table = table[table[name] == wanted]
    return table


def test_completeness_is_licenses_at_a_horizon_over_settled_ones(ledger):
    table = completeness_by_month(ledger.panel, ledger.prints, None, DAY, origins=())
    march = pick(table, part="all", month=pd.Timestamp("2022-03")).set_index("horizon")["completeness"]
    assert march[-2] == pytest.approx(0.6 * 1.02 / 0.95)
    assert march[0] == pytest.approx(0.9 * 1.02 / 0.95)
    assert march[4] == pytest.approx(1.0)
    assert set(march.index) == {-2, 0, 4}


def test_completeness_may_pass_one_before_purges(ledger):
    ledger.licensed("2022-11", 0, 120.0).licensed("2022-11", 4, 100.0).printed("2022-11", 5, 101.0)
    table = completeness_by_month(ledger.panel, ledger.prints, None, pd.Timestamp("2023-02-01"), origins=())
    assert pick(table, part="all", month=pd.Timestamp("2022-11"), horizon=0)["completeness"].iloc[0] == pytest.approx(
        1.2
    )


def test_a_month_is_settled_on_the_last_thursday_before_its_print(ledger, day_of):
    """What licenses say on or after the day of the print does not count."""
    ledger.licensed("2022-10", 5, 1.0)
    table = coverage_by_month(ledger.panel, ledger.prints, None, DAY, origins=())
    october = pick(table, part="all", against="first", month=pd.Timestamp("2022-10"))
    assert october["quantity_t_license"].iloc[0] == pytest.approx(0.95 * 100)


def test_a_month_printed_late_is_settled_six_weeks_after_its_end(ledger):
    ledger.licensed("2022-11", 4, 97.0).licensed("2022-11", 6, 96.0).licensed("2022-11", 7, 80.0)
    ledger.printed("2022-11", 30, 100.0)
    late = coverage_by_month(ledger.panel, ledger.prints, None, pd.Timestamp("2023-12-01"), origins=())
    november = pick(late, part="all", month=pd.Timestamp("2022-11"))
    assert november["against"].tolist() == ["latest"]  # thirty weeks after its end is no first print
    assert november["coverage"].iloc[0] == pytest.approx(0.96)


def test_an_unprinted_month_is_settled_six_weeks_after_its_end_and_not_before(ledger, day_of):
    ledger.licensed("2022-11", 0, 90.0).licensed("2022-11", 5, 97.0).licensed("2022-11", 6, 96.0)
    for weeks, count in ((5, 0), (6, 1)):
        table = completeness_by_month(ledger.panel, ledger.prints, None, day_of("2022-11", weeks), origins=())
        assert len(pick(table, part="all", month=pd.Timestamp("2022-11"), horizon=0)) == count


def test_coverage_against_first_and_latest(ledger):
    ledger.printed("2022-10", 9, 190.0, wire=60.0, foil=130.0)
    table = coverage_by_month(ledger.panel, ledger.prints, None, DAY, origins=())
    october = pick(table, part="all", month=pd.Timestamp("2022-10")).set_index("against")["coverage"]
    assert october["first"] == pytest.approx(0.95)
    assert october["latest"] == pytest.approx(0.5)
    summed = coverage(table)
    total = pick(summed, part="all", against="latest").iloc[0]
    assert total["months"] == 10
    assert total["last"] == pytest.approx(0.5)
    assert total["last_month"] == pd.Timestamp("2022-10")
    assert (total["low"], total["high"]) == (pytest.approx(0.5), pytest.approx(0.95))
    assert pick(summed, part="wire", against="first").iloc[0]["mean"] == pytest.approx(0.3 / 0.32)


def test_prints_of_later_days_are_not_looked_at(ledger):
    ledger.printed("2022-10", 9, 190.0)
    before = coverage_by_month(ledger.panel, ledger.prints, None, pd.Timestamp("2022-12-08"), origins=())
    assert pick(before, part="all", month=pd.Timestamp("2022-10"), against="latest")["coverage"].iloc[
        0
    ] == pytest.approx(0.95)


def test_months_touched_by_an_outage_are_marked_and_not_summed_up(ledger, busy_days):
    filings = busy_days("2021-01-04", "2023-01-05", ("2022-05-09", "2022-05-13"))
    by_month = coverage_by_month(ledger.panel, ledger.prints, filings, DAY, origins=())
    marked = by_month.loc[by_month["left_out"], "month"].unique()
    # March has its horizon of six weeks on 12 May; July opens on 2 May.
    assert [str(month)[:7] for month in marked] == ["2022-03", "2022-04", "2022-05", "2022-06", "2022-07"]
    assert pick(coverage(by_month), part="all", against="first")["months"].iloc[0] == 5
    full = completeness_by_month(ledger.panel, ledger.prints, filings, DAY, origins=())
    assert pick(completeness(full), part="all", horizon=0)["months"].iloc[0] == 5


def test_completeness_grows_with_the_horizon_in_a_made_up_trade(simulated):
    panel, prints, filings = simulated(seed=3, months=40, unused=0.1)
    table = completeness(completeness_by_month(panel, prints, filings, panel["day"].max(), origins=("CAN",)))
    total = pick(table, part="all").set_index("horizon")["mean"]
    assert total.loc[-8:0].is_monotonic_increasing
    assert total[-8] < 0.1
    assert 0.75 < total[-2] < 0.95
    assert total[2] > 1.0  # licenses that will be purged are still there
    assert (table["low"] <= table["median"]).all()
    assert (table["median"] <= table["high"]).all()


def test_coverage_of_a_protected_part_is_not_told(ledger, day_of):
    panel = ledger.panel
    settled_march = (panel["month"] == "2022-03-01") & (panel["day"] == day_of("2022-03", 4))
    panel.loc[settled_march & (panel["part"] == "wire"), "importers"] = 2
    told = coverage_by_month(panel, ledger.prints, None, DAY, origins=(), rule=Rule())
    march = told[(told["month"] == "2022-03-01") & (told["against"] == "latest")]
    assert march["part"].tolist() == ["all"]  # total less foil would be wire
    assert pick(told, part="wire", against="latest")["month"].nunique() == 9
    enough = coverage_by_month(panel, ledger.prints, None, DAY, origins=(), rule=Rule(importers=2))
    assert pick(enough, part="wire", against="latest")["month"].nunique() == 10
