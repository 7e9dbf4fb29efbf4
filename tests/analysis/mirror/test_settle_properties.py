"""What must hold for any two accounts of trade."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimlib.analysis.mirror import METHODS, settle
from aimlib.analysis.mirror.weighted import LEAST_SIGMA, MOST_SIGMA, exporters_weight

CASES = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
WORLDS = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "gaps": st.sampled_from([0.0, 0.1, 0.4]),
        "weightless": st.sampled_from([0.0, 0.15]),
        "fob": st.sampled_from([0.0, 0.4]),
    }
)
FLOW = st.sampled_from(["export", "import"])
MIRRORED = st.sets(st.sampled_from("ABCDE"))
FACTOR = st.sampled_from([1.0, 1.06, 1.08])
KEYS = ["exporter", "importer", "product", "period"]
FIGURES = ["quantity_t", "fob_value_usd", "import_value_usd"]


def keyed(settled):
    return settled.flows.set_index(KEYS)[FIGURES]


def both(pairs):
    """Both accounts, to look up those of a settled flow."""
    return pairs.set_index(KEYS)


@CASES
@given(WORLDS, FLOW, st.sampled_from(METHODS), MIRRORED, FACTOR, st.booleans())
def test_every_flow_is_as_worked_out_one_by_one(made, drawn, flow, method, mirrored, factor, splice):
    pairs, reporting, fob = made.world(**drawn)
    splice = splice and method == "reverse"
    options = {"flow": flow, "method": method, "mirrored": mirrored, "factor": factor, "splice": splice}
    settled = settle(pairs, reporting, valuations=fob, **options)
    scores = None
    if method == "better":
        scores = made.gehlhar_by_hand(pairs)
    if method == "weighted":
        scores = settled.reliability.set_index(["flow", "country"])["sigma"].to_dict()
        middle = settled.reliability.groupby("flow")["sigma"].median()
        for country in "ABCDE":
            for side in ("export", "import"):
                scores.setdefault((side, country), middle.get(side, 1.0))
    wanted = made.settled_by_hand(pairs, reporting, fob, scores=scores, **options)
    found = keyed(settled)
    assert set(found.index) == set(wanted)
    if wanted:
        expected = np.array([wanted[key] for key in found.index])
        np.testing.assert_allclose(found.to_numpy(), expected, rtol=1e-9)


@CASES
@given(WORLDS, FACTOR)
def test_the_reverse_of_the_reverse_is_the_account_itself_where_both_report(made, drawn, factor):
    """Imports rebuilt from exports, taken as the importers' accounts, give the exports back: the factor and all."""
    pairs, reporting, fob = made.world(**{**drawn, "gaps": 0.0})
    everyone = set("ABCDE")
    own = settle(pairs, reporting, flow="export", method="reported", factor=factor, valuations=fob)
    options = {"method": "reverse", "mirrored": everyone, "factor": factor, "valuations": fob}
    rebuilt = settle(pairs, reporting, flow="import", **options).flows
    values_fob = rebuilt["importer"].isin(fob)
    value = rebuilt["import_value_usd"]
    accounts = pairs.assign(x_quantity_t=np.nan, x_fob_value_usd=np.nan).merge(
        rebuilt[KEYS].assign(
            quantity=rebuilt["quantity_t"], cif=value.mask(values_fob, 0.0), fob=value.where(values_fob, 0.0)
        ),
        on=KEYS,
    )
    accounts["m_quantity_t"], accounts["m_cif_value_usd"] = accounts["quantity"], accounts["cif"]
    accounts["m_fob_value_usd"] = accounts["fob"]
    again = settle(accounts[list(pairs)], reporting, flow="export", **options)
    assert set(again.flows["side"]) <= {"importer"}
    np.testing.assert_allclose(keyed(again).sort_index(), keyed(own).sort_index(), rtol=1e-12)


