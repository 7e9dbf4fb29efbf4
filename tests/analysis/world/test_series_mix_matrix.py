"""Series, growth, category mix, concentration, matrix, net trade: figures by hand."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.world.written import all_reported, close, make_flows

from aimlib.analysis.world import (
    Span,
    category_mix,
    concentration,
    growth,
    matrix,
    net_trade,
    one_standing,
    series,
    world_series,
)

Y22, Y23, BOTH = (Span.parse(text, "annual") for text in ("2022", "2023", "2022:2023"))


def test_series_is_a_complete_grid_in_the_order_asked_for(small):
    found = series(*small, countries=["CCC", "BBB", "ZZZ"], flow="export", periods=BOTH.periods)
    assert list(found["country"]) == ["CCC", "CCC", "BBB", "BBB", "ZZZ", "ZZZ"]
    close(found["quantity_t"], [10, 0, np.nan, 25, np.nan, np.nan])
    assert list(found["standing"]) == ["reported", "reported", "missing", "reported", "missing", "missing"]


def test_the_world_is_a_constant_set(small):
    found = world_series(*small, flow="export", periods=BOTH.periods)
    # BBB's 25 t of 2023 stay outside: BBB is missing in 2022.
    close(found["quantity_t"], [110, 75])
    assert list(found["countries"]) == [2, 2]
    assert list(found["countries_known"]) == [2, 3]
    alone = world_series(*small, flow="export", periods=Y23.periods)
    close(alone["quantity_t"], [100])


def test_a_world_of_nobody_is_blank(small):
    found = world_series(*small, flow="import", periods=BOTH.periods)
    assert found["quantity_t"].isna().all()
    assert list(found["countries"]) == [0, 0]


def test_growth_on_the_same_period_a_year_before():
    flows = make_flows(
        ("AAA", "BBB", "2022-03-01", 10.0, 100.0),
        ("AAA", "BBB", "2023-02-01", 4.0, 50.0),
        ("AAA", "BBB", "2023-03-01", 15.0, 120.0),
    )
    months = Span.parse("2022-02:2023-03", "monthly").periods
    standing = all_reported(["AAA"], months.strftime("%Y-%m-%d"), AAA={"2023-03-01": "mirror"})
    found = growth(series(flows, standing, countries=["AAA"], flow="export", periods=months), flow="export")
    assert found["quantity_change"].notna().sum() == 1  # February 2022 is a true zero: no change on it.
    last = found.iloc[-1]
    close(last[["quantity_change", "value_change", "quantity_t_base"]], [0.5, 0.2, 10])
    assert (last["standing"], last["standing_base"]) == ("mirror", "reported")
    world = growth(world_series(flows, standing, flow="export", periods=months), flow="export")
    close(world["quantity_change"].iloc[-1], 0.5)


def test_category_mix_of_countries_and_the_world():
    flows = make_flows(
        ("AAA", "CCC", 2023, 60.0, 100.0, "foil"),
        ("AAA", "CCC", 2023, 20.0, 300.0, "wire"),
        ("BBB", "CCC", 2023, 20.0, 600.0, "wire"),
        ("DDD", "CCC", 2023, 99.0, 99.0, "wire"),
    )
    standing = all_reported(["AAA", "BBB", "DDD"], [2023], DDD={2023: "missing"})
    found = category_mix(flows, standing, flow="export", span=Y23, countries=["BBB", "AAA", "TOTAL", "DDD"])
    assert list(zip(found["country"], found["product"], strict=True))[:3] == [
        ("BBB", "foil"),
        ("BBB", "wire"),
        ("AAA", "foil"),
    ]
    close(found["quantity_t"], [0, 20, 60, 20, 60, 40, np.nan, np.nan])
    close(found["share_quantity"], [0, 1, 0.75, 0.25, 0.6, 0.4, np.nan, np.nan])
    close(found["share_value"], [0, 1, 0.25, 0.75, 0.1, 0.9, np.nan, np.nan])
    assert list(found["countries"].iloc[[0, 4]]) == [1, 2]


def test_concentration_of_partners():
    flows = make_flows(
        ("AAA", "BBB", 2023, 50.0, 1.0), ("AAA", "CCC", 2023, 30.0, 1.0), ("AAA", "DDD", 2023, 20.0, 2.0)
    )
    found = concentration(flows, one_standing(flows), flow="export", span=Y23, country="AAA").set_index("measure")
    row = found.loc["quantity"]
    close(row["herfindahl"], 0.25 + 0.09 + 0.04)
    close(row["number_equivalent"], 1 / 0.38)
    close(row[["share_top", "share_top3", "share_top5"]], [0.5, 1, 1])
    assert (row["top_country"], row["countries"]) == ("BBB", 3)
    assert found.loc["value", "top_country"] == "DDD"
    close(found.loc["value", "herfindahl"], 0.375)


def test_concentration_of_the_world_by_period_holds_its_countries(small):
    found = concentration(*small, flow="export", span=BOTH, by_period=True)
    tons = found[found["measure"] == "quantity"]
    close(tons["herfindahl"], [(100 / 110) ** 2 + (10 / 110) ** 2, 1])
    assert list(tons["first"].dt.year) == [2022, 2023]
    whole = concentration(*small, flow="export", span=BOTH).set_index("measure").loc["quantity"]
    close(whole["herfindahl"], (175 / 185) ** 2 + (10 / 185) ** 2)


def test_concentration_is_blank_where_nothing_is_known_or_traded(small):
    for country in ("BBB", "ZZZ"):
        found = concentration(*small, flow="export", span=Y22, country=country)
        assert found[["herfindahl", "number_equivalent", "share_top", "countries"]].isna().all().all()


def test_matrix_adds_up_and_holds_the_shares(small):
    flows, standing = small
    found = matrix(flows, span=BOTH, exporters=["CCC", "AAA"], importers=["DDD"], standing=standing)
    cells = found.pivot(index="exporter", columns="importer", values="quantity_t")
    assert list(dict.fromkeys(found["exporter"])) == ["AAA", "CCC", "REST", "TOTAL"]
    close(
        cells.loc[["AAA", "CCC", "REST", "TOTAL"], ["DDD", "REST", "TOTAL"]],
        [[90, 85, 175], [10, 0, 10], [25, 0, 25], [125, 85, 210]],
    )
    shares = found.set_index(["exporter", "importer"])
    close(shares.loc[("AAA", "DDD"), ["share_of_exporter", "share_of_importer"]], [90 / 175, 90 / 125])
    assert shares.loc[("CCC", "DDD"), "standing"] == "reported"


def test_matrix_shows_an_unknown_cell_as_blank(small):
    flows, standing = small
    found = matrix(flows, span=BOTH, exporters=["AAA", "BBB"], importers=["DDD", "EEE"], standing=standing)
    cells = found.set_index(["exporter", "importer"])["quantity_t"]
    assert np.isnan(cells["BBB", "EEE"])
    assert cells["BBB", "DDD"] == 25
    assert cells["REST", "EEE"] == 0
    assert found[found["exporter"] == "BBB"]["standing"].eq("incomplete").all()


def test_matrix_of_the_largest_by_value():
    flows = make_flows(("AAA", "CCC", 2023, 5.0, 10.0), ("BBB", "DDD", 2023, 1.0, 90.0))
    found = matrix(flows, span=Y23, top=1, measure="value")
    assert list(found["exporter"].unique()) == ["BBB", "REST", "TOTAL"]
    assert list(found["importer"].unique()) == ["DDD", "REST", "TOTAL"]


def test_net_trade_is_on_one_valuation(small):
    flows, exports = small
    imports = all_reported(["AAA", "BBB", "DDD"], [2022, 2023], flow="import")
    found = net_trade(flows, exports, flows, imports, span=Y23, countries=["DDD", "AAA", "BBB"])
    assert list(found["country"]) == ["AAA", "BBB", "DDD"]
    close(found["exports_quantity_t"], [75, 25, np.nan])
    close(found["imports_quantity_t"], [0, 45, 55])
    close(found["net_quantity_t"], [75, -20, np.nan])
    close(found["net_fob_value_usd"], [1040, 200 - 540, np.nan])
    close(found["coverage_ratio_quantity"], [np.nan, 25 / 45, np.nan])
    assert "net_import_value_usd" not in found.columns
    assert list(found["exports_standing"]) == ["reported", "reported", "missing"]


@pytest.mark.parametrize("flow", ["export", "import"])
def test_one_standing_knows_every_country_and_period(small, flow):
    flows, _ = small
    found = series(flows, one_standing(flows), countries=["AAA", "EEE"], flow=flow, periods=BOTH.periods)
    assert found["quantity_t"].notna().sum() == (4 if flow == "export" else 3)  # EEE's weight of 2023 is not known.
    assert found["standing"].eq("reconciled").all()


def test_who_is_not_told_apart_is_missing_and_not_zero(small):
    flows, _ = small
    standing = one_standing(flows, not_told_apart={"BBB": Y22})
    found = series(flows, standing, countries=["BBB", "CCC"], flow="export", periods=BOTH.periods)
    close(found["quantity_t"], [np.nan, 25, 10, 0])
