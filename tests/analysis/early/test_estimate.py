"""The estimate against a literal second road, and what it does where something is missing."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pandas as pd
import pytest

from aimlib.analysis.confidentiality import Rule
from aimlib.analysis.early.estimate import estimate
from aimlib.analysis.early.student import quantile
from aimlib.reference import early_events

C = "quantity_t"


def one(table, part, month="2022-11"):
    found = table[(table["part"] == part) & (table["month"] == pd.Timestamp(month))]
    assert len(found) == 1
    return found.iloc[0]


def test_the_total_is_licenses_times_the_geometric_mean_ratio(ledger, day_of):
    ledger.licensed("2022-11", 0, 110.0, wire=40.0, foil=70.0)
    day = day_of("2022-11", 0)
    found = one(estimate(ledger.panel, ledger.prints, None, day), "all")
    # On 2022-12-01 Census had printed January to September: October's print came five weeks after its end.
    ratios = []
    for at in range(9):
        census = 100.0 + 10 * (at % 3)
        ratios.append(math.log(census / (census * 0.9 * (1 + 0.02 * (-1) ** at))))
    mean, spread = statistics.mean(ratios), statistics.stdev(ratios) * math.sqrt(1 + 1 / 9)
    assert found["months"] == 9
    assert found[f"{C}_license"] == pytest.approx(110.0)
    assert found[f"{C}_estimate"] == pytest.approx(110.0 * math.exp(mean))
    for level in (80, 95):
        t = quantile((1 + level / 100) / 2, 8)
        assert found[f"{C}_low_{level}"] == pytest.approx(110.0 * math.exp(mean - t * spread))
        assert found[f"{C}_high_{level}"] == pytest.approx(110.0 * math.exp(mean + t * spread))


def test_the_ratio_is_one_over_completeness_and_coverage(ledger, day_of):
    """In logs, over the same months, the mean ratio is minus mean completeness minus mean coverage."""
    ledger.licensed("2022-11", -2, 66.0, wire=20.0, foil=46.0)
    found = one(estimate(ledger.panel, ledger.prints, None, day_of("2022-11", -2)), "all")
    completeness = [math.log(0.6 * (1 + 0.02 * (-1) ** at) / 0.95) for at in range(9)]
    coverage = math.log(0.95)
    assert math.log(found["ratio"]) == pytest.approx(-statistics.mean(completeness) - coverage)


def test_every_open_month_has_its_own_horizon(ledger, day_of):
    ledger.licensed("2022-11", 0, 110.0).licensed("2022-12", -5, 30.0).licensed("2023-01", -9, 2.0)
    table = estimate(ledger.panel, ledger.prints, None, day_of("2022-11", 0))
    totals = table[table["part_kind"] == "total"].set_index("month")
    assert totals.index.tolist() == [pd.Timestamp("2022-10"), pd.Timestamp("2022-11"), pd.Timestamp("2022-12")]
    assert totals["horizon"].tolist() == [4, 0, -5]
    assert totals["partial"].tolist() == [False, False, True]
    assert totals["reason"].tolist() == ["", "", "few months"]
    assert np.isnan(totals[f"{C}_estimate"].iloc[2])


def test_licenses_of_a_day_between_thursdays_are_those_of_the_last_panel_day(ledger, day_of):
    ledger.licensed("2022-11", 0, 110.0)
    thursday = day_of("2022-11", 0)
    later = estimate(ledger.panel, ledger.prints, None, thursday + pd.Timedelta(days=3))
    pd.testing.assert_frame_equal(later, estimate(ledger.panel, ledger.prints, None, thursday))


@pytest.mark.parametrize(("months", "has_estimate"), [(9, True), (10, False)])
def test_fewer_months_than_the_minimum_give_no_estimate(ledger, day_of, months, has_estimate):
    ledger.licensed("2022-11", 0, 110.0)
    found = one(estimate(ledger.panel, ledger.prints, None, day_of("2022-11", 0), minimum=months), "all")
    assert (found["reason"] == "") == has_estimate
    assert np.isfinite(found[f"{C}_estimate"]) == has_estimate
    assert np.isfinite(found[f"{C}_low_95"]) == has_estimate


def test_a_part_without_licenses_is_counted_in_the_rest(ledger, day_of):
    ledger.licensed("2022-11", 0, 110.0, foil=110.0)
    table = estimate(ledger.panel, ledger.prints, None, day_of("2022-11", 0))
    assert one(table, "wire")["reason"] == "no licenses"
    assert np.isnan(one(table, "wire")[f"{C}_estimate"])
    rest = one(table[table["part_kind"] == "product"], "rest")
    # Nothing is licensed there, but Census knew wire: the rest is what the total leaves, and has no interval.
    left = one(table, "all")[f"{C}_estimate"] - one(table, "foil")[f"{C}_estimate"]
    assert rest[f"{C}_estimate"] == pytest.approx(max(left, 0.0), abs=1e-9)
    assert np.isnan(rest[f"{C}_low_80"])


def test_no_month_is_open_before_there_are_licenses(ledger):
    table = estimate(ledger.panel, ledger.prints, None, pd.Timestamp("2021-06-01"))
    assert table.empty
    full = estimate(ledger.panel, ledger.prints, None, pd.Timestamp("2022-10-27"))
    assert table.columns.tolist() == full.columns.tolist()


def test_a_month_touched_by_an_outage_is_out_of_the_history_and_marked(ledger, day_of, busy_days):
    ledger.licensed("2022-11", 0, 110.0)
    filings = busy_days("2021-01-04", "2022-12-01", ("2022-05-09", "2022-05-13"))
    found = one(estimate(ledger.panel, ledger.prints, filings, day_of("2022-11", 0)), "all")
    assert found["months"] == 6  # without May, June and July, which open 60 days before
    assert not found["outage"]
    filings = busy_days("2021-01-04", "2022-12-01", ("2022-10-03", "2022-10-07"))
    assert one(estimate(ledger.panel, ledger.prints, filings, day_of("2022-11", 0)), "all")["outage"]


def test_front_loaded_months_stay_and_are_counted(simulated):
    panel, prints, filings = simulated(seed=1)
    day = panel["day"].max()
    table = estimate(panel, prints, filings, day)
    marked = early_events.front_loaded_months()
    assert (table["months_front_loaded"] == len(marked)).all()
    months = one(table, "all", table["month"].min())["months"]
    known = prints.loc[prints["known_on"] <= day, "month"]
    assert months == known[known >= panel["month"].min()].nunique()


def test_parts_add_to_the_total_and_lie_in_their_intervals(simulated):
    panel, prints, filings = simulated(seed=1)
    table = estimate(panel, prints, filings, panel["day"].max(), "value")
    c = "customs_value_usd"
    for _, month in table.groupby("month"):
        total = one(month, "all", month["month"].iloc[0])[f"{c}_estimate"]
        for kind in ("product", "origin"):
            assert month.loc[month["part_kind"] == kind, f"{c}_estimate"].sum() == pytest.approx(total)
    assert (table["reason"] == "").all()
    order = [f"{c}_{name}" for name in ("low_95", "low_80", "estimate", "high_80", "high_95")]
    assert (table[order].diff(axis=1).iloc[:, 1:] > 0).all(axis=None)
    assert set(table.loc[table["part"] == "rest", "part_kind"]) == {"origin"}


def test_reconciled_intervals_keep_their_width_in_logs(simulated):
    panel, prints, filings = simulated(seed=1)
    table = estimate(panel, prints, filings, panel["day"].max())
    moved = table[f"{C}_estimate"] / table[f"{C}_alone"]
    assert moved.sub(1).abs().max() > 1e-6
    up, down = (table[f"{C}_high_80"] / table[f"{C}_estimate"]), (table[f"{C}_estimate"] / table[f"{C}_low_80"])
    assert np.allclose(up, down)


def test_quantities_that_census_withholds_take_their_month_out(ledger, day_of):
    ledger.licensed("2022-11", 0, 110.0, wire=40.0, foil=70.0)
    prints = ledger.prints
    hole = (prints["part"] == "wire") & (prints["month"] == "2022-03-01")
    prints.loc[hole, "quantity_kg"] = np.nan
    table = estimate(ledger.panel, prints, None, day_of("2022-11", 0))
    assert one(table, "wire")["months"] == 8
    assert one(table, "foil")["months"] == 9
    value = estimate(ledger.panel, prints, None, day_of("2022-11", 0), "value")
    assert one(value, "wire")["months"] == 9


def test_a_protected_part_has_no_figures_and_cannot_be_had_by_subtraction(ledger, day_of):
    ledger.licensed("2022-11", 0, 110.0, wire=20.0, foil=90.0)
    panel = ledger.panel
    panel.loc[(panel["part"] == "wire") & (panel["month"] == "2022-11-01"), "importers"] = 2
    table = estimate(panel, ledger.prints, None, day_of("2022-11", 0), rule=Rule())
    figures = [name for name in table if name.startswith(C)]
    # With two products, the other goes too: total less foil would be wire.
    for part in ("wire", "foil"):
        assert one(table, part)["reason"] == "protected"
        assert one(table, part)[figures].isna().all()
    shown = estimate(panel, ledger.prints, None, day_of("2022-11", 0), rule=Rule(importers=2))
    assert one(shown, "wire")[figures].notna().all()


@pytest.mark.parametrize(
    ("share", "hidden"), [(0.5, ["wire"]), (0.81, ["tubes", "wire"]), (0.99, ["foil", "tubes", "wire"])]
)
def test_the_rest_is_not_dominated_by_the_importer_of_a_protected_part(ledger, day_of, share, hidden):
    """Wire is 60 t of 100, 10 t belong to no part shown; tubes are 10 t, foil 20 t: 70, 80 and 100 t of rest."""
    ledger.licensed("2022-11", 0, 100.0, wire=60.0, tubes=10.0, foil=20.0)
    panel = ledger.panel
    wire = (panel["part"] == "wire") & (panel["month"] == "2022-11-01")
    panel.loc[wire, "importers"] = 2
    panel.loc[wire, "top_share"] = share
    table = estimate(panel, ledger.prints, None, day_of("2022-11", 0), rule=Rule(share=0.65))
    november = table[table["month"] == "2022-11-01"]
    assert sorted(november.loc[november["reason"] == "protected", "part"]) == hidden


def test_a_dominated_total_shows_nothing(ledger, day_of):
    ledger.licensed("2022-11", 0, 110.0, wire=20.0, foil=90.0)
    panel = ledger.panel
    panel.loc[(panel["part"] == "all") & (panel["month"] == "2022-11-01"), "top_share"] = 0.81
    table = estimate(panel, ledger.prints, None, day_of("2022-11", 0), rule=Rule())
    november = table[table["month"] == "2022-11-01"]
    assert november[[name for name in table if name.startswith(C)]].isna().all(axis=None)
    panel["top_share"] = panel["top_share"].clip(upper=0.8)
    assert one(estimate(panel, ledger.prints, None, day_of("2022-11", 0), rule=Rule()), "all")["reason"] == ""


def test_parts_without_a_total_are_refused(ledger, day_of):
    panel = ledger.panel
    broken = panel[~((panel["part"] == "all") & (panel["month"] == "2022-03-01"))]
    with pytest.raises(ValueError, match="without their total"):
        estimate(broken, ledger.prints, None, day_of("2022-10", 0))
    with pytest.raises(ValueError, match="two rows"):
        estimate(pd.concat([panel, panel]), ledger.prints, None, day_of("2022-10", 0))
