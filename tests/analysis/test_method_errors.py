"""How far each method is from the truth of the synthetic world: the committed table, and what it must say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aimlib import settings
from aimlib.analysis.mirror import estimate_factor
from aimlib.ingest.global_trade import read_pairs
from aimlib.ingest.sample import true_flows
from aimlib.ingest.sample.world_tables import read_world_tables
from aimlib.store.store import resolve_store

_FILE = Path(__file__).resolve().parents[2] / "benchmarks" / "mirror_errors.py"
KEYS = ["flow", "measure", "factor", "method", "note"]


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("mirror_errors", _FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def committed() -> pd.DataFrame:
    file = settings.share_dir("sample") / "method_errors.csv"
    table = pd.read_csv(file, comment="#", dtype={"factor": "str"}, keep_default_na=False)
    return table.set_index(KEYS).sort_index()


def test_the_committed_table_is_what_the_sample_gives(benchmark, sample_store, committed):
    made = benchmark.method_errors(resolve_store(sample_store)).set_index(KEYS).sort_index()
    assert made.index.tolist() == committed.index.tolist()
    np.testing.assert_allclose(made.to_numpy(dtype=float), committed.to_numpy(dtype=float), atol=2e-4)


@pytest.mark.parametrize("flow", ["export", "import"])
def test_who_does_not_report_is_nowhere_in_what_is_reported_and_found_by_the_mirror(flow, committed, benchmark):
    quantity = committed.loc[flow, "quantity", ""]
    reported, reverse = (quantity.loc[method, benchmark.MIRRORED] for method in ("reported", "reverse"))
    assert reported["error_totals"] == reported["share_invisible"] == 1
    assert reverse["error_totals"] < 0.35
    assert 0 < reverse["share_invisible"] < 0.35


@pytest.mark.parametrize("flow", ["export", "import"])
def test_the_mirror_leaves_those_alone_who_report(flow, committed, benchmark):
    of_flow = committed.loc[flow].xs(benchmark.REPORTERS, level="note")
    reported, reverse = (of_flow.xs(method, level="method") for method in ("reported", "reverse"))
    pd.testing.assert_frame_equal(reported, reverse)


@pytest.mark.parametrize("flow", ["export", "import"])
@pytest.mark.parametrize("method", ["better", "weighted"])
def test_both_accounts_are_nearer_the_truth_of_reporters_than_their_own(flow, method, committed, benchmark):
    quantity = committed.loc[flow, "quantity", ""]
    both, own = (quantity.loc[name, benchmark.REPORTERS] for name in (method, "reported"))
    assert both["error_totals"] < own["error_totals"]
    assert both["error_pairs"] < own["error_pairs"]


def test_what_is_invisible_to_one_side_is_no_more_to_both(committed, benchmark):
    share = committed["share_invisible"].xs("quantity", level="measure").xs("", level="factor").unstack("method")
    everyone = share.xs(benchmark.EVERYONE, level="note")
    assert (everyone["better"] == everyone["weighted"]).all()
    assert (everyone["better"] < everyone["reverse"]).all()
    assert (everyone["reverse"] < everyone["reported"]).all()


def test_a_factor_moves_only_values_that_were_cif(committed, benchmark):
    exports = committed.loc["export", "value"]["error_totals"].unstack("factor")
    imports = committed.loc["import", "value"]["error_totals"].unstack("factor")
    assert exports.loc["reported", benchmark.REPORTERS].nunique() == 1
    assert imports.loc["reverse", benchmark.MIRRORED].nunique() == 1
    of_reporters = imports.loc["reported", benchmark.REPORTERS]
    assert of_reporters["1.06"] < of_reporters["1.00"]
    assert of_reporters.idxmin() == "estimated"


def test_the_estimated_factor_is_near_the_freight_that_was_put_in(benchmark, sample_store):
    span = {"frequency": "monthly", "first": benchmark.FIRST, "last": benchmark.LAST}
    pairs = read_pairs(resolve_store(sample_store), "gatm", **span, by_category=True)
    found = estimate_factor(pairs)
    used = pairs[pairs["x_reported"] & (pairs["m_cif_value_usd"] > 0) & (pairs["x_quantity_t"] > 2)]
    tables = read_world_tables()
    freight = {
        pair: tables.freight(*pair)
        for pair in used[["exporter", "importer"]].drop_duplicates().itertuples(index=False, name=None)
        if set(pair) <= set(tables.countries.index)
    }
    put_in = pd.MultiIndex.from_frame(used[["exporter", "importer"]]).map(freight).to_series().dropna().mean() / 1000
    assert found.value - 1 == pytest.approx(put_in, abs=0.012)
    assert found.low <= found.value <= found.high


def test_the_truth_is_that_of_the_sample_by_category(benchmark):
    made = benchmark.true_by_category()
    year = true_flows()
    year = year[year["month"].dt.year == 2024]
    assert made["quantity_t"].sum() == pytest.approx(year["quantity_kg"].sum() / 1000, rel=1e-12)
    assert made["fob_value_usd"].sum() == year["fob_value_usd"].sum()
    assert made["product"].nunique() == 7
