"""Rankings and partner tables with figures worked out by hand; missing against zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from analysis.world.written import all_reported, close, make_flows, make_standing

from aimlib.analysis.world import Span, by_country, one_standing, partners, ranking
from aimlib.errors import AimError

Y22, Y23, BOTH = (Span.parse(text, "annual") for text in ("2022", "2023", "2022:2023"))


def test_sums_of_a_span_and_what_is_missing_in_it(small):
    found = by_country(*small, flow="export", span=BOTH).set_index("country")
    assert list(found.index) == ["AAA", "BBB", "CCC"]
    # AAA: 60 + 40 + 30 + 45, and a value of 140 of 2140 has no weight.
    close(found.loc["AAA", ["quantity_t", "fob_value_usd", "import_value_usd"]], [175, 2140, 2354])
    close(found.loc["AAA", ["unit_value_usd_t", "covered_share"]], [2000 / 175, 2000 / 2140])
    # BBB: 2022 is missing, so no sum; what is known stands apart.
    assert found.loc["BBB", ["quantity_t", "fob_value_usd", "unit_value_usd_t", "covered_share"]].isna().all()
    close(found.loc["BBB", ["quantity_t_so_far", "periods_known", "periods"]], [25, 1, 2])
    assert list(found["standing"]) == ["reported", "incomplete", "reported"]


def test_zero_is_not_missing(small):
    later = by_country(*small, flow="export", span=Y23).set_index("country")
    assert later.loc["CCC", "quantity_t"] == 0.0
    assert pd.isna(later.loc["CCC", "unit_value_usd_t"])
    assert pd.isna(later.loc["CCC", "covered_share"])
    earlier = by_country(*small, flow="export", span=Y22).set_index("country")
    assert pd.isna(earlier.loc["BBB", "quantity_t"])
    assert pd.isna(earlier.loc["BBB", "quantity_t_so_far"])
    assert earlier.loc["BBB", "standing"] == "missing"


def test_a_country_without_any_known_weight_has_a_value_and_no_quantity():
    flows = make_flows(("AAA", "BBB", 2023, None, 50.0))
    found = by_country(flows, all_reported(["AAA"], [2023]), flow="export", span=Y23).iloc[0]
    assert pd.isna(found["quantity_t"])
    assert found["fob_value_usd"] == 50.0
    assert found["covered_share"] == 0.0
    assert pd.isna(found["unit_value_usd_t"])


def test_flows_of_a_missing_period_are_not_counted_even_if_a_partner_told_them():
    flows = make_flows(("AAA", "BBB", 2022, 7.0, 70.0), ("AAA", "BBB", 2023, 5.0, 50.0))
    standing = all_reported(["AAA"], [2022, 2023], AAA={2022: "missing"})
    found = by_country(flows, standing, flow="export", span=BOTH).iloc[0]
    assert pd.isna(found["quantity_t"])
    assert found["quantity_t_so_far"] == 5.0


def test_in_a_selection_what_is_not_listed_is_not_zero():
    standing = all_reported(["AAA"], [2023], BBB={2023: "selection"})
    found = by_country(make_flows(("AAA", "CCC", 2023, 1.0, 1.0)), standing, flow="export", span=Y23)
    assert found.set_index("country")["quantity_t"].isna().to_dict() == {"AAA": False, "BBB": True}


def test_words_of_a_span_and_partners_reporting():
    standing = make_standing(
        {
            ("AAA", 2022): "reported",
            ("AAA", 2023): ("mirror", 6, 9),
            ("BBB", 2022): ("mirror", 5, 5),
            ("BBB", 2023): ("mirror", 8, 12),
        }
    )
    found = by_country(make_flows(), standing, flow="export", span=BOTH).set_index("country")
    assert list(found["standing"]) == ["spliced", "mirror"]
    assert list(found["partners_reporting"]) == [6, 8]
    assert list(found["partners"]) == [9, 12]


def test_ranking_with_shares_among_the_complete_and_changes(small):
    found = ranking(*small, flow="export", span=Y23, base=Y22)
    assert list(found["country"]) == ["AAA", "BBB", "CCC"]
    assert found["rank"].dtype == "Int64"
    assert list(found["rank"].fillna(0)) == [1, 2, 0]
    close(found["share_quantity"], [75 / 100, 25 / 100, 0])
    close(found["share_value"], [1040 / 1240, 200 / 1240, 0])
    # BBB has no base: its change is blank, not a rise from nothing.
    close(found["quantity_change"], [75 / 100 - 1, np.nan, -1])
    close(found["value_change"], [1040 / 1100 - 1, np.nan, -1])
    close(found["unit_value_usd_t"], [900 / 75, 8, np.nan])
    close(found["unit_value_usd_t_base"], [11, np.nan, 9])
    assert list(found["standing_base"]) == ["reported", "missing", "reported"]


def test_incomplete_countries_come_last_without_rank(small):
    found = ranking(*small, flow="export", span=BOTH)
    assert list(found["country"]) == ["AAA", "CCC", "BBB"]
    assert list(found["rank"].fillna(0)) == [1, 2, 0]
    close(found["share_quantity"], [175 / 185, 10 / 185, np.nan])


def test_the_measure_only_orders():
    flows = make_flows(("AAA", "CCC", 2023, 5.0, 10.0), ("BBB", "CCC", 2023, 1.0, 90.0))
    standing = one_standing(flows)
    by_tons = ranking(flows, standing, flow="export", span=Y23)
    by_value = ranking(flows, standing, flow="export", span=Y23, measure="value")
    assert list(by_tons["country"]) == ["AAA", "BBB", "CCC"]
    assert list(by_value["country"]) == ["BBB", "AAA", "CCC"]
    pd.testing.assert_frame_equal(
        by_tons.drop(columns="rank").sort_values("country", ignore_index=True),
        by_value.drop(columns="rank").sort_values("country", ignore_index=True),
    )


def test_imports_are_the_importers_in_their_own_value():
    flows = make_flows(
        ("AAA", "CCC", 2023, 5.0, 10.0), ("BBB", "CCC", 2023, 5.0, 30.0), ("AAA", "BBB", 2023, 2.0, 10.0)
    )
    found = ranking(flows, one_standing(flows), flow="import", span=Y23, measure="value").set_index("country")
    close(found.loc["CCC", ["quantity_t", "import_value_usd", "unit_value_usd_t"]], [10, 44, 4.4])
    close(found["share_value"], [0.8, 0.2, 0])


def test_words_that_are_no_flow_or_measure(small):
    with pytest.raises(AimError, match="Did you mean export"):
        ranking(*small, flow="exports", span=Y23)
    with pytest.raises(AimError, match="quantity or value"):
        ranking(*small, flow="export", measure="tons", span=Y23)


def test_flows_without_import_values():
    flows = make_flows(("AAA", "CCC", 2023, 5.0, 10.0)).drop(columns=["import_value_usd", "covered_import_value_usd"])
    found = ranking(flows, one_standing(flows), flow="export", span=Y23)
    assert "import_value_usd" not in found.columns
    close(found["unit_value_usd_t"].iloc[0], 2)


def test_partners_with_total_and_base(small):
    found = partners(*small, country="AAA", flow="export", span=Y23, base=Y22)
    assert list(found["partner"]) == ["BBB", "DDD", "EEE", "TOTAL"]
    assert list(found["row_kind"]) == ["partner"] * 3 + ["total"]
    # EEE has a value and no weight: its quantity is not known, and the total is a lower bound.
    close(found["quantity_t"], [45, 30, np.nan, 75])
    close(found["fob_value_usd"], [540, 360, 140, 1040])
    close(found["share_value"], [540 / 1040, 360 / 1040, 140 / 1040, 1])
    close(found["covered_share"], [1, 1, 0, 900 / 1040])
    close(found["quantity_t_base"], [0, 60, 40, 100])
    close(found["quantity_change"], [np.nan, -0.5, np.nan, -0.25])
    close(found["value_change"], [np.nan, 360 / 600 - 1, 140 / 500 - 1, 1040 / 1100 - 1])
    close(found["unit_value_usd_t_base"], [np.nan, 10, 12.5, 11])
    assert list(found["rank"].fillna(0)) == [1, 2, 0, 0]


def test_partners_of_a_country_that_is_missing_in_a_period(small):
    found = partners(*small, country="BBB", flow="export", span=BOTH)
    assert list(found["partner"]) == ["DDD", "TOTAL"]
    assert found[["quantity_t", "fob_value_usd", "share_quantity", "unit_value_usd_t"]].isna().all().all()
    assert list(found["standing"]) == ["incomplete"] * 2
    assert found["quantity_t_so_far"].iloc[-1] == 25


def test_partners_of_a_country_without_trade_and_of_one_unknown(small):
    none = partners(*small, country="CCC", flow="export", span=Y23)
    assert list(none["partner"]) == ["TOTAL"]
    assert none["quantity_t"].iloc[0] == 0.0
    unknown = partners(*small, country="ZZZ", flow="export", span=Y23)
    assert unknown["quantity_t"].isna().all()
    assert list(unknown["standing"]) == ["missing"]