@CASES
@given(WORLDS, FLOW, MIRRORED)
def test_a_country_that_reports_and_is_not_mirrored_is_unchanged(made, drawn, flow, mirrored):
    pairs, reporting, fob = made.world(**drawn)
    options = {"flow": flow, "factor": 1.06, "valuations": fob}
    own = settle(pairs, reporting, method="reported", **options)
    reverse = settle(pairs, reporting, method="reverse", mirrored=mirrored, **options)
    country = "exporter" if flow == "export" else "importer"
    for name in ("flows", "standing"):
        key = country if name == "flows" else "country"
        left, right = (getattr(made_by, name) for made_by in (own, reverse))
        left, right = (frame[~frame[key].isin(mirrored)].reset_index(drop=True) for frame in (left, right))
        pd.testing.assert_frame_equal(left, right)


@CASES
@given(WORLDS, FLOW, st.sampled_from(METHODS))
def test_totals_by_partner_and_by_category_agree(made, drawn, flow, method):
    pairs, reporting, fob = made.world(**{**drawn, "weightless": 0.0})
    settled = settle(pairs, reporting, flow=flow, method=method, mirrored=("A", "B"), factor=1.06, valuations=fob)
    flows, country = settled.flows, "exporter" if flow == "export" else "importer"
    partner = "importer" if flow == "export" else "exporter"
    by_partner = flows.groupby([country, partner])[FIGURES].sum().groupby(level=0).sum()
    by_category = flows.groupby([country, "product"])[FIGURES].sum().groupby(level=0).sum()
    np.testing.assert_allclose(by_partner, by_category)
    if method in ("reported", "reverse"):
        # Categories summed first settle to the same as settled first and summed then.
        figures = [name for name in pairs if name.startswith(("x_", "m_")) and not name.endswith("_reported")]
        told = {name: (name, "sum" if name in figures else "first") for name in [*figures, "x_reported", "m_reported"]}
        whole = pairs.groupby(["exporter", "importer", "period"], as_index=False).agg(**told).assign(product="all")
        for side in ("x", "m"):
            silent = ~whole[f"{side}_reported"]
            whole.loc[silent, [name for name in figures if name.startswith(side)]] = np.nan
        again = settle(whole, reporting, flow=flow, method=method, mirrored=("A", "B"), factor=1.06, valuations=fob)
        np.testing.assert_allclose(again.flows.groupby(country)[FIGURES].sum(), by_category)


@CASES
@given(WORLDS, FLOW)
def test_the_weighted_mean_lies_between_both_accounts(made, drawn, flow):
    pairs, reporting, fob = made.world(**drawn)
    settled = settle(pairs, reporting, flow=flow, method="weighted", factor=1.06, valuations=fob)
    mean = settled.flows[settled.flows["side"] == "mean"].set_index(KEYS)
    told = both(pairs).loc[mean.index]
    for found, x, m in (
        (mean["quantity_t"], told["x_quantity_t"], told["m_quantity_t"]),
        (mean["fob_value_usd"], told["x_fob_value_usd"], told["m_fob_value_usd"] + told["m_cif_value_usd"] / 1.06),
    ):
        known = x.notna() & m.notna()
        assert (found >= np.minimum(x, m) * (1 - 1e-9))[known].all()
        assert (found <= np.maximum(x, m) * (1 + 1e-9))[known].all()
    assert settled.reliability["sigma"].between(LEAST_SIGMA, MOST_SIGMA).all()


@CASES
@given(WORLDS, FLOW)
def test_the_better_reporter_is_one_of_both(made, drawn, flow):
    pairs, reporting, fob = made.world(**drawn)
    flows = settle(pairs, reporting, flow=flow, method="better", valuations=fob).flows.set_index(KEYS)
    told = both(pairs).loc[flows.index]
    wanted = told["x_quantity_t"].where(flows["side"] == "exporter", told["m_quantity_t"])
    assert set(flows["side"]) <= {"exporter", "importer"}
    pd.testing.assert_series_equal(flows["quantity_t"], wanted, check_names=False)


@CASES
@given(WORLDS, FLOW, st.sampled_from(METHODS))
def test_the_factor_leaves_quantities_and_a_factor_of_one_leaves_values(made, drawn, flow, method):
    pairs, reporting, fob = made.world(**drawn)
    options = {"flow": flow, "method": method, "mirrored": ("A", "B"), "valuations": fob}
    plain, more = (settle(pairs, reporting, factor=factor, **options).flows for factor in (1.0, 1.08))
    pd.testing.assert_series_equal(plain["quantity_t"], more["quantity_t"])
    np.testing.assert_allclose(plain["fob_value_usd"], plain["import_value_usd"])
    assert (more["fob_value_usd"] <= plain["fob_value_usd"] * (1 + 1e-12)).all()


