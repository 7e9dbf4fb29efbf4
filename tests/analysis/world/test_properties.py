"""What holds for any flows: totals, shares, margins, and plain pandas on the same frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
from analysis.world.written import COUNTRIES, YEARS, close, worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from aimlib.analysis.world import (
    Span,
    by_country,
    category_mix,
    concentration,
    matrix,
    net_trade,
    partners,
    ranking,
    replaced,
    replacements,
    series,
    world_series,
)

FEW = settings(max_examples=15, deadline=None)
ALL = Span.parse("2021:2023", "annual")
SPANS = st.sampled_from([Span.parse(text, "annual") for text in ("2021", "2023", "2021:2022", "2021:2023")])
SIDES = {"export": ("exporter", "importer", "fob_value_usd"), "import": ("importer", "exporter", "import_value_usd")}
FLOW = st.sampled_from(list(SIDES))
AMOUNTS = ["quantity_t", "fob_value_usd", "import_value_usd"]


def words(standing, flow, country, span):
    told = standing[(standing["flow"] == flow) & (standing["country"] == country)]
    return list(told[told["period"].isin(span.periods)]["standing"])


def by_hand(flows, standing, flow, country, span):
    """Return the sums of a country in a span by a loop over the rows; None for what is blank."""
    own, _, value = SIDES[flow]
    if "missing" in words(standing, flow, country, span):
        return dict.fromkeys([*AMOUNTS, "unit_value_usd_t", "covered_share"])
    rows = [row for row in flows.to_dict("records") if row[own] == country and row["period"] in span.periods]
    out = {}
    for name in AMOUNTS:
        told = [row[name] for row in rows if not np.isnan(row[name])]
        out[name] = sum(told) if told or not rows else None
    covered = sum(row[value] for row in rows if not np.isnan(row["quantity_t"]))
    out["unit_value_usd_t"] = covered / out["quantity_t"] if out["quantity_t"] else None
    out["covered_share"] = covered / out[value] if out[value] else None
    return out


@FEW
@given(worlds(), FLOW, SPANS)
def test_by_country_is_what_a_loop_over_the_rows_gives(world, flow, span):
    flows, standing = world
    found = by_country(flows, standing, flow=flow, span=span).set_index("country")
    assert list(found.index) == COUNTRIES
    for country in COUNTRIES:
        wanted = by_hand(flows, standing, flow, country, span)
        close(found.loc[country, list(wanted)], [np.nan if one is None else one for one in wanted.values()])


@FEW
@given(worlds(), FLOW, SPANS, st.sampled_from(["quantity", "value"]))
def test_ranking_orders_and_its_shares_add_to_one(world, flow, span, measure):
    flows, standing = world
    found = ranking(flows, standing, flow=flow, span=span, measure=measure, base=Span.parse("2021", "annual"))
    column = "quantity_t" if measure == "quantity" else SIDES[flow][2]
    amounts = found[column].dropna()
    assert amounts.is_monotonic_decreasing
    assert found[column].isna().to_numpy()[len(amounts) :].all()
    assert found.loc[found[column].isna(), "rank"].isna().all()
    for share, of in (("share_quantity", "quantity_t"), ("share_value", SIDES[flow][2])):
        assert found[share].dropna().between(0, 1).all()
        if found[of].sum() > 0:
            close(found[share].sum(), 1)
    both = found["quantity_change"].notna()
    close(
        found["quantity_change"][both] * found["quantity_t_base"][both],
        (found["quantity_t"] - found["quantity_t_base"])[both],
    )
    later = found.set_index("country")["standing"].isin(["missing", "incomplete"])
    assert found.set_index("country")["quantity_change"][later].isna().all()


@FEW
@given(worlds(), FLOW, SPANS, st.sampled_from(COUNTRIES))
def test_partners_and_categories_and_periods_add_up_to_the_country(world, flow, span, country):
    flows, standing = world
    whole = by_country(flows, standing, flow=flow, span=span).set_index("country").loc[country, AMOUNTS]
    told = partners(flows, standing, country=country, flow=flow, span=span)
    kinds = category_mix(flows, standing, flow=flow, span=span, countries=[country])
    years = series(flows, standing, countries=[country], flow=flow, periods=span.periods)
    close(told[told["row_kind"] == "total"][AMOUNTS].iloc[0], whole)
    listed = told[told["row_kind"] == "partner"]
    for parts in (listed, kinds, years):
        known = whole.notna()
        close(parts[AMOUNTS].sum()[known], whole[known])
    for parts in (listed, kinds):
        if whole["quantity_t"] > 0:
            close(parts["share_quantity"].sum(), 1)


@FEW
@given(worlds(), FLOW, SPANS)
def test_the_world_is_the_sum_of_the_complete_however_it_is_cut(world, flow, span):
    flows, standing = world
    ranked = ranking(flows, standing, flow=flow, span=span)
    mixed = category_mix(flows, standing, flow=flow, span=span)
    over_time = world_series(flows, standing, flow=flow, periods=span.periods)
    for name in AMOUNTS:
        close(mixed[name].sum(), ranked[name].sum())
        close(over_time[name].sum(), ranked[name].sum())
    assert (over_time["countries"] <= over_time["countries_known"]).all()


@FEW
@given(worlds(), FLOW, SPANS, st.one_of(st.none(), st.sampled_from(COUNTRIES)), st.booleans())
def test_bounds_of_concentration(world, flow, span, country, by_period):
    found = concentration(*world, flow=flow, span=span, country=country, by_period=by_period)
    assert len(found) == 2 * (len(span.periods) if by_period else 1)
    known = found.dropna(subset=["herfindahl"])
    assert (known["herfindahl"] <= 1 + 1e-12).all()
    assert (known["herfindahl"] >= 1 / known["countries"].astype(float) - 1e-12).all()
    close(known["number_equivalent"] * known["herfindahl"], np.ones(len(known)))
    tops = known[["share_top", "share_top3", "share_top5"]].to_numpy()
    assert (np.diff(tops, axis=1) >= 0).all()
    assert (known["herfindahl"] <= known["share_top"] + 1e-12).all()


@FEW
@given(
    worlds(),
    SPANS,
    st.lists(st.sampled_from(COUNTRIES), unique=True),
    st.lists(st.sampled_from(COUNTRIES), unique=True),
)
def test_matrix_margins_add_up(world, span, exporters, importers):
    flows, standing = world
    found = matrix(flows, span=span, exporters=exporters, importers=importers, standing=standing)
    inside = flows[flows["period"].isin(span.periods)]
    for name in AMOUNTS:
        cells = found.pivot(index="exporter", columns="importer", values=name).fillna(0.0)
        close(cells.drop(index="TOTAL").sum(), cells.loc["TOTAL"])
        close(cells.drop(columns="TOTAL").sum(axis=1), cells["TOTAL"])
        close(cells.loc["TOTAL", "TOTAL"], inside[name].sum())
    plain = inside[inside["exporter"].isin(exporters) & inside["importer"].isin(importers)]
    plain = plain.groupby(["exporter", "importer"])["quantity_t"].sum(min_count=1)
    close(found.set_index(["exporter", "importer"])["quantity_t"].reindex(plain.index), plain)
    of_row = found[found["importer"] != "TOTAL"].groupby("exporter")["share_of_exporter"].sum(min_count=1).dropna()
    close(of_row, np.ones(len(of_row)))


@FEW
@given(worlds(), FLOW, st.sampled_from(COUNTRIES), st.sampled_from(["quantity", "value"]))
def test_replaced_adds_up_to_the_total_change(world, flow, country, measure):
    flows, standing = world
    flows = flows.dropna(subset=["quantity_t"])
    spans = {"before": Span.parse("2021:2022", "annual"), "after": Span.parse("2023", "annual")}
    found = replaced(flows, standing, country=country, flow=flow, measure=measure, **spans)
    listed, total = found[found["row_kind"] == "partner"], found[found["row_kind"] == "total"].iloc[0]
    unknown = "missing" in words(standing, flow, country, ALL)
    for amount in AMOUNTS:
        change = f"{amount}_change_per_period"
        assert np.isnan(total[change]) == unknown
        if unknown:
            assert listed[change].isna().all()
            continue
        size = max(total[f"{amount}_before_per_period"], total[f"{amount}_after_per_period"], 1.0)
        assert abs(listed[change].sum() - total[change]) <= 1e-9 * size
        matched = replacements(found, amount)
        per = f"{amount}_per_period"
        lost = -listed.loc[listed[change] < 0, change].sum()
        gained = listed.loc[listed[change] > 0, change].sum()
        kinds = matched.groupby("row_kind")[per].sum()
        close(kinds.get("replaced", 0.0), min(lost, gained))
        assert abs(kinds.get("net growth", 0.0) - kinds.get("net decline", 0.0) - total[change]) <= 1e-8 * size
        assert not {"net growth", "net decline"} <= set(kinds.index)
    role = listed["role"].map({"lost": -1, "same": 0, "gained": 1})
    moved = listed["quantity_t_change_per_period" if measure == "quantity" else f"{SIDES[flow][2]}_change_per_period"]
    assert (np.sign(moved)[role != 0].fillna(0) == role[role != 0].fillna(0)).all()


@FEW
@given(worlds(), SPANS)
def test_net_trade_of_a_closed_world_is_zero(world, span):
    flows, standing = world
    everywhere = standing.assign(standing="reconciled")
    flows = flows.assign(quantity_t=flows["quantity_t"].fillna(0.0))
    found = net_trade(flows, everywhere, flows, everywhere, span=span)
    assert sorted(found["country"]) == COUNTRIES
    for name in ("quantity_t", "fob_value_usd"):
        assert abs(found[f"net_{name}"].sum()) <= 1e-9 * max(found[f"exports_{name}"].sum(), 1.0)


@FEW
@given(worlds(), FLOW)
def test_the_order_of_rows_does_not_matter(world, flow):
    flows, standing = world
    turned = flows.iloc[::-1].reset_index(drop=True), standing.iloc[::-1].reset_index(drop=True)
    for make in (ranking, category_mix, concentration):
        pd.testing.assert_frame_equal(make(flows, standing, flow=flow, span=ALL), make(*turned, flow=flow, span=ALL))
    assert set(flows["period"].dt.year) <= set(YEARS)
