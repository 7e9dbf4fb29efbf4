"""What must hold on any data: parts add to totals, shares to one, contributions and effects to the change."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimlib.analysis.contributions import contributions
from aimlib.analysis.decomposition import EFFECTS, decompose
from aimlib.analysis.grid import AMOUNTS, grid
from aimlib.analysis.growth import changes, seasonal_range
from aimlib.analysis.matrix import product_by_origin
from aimlib.analysis.months import month_window, twelve_month_window, year_to_date_window
from aimlib.analysis.periods import annual, quarterly
from aimlib.analysis.shares import concentration, shares, top_and_rest
from aimlib.analysis.tables import window_table
from aimlib.analysis.totals import total

CASES = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
IMPORTS = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "gaps": st.sampled_from([0.0, 0.1]),
        "selections": st.sampled_from([0.0, 0.3]),
        "missing": st.sampled_from([0.0, 0.2, 1.0]),
    }
)
WINDOWS = st.sampled_from([month_window, year_to_date_window, twelve_month_window])
MEASURES = st.sampled_from(["value", "quantity"])


def close(found, wanted):
    """Assert that figures agree wherever the wanted one is not blank."""
    found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    known = np.isfinite(wanted)
    np.testing.assert_allclose(found[known], wanted[known], rtol=1e-9, atol=1e-6)


def by_origin_and_whole(found):
    parts = grid(found.rows, found.months, found.listed, by=("origin",))
    return parts, total(found.rows, found.totals, found.months)


@CASES
@given(case=IMPORTS, window=WINDOWS, top=st.integers(0, 3))
def test_parts_and_the_rest_add_to_the_total_in_every_month(random_imports, case, window, top):
    found = random_imports(**case)
    parts, whole = by_origin_and_whole(found)
    shown = top_and_rest(parts, whole, window(found.months), top=top)
    for name in AMOUNTS[:2]:
        summed = shown.groupby("month")[name].sum()
        close(summed, whole[name])


@CASES
@given(case=IMPORTS)
def test_products_add_to_the_total_and_to_each_origin(random_imports, case):
    found = random_imports(**case)
    _, whole = by_origin_and_whole(found)
    by_product = total(found.rows, found.totals, found.months, by=("product",))
    close(by_product.groupby("month")["customs_value_usd"].sum(), whole["customs_value_usd"])


@CASES
@given(case=IMPORTS, measure=MEASURES)
def test_shares_add_to_one_in_complete_months_and_to_less_in_selections(random_imports, case, measure):
    found = random_imports(**case)
    parts, whole = by_origin_and_whole(found)
    summed = shares(parts, whole, measure).groupby("month")["share_of_total"].sum(min_count=1)
    complete = ((found.months["coverage"] == "complete") & ~found.months["partial"]).to_numpy()
    close(summed[complete].dropna(), np.ones(summed[complete].notna().sum()))
    assert (summed.dropna() <= 1 + 1e-9).all()
    herfindahl = concentration(parts, whole, measure)["herfindahl"].dropna()
    assert herfindahl.between(0.25 - 1e-9, 1 + 1e-9).all()


@CASES
@given(case=IMPORTS, window=WINDOWS, measure=MEASURES, top=st.integers(0, 4))
def test_the_columns_of_a_table_add_to_its_last_row(random_imports, case, window, measure, top):
    found = random_imports(**case)
    parts, whole = by_origin_and_whole(found)
    span = window(found.months)
    table = window_table(parts, whole, span, measure, top=top)
    c = ("customs_value_usd" if measure == "value" else "quantity_t") + span.suffix
    for name in (c, f"{c}_compared", f"{c}_prior", "share_of_total", "share_of_total_prior", "contribution"):
        close([table[name].iloc[:-1].sum()], [table[name].iloc[-1]])
    of_total = table.iloc[-1]
    close([of_total["contribution"]], [of_total[f"{c}_yoy"]])
    assert table["rank"].dropna().is_monotonic_increasing


@CASES
@given(case=IMPORTS, window=WINDOWS, top=st.integers(0, 3))
def test_the_matrix_adds_up_both_ways(random_imports, case, window, top):
    found = random_imports(**case)
    cells = grid(found.rows, found.months, found.listed, by=("origin", "product"))
    by_product = total(found.rows, found.totals, found.months, by=("product",))
    _, whole = by_origin_and_whole(found)
    span = window(found.months)
    table = product_by_origin(cells, by_product, whole, span, top=top)
    c = f"customs_value_usd{span.suffix}"
    matrix = table.pivot(index="origin", columns="product", values=c)
    close(matrix.drop(columns="TOTAL").sum(axis=1), matrix["TOTAL"])
    close(matrix.drop(index="TOTAL").sum(axis=0), matrix.loc["TOTAL"])


@CASES
@given(case=IMPORTS, measure=MEASURES, top=st.integers(0, 3))
def test_contributions_add_to_the_growth_of_the_total(random_imports, case, measure, top):
    found = random_imports(**case)
    parts, whole = by_origin_and_whole(found)
    shown = top_and_rest(parts, whole, year_to_date_window(found.months), measure, top=top)
    made, growth = contributions(shown, whole, measure), changes(whole, measure)
    c = "customs_value_usd" if measure == "value" else "quantity_t"
    for name in ("mom", "yoy", "ytd_yoy"):
        summed = made.groupby("month")[f"contribution_{name}"].sum(min_count=1)
        close(summed, growth[f"{c}_{name}"])


@CASES
@given(case=IMPORTS)
def test_contributions_of_products_add_to_the_growth_of_their_country(random_imports, case):
    found = random_imports(**case)
    parts = grid(found.rows, found.months, found.listed, by=("product",), origins=["CAN"])
    whole = grid(found.rows, found.months, found.listed, origins=["CAN"])
    summed = contributions(parts, whole).groupby("month")["contribution_yoy"].sum(min_count=1)
    close(summed, changes(whole)["customs_value_usd_yoy"])


@CASES
@given(
    case=IMPORTS,
    window=WINDOWS,
    by=st.sampled_from(["product", "origin"]),
    origins=st.sampled_from([None, ["CAN"], ["ARE", "CHN"]]),
)
def test_quantity_price_mix_and_the_unsplit_add_to_the_change(random_imports, case, window, by, origins):
    found = random_imports(**case)
    table = decompose(*found.frames, window(found.months), by=by, origins=origins)
    parts = table[[*EFFECTS, "not_split_usd"]].fillna(0.0).sum(axis=1)
    close(parts, table["change_usd"])
    for name in ("customs_value_usd", "customs_value_usd_prior", "change_usd", "not_split_usd", *EFFECTS):
        close([table[name].iloc[:-1].sum()], [table[name].iloc[-1]])
    assert table["share_value_split"].dropna().between(0, 1 + 1e-9).all()


@CASES
@given(case=IMPORTS, measure=MEASURES)
def test_four_quarters_make_a_year_and_december_its_year_to_date(random_imports, case, measure):
    found = random_imports(**case)
    frame = grid(found.rows, found.months, found.listed, origins=["CAN"])
    c = "customs_value_usd" if measure == "value" else "quantity_t"
    years = annual(frame, measure).set_index("period")[c]
    quarters = quarterly(frame, measure)
    summed = quarters.groupby(quarters["period"].str[:4])[c].sum()
    close(summed, years)
    monthly = changes(frame, measure)
    december = monthly[monthly["month"].dt.month == 12]
    same_year = years[december["month"].dt.year.astype(str)]
    close(december[f"{c}_ytd"], same_year)
    close(december[f"{c}_12m"], same_year)


@CASES
@given(case=IMPORTS)
def test_nothing_that_is_blank_is_compared(random_imports, case):
    found = random_imports(**case)
    frame = grid(found.rows, found.months, found.listed, by=("origin",))
    made = changes(frame)
    blank = made["customs_value_usd"].isna() | made["partial"]
    derived = made.filter(regex="_usd_.*(mom|yoy|average|12m|ytd|annualized)$").drop(
        columns="customs_value_with_quantity_usd", errors="ignore"
    )
    assert derived.shape[1] == 9
    assert derived[blank].isna().all(axis=None)
    ranged = seasonal_range(frame)
    assert (ranged["customs_value_usd_range_low"] <= ranged["customs_value_usd_range_high"])[
        ranged["customs_value_usd_range_low"].notna()
    ].all()


@CASES
@given(case=IMPORTS, factor=st.sampled_from([2.0, 1000.0]))
def test_changes_and_shares_do_not_depend_on_the_unit(random_imports, case, factor):
    found = random_imports(**case)
    rows = found.rows.assign(customs_value_usd=found.rows["customs_value_usd"] * factor)
    one = changes(grid(found.rows, found.months, found.listed, by=("origin",)))
    other = changes(grid(rows, found.months, found.listed, by=("origin",)))
    for name in ("yoy", "mom", "ytd_yoy"):
        np.testing.assert_allclose(one[f"customs_value_usd_{name}"], other[f"customs_value_usd_{name}"])