@CASES
@given(WORLDS, FLOW)
def test_the_partner_set_is_the_same_in_every_period(made, drawn, flow):
    pairs, reporting, fob = made.world(**{**drawn, "gaps": 0.1})
    settled = settle(pairs, reporting, flow=flow, method="reverse", mirrored=tuple("ABCDE"), valuations=fob)
    partner, counter = ("importer", "import") if flow == "export" else ("exporter", "export")
    told = reporting[(reporting["flow"] == counter) & reporting["reported"]].groupby("reporter").size()
    always = set(told[told == 3].index)
    assert set(settled.flows[partner]) <= always
    for country, rows in settled.standing.groupby("country"):
        assert rows["partners_reporting"].unique().tolist() == [len(always - {country})]
        assert rows["partners"].unique().tolist() == [len(set(told.index) - {country})]
        assert rows["standing"].nunique() == 1
    assert settled.breaks.empty


@CASES
@given(WORLDS, FLOW)
def test_a_splice_is_the_own_account_where_there_is_one(made, drawn, flow):
    """Own accounts in the first two periods, none after: partners all report."""
    pairs, reporting, fob = made.world(**{**drawn, "gaps": 0.0})
    last = reporting["period"].max()
    lost = (reporting["reporter"] == "A") & (reporting["flow"] == flow) & (reporting["period"] == last)
    reporting = reporting.assign(reported=~lost, coverage=reporting["coverage"].mask(lost, ""))
    country, side = ("exporter", "x") if flow == "export" else ("importer", "m")
    gone = (pairs[country] == "A") & (pairs["period"] == last)
    blanks = [name for name in pairs if name.startswith(f"{side}_") and name != f"{side}_reported"]
    pairs = pairs.copy()
    pairs.loc[gone, f"{side}_reported"] = False
    pairs.loc[gone, blanks] = np.nan
    options = {"flow": flow, "factor": 1.06, "valuations": fob}
    splice = settle(pairs, reporting, method="reverse", mirrored=("A",), splice=True, **options)
    own = settle(pairs, reporting, method="reported", **options)
    mirror = settle(pairs, reporting, method="reverse", mirrored=("A",), **options)
    for early, whole in ((True, own), (False, mirror)):
        parts = [made_by.flows[(made_by.flows[country] == "A")] for made_by in (splice, whole)]
        left, right = (part[(part["period"] < last) == early].reset_index(drop=True) for part in parts)
        pd.testing.assert_frame_equal(left, right)
    assert splice.breaks.values.tolist() == [["A", flow, last, "reported", "mirror"]]


@CASES
@given(st.integers(0, 10_000))
def test_reporting_distances_are_those_of_a_regression_on_written_out_dummies(made, seed):
    pairs, reporting, _ = made.world(seed, gaps=0.0, weightless=0.0)
    found = settle(pairs, reporting, flow="export", method="weighted").reliability
    wanted = made.distances_by_hand(pairs)
    assert len(found) == len(wanted)
    for row in found.itertuples():
        mean, _ = wanted[row.flow, row.country]
        lowest, error = min(told for (flow, _), told in wanted.items() if flow == row.flow)
        assert row.distance == pytest.approx(mean, rel=1e-6, abs=1e-9)
        sigma = np.pi / 2 * (mean - (lowest - 2 * error))
        assert row.sigma == pytest.approx(min(max(sigma, LEAST_SIGMA), MOST_SIGMA), rel=1e-6)


@CASES
@given(st.floats(0.02, 3), st.floats(0.02, 3))
def test_the_weight_is_the_formula_of_the_paper(made, sigma_x, sigma_m):
    scores = pd.DataFrame({"country": ["A", "B"], "flow": ["export", "import"], "sigma": [sigma_x, sigma_m]})
    pair = pd.DataFrame({"exporter": ["A"], "importer": ["B"]})
    weight = exporters_weight(pair, scores).item()
    assert weight == pytest.approx(made.weight_by_hand(sigma_x, sigma_m))
    assert (weight > 0.5) == (sigma_x < sigma_m) or weight == pytest.approx(0.5)
