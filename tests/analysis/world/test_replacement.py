"""Who replaced whom: the tables by hand, and the accounting identities."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.world.written import all_reported, close, make_flows, make_standing

from aimlib.analysis.world import Span, one_standing, replaced, replacements
from aimlib.errors import AimError

EARLY, LATE = Span.parse("2021:2022", "annual"), Span.parse("2023", "annual")
FLOWS = make_flows(
    ("AAA", "BBB", 2021, 100.0, 1000.0),
    ("AAA", "BBB", 2022, 60.0, 600.0),
    ("AAA", "CCC", 2021, 20.0, 200.0),
    ("AAA", "CCC", 2022, 20.0, 200.0),
    ("AAA", "EEE", 2021, 20.0, 200.0),
    ("AAA", "BBB", 2023, 20.0, 200.0),
    ("AAA", "CCC", 2023, 20.0, 200.0),
    ("AAA", "DDD", 2023, 75.0, 900.0),
    ("AAA", "FFF", 2023, 25.0, 300.0),
)


def found(standing=None, flows=FLOWS, **other):
    asked = {"country": "AAA", "flow": "export", "before": EARLY, "after": LATE} | other
    return replaced(flows, one_standing(flows) if standing is None else standing, **asked)


def test_partners_before_and_after_a_year():
    table = found()
    assert list(table["partner"]) == ["BBB", "EEE", "CCC", "FFF", "DDD", "TOTAL"]
    close(table["quantity_t_before_per_period"], [80, 10, 20, 0, 0, 110])
    close(table["quantity_t_after_per_period"], [20, 0, 20, 25, 75, 140])
    close(table["quantity_t_change_per_period"], [-60, -10, 0, 25, 75, 30])
    assert list(table["role"]) == ["lost", "lost", "same", "gained", "gained", ""]
    close(table["share_quantity_before"].iloc[0], 80 / 110)
    close(table["share_quantity_change"], table["share_quantity_after"] - table["share_quantity_before"])
    assert table["note"].eq("").all()


def test_replacements_match_losses_with_gains_in_proportion():
    table = replacements(found())
    # 70 lost, 100 gained: 70 replaced, 30 of net growth; DDD gained three quarters of all.
    pairs = table.set_index(["lost_partner", "gained_partner"])["quantity_t_per_period"]
    close(pairs["BBB", "DDD"], 45)
    close(pairs["BBB", "FFF"], 15)
    close(pairs["EEE", "DDD"], 7.5)
    close(pairs["net growth", "DDD"], 22.5)
    close(table["quantity_t_per_period"].sum(), 100)
    assert list(table["row_kind"].iloc[[0, -1]]) == ["replaced", "net growth"]
    close(table[table["lost_partner"] == "BBB"]["share_of_lost"].sum(), 1)
    close(table[table["gained_partner"] == "FFF"]["share_of_gained"].sum(), 1)


def test_net_decline_is_the_losers():
    turned = found(flows=FLOWS[~FLOWS["importer"].eq("DDD")])
    table = replacements(turned)
    close(table[table["row_kind"] == "net decline"]["quantity_t_per_period"].sum(), 70 - 25)
    assert set(table[table["row_kind"] == "net decline"]["gained_partner"]) == {"net decline"}


def test_by_value():
    table = found(measure="value")
    assert list(table["partner"].iloc[:2]) == ["BBB", "EEE"]
    pairs = replacements(table, "fob_value_usd")
    close(pairs["fob_value_usd_per_period"].sum(), 1200)


def test_a_missing_span_gives_no_comparison():
    standing = all_reported(["AAA"], [2021, 2022, 2023], AAA={2022: "missing"})
    table = found(standing)
    assert table["quantity_t_change_per_period"].isna().all()
    assert set(table["note"]) == {"2021:2022 is incomplete: no comparison."}
    assert set(table["role"]) == {""}
    assert replacements(table).empty


def test_a_change_of_account_is_noted():
    standing = all_reported(["AAA"], [2021, 2022], AAA={2023: "mirror"})
    table = found(standing)
    assert table["note"].str.contains("change of account").all()
    assert table["quantity_t_change_per_period"].notna().all()


def test_fewer_partners_reporting_are_noted():
    words = {("AAA", 2021): ("mirror", 9, 10), ("AAA", 2022): ("mirror", 8, 10), ("AAA", 2023): ("mirror", 6, 10)}
    assert (
        found(make_standing(words))["note"].iloc[0].startswith("Partners reporting: 8 of 10 in 2021:2022 and 6 of 10")
    )


def test_a_partner_without_a_weight_is_not_a_loss():
    flows = FLOWS.assign(
        quantity_t=FLOWS["quantity_t"].mask(FLOWS["period"].dt.year.eq(2023) & FLOWS["importer"].eq("CCC"))
    )
    table = found(flows=flows).set_index("partner")
    assert np.isnan(table.loc["CCC", "quantity_t_change_per_period"])
    assert table.loc["CCC", "role"] == ""
    assert "no row has the figure" in table.loc["CCC", "note"]


@pytest.mark.parametrize(
    "after", [Span.parse("2022:2023", "annual"), Span.parse("2020", "annual"), Span.parse("2024-01", "monthly")]
)
def test_spans_that_do_not_compare(after):
    with pytest.raises(AimError, match="do not compare"):
        found(after=after)
