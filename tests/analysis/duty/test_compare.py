"""Duty added up: sums and rates, one law against another, tonnes by rate, demand, and beside what Census counts."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from aimlib.analysis.duty import collected
from aimlib.analysis.duty.assumptions import SHARED, Assumptions
from aimlib.analysis.duty.collected import beside_census, is_large, uncovered_share
from aimlib.analysis.duty.compare import CLASSES, against, by_rate, totals
from aimlib.analysis.duty.demand import demand_response
from aimlib.analysis.duty.scenarios import Scenario
from aimlib.analysis.duty.statutory import rate_parts, statutory_duty
from aimlib.errors import AimError
from aimlib.reference import countries

P1020, PROFILE, SHEET, POTS = "7601106030", "7604291010", "7606123045", "7615102015"
NAN = float("nan")


def imports(*rows: tuple[str, str, str, str, float], tonnes: float = 10.0) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["first", "last", "origin", "code", "customs_value_usd"])
    days = {name: [date.fromisoformat(day) for day in frame[name]] for name in ("first", "last")}
    return frame.assign(**days, quantity_kg=tonnes * 1000)


MARCH, MAY = ("2025-03-01", "2025-03-31"), ("2026-05-01", "2026-05-31")


@pytest.fixture(scope="module")
def rated() -> pd.DataFrame:
    """Return imports of May 2026: 50% on most, 55% at most on Canadian profiles, no answer for pots."""
    return statutory_duty(
        imports(
            (*MAY, "CAN", P1020, 1000.0),
            (*MAY, "CAN", PROFILE, 500.0),
            (*MAY, "ARE", P1020, 200.0),
            (*MAY, "CHN", SHEET, 100.0),
            (*MAY, "CHN", POTS, 300.0),
        )
    )


# Sums


def test_all_together(rated):
    (found,) = totals(rated).to_dict("records")
    duty = 500 + 250 + 100 + 100 * (0.03 + 0.50 + 0.25)
    assert (found["customs_value_usd"], found["covered_value_usd"]) == (2100, 1800)
    assert found["statutory_duty_usd"] == pytest.approx(duty)
    assert found["effective_pct"] == pytest.approx(duty / 1800 * 100)
    assert found["high_duty_usd"] == pytest.approx(duty + 25)
    assert found["effective_high_pct"] == pytest.approx((duty + 25) / 1800 * 100)
    assert "origin" not in found


def test_by_origin_the_sums_are_those_of_all(rated):
    found = totals(rated, ["origin"])
    assert found["origin"].tolist() == ["CAN", "ARE", "CHN"]
    assert found["effective_pct"].tolist() == pytest.approx([50, 50, 78])
    columns = ["customs_value_usd", "covered_value_usd", "statutory_duty_usd", "low_duty_usd", "high_duty_usd"]
    assert found[columns].sum().to_numpy() == pytest.approx(totals(rated)[columns].iloc[0].to_numpy())


def test_what_is_not_covered_has_no_rate(rated):
    found = totals(rated, ["origin", "code"]).set_index("code")
    assert found.loc[POTS, "covered_value_usd"] == 0
    assert pd.isna(found.loc[POTS, "effective_pct"])
    assert totals(rated.head(0))["statutory_duty_usd"].tolist() == [0]
    assert totals(rated.head(0), ["origin"]).empty


# One law against another


def test_who_gains_and_who_loses(rated):
    scenario = Scenario("mine").set_rate("s232_articles", 60).exempt("s232_articles", ["CAN"])
    other = statutory_duty(rated[["first", "last", "origin", "code", "customs_value_usd"]], scenario=scenario)
    found = against(rated, other, ["origin"])
    assert found["origin"].tolist() == ["CAN", "ARE", "CHN"]
    assert found["duty_change_usd"].tolist() == pytest.approx([-750, 20, 10])
    assert found["change_points"].tolist() == pytest.approx([-50, 10, 10])
    assert found["law_pct"].tolist() == pytest.approx([50, 50, 78])
    assert found["other_pct"].tolist() == pytest.approx([0, 60, 88])
    assert found["covered_value_usd"].tolist() == [1500, 200, 100]
    change = totals(other)["statutory_duty_usd"].item() - totals(rated)["statutory_duty_usd"].item()
    assert found["duty_change_usd"].sum() == pytest.approx(change)
    assert (found["other_duty_usd"] - found["law_duty_usd"]).tolist() == pytest.approx(
        found["duty_change_usd"].tolist()
    )


def test_rows_that_one_law_does_not_answer_are_left_out():
    rows = imports(("2026-11-01", "2026-11-30", "ARE", P1020, 100.0), (*MAY, "ARE", P1020, 40.0))
    on_all = statutory_duty(rows, scenario=Scenario("old").law_of(date(2025, 3, 11)))
    found = against(statutory_duty(rows), on_all, ["origin"])
    assert found["covered_value_usd"].tolist() == [40]
    assert found["duty_change_usd"].tolist() == pytest.approx([-16])


# Tonnes by rate


def test_the_usual_rates_are_always_there_and_tonnes_are_kept(rated):
    rows = rated[["first", "last", "origin", "code", "customs_value_usd", "quantity_kg"]]
    found = by_rate(rate_parts(rows))
    assert found["additional_pct"].tolist()[:-1] == list(CLASSES) == [0, 25, 50, 75, 100, 200]
    assert pd.isna(found["additional_pct"].iloc[-1])
    assert found["quantity_t"].tolist() == pytest.approx([0, 0, 30, 10, 0, 0, 10])
    assert found["customs_value_usd"].tolist() == pytest.approx([0, 0, 1700, 100, 0, 0, 300])
    assert found[["share_quantity", "share_value"]].sum().tolist() == pytest.approx([1, 1])


def test_a_line_counts_under_each_rate_by_the_days_it_was_in_force():
    found = by_rate(rate_parts(imports((*MARCH, "ARE", P1020, 3100.0), tonnes=31.0))).set_index("additional_pct")
    assert found["quantity_t"].loc[[10, 25]].tolist() == pytest.approx([11, 20])
    assert found["customs_value_usd"].loc[[10, 25]].tolist() == pytest.approx([1100, 2000])
    assert found["quantity_t"].sum() == pytest.approx(31)
    assert list(found.index) == [0, 10, 25, 50, 75, 100, 200]


def test_shares_of_claims_split_tonnes():
    rows = imports(("2023-05-01", "2023-05-31", "DEU", P1020, 100.0))
    parts = rate_parts(rows, assumptions=Assumptions(SHARED | {"in_quota": 0.7}))
    found = by_rate(parts).set_index("additional_pct")["quantity_t"]
    assert found.loc[[0, 10]].tolist() == pytest.approx([7, 3])


def test_additional_is_beyond_column_1():
    found = by_rate(rate_parts(imports((*MAY, "CAN", PROFILE, 100.0)), assumptions=Assumptions({})))
    assert found.loc[found["quantity_t"] > 0, "additional_pct"].tolist() == [50]


# Demand


def test_a_response_worked_out_by_hand():
    """From 50% to 25%, elasticity -2, half passed on: d ln Q = -2 * 0.5 * ln(1.25 / 1.5), so Q rises to 1.5 / 1.25."""
    found = demand_response(1000.0, 50, 25, [-2, 0, -1], 0.5)
    assert found["elasticity"].tolist() == [-2, 0, -1]
    assert found["quantity_change"].tolist() == pytest.approx([0.2, 0, np.sqrt(1.2) - 1])
    assert found["customs_value_usd"].tolist()[:2] == pytest.approx([1200, 1000])
    assert found["duty_usd"].tolist()[:2] == pytest.approx([300, 250])
    assert found["static_duty_usd"].tolist() == [250, 250, 250]
    assert found["duty_change_usd"].tolist()[:2] == pytest.approx([-200, -250])


def test_a_higher_rate_buys_less_and_nothing_passed_on_changes_nothing():
    assert (demand_response(1000.0, 25, 50, [-1, -0.5], 1)["quantity_change"] < 0).all()
    assert demand_response(1000.0, 25, 50, [-1], 0)["quantity_change"].tolist() == [0]


@pytest.mark.parametrize(
    ("elasticities", "passed", "told"),
    [
        ([-1, 0.5], 1, "elasticity of 0.5 is not possible"),
        ([NAN], 1, "elasticity of nan is not possible"),
        ([-1], 1.2, "pass-through of 1.2 is not possible"),
        ([-1], -0.1, "pass-through of -0.1 is not possible"),
        ([-1], NAN, "pass-through of nan is not possible"),
    ],
)
def test_elasticities_and_pass_through_that_cannot_be(elasticities, passed, told):
    with pytest.raises(AimError, match=told):
        demand_response(1000.0, 25, 50, elasticities, passed)


# Beside what Census counts


def census(*rows: tuple) -> pd.DataFrame:
    """Return beside_census of rows of (first, last, origin, code, value, calculated duty)."""
    frame = imports(*(row[:5] for row in rows)).assign(duty_usd=[row[5] for row in rows])
    return beside_census(statutory_duty(frame)).set_index("origin")


def test_ratio_and_gap():
    found = census(
        (*MAY, "ARE", P1020, 1000.0, 450.0), (*MAY, "ARE", SHEET, 1000.0, 500.0), (*MAY, "CAN", PROFILE, 5000.0, 2600.0)
    )
    assert list(found.index) == ["CAN", "ARE"]  # by value
    emirates = found.loc["ARE"]
    assert emirates["calculated_duty_usd"] == 950
    assert emirates["statutory_duty_usd"] == pytest.approx(500 + 530)
    assert emirates["ratio"] == pytest.approx(950 / 1030)
    assert emirates["gap_usd"] == pytest.approx(-80)
    assert emirates["calculated_pct"] == pytest.approx(47.5)
    assert emirates["statutory_pct"] == pytest.approx(51.5)
    canada = found.loc["CAN"]
    assert canada["ratio"] == pytest.approx(2600 / 2500)
    assert (canada["ratio_low"], canada["ratio_high"]) == pytest.approx((2600 / 2750, 2600 / 2500))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(*MAY, "CAN", PROFILE, 1000.0, 500.0)], ""),
        ([(*MAY, "CAN", PROFILE, 1000.0, 505.0)], ""),  # within two percent
        ([(*MAY, "CAN", PROFILE, 1000.0, 530.0)], collected.CLAIMED),
        ([(*MAY, "CAN", PROFILE, 1000.0, 400.0)], collected.BELOW),
        ([(*MAY, "CAN", PROFILE, 1000.0, 700.0)], collected.ABOVE),
        # The bounds are those of the days as well: 10% and 25%.
        ([(*MARCH, "ARE", P1020, 1000.0, 150.0)], collected.CHANGED),
        ([(*MARCH, "ARE", P1020, 1000.0, 60.0)], f"{collected.BELOW}; {collected.CHANGED}"),
        ([(*MAY, "ARE", P1020, 1000.0, 500.0), (*MAY, "ARE", POTS, 50.0, 2.0)], collected.UNCOVERED),
        ([(*MAY, "ARE", P1020, 1000.0, 300.0), (*MAY, "ARE", POTS, 50.0, 2.0)],
         f"{collected.BELOW}; {collected.UNCOVERED}"),
        ([(*MAY, "ARE", POTS, 50.0, 2.0)], collected.UNCOVERED),
    ],
)  # fmt: skip
def test_reasons(rows, told):
    assert census(*rows)["reasons"].tolist() == [told]


def test_claims_are_no_reason_where_none_can_be_made():
    found = census((*MARCH, "ARE", P1020, 1000.0, 150.0))
    assert found["reasons"].tolist() == [collected.CHANGED]


def test_lines_not_covered_are_left_out_of_both_sides():
    rows = [(*MAY, "CHN", POTS, 300.0, 90.0), (*MAY, "CHN", SHEET, 100.0, 78.0)]
    found = census(*rows).loc["CHN"]
    assert (found["customs_value_usd"], found["covered_value_usd"]) == (400, 100)
    assert found["calculated_duty_usd"] == 78
    assert found["ratio"] == pytest.approx(1)
    assert uncovered_share(statutory_duty(imports(*(row[:5] for row in rows)))) == 0.75
    assert np.isnan(uncovered_share(statutory_duty(imports((*MAY, "CHN", POTS, 0.0)))))
    alone = census(rows[0]).loc["CHN"]
    assert alone[["calculated_pct", "statutory_pct", "ratio", "ratio_low", "ratio_high"]].isna().all()
    assert not alone["changes_within"]


def test_a_bound_is_blank_where_the_duty_may_be_nothing():
    """Canadian profiles of 2024 were free with a USMCA claim."""
    found = census(("2024-05-01", "2024-05-31", "CAN", PROFILE, 1000.0, 20.0)).loc["CAN"]
    assert (pd.isna(found["ratio"]), pd.isna(found["ratio_high"])) == (True, True)
    assert found["ratio_low"] == pytest.approx(20 / 50)
    assert found["reasons"] == collected.CLAIMED


@pytest.mark.parametrize(
    ("statutory", "covered", "gap", "large"),
    [(100, 1000, -11, True), (100, 1000, 9, False), (0, 1000, 1.1, True), (0, 1000, 0.9, False), (0, 0, 5, False)],
)
def test_large_gaps(statutory, covered, gap, large):
    row = pd.Series({"statutory_duty_usd": statutory, "covered_value_usd": covered, "gap_usd": gap})
    assert is_large(row) is large


def test_what_it_cannot_see_is_said():
    said = " ".join(collected.what_it_cannot_see())
    for words in ("exclusions", "chapter 98", "free-trade zone", "smelt or cast"):
        assert words in said


# The real file of 2024


@pytest.fixture(scope="module")
def real(real_census) -> pd.DataFrame:
    """Return the file of 2024 with its statutory duty."""
    file = real_census / "imports_2024-12_YTD_hs10_ch76_48_partners.csv"
    raw = pd.read_csv(file, dtype={"CTY_CODE": "str", "I_COMMODITY": "str"})
    raw = raw[raw["CTY_CODE"].map(countries.is_country_code)].reset_index(drop=True)
    assert set(raw["time"]) == {"2024-12"}
    rows = pd.DataFrame(
        {
            "first": date(2024, 1, 1),
            "last": date(2024, 12, 31),
            "origin": countries.from_census(raw["CTY_CODE"]),
            "code": raw["I_COMMODITY"],
            "customs_value_usd": raw["CON_VAL_YR"].astype(float),
            "duty_usd": raw["CAL_DUT_YR"].astype(float),
        }
    )
    return statutory_duty(rows)


def test_of_2024_most_is_explained(real):
    by_origin = beside_census(real).set_index("origin")
    covered = real[real["statutory_pct"].notna()]
    assert by_origin["calculated_duty_usd"].sum() == covered["duty_usd"].sum()
    ratio = by_origin["calculated_duty_usd"].sum() / by_origin["statutory_duty_usd"].sum()
    assert 0.7 < ratio < 0.95
    assert by_origin.loc[["CAN", "MEX", "CHN"], "covered_value_usd"].min() > 1e9


def test_of_2024_countries_without_claims_pay_what_the_law_says(real):
    """Of Hong Kong, Venezuela and Bangladesh no claim and no exclusion is to be seen."""
    found = beside_census(real).set_index("origin")
    for origin in ("HKG", "VEN", "BGD"):
        assert found.loc[origin, "ratio"] == pytest.approx(1, abs=0.005), origin
        assert found.loc[origin, "reasons"] in ("", collected.UNCOVERED)


def test_of_2024_the_ratio_lies_within_its_bounds_by_origin(real):
    """The ratio's bounds hold it wherever all three can be said; a ratio of one lies between them or is explained."""
    found = beside_census(real)
    held = found.dropna(subset=["ratio", "ratio_low", "ratio_high"])
    assert len(held) > 25
    assert (held["ratio_low"] <= held["ratio"] + 1e-9).all()
    assert (held["ratio"] <= held["ratio_high"] + 1e-9).all()
    outside = found[(found["ratio_low"] > 1.02) | (found["ratio_high"] < 0.98)]
    explained = outside["reasons"].str.contains("less than with every claim|more than without any claim")
    assert explained.all(), outside.loc[~explained, ["origin", "ratio_low", "ratio_high", "reasons"]]


def test_of_2024_a_second_road_for_the_emirates(real, real_census):
    """Ten percent on 7601 and 7604 to 7609, and column 1, by plain pandas on the file itself."""
    file = real_census / "imports_2024-12_YTD_hs10_ch76_48_partners.csv"
    raw = pd.read_csv(file, dtype={"CTY_CODE": "str", "I_COMMODITY": "str"})
    own = raw[(raw["CTY_CODE"] == "5200") & raw["I_COMMODITY"].str.startswith("760110")]
    rated = real[(real["origin"] == "ARE") & real["code"].str.startswith("760110")]
    assert rated["customs_value_usd"].sum() == own["CON_VAL_YR"].sum() > 1e8
    assert rated["duty_usd"].sum() == own["CAL_DUT_YR"].sum()
    assert rated["statutory_duty_usd"].sum() == pytest.approx(own["CON_VAL_YR"].sum() * 0.10)
